"""One person at a browser, as the server sees one: opens a page over Streamlit's websocket, clicks on its charts, waits for each answer."""

import json
import time
from types import TracebackType
from typing import Self

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect
from websockets.typing import Origin, Subprotocol

PATIENCE = 60.0
"""Seconds after which an answer counts as none."""


class NoAnswerError(Exception):
    """The page broke, or did not come to its end."""


class Visitor:
    """A connection of its own, that is a session of its own."""

    def __init__(self, url: str, page: str) -> None:
        address = url.replace("http", "ws", 1) + "/_stcore/stream"
        self._socket = connect(address, subprotocols=[Subprotocol("streamlit")], origin=Origin(url), max_size=None, open_timeout=PATIENCE)
        self._page = page
        self._hash = ""
        self._charts: dict[str, str] = {}
        self.buttons: dict[str, str] = {}
        """The buttons that the last run drew: key → id."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._socket.close()

    def open(self) -> float:
        """Open the page; milliseconds until it was there."""
        return self._run({})

    def click(self, chart: str, *bins: str) -> float:
        """Choose bins of a chart (by the end of its key), none to take it back; milliseconds until all had followed."""
        ids = [one for key, one in self._charts.items() if key.endswith(chart)]
        if not ids:
            raise NoAnswerError(f"no chart {chart} among {sorted(self._charts)}")
        return self._run({ids[0]: json.dumps({"selection": {"picked": [{"bin": name} for name in bins]}})})

    def press(self, key: str) -> float:
        """Press a button (by its key); milliseconds until the page had followed."""
        if key not in self.buttons:
            raise NoAnswerError(f"no button {key} among {sorted(self.buttons)}")
        return self._run({}, self.buttons[key])

    def _run(self, states: dict[str, str], pressed: str = "") -> float:
        asked = BackMsg()
        asked.rerun_script.page_name, asked.rerun_script.page_script_hash = self._page, self._hash
        for name, value in states.items():
            asked.rerun_script.widget_states.widgets.add(id=name, string_value=value)
        if pressed:
            asked.rerun_script.widget_states.widgets.add(id=pressed, trigger_value=True)
        self.buttons.clear()
        begin = time.perf_counter()
        self._socket.send(asked.SerializeToString())
        while not self._heard(ForwardMsg.FromString(self._read())):
            pass
        return (time.perf_counter() - begin) * 1000

    def _read(self) -> bytes:
        message = self._socket.recv(timeout=PATIENCE)
        return message if isinstance(message, bytes) else message.encode()

    def _heard(self, message: ForwardMsg) -> bool:
        """Take in one message; whether it was the last of a run."""
        kind = message.WhichOneof("type")
        if kind == "navigation":
            self._hash = message.navigation.page_script_hash or self._hash
        elif kind == "delta" and message.delta.WhichOneof("type") == "new_element":
            element = message.delta.new_element
            sort = element.WhichOneof("type")
            if sort == "exception":
                raise NoAnswerError(element.exception.message)
            if sort == "vega_lite_chart":
                self._charts[_key(element.vega_lite_chart.id)] = element.vega_lite_chart.id
            if sort == "button":
                self.buttons[_key(element.button.id)] = element.button.id
        elif kind == "script_finished":
            if message.script_finished == ForwardMsg.FINISHED_WITH_COMPILE_ERROR:
                raise NoAnswerError(self._page)
            return message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN
        return False


def _key(widget: str) -> str:
    """The key that the page gave a widget: its id is `$$ID-HASH-KEY`."""
    return widget.split("-", 2)[-1]
