"""Many exports judged side by side, each process with its own databases in memory."""

from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from tests.unknown.export import generate
from tests.unknown.judge import Verdict, judge


def judged(seeds: Iterable[int], jobs: int) -> Iterator[Verdict]:
    """The verdicts, in the order of the seeds."""
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        yield from pool.map(one, seeds, chunksize=8)


def one(seed: int) -> Verdict:
    """The verdict on one seed."""
    return judge(generate(seed))
