"""Looking at several things side by side."""

from __future__ import annotations

import asyncio
import contextvars
import sys
import types
from collections.abc import Awaitable, Callable, Coroutine, Generator, Sequence
from typing import Any, Generic, TypeVar

T = TypeVar("T")
Thing = TypeVar("Thing")


class _Known(Generic[T]):
    """What a coroutine returned that had nothing to wait for."""

    __slots__ = ("result",)

    def __init__(self, result: T) -> None:
        self.result = result

    def __await__(self) -> Generator[None, None, T]:
        yield from ()
        return self.result


class _Rest(Coroutine[Any, Any, T]):
    """A coroutine that waits for something already, for a task to go on with."""

    def __init__(self, coroutine: Coroutine[Any, Any, T], waits_for: Any) -> None:
        self._coroutine = coroutine
        self._waits_for = waits_for
        self._is_told = False
        _mark(waits_for, False)  # others may wait for the same before the task begins

    def send(self, value: Any) -> Any:
        if self._is_told:
            return self._coroutine.send(value)
        self._is_told = True
        _mark(self._waits_for, True)
        return self._waits_for

    def throw(self, *error: Any) -> Any:
        self._is_told = True  # cancelled before the task has begun, or what it waited for failed
        return self._coroutine.throw(*error)

    def close(self) -> None:
        self._coroutine.close()

    def __await__(self) -> Generator[Any, Any, T]:
        return self._coroutine.__await__()


def _mark(waits_for: Any, handed_over: bool) -> None:
    """What a future says of itself to the task that gets it from a coroutine; ``None`` is a turn given away."""
    if waits_for is not None:
        waits_for._asyncio_future_blocking = handed_over


if sys.version_info >= (3, 11):

    def begin(coroutine: Coroutine[Any, Any, T]) -> Awaitable[T]:
        """Run a coroutine up to where it has to wait; what it returns can be awaited as often as one likes.

        Most have nothing to wait for, because others have asked the same, and then need no task: that is what tasks cost most of
        (Python has the same from 3.12 on as ``eager_task_factory``). Up to the first wait it runs in the task of the
        caller: a time limit belongs into a task of its own.
        """
        context = contextvars.copy_context()
        try:
            waits_for = context.run(coroutine.send, None)
        except StopIteration as end:
            return _Known(end.value)
        return asyncio.get_running_loop().create_task(_Rest(coroutine, waits_for), context=context)

else:  # a task cannot be given the context that the coroutine began in

    def begin(coroutine: Coroutine[Any, Any, T]) -> Awaitable[T]:
        """Run a coroutine in a task."""
        return asyncio.get_running_loop().create_task(coroutine)


async def together(*coroutines: Coroutine[Any, None, Any] | Awaitable[Any]) -> list[Any]:
    """What coroutines (or what :func:`begin` returned) return, in their order; they run side by side.

    Like :func:`asyncio.gather`, but the last one runs in the task that waits: most have one
    thing to wait for only. What one of them raises ends the others.
    """
    if not coroutines:
        return []
    waiting = list(coroutines)
    begun: list[Awaitable[Any]] = []
    try:
        while len(waiting) > 1:
            other = waiting.pop(0)
            begun.append(begin(other) if isinstance(other, types.CoroutineType) else other)
        result = await waiting.pop()
        tasks = [one for one in begun if isinstance(one, asyncio.Future)]
        if not all(task.done() for task in tasks):
            await asyncio.gather(*tasks)
        return [*[await one for one in begun], result]
    finally:
        for one in (*begun, *waiting):
            if isinstance(one, asyncio.Future):
                one.cancel()
            elif isinstance(one, types.CoroutineType):  # one before it has raised at once
                one.close()


async def for_each(
    function: Callable[[Thing], Coroutine[Any, None, T]], things: Sequence[Thing], at_once: int,
) -> list[T]:
    """What ``function`` gives for each of the things, in their order; ``at_once`` of them run side by side.

    However many there are, there are no more tasks than run.
    """
    results: dict[int, T] = {}
    waiting = iter(enumerate(things))

    async def work() -> None:
        for number, thing in waiting:
            results[number] = await function(thing)

    await together(*(work() for _ in range(min(at_once, len(things)))))
    return [results[number] for number in range(len(results))]
