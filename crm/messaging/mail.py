"""One message as an e-mail (RFC 5322): headers that cannot be broken out of, plain text and HTML, one-click unsubscribe (RFC 8058)."""

import unicodedata
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formataddr

from crm.messaging.channels import Batch, Message


def one_line(text: str) -> str:
    """Text as a header may carry it: control characters and line breaks become blanks."""
    cleaned = "".join(" " if unicodedata.category(sign) in ("Cc", "Zl", "Zp", "Cs") else sign for sign in text)
    return " ".join(cleaned.split())


def unsubscribe_headers(url: str) -> dict[str, str]:
    """The two headers of RFC 8058."""
    return {"List-Unsubscribe": f"<{url}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def build(batch: Batch, message: Message) -> EmailMessage:
    """The complete e-mail."""
    mail = EmailMessage(policy=SMTP)
    mail["Subject"] = one_line(message.letter.subject)
    mail["From"] = formataddr((one_line(batch.from_name), one_line(batch.from_email)), charset="utf-8")
    mail["To"] = message.address
    mail["Message-ID"] = f"<{message.message_id}@{batch.from_email.rpartition('@')[2] or 'localhost'}>"
    for name, value in unsubscribe_headers(message.unsubscribe_url).items():
        mail[name] = value
    mail.set_content(message.letter.text, charset="utf-8", cte="base64")
    mail.add_alternative(message.letter.html, subtype="html", charset="utf-8", cte="base64")
    return mail
