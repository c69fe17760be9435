"""A text file written again as UTF-8 with plain line ends. Standard library only: a bare interpreter does half of a large one."""

import codecs
import io
import logging
import shutil
import subprocess
import sys
from pathlib import Path

CHUNK = 1 << 18
LARGE = 1 << 26
SPLITTABLE = ("gb18030",)
"""Encodings in which the byte of a line end is never part of a character."""
log = logging.getLogger(__name__)


def copy(path: Path, target: Path, encoding: str, errors: str, start: int = 0, end: int | None = None) -> bool:
    """Bytes `start` to `end` of `path` as UTF-8 in `target`, without null bytes; False where they are not of that encoding."""
    decoder = io.IncrementalNewlineDecoder(codecs.getincrementaldecoder(encoding)(errors), translate=True)
    left = (path.stat().st_size if end is None else end) - start
    with path.open("rb") as raw, target.open("wb") as out:
        raw.seek(start)
        try:
            while part := raw.read(min(CHUNK, left)):
                left -= len(part)
                out.write(_utf8(decoder.decode(part)))
            out.write(_utf8(decoder.decode(b"", final=True)))
        except UnicodeError:
            return False
    return True


def copy_on_two_cores(path: Path, target: Path, encoding: str, errors: str) -> bool:
    """The same for the whole file; of a large one the second half is done by another interpreter at the same time."""
    middle = _line_end_after(path, path.stat().st_size // 2)
    if encoding not in SPLITTABLE or path.stat().st_size < LARGE or not middle or not sys.executable:
        return copy(path, target, encoding, errors)
    rest = target.with_suffix(".rest")
    command = [sys.executable, "-I", "-S", __file__, str(path), str(rest), encoding, errors, str(middle)]
    with subprocess.Popen(command) as other:  # noqa: S603 (our own interpreter, our own file)
        first = copy(path, target, encoding, errors, 0, middle)
        code = other.wait()
    if first and code == 0:
        with target.open("ab") as out, rest.open("rb") as done:
            shutil.copyfileobj(done, out, 1 << 22)
    rest.unlink(missing_ok=True)
    if code not in (0, 1):
        log.warning("the second half was not written (code %s); the file is written in one go", code)
        return copy(path, target, encoding, errors)
    return first and code == 0


def _line_end_after(path: Path, place: int) -> int:
    """Where the line that `place` is in ends; 0 when there is no line end near."""
    with path.open("rb") as raw:
        raw.seek(place)
        found = raw.read(CHUNK * 16).find(b"\n")
    return place + found + 1 if found >= 0 else 0


def _utf8(text: str) -> bytes:
    return (text.replace("\x00", "") if "\x00" in text else text).encode()


if __name__ == "__main__":
    given = sys.argv[1:]
    sys.exit(0 if copy(Path(given[0]), Path(given[1]), given[2], given[3], int(given[4])) else 1)
