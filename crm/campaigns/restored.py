"""An older copy of the database was put back: nothing is sent until a person has decided about what left after the copy."""

from dataclasses import dataclass
from datetime import datetime

from crm.accounts import acting, audit, sessions
from crm.accounts.acting import Right
from crm.campaigns import saved
from crm.database import Store, Transaction, restoring
from crm.errors import BadInputError, CrmError, Sentence
from crm.messaging import handed_over, ledger
from crm.messaging.handed_over import Waiting

OLDER = Sentence(
    "restored_copy.older",
    "An older copy of the database was put back: {n} messages left after it was made. Nothing is sent until you have decided about them, "
    "on the campaigns page or with `crm sending`.",
)
MISSING = Sentence(
    "restored_copy.journal_missing",
    "The journal that belongs to this database is not beside it, so nobody can say what left or who opted out after this copy was made. "
    "Nothing is sent until you have decided, on the campaigns page or with `crm sending`.",
)
COPIED = Sentence(
    "restored_copy.copied_folder",
    "This folder is a copy of a shop that has sent before. If the first one goes on sending, people are written to twice. "
    "Nothing is sent until you have decided, on the campaigns page or with `crm sending`.",
)
SAFE_MODE = Sentence(
    "restored_copy.safe_mode",
    "A backup was put back, so all sending is off: messages, what was queued, what was planned. Look at the numbers and the campaigns "
    "first. Nothing is sent until you say so, on the campaigns page or with `crm sending go-on`.",
)
SAFE = "safe_mode"
DECIDED = "Whoever was written to after the copy counts as written to. Continue to send the rest."
FORGOTTEN = "What left after the copy was forgotten on your word. Continuing writes to these people again."
_NOTED = "handed over before a copy was put back"


@dataclass(frozen=True, slots=True)
class State:
    """Whether sending is stopped, and why: troubles of the journal (`missing`, `copied`), a backup that was put
    back (`safe_mode`), campaigns of which messages left after the copy.

    `messages`: how many left in all; `opt_outs`: how many came from the journal.
    """

    stopped: bool
    troubles: list[str]
    campaigns: list[Waiting]
    messages: int
    opt_outs: int


def state(store: Store) -> State:
    """What the journal says against sending from this database."""
    handed_over.adopt(store)
    campaigns, troubles = handed_over.waiting(store), [*handed_over.troubles(store), *_safe_mode(store)]
    messages = sum(one.messages for one in campaigns)
    return State(bool(campaigns or troubles), troubles, campaigns, messages, handed_over.opt_outs(store))


def reasons(result: State) -> list[CrmError]:
    """Why nothing is sent, each in a sentence; none when a person has decided everything."""
    older = [BadInputError(*OLDER, n=result.messages)] if result.campaigns else []
    sentences = {handed_over.MISSING: MISSING, handed_over.COPIED: COPIED, SAFE: SAFE_MODE}
    return [*older, *(BadInputError(*sentences[one]) for one in result.troubles)]


def require_decided(store: Store) -> None:
    """Before anything is launched or sent. Raises BadInputError while a person's decision is open."""
    for reason in reasons(state(store)):
        raise reason


@acting.needs(Right.LAUNCH)
def keep(store: Store, campaign_id: str | None, now: datetime, actor: str = "") -> int:
    """The safe decision, for one campaign or (None) all: whoever was written to after the copy counts as written to; how many messages."""
    return _decide(store, campaign_id, "kept", now, actor)


@acting.needs(Right.LAUNCH)
def forget(store: Store, campaign_id: str | None, people: int, now: datetime, actor: str = "") -> int:
    """The other one: they may be written to a second time. `people` repeats how many, so that it is not done by accident."""
    waiting = _waiting(store, campaign_id)
    n = sum(row.messages for row in waiting)
    if people != n:
        raise BadInputError(
            "restored_copy.number_not_confirmed",
            "{n} messages left after the copy; these people would get them a second time. Nothing was decided. "
            "If that is what you want, say the number: --people {n}.",
            n=n,
        )
    return _decide(store, campaign_id, "forgotten", now, actor)


@acting.needs(Right.LAUNCH)
def go_on(store: Store, now: datetime, actor: str = "") -> None:
    """A person says that this folder sends, although its journal is missing, the folder was copied or a backup was put back."""
    handed_over.adopt(store)
    journal, safe = handed_over.troubles(store), _safe_mode(store)
    result = [*journal, *safe]
    if not result:
        raise BadInputError("restored_copy.nothing_missing", "Nothing is missing here. Nothing was decided.")
    if journal:
        handed_over.go_on_here(store)
    if safe:
        sign_out(store, now)
        restoring.end_safe_mode(store.folder)
    audit.note(store, now, actor, "sending.go_on", ", ".join(result))


def sign_out(store: Store, now: datetime) -> None:
    """After a backup was put back: who was signed in when it was made has to sign in again."""
    what = restoring.safe_mode(store.folder)
    if what is not None:
        sessions.end_older(store, datetime.fromisoformat(what["at"]) if "at" in what else now, now)


def _safe_mode(store: Store) -> list[str]:
    return [SAFE] if restoring.safe_mode(store.folder) is not None else []


def _waiting(store: Store, campaign_id: str | None) -> list[Waiting]:
    handed_over.adopt(store)
    waiting = [row for row in handed_over.waiting(store) if campaign_id in (None, row.campaign_id)]
    if not waiting:
        raise BadInputError("restored_copy.nothing_waits", "Nothing waits for this decision. Nothing was changed.")
    return waiting


def _decide(store: Store, campaign_id: str | None, decision: str, now: datetime, actor: str) -> int:
    waiting = _waiting(store, campaign_id)
    for row in waiting:
        one = row.campaign_id
        with ledger.one_at_a_time, store.transaction() as change:
            if decision == "kept":
                _count_as_sent(change, one, now)
            handed_over.decide(change, one, decision, now)
        audit.note(store, now, actor, f"sending.{decision}", f"{one}: {row.messages} messages")
        _say(store, one, decision, now)
    return sum(row.messages for row in waiting)


def _count_as_sent(change: Transaction, campaign_id: str, now: datetime) -> None:
    """Those of the frozen audience whom the journal names: accepted where the provider had said so, else left to a person.

    Not `unknown`: of those the channel is asked again, and what an outbox does not hold any more would count as never sent.
    """
    there = {key: row for row in handed_over.people(change, campaign_id) for key in (row.address, row.person)}
    frozen = change.rows(
        "SELECT message_id, address_norm, customer_id FROM recipients WHERE campaign_id = ? AND arm = 'recipients'", [campaign_id]
    )
    sign = change.journal.sign
    named = {
        row["message_id"]: there.get(sign("email", row["address_norm"])) or there.get(sign("person", row["customer_id"])) for row in frozen
    }
    current = ledger.of(change, [one for one, row in named.items() if row])
    moved: dict[tuple[str, str], list[str]] = {}
    for one, (_, before) in current.items():
        row = named[one]
        if row and before in ("pending", "sending", "rejected", "unknown", "undecided"):
            moved.setdefault(("accepted" if row.accepted else "undecided", row.attempt_id), []).append(one)
    for (after, attempt), ids in moved.items():
        ledger.note(change, campaign_id, ids, after, now, attempt, _NOTED)


def _say(store: Store, campaign_id: str, decision: str, now: datetime) -> None:
    """A campaign that this copy had begun: what comes next for it."""
    from crm.campaigns import recovery

    row = store.one("SELECT state FROM campaigns WHERE campaign_id = ?", [campaign_id])
    if row and row["state"] in ("sending", "paused", "finished"):
        with store.transaction() as change:
            saved.mark(change, campaign_id, "paused", now, DECIDED if decision == "kept" else FORGOTTEN)
        recovery.finish_if_done(store, campaign_id, now)
