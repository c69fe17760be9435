"""Encodings: which one a text is in, found by strict decoding and by what the decoded text looks like, and a clean copy in UTF-8.

GBK and GB2312 are read, and reported, as GB18030, of which they are subsets. What is reported is what the file was read as.
"""

import codecs
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

from crm.errors import BadFileError, BadInputError
from crm.reading import transcoding

SAMPLE = 1 << 20
LOOKED_AT = 1 << 17
LINE = 8_000_000  # characters; the database's reader would lose longer lines without a word
FAR = 0.4  # so much less likely, an encoding that reads every byte is still the wrong one: the right one has damaged bytes
MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
CODECS = {"big5": "cp950", "shift_jis": "cp932"}  # the standards with what Windows added to them, under the names people know
LEGACY = ("gb18030", "big5", "big5hkscs", "shift_jis", "cp1252", "latin-1")
WESTERN = re.compile(r"(?<=[A-Za-z])[^\0-\x7f](?![^\0-\x7f])|(?<![^\0-\x7f])[^\0-\x7f](?=[A-Za-z])|[€£¥©®°–—‘\u2019“”…•«»]")
CONTROLS = re.compile("[\x80-\x84\x86-\x9f]")  # what no text has: bytes that mean something else in the right encoding
COMMON = {
    "gb18030": ("gb2312", (0xB0, 0xD7), ((0xA1, 0xFE),)),
    "big5": ("cp950", (0xA4, 0xC6), ((0x40, 0x7E), (0xA1, 0xFE))),
    "shift_jis": ("cp932", (0x88, 0x97), ((0x40, 0x7E), (0x80, 0xFC))),
}
"""Where a standard keeps the characters in daily use: codec, first bytes, second bytes."""
PLAIN = {chr(code) for start, end in ((0x3000, 0x3020), (0xFF01, 0xFF5F), (0x2010, 0x2027)) for code in range(start, end)} | set("￥·°€×")
CHARSETS = {"gb2312": "gb18030", "gbk": "gb18030", "gb18030": "gb18030", "big5": "big5", "shift_jis": "shift_jis"}
"""What a web page may say about itself; the bytes are asked first whether they are UTF-8."""


Known = Callable[[str], bool]
"""Whether a word is the name of a column that means anything to us."""


@dataclass(frozen=True)
class Text:
    """A text file: its encoding and whether every byte of it could be read (`strict`)."""

    encoding: str
    strict: bool


def wide(head: bytes) -> str | None:
    """UTF-16 by its mark, or without one by the null bytes that stand in every other place."""
    if head.startswith(MARKS):
        return "utf-16"
    sample = head[:65536]
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    for name, many, few in (("utf-16-le", odd, even), ("utf-16-be", even, odd)):
        if many * 20 > len(sample) // 2 and few * 20 < many and _reads(head[:65536], name):
            return name
    return None


def transcode(path: Path, target: Path, known: Known, name: str = "", text: str | None = None, longest: int = LINE) -> Text:
    """Write the file again as UTF-8 with plain line ends and without null bytes, holding a few megabytes at a time.

    Of the encodings that read every byte the one is taken whose text looks most like one. When none reads every byte, the
    one that looks best is taken all the same, and the rows it could not read are rejected later. An encoding that was `told` is not
    doubted. A line of more than `longest` characters is refused.
    """
    copy = partial(_copy, path, target, name or path.name, longest)
    if text:
        _check(text)
        return Text(text, copy(text, "strict") or not copy(text, "replace"))
    with path.open("rb") as file:
        head = file.read(SAMPLE)
    for encoding in _candidates(head, known):
        if copy(encoding, "strict"):
            return Text(_reported(encoding, head), True)
    encoding = max(("utf-8-sig", *LEGACY), key=lambda name: _likeness(head, name, known))
    copy(encoding, "replace")
    return Text(encoding, False)


def likely(path: Path, target: Path, known: Known) -> tuple[str, str] | None:
    """What a text is most probably written in, as it is reported and as a codec; its beginning is put into `target` as UTF-8.

    None where nothing reads the beginning.
    """
    with path.open("rb") as file:
        head = file.read(SAMPLE)
    for entry in _candidates(head, known):
        if transcoding.copy(path, target, _codec(entry), "strict", LINE, 0, head.rfind(b"\n") + 1):
            return _reported(entry, head), _codec(entry)
    return None


def _reported(encoding: str, head: bytes) -> str:
    return "utf-8" if encoding == "utf-8-sig" and not head.startswith(codecs.BOM_UTF8) else encoding


def _check(name: str) -> None:
    try:
        codecs.lookup(name)
    except LookupError as error:
        raise BadInputError("encoding.unknown", "There is no encoding called “{encoding}”. Nothing was imported.", encoding=name) from error


def _candidates(head: bytes, known: Known) -> list[str]:
    if utf16 := wide(head):
        return [utf16]
    first = ["utf-8-sig"] if _reads(head, "utf-8-sig") else []
    if first and not head.isascii():
        return first
    match = re.search(rb"<meta[^>]{0,100}charset\s*=\s*[\"']?([\w-]+)", head[:4096], re.IGNORECASE)
    named = CHARSETS.get(match[1].decode("ascii", "replace").lower()) if match else None
    looks = {name: _likeness(head, name, known) for name in (*LEGACY, "utf-8-sig")}
    rest = [name for name in LEGACY if looks[name] > max(looks.values()) - FAR and _reads(head, name)]
    return first + sorted(rest, key=lambda name: (name != named, -looks[name]))


def _codec(name: str) -> str:
    return CODECS.get(name, name)


def _reads(head: bytes, encoding: str) -> bool:
    try:
        text = codecs.getincrementaldecoder(_codec(encoding))().decode(head, final=len(head) < SAMPLE and not encoding.startswith("utf-16"))
    except UnicodeDecodeError:
        return False
    return encoding == "latin-1" or not CONTROLS.search(text)


def _likeness(head: bytes, encoding: str, known: Known) -> float:
    """How much the beginning, read in this encoding, looks like a table somebody wrote: characters in daily use, and known header names."""
    first = re.search(rb"[\x80-\xff]", head)
    start = first.start() if first else 0
    text = codecs.getincrementaldecoder(_codec(encoding))("replace").decode(head[start // 2 : start // 2 + LOOKED_AT])
    seen = Counter(letter for letter in text if letter > "\x7f")
    total = seen.total()
    if not total:
        return 0.0
    if encoding in ("cp1252", "latin-1"):
        return len(WESTERN.findall(text)) / total - (0.01 if encoding == "latin-1" else 0)
    usual = PLAIN | (_usual("gb18030") | _usual("big5") if encoding == "utf-8-sig" else _usual("big5" if "big5" in encoding else encoding))
    words = re.split(r"[,\t;|，\"\r\n]+", text[:4096])
    named = sum(not word.isascii() and known(word) for word in words)
    share = sum(number for letter, number in seen.items() if letter in usual) / total
    return share + (1 if named > 1 else 0) - (0.01 if encoding == "big5hkscs" else 0)


@cache
def _usual(name: str) -> frozenset[str]:
    """The characters in daily use of a standard."""
    codec, (first, last), trails = COMMON[name]
    pairs = (bytes((lead, trail)) for lead in range(first, last + 1) for start, end in trails for trail in range(start, end + 1))
    kana = {chr(code) for code in range(0x3041, 0x30FF)} if name == "shift_jis" else set()
    return frozenset({letter for pair in pairs for letter in pair.decode(codec, "ignore")} | kana)


def _copy(path: Path, target: Path, name: str, longest: int, encoding: str, errors: str) -> bool:
    try:
        return transcoding.copy_on_all_cores(path, target, _codec(encoding), errors, longest)
    except transcoding.LongLineError as error:
        raise BadFileError(
            "file.line_too_long",
            "{file} has a line of more than {most} million characters, so it is no table of orders. Nothing was imported.",
            file=name,
            most=longest // 1_000_000,
        ) from error
