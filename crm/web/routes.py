"""The addresses beside the screens: delivery reports from SendGrid, the unsubscribe link, the sandboxed preview."""

import html
import json
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from crm import clock, database
from crm.accounts import acting
from crm.errors import CrmError
from crm.messaging import events, unsubscribe, webhook
from crm.settings import environment
from crm.web import previews
from crm.words import chosen, translate

PREVIEW_POLICY = "sandbox; default-src 'none'; img-src https: data:; style-src 'unsafe-inline'; form-action 'none'; frame-ancestors 'self'"
PAGE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
_GONE = "You will get no more messages of this kind. Those already on their way may still arrive."
_STYLE = (
    "body{font-family:-apple-system,'PingFang SC','Microsoft YaHei','Noto Sans CJK SC',sans-serif;color:#1f2937;background:#f8fafa;"
    "margin:0;display:flex;min-height:100vh;align-items:center;justify-content:center}"
    "main{background:#fff;border:1px solid #e2e8e8;border-radius:12px;padding:40px 32px;margin:16px;max-width:420px;text-align:center}"
    "button{font:inherit;font-size:17px;padding:12px 32px;border:0;border-radius:8px;background:#0f766e;color:#fff;cursor:pointer}"
    "h1{font-size:21px}p{line-height:1.7}"
)


async def sendgrid(request: Request) -> Response:
    """POST /hooks/sendgrid: only what SendGrid signed is taken, and what bears no signature is not even read."""
    env, marks = environment(), (request.headers.get(webhook.TIMESTAMP), request.headers.get(webhook.SIGNATURE))
    try:
        webhook.require_marks(env, *marks)
        body = await request.body()
        webhook.verify(env, *marks, body)
    except CrmError as refusal:
        return JSONResponse({"error": str(refusal)}, status_code=401)
    try:
        report = json.loads(body, parse_int=float)  # an int of 5,000 digits is no reason to lose the events around it
    except (ValueError, RecursionError):
        report = None
    if not isinstance(report, list):
        return JSONResponse({"error": "This is not a list of events."}, status_code=400)
    return JSONResponse(await run_in_threadpool(_ingest, report))


def _ingest(report: list[Any]) -> dict[str, int]:
    with acting.by(acting.machine("SendGrid")):
        return events.ingest(_store(), report, clock.now())


def _store() -> database.Store:
    return database.open_store(environment().data)


async def leave(request: Request) -> Response:
    """GET /u/<token> shows a button (scanners follow links); POST does it, from the button or from the mail program (RFC 8058)."""
    token, language = request.path_params["token"], chosen({}, request.headers.get("accept-language", "zh"))
    try:
        if request.method == "POST":
            with acting.by(acting.machine("")):
                await run_in_threadpool(unsubscribe.open, _store(), token, clock.now())
            return _page(language, "You are unsubscribed", _GONE)
        await run_in_threadpool(unsubscribe.find, _store(), token)
    except CrmError as refusal:
        return _page(language, "This link does not work", refusal.template, status=404)
    return _page(language, "Unsubscribe?", "Press the button and you will get no more messages of this kind.", button="Unsubscribe")


def _page(language: str, title: str, words: str, button: str = "", status: int = 200) -> Response:
    values = {
        name: html.escape(translate(language, text)) for name, text in (("title", title), ("words", words), ("button", button)) if text
    }
    form = f'<form method="post"><button type="submit">{values["button"]}</button></form>' if button else ""
    document = (
        f'<!doctype html><html lang="{language.replace("_", "-")}"><head><meta charset="utf-8"><meta name="robots" content="noindex">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>{values["title"]}</title>'
        f"<style>{_STYLE}</style></head>"
        f"<body><main><h1>{values['title']}</h1><p>{values['words']}</p>{form}</main></body></html>"
    )
    headers = {"content-security-policy": PAGE_POLICY, "cache-control": "no-store", "vary": "accept-language"}
    return HTMLResponse(document, status_code=status, headers=headers)


async def preview(request: Request) -> Response:
    """GET /preview/<id>: one rendered letter, in a sandbox that runs nothing."""
    document = previews.find(request.path_params["id"])
    headers = {"content-security-policy": PREVIEW_POLICY, "cache-control": "no-store", "referrer-policy": "no-referrer"}
    if document is None:
        return HTMLResponse("<p>This preview has expired. 预览已过期。</p>", status_code=404, headers=headers)
    return HTMLResponse(document, headers=headers)


ROUTES = [
    Route("/hooks/sendgrid", sendgrid, methods=["POST"]),
    Route("/u/{token}", leave, methods=["GET", "POST"]),
    Route("/preview/{id}", preview, methods=["GET"]),
]
