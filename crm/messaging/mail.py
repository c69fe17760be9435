"""One message as an e-mail (RFC 5322): headers that cannot be broken out of, plain text and HTML, one-click unsubscribe (RFC 8058)."""

import base64
import re
import unicodedata
from collections.abc import Iterator
from datetime import UTC
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from email.utils import format_datetime
from typing import Any

from crm.messaging.channels import Batch, Message


def one_line(text: str) -> str:
    """Text as a header may carry it: control characters and line breaks become blanks."""
    cleaned = "".join(" " if unicodedata.category(sign) in ("Cc", "Zl", "Zp", "Cs") else sign for sign in text)
    return " ".join(cleaned.split())


def unsubscribe_headers(url: str) -> dict[str, str]:
    """The two headers of RFC 8058."""
    return {"List-Unsubscribe": f"<{url}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


_PLAIN = re.compile(r"[A-Za-z0-9 .'_-]{1,60}")
_WORD = 45  # bytes in one encoded word: 75 signs at most (RFC 2047)


class _Exact(EmailPolicy):
    """Leaves From as it is written here: the library's own folding takes the quotes off a name, and its comma then parts two mailboxes."""

    def header_store_parse(self, name: str, value: Any) -> tuple[str, Any]:
        return (name, value) if name == "From" else super().header_store_parse(name, value)


_POLICY = _Exact(**{name: getattr(SMTP, name) for name in ("linesep", "max_line_length")}, refold_source="none")


def mailbox(name: str, address: str) -> str:
    """One mailbox as a header carries it, whatever the name: signs with a meaning in an address never stand there as such."""
    shown = one_line(name)
    if not shown:
        return address
    written = f'"{shown}"' if _PLAIN.fullmatch(shown) else "\n ".join(_words(shown))
    return f"{written}\n <{address}>"


def _words(text: str) -> Iterator[str]:
    """Encoded words of whole characters (RFC 2047)."""
    part = ""
    for sign in [*text, ""]:
        if part and (not sign or len((part + sign).encode()) > _WORD):
            yield f"=?utf-8?b?{base64.b64encode(part.encode()).decode()}?="
            part = ""
        part += sign


def build(batch: Batch, message: Message) -> EmailMessage:
    """The complete e-mail."""
    mail = EmailMessage(policy=_POLICY)
    mail["Date"] = format_datetime(batch.at.replace(tzinfo=UTC))
    mail["Subject"] = one_line(message.letter.subject)
    mail["From"] = mailbox(batch.from_name, one_line(batch.from_email))
    mail["To"] = message.address
    mail["Message-ID"] = f"<{message.message_id}@{batch.from_email.rpartition('@')[2] or 'localhost'}>"
    for name, value in unsubscribe_headers(message.unsubscribe_url).items():
        mail[name] = value
    mail.set_content(message.letter.text, charset="utf-8", cte="base64")
    mail.add_alternative(message.letter.html, subtype="html", charset="utf-8", cte="base64")
    return mail
