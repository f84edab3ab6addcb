"""Looking at several things side by side."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import Any, TypeVar

T = TypeVar("T")
Thing = TypeVar("Thing")


async def together(*coroutines: Awaitable[Any]) -> list[Any]:
    """What coroutines (or tasks) return, in their order; they run side by side.

    Like :func:`asyncio.gather`, but the last one runs in the task that waits: most have one
    thing to wait for only. What one of them raises ends the others.
    """
    if not coroutines:
        return []
    *others, last = coroutines
    tasks = [asyncio.ensure_future(coroutine) for coroutine in others]
    try:
        result = await last
        if not all(task.done() for task in tasks):
            await asyncio.gather(*tasks)
        return [*(task.result() for task in tasks), result]
    finally:
        for task in tasks:
            task.cancel()


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
