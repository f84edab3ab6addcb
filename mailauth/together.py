"""Looking at several things side by side."""

from __future__ import annotations

import asyncio
import contextvars
import sys
from collections.abc import Callable, Coroutine, Sequence
from typing import Any, TypeVar

T = TypeVar("T")
Thing = TypeVar("Thing")

if sys.version_info >= (3, 12):

    def begin(coroutine: Coroutine[Any, Any, T]) -> asyncio.Future[T]:
        """Run a coroutine to where it has to wait for something; from there on it runs side by side with others.

        Nearly all of what a look at a domain asks is answered by then: a task that the event loop has to begin, to wake and to
        tell of costs more than what it does.
        """
        return asyncio.Task(coroutine, loop=asyncio.get_running_loop(), eager_start=True)

elif sys.version_info >= (3, 11):

    def begin(coroutine: Coroutine[Any, Any, T]) -> asyncio.Future[T]:
        """Run a coroutine to where it has to wait for something, as Python does it itself from 3.12 on (see there).

        Only that :func:`asyncio.current_task` tells of who began it, until then.
        """
        loop, context = asyncio.get_running_loop(), contextvars.copy_context()
        try:
            waits_for = context.run(coroutine.send, None)
        except StopIteration as end:
            ended: asyncio.Future[T] = loop.create_future()
            ended.set_result(end.value)
            return ended
        except Exception as error:  # noqa: BLE001 - handed over to who waits
            ended = loop.create_future()
            ended.set_exception(error)
            return ended
        if waits_for is not None:
            waits_for._asyncio_future_blocking = False  # as a task does that is told of a future (see asyncio's futures.py)
        return loop.create_task(_Begun(coroutine, waits_for), context=context)

    class _Begun(Coroutine[Any, Any, T]):
        """A coroutine that has begun, for the task that goes on with it; waits for a future, or (``None``) for its next turn."""

        def __init__(self, coroutine: Coroutine[Any, Any, T], waits_for: Any) -> None:
            self._waits_for = waits_for
            self._coroutine = coroutine

        def send(self, value: Any) -> Any:
            waits_for, self._waits_for = self._waits_for, None
            if waits_for is None or waits_for.done():
                return self._coroutine.send(value)
            waits_for._asyncio_future_blocking = True  # told now
            return waits_for

        def throw(self, *error: Any) -> Any:
            return self._coroutine.throw(*error)

        def close(self) -> None:
            self._coroutine.close()

        def __await__(self) -> Any:
            return self._coroutine.__await__()

else:

    def begin(coroutine: Coroutine[Any, Any, T]) -> asyncio.Future[T]:
        """Run a coroutine side by side with others. It begins when the event loop comes to it: no task of Python 3.10 can be
        given the context of what it was before."""
        return asyncio.ensure_future(coroutine)


async def together(*coroutines: Coroutine[Any, Any, Any] | asyncio.Future[Any]) -> list[Any]:
    """What coroutines (or futures) return, in their order; they run side by side.

    Like :func:`asyncio.gather`, but the last one runs in the task that waits, and the others in one only if they have to wait for
    something. What one of them raises ends the others.
    """
    if not coroutines:
        return []
    *others, last = coroutines
    if not others:
        return [await last]
    begun = [one if isinstance(one, asyncio.Future) else begin(one) for one in others]
    try:
        result = await last
        if [one for one in begun if not one.done()]:
            await asyncio.gather(*begun)
        return [*(one.result() for one in begun), result]
    finally:
        for one in begun:
            one.cancel()


async def for_each(
    function: Callable[[Thing], Coroutine[Any, None, T]], things: Sequence[Thing], at_once: int,
) -> list[T]:
    """What ``function`` gives for each of the things, in their order; ``at_once`` of them run side by side.

    However many there are, there are no more tasks than run.
    """
    if len(things) == 1:
        return [await function(things[0])]
    results: dict[int, T] = {}
    waiting = iter(enumerate(things))

    async def work() -> None:
        for number, thing in waiting:
            results[number] = await function(thing)

    await together(*(work() for _ in range(min(at_once, len(things)))))
    return [results[number] for number in range(len(results))]
