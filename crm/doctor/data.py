"""The database: read to its last block, its sums made again, and its moments held against the clock."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from crm.customers import facts
from crm.database import Store, tables
from crm.doctor.finding import Finding, _

AHEAD = timedelta(minutes=5)
ORDERS_AHEAD = timedelta(days=1)
"""What a file says may be in another zone; what we wrote ourselves may not."""
PUT_BACK = _("Stop the server and put the newest copy that opens in its place (“Putting a copy back” in docs/how-to/server.md).")


def readable(store: Store, thorough: bool) -> Iterator[Finding]:
    """Whether each table can be read; with `thorough` every value of it, so that each block's checksum is looked at."""
    own = "SELECT table_name FROM duckdb_tables() WHERE database_name = current_database()"  # scratch tables come and go
    names = [row["table_name"] for row in store.rows(own)]
    for name in names:
        what = "bit_xor(hash(t))" if thorough else "count(*)"
        try:
            store.frame(f'SELECT {what} FROM "{name}" AS t')  # noqa: S608 (names of our own tables)
        except Exception:
            sentence = _("The table {table} of the database cannot be read: the file is damaged.")
            yield Finding("database.damaged", "wrong", sentence, PUT_BACK, {"table": name})
            return


def figures(store: Store, thorough: bool) -> Iterator[Finding]:
    """Whether what pages show follows from what files told: every order once, and what is known of each customer."""
    row = store.one("SELECT (SELECT count(*) FROM orders) - (SELECT count(DISTINCT order_key) FROM order_records) AS n") or {"n": 0}
    wrong = abs(int(row["n"]))
    if thorough and not wrong:
        columns = ", ".join(f'"{name}"' for name in tables.customer_facts.columns)
        again = f"SELECT {columns} FROM ({facts.statement()})"  # noqa: S608 (our own statement)
        found = store.frame(f"SELECT count(*) AS n FROM ({again} EXCEPT SELECT {columns} FROM customer_facts)")  # noqa: S608
        wrong = int(found.n[0])
    if wrong:
        yield Finding(
            "figures.differ",
            "wrong",
            _("{n} orders or customers are not what the imported files say."),
            _("Change the time zone in the settings and back: everything is made again from the files. Then tell us."),
            {"n": wrong},
        )


def moments(store: Store, now: datetime) -> Iterator[Finding]:
    """Whether something was written later than it is now."""
    row = store.one(
        "SELECT greatest((SELECT max(imported_at) FROM imports), (SELECT max(created_at) FROM jobs), (SELECT max(happened_at) FROM audit), "
        "(SELECT max(happened_at) FROM message_states)) AS written, (SELECT max(paid_at) FROM orders) AS paid"
    )
    written, paid = (row["written"], row["paid"]) if row else (None, None)
    if written is not None and written > now + AHEAD:
        sentence = _("The clock of this machine was set back: the newest entry is of {moment} (UTC), and it says {now}.")
        remedy = _("Correct the clock and let it follow a time server (timedatectl set-ntp true); then start the server again.")
        values = {"moment": f"{written:%Y-%m-%d %H:%M}", "now": f"{now:%Y-%m-%d %H:%M}"}
        yield Finding("clock.behind_entries", "wrong", sentence, remedy, values)
    if paid is not None and paid > now + ORDERS_AHEAD:
        sentence = _("There are orders paid in the future, up to {moment} (UTC): the clock is wrong, or a file was read in a wrong zone.")
        remedy = _("Look at the clock first; else take that import back and import its file with its own time zone.")
        yield Finding("clock.behind_orders", "warn", sentence, remedy, {"moment": f"{paid:%Y-%m-%d %H:%M}"})
