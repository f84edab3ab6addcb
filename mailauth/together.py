"""Looking at several things side by side."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine


async def together(*coroutines: Coroutine) -> list:
    """What the coroutines return, in their order; they run side by side.

    Like :func:`asyncio.gather`, but the last one runs in the task that waits: most have one
    thing to wait for only. What one of them raises ends the others.
    """
    if not coroutines:
        return []
    *others, last = coroutines
    tasks = [asyncio.ensure_future(coroutine) for coroutine in others]
    try:
        result = await last
        return [*(await asyncio.gather(*tasks)), result] if tasks else [result]
    finally:
        for task in tasks:
            task.cancel()
