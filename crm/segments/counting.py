"""Counting beside the screen: the latest question is answered in a thread of its own; one that was changed meanwhile is dropped."""

import threading
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Generic, TypeVar

from crm.database.stopping import Stop, StoppedError

Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Told(Generic[Answer]):
    """What is known: the `answer` to the question, or with `fresh` False that to an earlier one (None: none yet); or why there is none."""

    answer: Answer | None
    fresh: bool
    error: BaseException | None = None


class Counting(Generic[Answer]):
    """One screen's questions, one at a time. Safe to ask from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._asked: Hashable = None
        self._stop = Stop()
        self._thread: threading.Thread | None = None
        self._answered: Hashable = None
        self._answer: Answer | None = None
        self._error: BaseException | None = None

    def ask(self, question: Hashable, work: Callable[[], Answer], patience: float) -> Told[Answer]:
        """The answer to `question`, waited for `patience` seconds at most; what is being worked out for another one is stopped."""
        with self._lock:
            failed = self._error is not None and (self._thread is None or not self._thread.is_alive())
            if self._asked != question or failed:
                self._stop.say()
                self._asked, self._stop, self._error = question, Stop(), None
                self._thread = threading.Thread(target=self._work, args=(question, work, self._stop), name="counting", daemon=True)
                self._thread.start()
            thread = self._thread
        if thread is not None and self._answered != question:
            thread.join(patience)
        return self.told()

    def told(self) -> Told[Answer]:
        """What is known now."""
        with self._lock:
            if self._error is not None:
                return Told(self._answer, True, self._error)
            return Told(self._answer, self._answered == self._asked)

    def forget(self) -> None:
        """Nothing is waited for any more, and nothing is known."""
        with self._lock:
            self._stop.say()
            self._asked = self._answered = self._answer = self._error = self._thread = None

    def _work(self, question: Hashable, work: Callable[[], Answer], stop: Stop) -> None:
        answer, failed = None, None
        try:
            with stop.around():
                answer = work()
        except StoppedError:
            return
        except BaseException as error:  # told to whoever asked, who is in another thread
            failed = error
        with self._lock:
            if self._asked == question:
                self._error = failed
                if failed is None:
                    self._answered, self._answer = question, answer
