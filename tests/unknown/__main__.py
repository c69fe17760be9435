"""`python -m tests.unknown --tables 2000 [--seed 0] [--show wrong]`: how many unknown exports are right at once, asked for, or wrong."""

import argparse
import re
import sys
import time
from collections import Counter, defaultdict

from tests.unknown.export import generate
from tests.unknown.judge import Verdict
from tests.unknown.running import judged

ORDER = ("right", "said", "asked", "wrong")


def main() -> int:
    """Run, print, and fail when something is wrong without a word."""
    words = argparse.ArgumentParser(prog="python -m tests.unknown", description=__doc__)
    words.add_argument("--tables", type=int, default=200)
    words.add_argument("--seed", type=int, default=0, help="the first seed; further ones count up")
    words.add_argument("--seeds", default="", help="these seeds only, with commas between")
    words.add_argument(
        "--show", choices=[*ORDER, "none"], default="none", help="print each such table: its rows, what differs, what was read"
    )
    words.add_argument("--limit", type=int, default=20, help="how many to show")
    words.add_argument("--jobs", type=int, default=2)
    given = words.parse_args()
    seeds = [int(seed) for seed in given.seeds.split(",")] if given.seeds else range(given.seed, given.seed + given.tables)
    began = time.perf_counter()
    verdicts = dict(zip(seeds, judged(seeds, given.jobs), strict=True))
    say(report(verdicts))
    say(f"\n{len(verdicts)} tables in {time.perf_counter() - began:.0f} s")
    for seed in [seed for seed, verdict in verdicts.items() if verdict.outcome == given.show][: given.limit]:
        say(shown(seed, verdicts[seed]))
    return int(any(verdict.outcome == "wrong" for verdict in verdicts.values()))


def say(text: str) -> None:
    """One paragraph on the terminal."""
    sys.stdout.write(text + "\n")


def report(verdicts: dict[int, Verdict]) -> str:
    """Counts: all, where being asked was right, by what went wrong, by what was asked, by feature."""
    exports = {seed: generate(seed) for seed in verdicts}
    counted = Counter(verdict.outcome for verdict in verdicts.values())
    total = len(verdicts)
    lines = ["  ".join(f"{name} {counted[name]} ({counted[name] / total:.1%})" for name in ORDER)]
    fair = Counter(verdicts[seed].outcome for seed, export in exports.items() if not export.unsure)
    unfair = Counter(verdicts[seed].outcome for seed, export in exports.items() if export.unsure)
    lines.append(f"a person could tell:  {dict(fair)}\na person could not:   {dict(unfair)}")
    reasons = Counter(
        difference.split(":")[0] for verdict in verdicts.values() if verdict.outcome == "wrong" for difference in verdict.differences
    )
    lines.append(f"wrong by kind:        {dict(reasons.most_common())}")
    asked = Counter(
        re.sub(r"“.*?”|export-\d+\.\w+", "…", verdict.sentence)[:100] for verdict in verdicts.values() if verdict.outcome == "asked"
    )
    lines += [f"asked {number:5}  {sentence}" for sentence, number in asked.most_common(12)]
    absent = Counter(name for verdict in verdicts.values() if verdict.outcome == "right" for name in verdict.without)
    warnings = Counter(code for verdict in verdicts.values() for code in verdict.warnings)
    lines += [f"right, but without:   {dict(absent)}", f"warnings:               {dict(warnings.most_common())}", ""]
    table: dict[str, Counter[str]] = defaultdict(Counter)
    for seed, export in exports.items():
        for name in export.features:
            table[name][verdicts[seed].outcome] += 1
    lines.append(f"{'feature':28}" + "".join(f"{name:>8}" for name in ORDER))
    lines += [f"{name:28}" + "".join(f"{table[name][outcome]:8}" for outcome in ORDER) for name in sorted(table)]
    return "\n".join(lines)


def shown(seed: int, verdict: Verdict) -> str:
    """One table as a person would look at it."""
    export = generate(seed)
    lines = [f"\n== seed {seed}, {export.name}, {verdict.outcome}: {'; '.join(verdict.differences) or verdict.sentence}"]
    lines += [f"   {', '.join(export.features)}", f"   unsure: {export.unsure}   warnings: {verdict.warnings}"]
    lines += [f"   read: {dict(verdict.mapping)}"] if verdict.mapping else []
    return "\n".join(lines + ["   | " + " | ".join(row) for row in export.preview])


if __name__ == "__main__":
    sys.exit(main())
