"""What the import page remembers: the job asked for last, and for each file what it is and what was said of it; the keys of its inputs."""

from dataclasses import dataclass, field
from pathlib import Path

from crm import uploads
from crm.imports.inspection import Proposal
from crm.imports.previewing import Preview
from crm.imports.repeating import Repeats
from crm.ui import session

JOB = "job"
"""Names the job asked for last in the page's address."""


class Key(session.Keys):
    UPLOAD = "orders_upload"
    SHOP = "orders_shop"
    LOOK = "orders_look"
    BLIND = "orders_blind"
    GO = "orders_go"
    LEAVE = "orders_leave"
    MAP = "orders_map"
    ASK = "orders_ask"
    WORD = "orders_word"
    READ = "orders_read"
    PREVIEW = "orders_preview"
    OTHER_KIND = "uploads_kind"
    OTHER_MAP = "uploads_map"
    TEMPLATE = "template"
    PAGE = "orders_page"
    BAD = "bad"
    REJECTED = "orders_rejected"
    UNDO = "undo"
    UNDO_GO = "undo_go"
    TRAIL = "orders_trail"


@dataclass
class MappingDraft:
    """What is said of an unknown table of orders; the first four outlive a reload (`reading.note`)."""

    now: list[str]  # the meaning of each column
    reading: dict[str, str]  # how it is read, by the names of a map file; empty: as the file shows
    answers: dict[str, int]  # question → place of the column; −1: none of them
    statuses: dict[str, str]  # word of the file → status
    base: list[str] = field(default_factory=list)  # the meanings with which the table of columns was drawn anew
    turn: int = 0  # how often that was: it then has another key
    asked: int = 0  # how often the questions were drawn anew
    language: str = ""  # in which all of it is drawn, and whether with cells in full


@dataclass
class OtherTable:
    """What is said of a file that is no order file."""

    kind: str = ""  # as the person says; empty: as the header says
    proposal: uploads.Proposal | None = None  # the file read as that kind
    now: list[str | None] = field(default_factory=list)  # the meaning of each column
    base: list[str | None] = field(default_factory=list)  # the meanings with which the table of columns was drawn anew
    turn: int = 0  # how often that was: it then has another key
    language: str = ""  # in which it is drawn, and whether with cells in full


@dataclass
class OneFile:
    """A file that lies in the place to drop files."""

    looked: Proposal | str | None = None  # a table of orders, or the name of another kind; None: not looked at yet
    as_orders: Proposal | None = None  # a table of another kind read as orders all the same
    mapping: MappingDraft | None = None
    other: OtherTable = field(default_factory=OtherTable)
    previews: dict[str, Preview] = field(default_factory=dict)  # mapping as JSON → its first orders
    repeats: dict[str, Repeats | None] = field(default_factory=dict)  # mapping as JSON → the order to be asked about


@dataclass
class OrdersState:
    job: str = ""  # asked for last
    mark: str = ""  # who this browser is, also where it takes no cookies
    draws: int = 0  # how often the place to drop files was drawn
    files: dict[str, OneFile] = field(default_factory=dict)  # by path


def of(path: Path) -> OneFile:
    """What is known and said of a file."""
    return session.state(OrdersState).files.setdefault(str(path), OneFile())
