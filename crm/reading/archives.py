"""Archives (zip, gz) one level deep, and the guard against what unpacks to more than can be right.

Every limit counts what really comes out, whatever the archive says about itself. Members are written under our own names; the names
in the archive are for reading only.
"""

import gzip
import lzma
import uuid
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from crm.errors import BadFileError, Sentence

LIMIT = 2_000_000_000
"""Bytes that all members of an archive, or all parts of a workbook, may come to."""
RATIO, RATIO_FROM = 200, 50_000_000
"""How many times its packed size an archive may come to, once it is large; a table of orders packs about ten to one."""
MEMBERS = 200
PIECE = 1 << 20
HEADER = 30
HUGE = Sentence("file.unpacks_too_large", "{file} would unpack to more than can be right for a table. Nothing was imported.")
DAMAGED = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, OSError, EOFError, ValueError, NotImplementedError, RuntimeError)


@dataclass(frozen=True)
class Member:
    """A file that was in an archive: where it is now, and its name as a person would say it."""

    path: Path
    name: str


def unpack(path: Path, kind: str, folder: Path, name: str) -> list[Member]:
    """Write the members of an archive into the folder. Raises BadFileError for bombs, passwords and damage."""
    try:
        return [_gzip(path, folder, name)] if kind == "gzip" else _zip(path, folder, name)
    except DAMAGED as error:
        raise BadFileError(
            "file.damaged", "{file} is damaged and cannot be opened. Nothing was imported. Please export it again.", file=name
        ) from error


def pieces(path: Path, name: str) -> Iterator[bytes]:
    """What is in the parts of a workbook, piece by piece; between two parts stands an empty one.

    Raises BadFileError when they come to more than can be right.
    """
    try:
        with zipfile.ZipFile(path) as archive, path.open("rb") as raw:
            entries = _checked(archive, path, name, most=100_000)
            room = Room(path, name)
            for entry in entries:
                for piece in _inflated(raw, entry):
                    room.take(len(piece))
                    yield piece
                yield b""
    except DAMAGED as error:
        raise BadFileError(
            "file.damaged", "{file} is damaged and cannot be opened. Nothing was imported. Please export it again.", file=name
        ) from error


class Room:
    """How much may still come out of an archive."""

    def __init__(self, path: Path, name: str) -> None:
        self.name, self.packed, self.used = name, path.stat().st_size, 0

    def take(self, size: int) -> None:
        """Count what came out. Raises BadFileError when it is too much."""
        self.used += size
        if self.used > LIMIT or (self.used > RATIO_FROM and self.used > self.packed * RATIO):
            raise BadFileError(*HUGE, file=self.name)


def _checked(archive: zipfile.ZipFile, path: Path, name: str, most: int = MEMBERS) -> list[zipfile.ZipInfo]:
    """The files of a zip, once their number, sizes and places are in order: parts that lie over each other are a known trick."""
    entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    if len(entries) > most:
        raise BadFileError(
            "file.too_many_members",
            "{file} holds {count} files, more than {most}. Nothing was imported.",
            file=name,
            count=len(entries),
            most=most,
        )
    if any(entry.flag_bits & 1 for entry in entries):
        raise BadFileError(
            "file.password_protected",
            "{file} is protected by a password. Nothing was imported. Please save it without the password.",
            file=name,
        )
    Room(path, name).take(sum(entry.file_size for entry in entries))
    end = 0
    for entry in sorted(entries, key=lambda entry: entry.header_offset):
        if entry.header_offset < end:
            raise BadFileError(*HUGE, file=name)
        end = entry.header_offset + HEADER + len(entry.orig_filename) + entry.compress_size
    return entries


def _inflated(raw: IO[bytes], entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """The pieces of a member; read past `zipfile`, which stops at the size the archive declares."""
    raw.seek(entry.header_offset)
    header = raw.read(HEADER)
    raw.seek(int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little"), 1)
    inflate, left = zlib.decompressobj(-15), entry.compress_size
    while left > 0 and not inflate.eof:
        packed = raw.read(min(PIECE >> 4, left))
        if not packed:
            return
        left -= len(packed)
        if entry.compress_type != zipfile.ZIP_DEFLATED:
            yield packed
            continue
        while packed:
            if piece := inflate.decompress(packed, PIECE):
                yield piece
            packed = inflate.unconsumed_tail


def _zip(path: Path, folder: Path, name: str) -> list[Member]:
    result, room = [], Room(path, name)
    with zipfile.ZipFile(path) as archive:
        for entry in _checked(archive, path, name):
            with archive.open(entry) as packed:
                result.append(Member(_write(packed, folder, room), f"{name} [{_readable(entry)}]"))
    return result


def _gzip(path: Path, folder: Path, name: str) -> Member:
    with gzip.open(path) as packed:
        return Member(_write(packed, folder, Room(path, name)), name)


def _write(packed: IO[bytes] | gzip.GzipFile, folder: Path, room: Room) -> Path:
    target = folder / f"{uuid.uuid4().hex[:8]}.part"
    with target.open("wb") as out:
        for piece in iter(lambda: packed.read(PIECE), b""):
            room.take(len(piece))
            out.write(piece)
    return target


def _readable(entry: zipfile.ZipInfo) -> str:
    """The last part of a member's name; Windows in China writes names in GBK without saying so."""
    text = entry.filename
    if not entry.flag_bits & 0x800:
        raw = text.encode("cp437", "replace")
        text = next((one for one in (_decoded(raw, "utf-8"), _decoded(raw, "gb18030")) if one), text)
    plain = "".join(letter for letter in text.replace("\\", "/") if letter.isprintable())
    return PurePosixPath(plain).name[:100] or "?"


def _decoded(raw: bytes, encoding: str) -> str | None:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError:
        return None
