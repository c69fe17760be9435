"""A body's HTML and plain text, made within limits of time, memory and size, whatever was typed.

HTML and MJML are taken apart by libraries that some texts keep busy for minutes, or bring down with their whole process. So that happens in
a process of its own; plain text, which is only escaped, needs none.
"""

import json
import os
import subprocess
import sys
import threading
from functools import lru_cache
from pathlib import Path

from crm.campaigns import bodies
from crm.errors import BadInputError, Sentence

PATIENCE = 30.0
"""Seconds on the wall clock: more than the processor time that is granted, because others use the machine as well."""
TOO_MUCH = Sentence(
    "message.too_much_work", "The text of the message takes too much time or memory. Nothing was sent. Please make it shorter or simpler."
)
_KEPT = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT", "LD_LIBRARY_PATH") if name in os.environ}
_HOME = str(Path(bodies.__file__).parents[2])


_few_at_once = threading.BoundedSemaphore(2)


def prepared(body: str) -> tuple[str, str]:
    """The HTML document and the plain text, the Liquid tags unharmed. Raises BadInputError."""
    result = _made(body)
    if isinstance(result, BadInputError):
        raise result.with_traceback(None)
    return result


@lru_cache(maxsize=32)
def _made(body: str) -> tuple[str, str] | BadInputError:
    """A refusal is remembered like a result: a page that is drawn again and again asks once."""
    try:
        result = (bodies.document(body), bodies.plain(body)) if bodies.kind(body) == "text" else _elsewhere(body)
    except BadInputError as refusal:
        return refusal
    return result if max(map(len, result)) <= bodies.LARGEST else BadInputError(*TOO_MUCH)


def _elsewhere(body: str) -> tuple[str, str]:
    command = [sys.executable, "-P", bodies.__file__]
    settings = {**_KEPT, "PYTHONPATH": _HOME, "PYTHONUTF8": "1"}
    with _few_at_once:
        try:
            done = subprocess.run(  # noqa: S603 (our own program, nothing typed in it)
                command, input=json.dumps(body), capture_output=True, text=True, timeout=PATIENCE, env=settings
            )
        except subprocess.TimeoutExpired as error:
            raise BadInputError(*TOO_MUCH) from error
    if done.returncode != 0:
        raise BadInputError(*TOO_MUCH)
    answer = json.loads(done.stdout)
    if "refusal" in answer:
        raise BadInputError(*answer["refusal"], **answer["values"])
    return answer["html"], answer["text"]
