"""An event loop in a thread of its own, as long as the process: connections outlive a drain."""

import asyncio
import logging
import os
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor

log = logging.getLogger(__name__)

STORE_THREADS = 4  # that ask the database for one loop; the pool has room for all loops together


class OwnLoop:
    """Begins with the first call, and anew in a forked process."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._lock = threading.Lock()
        self._process = 0
        self._loop: asyncio.AbstractEventLoop
        self._thread: threading.Thread

    def wrap(self, main: Callable[[], Coroutine[None, None, int]]) -> Callable[[], int]:
        """`main` as a plain call: it runs there, and is waited for here."""
        return lambda: asyncio.run_coroutine_threadsafe(main(), self._running()).result()

    def close(self, last: Callable[[], Coroutine[None, None, None]] | None = None) -> None:
        """Cancel what still runs there, run `last` there, and end the thread."""
        with self._lock:
            if self._process != os.getpid():
                return
            self._process = 0
        asyncio.run_coroutine_threadsafe(_finish(last), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    def _running(self) -> asyncio.AbstractEventLoop:
        with self._lock:
            if self._process != os.getpid():
                self._process = os.getpid()
                self._loop = asyncio.new_event_loop()
                self._loop.set_default_executor(
                    ThreadPoolExecutor(STORE_THREADS, thread_name_prefix=f"{self._name} store")
                )
                self._thread = threading.Thread(
                    target=_run, args=(self._loop,), name=self._name, daemon=True
                )
                self._thread.start()
            return self._loop


async def _finish(last: Callable[[], Coroutine[None, None, None]] | None) -> None:
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
    if last is not None:
        await last()


def _run(loop: asyncio.AbstractEventLoop) -> None:
    while True:
        try:
            loop.run_forever()
            break
        except SystemExit:  # raised in a task, which has failed by it; the others go on
            log.exception("event=exit_contained")
    loop.run_until_complete(loop.shutdown_default_executor())
    loop.close()
