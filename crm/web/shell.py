"""The page that every address of the frame begins with: Streamlit's own, with our name from the first moment, and told two things.

Where its server is: else it looks below the page's own address first, and two requests come back with 404. And which parts of an
address are memory, not places (a ladder's draft, a job): they take the place of the last entry in the browser's history, so that one
press on Back leaves the page.
"""

import json
from functools import cache
from pathlib import Path

import streamlit
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route

from crm.settings import root

MEMORY = ("draft", "job", "same_job")
SCRIPT = """
window.__streamlit = {BACKEND_BASE_URL: new URL(".", location.href).href};
{
  const push = history.pushState.bind(history), replace = history.replaceState.bind(history);
  const place = (address) => {
    const url = new URL(address, location.href);
    for (const name of MEMORY) url.searchParams.delete(name);
    url.searchParams.sort();
    return url.href;
  };
  history.pushState = (state, unused, address) =>
    (address != null && place(address) === place(location.href) ? replace : push)(state, unused, address);
}
"""


@cache
def text() -> str:
    """The page."""
    page = (Path(streamlit.__file__).parent / "static" / "index.html").read_text(encoding="utf-8")
    script = SCRIPT.replace("MEMORY", json.dumps(MEMORY))
    return page.replace("<head>", f"<head><script>{script}</script>", 1).replace("<title>Streamlit</title>", "<title>Huitou 回头</title>")


async def page(request: Request) -> HTMLResponse:
    """GET of the overview or of any other page."""
    return HTMLResponse(text(), headers={"Cache-Control": "no-cache"})


@cache
def names() -> frozenset[str]:
    """The pages by their files' names; "" is the overview."""
    return frozenset(("", *(path.stem for path in (root() / "pages").glob("*.py"))))


def routes() -> list[Route]:
    """The address of each page."""
    return [Route(f"/{name}", page) for name in sorted(names()) if name != "kpi"]
