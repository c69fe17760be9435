"""A full disk: how it shows in the system's and the database's errors, the sentence about it, and whether there is room before a start."""

import errno
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from crm.errors import CrmError

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
SIGNS = ("no space left", "disk quota exceeded", "file too large", "max_temp_directory_size", "not enough disk space")
FULL_CODE = "disk.full"
TIMES = 3
"""Room that an import wants: its UTF-8 copy, what the database sorts on disk, what it keeps."""


def is_full(error: BaseException) -> bool:
    """Whether this error says that nothing more can be written."""
    if isinstance(error, OSError):
        return error.errno in FULL
    return isinstance(error, duckdb.Error) and any(sign in str(error).lower() for sign in SIGNS)


def is_fatal(error: BaseException | None) -> bool:
    """Whether the database refuses everything until it is opened anew: it could not fold its log into a file on a full disk."""
    return isinstance(error, duckdb.FatalException)


def free(folder: Path) -> int:
    """Bytes left on the disk of a folder."""
    return shutil.disk_usage(folder).free


def refusal(folder: Path | None, wanted: int = 0) -> CrmError:
    """The sentence; `wanted` is the number of bytes that would have been enough, where it is known."""
    lacking = max(wanted - (free(folder) if folder else 0), 100_000_000) // 1_000_000
    return CrmError(
        "disk.full",
        "The disk of the server is full. Nothing was imported, nothing was changed. Please free {n} MB at least and try again.",
        n=lacking,
    )


@contextmanager
def watched(folder: Path | None) -> Iterator[None]:
    """Around work that writes much: a full disk becomes its sentence."""
    try:
        yield
    except (OSError, duckdb.Error) as error:
        if is_full(error):
            raise refusal(folder) from error
        raise


def need(folder: Path | None, size: int) -> None:
    """Refuse before anything is read when files of so many bytes could not be imported. Raises CrmError."""
    if folder is not None and free(folder) < size * TIMES:
        raise refusal(folder, size * TIMES)
