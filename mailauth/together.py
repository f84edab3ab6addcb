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


if sys.version_info >= (3, 11):

    def begin(coroutine: Coroutine[Any, None, T]) -> Awaitable[T]:
        """Run a coroutine up to where it has to wait; what it returns can be awaited as often as one likes.

        Most have nothing to wait for, because others have asked the same, and then need no task: that is what tasks cost most of
        (Python has the same from 3.12 on as ``eager_task_factory``). Up to the first wait it runs in the task of the
        caller: a time limit belongs into a task of its own.
        """
        context = contextvars.copy_context()
        try:
            waits_for = _taken(context.run(coroutine.send, None))
        except StopIteration as end:
            return _Known(end.value)
        return asyncio.get_running_loop().create_task(_go_on(coroutine, waits_for), context=context)

else:  # a task cannot be given the context that the coroutine began in

    def begin(coroutine: Coroutine[Any, None, T]) -> Awaitable[T]:
        """Run a coroutine in a task."""
        return asyncio.get_running_loop().create_task(coroutine)


def _taken(waits_for: Any) -> Any:
    """What a coroutine waits for, marked as a task marks it that has got it from one."""
    if waits_for is not None:
        waits_for._asyncio_future_blocking = False
    return waits_for


async def _go_on(coroutine: Coroutine[Any, None, T], waits_for: Awaitable[Any] | None) -> T:
    """The rest of a coroutine that waits for a future, or for its next turn."""
    while True:
        failed: BaseException | None = None
        try:
            if waits_for is None:
                await asyncio.sleep(0)
            else:
                await waits_for
        except BaseException as error:  # noqa: BLE001 - it is the coroutine's
            failed = error
        try:
            waits_for = _taken(coroutine.throw(failed) if failed else coroutine.send(None))
        except StopIteration as end:
            return end.value


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
        pending = [one for one in begun if isinstance(one, asyncio.Future) and not one.done()]
        if len(pending) > 1:
            await asyncio.gather(*pending)
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
