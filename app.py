"""Launch: the frame, the routes beside it, the middleware in front of it, and the worker for as long as the server lives."""

from crm.ui.server import build

app = build()
