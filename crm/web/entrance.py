"""The forms at the door: signing in and out, and the one-time link with which somebody sets a password."""

import html
from urllib.parse import quote, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from crm import clock, database
from crm.accounts import acting, elsewhere, invitations, sessions, sign_in
from crm.accounts.sign_in import Visitor
from crm.database import Store
from crm.errors import BadInputError, CrmError
from crm.settings import Environment, environment
from crm.web import cookies, door, shell
from crm.web.upload_owner import new_mark
from crm.words import chosen, translate

FRAME = """<!doctype html><html lang="{lang}"><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex"><title>Huitou 回头</title>
<style>:root{{color-scheme:light dark;--ink:#0f172a;--ground:#f8fafc;--field:#fff;--edge:#cbd5e1}}
@media(prefers-color-scheme:dark){{:root{{--ink:#e2e8f0;--ground:#0f172a;--field:#1e293b;--edge:#334155}}}}
body{{font:16px/1.6 system-ui,'PingFang SC','Microsoft YaHei','Noto Sans CJK SC',sans-serif;display:grid;
place-items:center;min-height:90vh;margin:0;color:var(--ink);background:var(--ground)}}form{{display:grid;gap:12px;width:300px;padding:16px}}
label{{display:grid;gap:4px;font-size:14px}}input,button{{font:inherit;padding:10px;border-radius:8px;border:1px solid var(--edge);
background:var(--field);color:inherit;box-sizing:border-box;width:100%}}button{{background:#0f766e;color:#fff;border:0;cursor:pointer}}
button.plain{{background:none;color:inherit;border:1px solid var(--edge)}}a{{padding:10px;border-radius:8px;border:1px solid var(--edge);
color:inherit;text-align:center;text-decoration:none;overflow-wrap:anywhere}}h2{{margin:0}}p{{margin:0}}p.bad{{color:#dc2626}}</style>
<form method="post"{action}><h2>Huitou 回头</h2>{inside}</form></html>"""
NAME = '<label>{words}<input name="name" value="{value}" autocomplete="username" maxlength="60" required{focus}></label>'
HIDDEN = '<label>{words}<input type="password" name="{name}" autocomplete="{kind}" maxlength="200" required{focus}></label>'


class Form:
    """One form in the visitor's language; `action` where it is posted to another address than its own."""

    def __init__(self, request: Request, action: str = "") -> None:
        self.action = f' action="{html.escape(action)}"' if action else ""
        self.language = chosen(cookies.of(request.scope), request.headers.get("accept-language"))
        self.parts: list[str] = []

    def say(self, sentence: str, bad: bool = False, **values: object) -> "Form":
        """A line of text; a refusal in red."""
        self.parts.append(f'<p class="{"bad" if bad else ""}" role="{"alert" if bad else "note"}">{self._words(sentence, **values)}</p>')
        return self

    def name(self, value: str, focus: bool) -> "Form":
        """Where the name is typed."""
        self.parts.append(NAME.format(words=self._words("Name"), value=html.escape(value), focus=" autofocus" if focus else ""))
        return self

    def secret(self, label: str, name: str, kind: str, focus: bool = False) -> "Form":
        """Where a password is typed; `kind` tells the browser's password manager which."""
        self.parts.append(HIDDEN.format(words=self._words(label), name=name, kind=kind, focus=" autofocus" if focus else ""))
        return self

    def button(self, label: str, name: str = "", plain: bool = False) -> "Form":
        """What happens when it is pressed."""
        named = f' name="{name}" value="1" formnovalidate' if name else ""
        self.parts.append(f"<button{' class=plain' if plain else ''}{named}>{self._words(label)}</button>")
        return self

    def link(self, label: str, to: str, **values: object) -> "Form":
        """What leads elsewhere: no button, for the browser lets no form be sent on to another site."""
        self.parts.append(f'<a href="{html.escape(to)}">{self._words(label, **values)}</a>')
        return self

    def answer(self, status: int = 200) -> Response:
        """The page."""
        page = FRAME.format(lang=self.language.replace("_", "-"), action=self.action, inside="".join(self.parts))
        policy = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
        headers = {"content-security-policy": policy, "cache-control": "no-store", "referrer-policy": "same-origin"}
        return HTMLResponse(page, status_code=status, headers=headers)

    def _words(self, sentence: str, **values: object) -> str:
        return html.escape(translate(self.language, sentence, **values))


async def login(request: Request) -> Response:
    """GET: the form. POST: name and password; a new session, or 401 with the reason."""
    if request.method == "GET":
        return login_form(request, "", None)
    typed = await request.form()
    name = str(typed.get("name", ""))
    env = environment()
    store, visitor = database.open_store(env.data), visitor_of(env, request)
    try:
        token = await run_in_threadpool(sign_in.attempt, store, name, str(typed.get("password", "")), visitor, clock.now())
    except CrmError as refusal:
        return login_form(request, name, refusal)
    return entered(env, request.query_params.get("next", ""), token, visitor)


async def logout(request: Request) -> Response:
    """GET: who is signed in, and the buttons. POST: the session ends, or all of this person."""
    actor = acting.current()
    if request.method == "GET" or actor.user_id is None:
        form = Form(request).say("You are signed in as {name}.", name=actor.name or "—")
        return form.button("Sign out").button("Sign out everywhere", "everywhere", plain=True).answer()
    store, everywhere = database.open_store(environment().data), (await request.form()).get("everywhere")
    if everywhere:
        await run_in_threadpool(sessions.end_everywhere, store, actor.user_id, clock.now())
    elif actor.session_id:
        await run_in_threadpool(sessions.end, store, actor.session_id, clock.now())
    answer = RedirectResponse("/login", status_code=303)
    for name in cookies.SESSIONS:
        answer.delete_cookie(name, secure=name.startswith("__Host-"), httponly=True)
    return answer


async def invite(request: Request) -> Response:
    """GET: the form of a one-time link. POST: the password is set, and the person is signed in."""
    token, env = request.path_params["token"], environment()
    store = database.open_store(env.data)
    if request.method == "GET":
        return await run_in_threadpool(_invite, request, store, token, None)
    typed = await request.form()
    password, now = str(typed.get("password", "")), clock.now()
    try:
        if password != str(typed.get("again", "")):
            raise BadInputError("password.unlike", "The two passwords are not the same. Nothing was changed.")
        user = await run_in_threadpool(invitations.accept, store, token, str(typed.get("name", "")), password, now)
    except CrmError as refusal:
        return await run_in_threadpool(_invite, request, store, token, refusal)
    visitor = visitor_of(env, request)
    with store.transaction() as change:
        session = sessions.begin(change, user.user_id, visitor.device, visitor.browser, visitor.address, now)
    return entered(env, "", session, visitor)


def login_form(request: Request, name: str, refusal: CrmError | None, wanted: str | None = None) -> Response:
    """The form, with the reason of a refusal; `wanted`, where another address than its own shows it: the page to go to afterwards."""
    own, env = wanted is None, environment()
    back = _with_next(request.query_params.get("next", "") if wanted is None else wanted)
    form = Form(request, "" if own else f"/login{back}").name(name, focus=not name)
    form.secret("Password", "password", "current-password", focus=bool(name))
    if refusal:
        form.say(refusal.template, bad=True, **refusal.values)
    form.button("Sign in")
    if elsewhere.is_offered(env):
        form.link("Sign in with {name}", f"/login/elsewhere{back}", name=elsewhere.provider_name(env))
    return form.answer(401 if refusal else 200)


def _invite(request: Request, store: Store, token: str, refusal: CrmError | None) -> Response:
    form = Form(request)
    try:
        user = invitations.invited(store, token, clock.now())
    except CrmError as void:
        return form.say(void.template, bad=True).answer(404)
    if user is None:
        form.say("You become the owner of this shop: you may do everything, and let others in.").name("", focus=True)
    else:
        form.say("Welcome, {name}. Please choose a password.", name=user.name)
    form.secret("Password (10 characters at least)", "password", "new-password", focus=user is not None)
    form.secret("The same again", "again", "new-password")
    if refusal:
        form.say(refusal.template, bad=True, **refusal.values)
    return form.button("Set the password and sign in").answer(400 if refusal else 200)


def visitor_of(env: Environment, request: Request) -> Visitor:
    """Whoever stands at the door."""
    mark = cookies.of(request.scope).get(cookies.BROWSER) or new_mark()
    return Visitor(mark, request.headers.get("user-agent", "")[:200], door.address(env, request.scope))


def place(wanted: str) -> str:
    """The page that was asked for, where it is one of ours; else the first one."""
    parts = urlsplit(wanted)
    ours = not parts.netloc and not parts.scheme and parts.path.lstrip("/") in shell.names()
    return f"/{parts.path.lstrip('/')}" + (f"?{parts.query}" if parts.query else "") if ours else "/"


def entered(env: Environment, wanted: str, token: str, visitor: Visitor) -> Response:
    """Signed in, and to the page that was asked for; only a page of ours counts."""
    answer = RedirectResponse(place(wanted), status_code=303)
    secure, seconds = env.is_https, int(sessions.LONGEST.total_seconds())
    answer.set_cookie(cookies.SESSIONS[secure], token, max_age=seconds, httponly=True, samesite="lax", secure=secure)
    answer.set_cookie(cookies.BROWSER, visitor.device, max_age=365 * 24 * 3600, httponly=True, samesite="lax", secure=secure)
    return answer


def _with_next(wanted: str) -> str:
    return f"?next={quote(wanted, safe='')}" if place(wanted) != "/" else ""


ROUTES = [
    Route("/login", login, methods=["GET", "POST"]),
    Route("/logout", logout, methods=["GET", "POST"]),
    Route("/invite/{token}", invite, methods=["GET", "POST"]),
]
