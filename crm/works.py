"""What can be asked of the worker: one class per kind of job, with the right it needs and what it needs to know. Kept as JSON in `jobs`."""

import json
from dataclasses import asdict, dataclass
from typing import ClassVar, get_args


@dataclass(frozen=True, slots=True)
class Import:
    """Taking files in. `inbox`: size and time of change by path, where they are from the inbox. The rest is what a person says of them."""

    kind: ClassVar[str] = "import"
    right: ClassVar[str] = "imports"
    paths: list[str]
    dry_run: bool = False
    shop: str | None = None
    actor: str = "screen"
    format: str | None = None
    timezone: str | None = None
    mapping: dict[str, object] | None = None
    inbox: dict[str, list[int]] | None = None


@dataclass(frozen=True, slots=True)
class Undo:
    """Taking an import back."""

    kind: ClassVar[str] = "undo"
    right: ClassVar[str] = "imports"
    import_id: str


@dataclass(frozen=True, slots=True)
class Send:
    """Sending what still waits of a campaign."""

    kind: ClassVar[str] = "send"
    right: ClassVar[str] = "launch"
    campaign_id: str


@dataclass(frozen=True, slots=True)
class Demo:
    """Setting the demo shop up."""

    kind: ClassVar[str] = "demo"
    right: ClassVar[str] = "imports"


@dataclass(frozen=True, slots=True)
class RemoveDemo:
    """Taking the demo shop out."""

    kind: ClassVar[str] = "remove_demo"
    right: ClassVar[str] = "imports"


@dataclass(frozen=True, slots=True)
class Rebuild:
    """Making everything derived anew, or `only` the categories."""

    kind: ClassVar[str] = "rebuild"
    right: ClassVar[str] = "imports"
    only: str | None = None


@dataclass(frozen=True, slots=True)
class Merge:
    """Joining the groups of accounts with these keys."""

    kind: ClassVar[str] = "merge"
    right: ClassVar[str] = "imports"
    keys: list[str]
    actor: str = "screen"


@dataclass(frozen=True, slots=True)
class Unmerge:
    """Taking decisions about accounts back, by link or batch."""

    kind: ClassVar[str] = "unmerge"
    right: ClassVar[str] = "imports"
    ids: list[str]
    actor: str = "screen"


@dataclass(frozen=True, slots=True)
class Settings:
    """Changing settings on which days and sums depend."""

    kind: ClassVar[str] = "settings"
    right: ClassVar[str] = "settings"
    values: dict[str, object]
    actor: str = "screen"


@dataclass(frozen=True, slots=True)
class Rates:
    """The whole table of rates: currency, day and rate of each."""

    kind: ClassVar[str] = "rates"
    right: ClassVar[str] = "settings"
    rates: list[list[str]]
    actor: str = "screen"


@dataclass(frozen=True, slots=True)
class Backup:
    """A copy of the database, in the data folder and in the second folder."""

    kind: ClassVar[str] = "backup"
    right: ClassVar[str] = "backup"
    actor: str = "screen"


Args = Import | Undo | Send | Demo | RemoveDemo | Rebuild | Merge | Unmerge | Settings | Rates | Backup
"""What a job is asked with, one class for each kind. A field that is added later needs a default: jobs of before do not have it."""
KINDS: dict[str, type[Args]] = {one.kind: one for one in get_args(Args)}


def encoded(args: Args) -> str:
    """As JSON, to be kept."""
    return json.dumps({name: value for name, value in asdict(args).items() if value is not None}, ensure_ascii=False)


def decoded(kind: str, args: str) -> Args:
    """Back from JSON."""
    return KINDS[kind](**json.loads(args))
