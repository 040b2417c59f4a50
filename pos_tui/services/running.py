"""What runs behind the screen, and how it ends: a till may be closed while it is still starting."""

import threading
from collections.abc import Callable


class Loop:
    """Work in a thread of its own, from `start` to `stop`, in whatever order other threads call them."""

    def __init__(
        self, name: str, work: Callable[[], None], wake: Callable[[], object] = lambda: None
    ) -> None:
        """`work` goes on until `over` is set; `wake` ends what it may be waiting for besides."""
        self._name = name
        self._work = work
        self._wake = wake
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None
        self.over = threading.Event()

    @property
    def alive(self) -> bool:
        """Whether it is at work."""
        return self._thread is not None and self._thread.is_alive()

    def start(self) -> None:
        """Begin; nothing when it has begun, or was stopped before."""
        with self._starting:
            if self._thread is None and not self.over.is_set():
                thread = threading.Thread(target=self._work, name=self._name, daemon=True)
                thread.start()
                self._thread = thread

    def stop(self, patience: float) -> None:
        """Let what is under way end, up to `patience` seconds."""
        self.over.set()
        self._wake()
        with self._starting:
            thread = self._thread
        if thread is not None:
            thread.join(patience)


class Ends:
    """What is to be ended in the end, the newest first; what comes after that is ended at once."""

    def __init__(self) -> None:
        self._ends: list[Callable[[], object]] = []
        self._over = False

    def add(self, end: Callable[[], object]) -> None:
        """Have something ended."""
        self._ends.append(end)
        if self._over:
            self.close()

    def close(self) -> None:
        """End everything; what fails to end keeps nothing else from ending, and is raised."""
        self._over = True
        try:
            end = self._ends.pop()  # not a look and then a pop: two threads may be at it
        except IndexError:
            return
        try:
            end()
        finally:
            self.close()
