"""PUT, GET and DELETE /upload/<id>/<name>: a file streamed from the browser to the disk, never held in memory whole."""

import logging
import re

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from crm import database, jobs, works
from crm.errors import CrmError
from crm.imports import opening
from crm.settings import Environment, environment
from crm.web import cookies, upload_files, upload_owner
from crm.web.upload_files import Incoming
from crm.words import chosen, translate

log = logging.getLogger(__name__)
BATCH = 1 << 20
_ID = re.compile(r"[0-9a-f]{16,40}")
_troubles: dict[tuple[str, str], str] = {}
"""The last few sentences by owner and id: a browser that is still sending often misses the answer and asks again."""


async def put(request: Request) -> Response:
    """PUT: 201 with {id, name, bytes} once the file is whole; else nothing of it is kept and a sentence says why."""
    env = environment()
    owner, id = upload_owner.owner(env, request), request.path_params["id"]
    if owner is None or not _ID.fullmatch(id):
        return _refused(request, 403, _stranger())
    length = request.headers.get("content-length", "")
    if not length.isascii() or not length.isdigit():
        return _refused(request, 411, CrmError("upload.no_length", "The browser did not say how large the file is. Please try again."))
    status, refusal = _unwanted(env, request.path_params["name"], int(length))
    if refusal is None:
        try:
            return await _take(request, env, owner, id, int(length))
        except CrmError as full:
            status, refusal = 507, full
    _remember(owner, id, _sentence(request, refusal))
    return _refused(request, status, refusal)


def _unwanted(env: Environment, name: str, size: int) -> tuple[int, CrmError | None]:
    if upload_files.sane(name).rpartition(".")[2].lower() not in opening.EXTENSIONS:
        return 415, CrmError("upload.wrong_kind", "{file} is not a kind of file that can be imported. It was not uploaded.", file=name)
    if size > env.upload_limit_mb * 1_000_000:
        return 413, CrmError(
            "upload.too_large",
            "{file} is larger than {n} MB. It was not uploaded. Please export a shorter time, or import it in the terminal.",
            file=name,
            n=env.upload_limit_mb,
        )
    if size == 0:
        return 400, CrmError("file.empty", "{file} is empty. Nothing was imported. Please export it again.", file=name)
    return 201, None


async def _take(request: Request, env: Environment, owner: str, id: str, size: int) -> Response:
    await run_in_threadpool(tidy, env)
    try:
        incoming = await run_in_threadpool(Incoming, env.data, owner, id, size)
    except FileExistsError:
        return _refused(request, 409, CrmError("upload.under_way", "This file is being uploaded already."))
    try:
        await _pour(request, incoming)
        if not incoming.whole:
            return _refused(
                request, 400, CrmError("upload.incomplete", "Only a part of the file arrived. It was not kept. Please try again.")
            )
        upload = await run_in_threadpool(incoming.keep, request.path_params["name"])
        return JSONResponse({"id": upload.id, "name": upload.name, "bytes": upload.bytes}, status_code=201)
    except ClientDisconnect:
        return Response(status_code=499)
    except OSError as error:
        log.warning("upload failed: %s", type(error).__name__)
        return _refused(
            request, 500, CrmError("upload.not_written", "The file could not be written on the server. It was not kept. Please try again.")
        )
    finally:
        incoming.drop()


async def _pour(request: Request, incoming: Incoming) -> None:
    batch = bytearray()
    async for content in request.stream():
        batch += content
        if len(batch) >= BATCH:
            await run_in_threadpool(incoming.write, bytes(batch))
            batch.clear()
    await run_in_threadpool(incoming.write, bytes(batch))


def tidy(env: Environment, everything_half: bool = False) -> None:
    """Drop old and half-written uploads that no import waits for."""
    store = database.open_store(env.data)
    waited_for = upload_files.paths_of(jobs.running(store, works.Import))
    upload_files.sweep(env.data, waited_for, everything_half, database.load_shop(store).uploads_days)


async def look(request: Request) -> Response:
    """GET: whether a file is here whole, and if not, what was said about it; for a browser that missed the answer."""
    env = environment()
    owner, id = upload_owner.owner(env, request), request.path_params["id"]
    if owner is None:
        return _refused(request, 403, _stranger())
    here = {upload.id for upload in await run_in_threadpool(upload_files.listed, env.data, owner)}
    return JSONResponse({"whole": id in here, "error": _troubles.get((owner, id), "")})


async def remove(request: Request) -> Response:
    """DELETE: takes a file back that was chosen; only its owner can."""
    env = environment()
    owner, id = upload_owner.owner(env, request), request.path_params["id"]
    if owner is None or not _ID.fullmatch(id):
        return _refused(request, 403, _stranger())
    await run_in_threadpool(upload_files.remove, env.data, owner, id)
    return Response(status_code=204)


def _stranger() -> CrmError:
    return CrmError("upload.unknown_page", "The server does not know this page any more. Nothing was uploaded. Please reload the page.")


def _remember(owner: str, id: str, sentence: str) -> None:
    _troubles[owner, id] = sentence
    while len(_troubles) > 50:
        del _troubles[next(iter(_troubles))]


def _sentence(request: Request, refusal: CrmError) -> str:
    language = chosen(cookies.of(request.scope), request.headers.get("accept-language"))
    return translate(language, refusal.template, **refusal.values)


def _refused(request: Request, status: int, refusal: CrmError) -> Response:
    return JSONResponse({"error": _sentence(request, refusal)}, status_code=status, headers={"connection": "close"})


async def upload(request: Request) -> Response:
    """The one address of uploads, by what is asked."""
    return await {"PUT": put, "DELETE": remove}.get(request.method, look)(request)


UPLOAD = Route("/upload/{id}/{name:path}", upload, methods=["PUT", "GET", "DELETE"])
