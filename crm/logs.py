"""The log: one place that says where it goes (stderr, CRM_LOG_FILE), from what level on (CRM_LOG_LEVEL), and what is never in it.

A line is an event: time, level, logger, what happened; the lines of a traceback follow it, indented. With CRM_LOG_FORMAT=json it is one
object in one line, its traceback and the reference that a screen showed among its keys. Errors of libraries quote what they stumbled
over, so e-mail addresses, phone numbers and other long numbers, secrets, quoted values and words that are not ASCII become "…".
"""

import json
import logging
import re
import sys
from copy import copy
from functools import cache
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType

from pydantic import ValidationError

from crm.errors import CrmError
from crm.settings import Environment

LINE = "%(asctime)s %(levelname)s %(name)s: %(message)s"
BYTES, KEPT = 5_000_000, 4
"""How large the file gets, and how many older ones stay beside it."""
OURS = "huitou"
FRAME = ("streamlit", "uvicorn", "websockets")
"""Libraries that bring a log of their own."""
PERSONAL = re.compile(r"[\w.+%-]+@[\w.-]+|\+?\b\d(?:[ ()./-]{0,2}\d){8,}\b|\w*[^\x00-\x7f]+\w*")
QUOTED = re.compile(r"""(["'])([^"'\n]*)\1""")
"""In the text of an error: whatever is quoted. What is no name of a table or a column is left out."""
REFERENCE = re.compile(r"\breference ([0-9a-f]{8})\b")
ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class Discreet(logging.Formatter):
    """Writes an event in one line, without what is nobody's business."""

    default_time_format = "%Y-%m-%dT%H:%M:%S%z"
    default_msec_format = None

    def __init__(self, env: Environment) -> None:
        super().__init__(LINE)
        secrets = (env.sendgrid_api_key, env.password, env.metrics_token, env.oidc_client_secret)
        self._secrets = [secret for secret in secrets if len(secret) > 3]

    def format(self, record: logging.LogRecord) -> str:
        """The event, and its traceback below it: only an event begins a line with a time."""
        record = copy(record)
        record.exc_text = None  # another's formatter leaves its own text of the error here
        return "\n    ".join(self.discreet(super().format(record)).splitlines())

    def discreet(self, text: str) -> str:
        """The same without what is nobody's business."""
        for secret in self._secrets:
            text = text.replace(secret, "…")
        return PERSONAL.sub("…", text)

    def formatException(self, ei: ExcInfo) -> str:  # noqa: N802 (logging's own name)
        """The places in the code as they are; what the error itself says without what it quotes."""
        lines = super().formatException(ei).splitlines()
        return "\n".join(line if line.startswith("  ") else QUOTED.sub(_named, line) for line in lines)


class Structured(Discreet):
    """The same as an object in one line, for programs that collect logs."""

    def format(self, record: logging.LogRecord) -> str:
        """Keys: time, level, logger, event; where they apply reference and traceback."""
        event = self.discreet(record.getMessage())
        values = {"time": self.formatTime(record, self.datefmt), "level": record.levelname, "logger": record.name, "event": event}
        if match := REFERENCE.search(event):
            values["reference"] = match[1]
        if record.exc_info:
            values["traceback"] = self.discreet(self.formatException(record.exc_info))
        return json.dumps(values, ensure_ascii=False)


def _named(quoted: re.Match[str]) -> str:
    """The quoted text where it is made of names of the database (`orders.paid_at`), else without what is in it."""
    return quoted[0] if set(quoted[2].split(".")) <= _names() else "'…'"


@cache
def _names() -> frozenset[str]:
    """Every word of the schema in small letters: what an error quotes may also be an account that is written like a column."""
    files = [file for folder in ("", "versions") for file in (Path(__file__).parent / "database" / folder).glob("*.sql")]
    lines = [line.partition("--")[0] for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    return frozenset(re.findall(r"\b[a-z][a-z0-9_]*\b", " ".join(lines)))


def begin() -> None:
    """Write the log as the machine's settings say, from now on. Raises CrmError where they cannot be used."""
    env = _settings()
    every = logging.getLogger()
    for handler in [handler for handler in every.handlers if handler.get_name() == OURS]:
        every.removeHandler(handler)
        handler.close()
    for handler in _handlers(env):
        handler.set_name(OURS)
        handler.setFormatter(Structured(env) if env.log_format == "json" else Discreet(env))
        every.addHandler(handler)
    logging.getLogger("crm").setLevel(env.log_level)


def take_over() -> None:
    """What the frame and the server below it say goes the same way; they have to be loaded by then."""
    for name, logger in logging.root.manager.loggerDict.items():
        if name.split(".")[0] in FRAME and isinstance(logger, logging.Logger):
            logger.handlers.clear()
            logger.propagate = True
            logger.setLevel(logging.WARNING)


def _settings() -> Environment:
    try:
        return Environment()
    except ValidationError as wrong:
        names = ", ".join(sorted({f"CRM_{error['loc'][0]}".upper() for error in wrong.errors()}))
        raise CrmError(
            "machine.setting",
            "These settings of the machine have values that cannot be used: {names}. Nothing was done. Please see docs/how-to/server.md.",
            names=names,
        ) from wrong


def _handlers(env: Environment) -> list[logging.Handler]:
    handlers: list[logging.Handler] = [logging.StreamHandler(sys.stderr)]
    if env.log_file:
        path = Path(env.log_file)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            handlers.append(RotatingFileHandler(path, maxBytes=BYTES, backupCount=KEPT, encoding="utf-8"))
        except OSError as error:
            raise CrmError(
                "machine.log_file", "The log cannot be written to {path}. Nothing was done. Please correct CRM_LOG_FILE.", path=path
            ) from error
    return handlers
