"""Rendered previews waiting for their frame: kept in memory for a few minutes under an id that nobody can guess."""

import secrets
import threading
import time

from crm.accounts import acting

LIFETIME = 600.0
_MOST = 500
_PAPER = "<style>html{background:#ffffff;color-scheme:light}</style>"
_kept: dict[str, tuple[float, str, str | None]] = {}
_lock = threading.Lock()


def keep(html: str) -> str:
    """The id under which `/preview/<id>` shows this document for ten minutes to whoever acts, and to nobody else."""
    html = html.replace("</head>", _PAPER + "</head>", 1)
    preview_id, now = secrets.token_urlsafe(24), time.monotonic()
    with _lock:
        for old in [key for key, (until, *_) in _kept.items() if until < now][:_MOST] or list(_kept)[: max(0, len(_kept) - _MOST)]:
            del _kept[old]
        _kept[preview_id] = (now + LIFETIME, html, acting.current().user_id)
    return preview_id


def find(preview_id: str) -> str | None:
    """The document, or None when there is none, its time is over, or it was made for somebody else."""
    with _lock:
        until, html, owner = _kept.get(preview_id, (0.0, "", None))
    return html if until >= time.monotonic() and owner == acting.current().user_id else None
