"""Who may come in, and the trail of what everybody did."""

from collections.abc import Iterator

from crm.accounts import audit, elsewhere, users
from crm.database import Store
from crm.doctor.finding import Finding, _
from crm.settings import Environment


def trail(store: Store) -> Iterator[Finding]:
    """Whether an entry was changed or is missing."""
    number = audit.verify(store).broken_at
    if number is not None:
        sentence = _("The trail of what everybody did was changed from outside: entry {n} is missing or not as it was written.")
        remedy = _("Compare it with the newest copy of the database, and ask who else can write to this folder.")
        yield Finding("audit.broken", "wrong", sentence, remedy, {"n": number})


def first_password(store: Store, env: Environment) -> Iterator[Finding]:
    """It has done its work once there are users, and stands in clear text where it was set."""
    if env.password and users.exist(store):
        sentence = _("CRM_PASSWORD is still set, though there are users: it lies somewhere in clear text and may still be the owner's.")
        remedy = _("Give the owner another password, and remove CRM_PASSWORD where it is set.")
        yield Finding("password.left", "warn", sentence, remedy)


def signing_in_elsewhere(env: Environment) -> Iterator[Finding]:
    """Settings with which the server does not start."""
    wrong = elsewhere.trouble(env)
    if wrong is not None:
        remedy = _("Correct the settings CRM_OIDC_… (“Signing in elsewhere” in docs/how-to/server.md), and start the server again.")
        yield Finding(wrong.code, "wrong", wrong.template, remedy)
