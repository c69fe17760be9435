"""A text file written again as UTF-8 with plain line ends. Standard library only: bare interpreters write the parts of a large one."""

import codecs
import contextlib
import io
import logging
import os
import shutil
import subprocess
import sys
from pathlib import Path

CHUNK = 1 << 18  # decoding in larger or much smaller pieces takes half as long again
PART = 1 << 25
MOST = 4
TOO_LONG = 3
SPLITTABLE = ("utf-8", "utf-8-sig", "gb18030", "cp950", "big5hkscs", "cp932", "cp1252", "latin-1")
"""Encodings in which the byte of a line end is never part of a character."""
log = logging.getLogger(__name__)


class LongLineError(Exception):
    """A line is longer than asked for."""


def copy(path: Path, target: Path, encoding: str, errors: str, longest: int, start: int = 0, end: int | None = None) -> bool:
    """Bytes `start` to `end` of `path` as UTF-8 in `target`, without null bytes; False where they are not of that encoding.

    Raises LongLineError at a line that goes on for more than `longest` characters.
    """
    decoder = io.IncrementalNewlineDecoder(codecs.getincrementaldecoder(encoding)(errors), translate=True)
    left = (path.stat().st_size if end is None else end) - start
    size = 0  # of the line that goes on
    with path.open("rb") as raw, target.open("wb") as out:
        raw.seek(start)
        try:
            while part := raw.read(min(CHUNK, left)):
                left -= len(part)
                text = decoder.decode(part)
                size = len(text) - text.rfind("\n") - 1 if "\n" in text else size + len(text)
                if size > longest:
                    raise LongLineError
                out.write(_utf8(text))
            out.write(_utf8(decoder.decode(b"", final=True)))
        except UnicodeError:
            return False
    return True


def copy_on_all_cores(path: Path, target: Path, encoding: str, errors: str, longest: int) -> bool:
    """The same for the whole file; of a large one the parts after the first are written by other interpreters at the same time."""
    cuts = _cuts(path) if encoding in SPLITTABLE and sys.executable else []
    if not cuts:
        return copy(path, target, encoding, errors, longest)
    ends: list[int | None] = [*cuts[1:], None]
    rests = [target.with_suffix(f".{number}") for number in range(len(cuts))]
    with contextlib.ExitStack() as stack:
        for rest in rests:
            stack.callback(rest.unlink, missing_ok=True)
        others = [_elsewhere(path, rest, encoding, errors, longest, (cut, end)) for rest, cut, end in zip(rests, cuts, ends, strict=True)]
        first = copy(path, target, encoding, errors, longest, 0, cuts[0])
        codes = [other.wait() for other in others]
        if set(codes) - {0, 1, TOO_LONG}:
            log.warning("parts of a file were not written (%s); it is written in one go", codes)
            return copy(path, target, encoding, errors, longest)
        if TOO_LONG in codes:
            raise LongLineError
        if first and not any(codes):
            _append(target, rests)
    return first and not any(codes)


def _cuts(path: Path) -> list[int]:
    """Where the parts after the first begin, each after a line's end; none for a small file or on one core."""
    size = path.stat().st_size
    parts = min(os.cpu_count() or 1, MOST, size // PART)
    items = (_line_end_after(path, size * number // parts) for number in range(1, parts))
    return sorted({place for place in items if 0 < place < size})


def _line_end_after(path: Path, place: int) -> int:
    """Where the line that `place` is in ends; 0 when there is no line end near."""
    with path.open("rb") as raw:
        raw.seek(place)
        match = raw.read(CHUNK * 16).find(b"\n")
    return place + match + 1 if match >= 0 else 0


def _elsewhere(path: Path, rest: Path, encoding: str, errors: str, longest: int, place: tuple[int, int | None]) -> subprocess.Popen[bytes]:
    """Another interpreter that writes the bytes of `place`; UTF-8 may begin with a mark only at the file's own beginning."""
    plain = "utf-8" if encoding == "utf-8-sig" else encoding
    numbers = [str(number) for number in (longest, *place) if number is not None]
    return subprocess.Popen([sys.executable, "-I", "-S", __file__, str(path), str(rest), plain, errors, *numbers])  # noqa: S603 (our own)


def _append(target: Path, rests: list[Path]) -> None:
    with target.open("ab") as out:
        for rest in rests:
            with rest.open("rb") as done:
                shutil.copyfileobj(done, out, 1 << 22)


def _utf8(text: str) -> bytes:
    return (text.replace("\x00", "") if "\x00" in text else text).encode()


def _main(path: str, target: str, encoding: str, errors: str, *numbers: str) -> int:
    try:
        return 0 if copy(Path(path), Path(target), encoding, errors, *map(int, numbers)) else 1
    except LongLineError:
        return TOO_LONG


if __name__ == "__main__":
    sys.exit(_main(*sys.argv[1:]))
