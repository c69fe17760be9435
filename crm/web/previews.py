"""Rendered previews waiting for their frame: kept in memory for a few minutes under an id that nobody can guess."""

import secrets
import threading
import time

LIFETIME = 600.0
_MOST = 500
_PAPER = "<style>html{background:#ffffff;color-scheme:light}</style>"
_kept: dict[str, tuple[float, str]] = {}
_lock = threading.Lock()


def keep(html: str) -> str:
    """The id under which `/preview/<id>` shows this document for ten minutes."""
    html = html.replace("</head>", _PAPER + "</head>", 1)
    preview_id, now = secrets.token_urlsafe(24), time.monotonic()
    with _lock:
        for old in [key for key, (until, _) in _kept.items() if until < now][:_MOST] or list(_kept)[: max(0, len(_kept) - _MOST)]:
            del _kept[old]
        _kept[preview_id] = (now + LIFETIME, html)
    return preview_id


def find(preview_id: str) -> str | None:
    """The document, or None when there is none or its time is over."""
    with _lock:
        until, html = _kept.get(preview_id, (0.0, ""))
    return html if until >= time.monotonic() else None
