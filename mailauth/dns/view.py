"""What stands in for a resolver and asks it: one more way to look at the same DNS."""

from __future__ import annotations

from abc import ABC, abstractmethod
from contextlib import AbstractAsyncContextManager

from ..together import together
from .answer import Answer
from .protocol import Batch, Resolver


class View(ABC):
    """The ground of resolvers that stand on another one: its batches, deadlines and counts are theirs."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver

    @property
    def questions(self) -> int:
        """See :attr:`mailauth.Resolver.questions`."""
        return self._resolver.questions

    @property
    def deadline(self) -> float:
        """See :class:`mailauth.Resolver`."""
        return self._resolver.deadline

    @property
    def deadline_passed(self) -> bool:
        """See :attr:`mailauth.Resolver.deadline_passed`."""
        return self._resolver.deadline_passed

    @property
    def seconds_left(self) -> float:
        """See :attr:`mailauth.Resolver.seconds_left`."""
        return self._resolver.seconds_left

    @property
    def memory(self) -> dict:
        """See :attr:`mailauth.Resolver.memory`."""
        return self._resolver.memory

    @abstractmethod
    async def query(self, name: str, rdtype: str, *, fresh: bool = False, checking_disabled: bool = False) -> Answer:
        """See :meth:`mailauth.Resolver.query`."""

    async def query_all(self, *questions: tuple[str, str]) -> list[Answer]:
        """See :meth:`mailauth.Resolver.query_all`."""
        return await together(*(self.query(name, rdtype) for name, rdtype in questions))

    async def ask_ahead(self, *questions: tuple[str, str]) -> list[Answer]:
        """See :meth:`mailauth.Resolver.ask_ahead`. Nothing: what stands on another one asks for what is mostly known already."""
        return []

    async def ask_zone(self, name: str, rdtype: str) -> Answer:
        """See :meth:`mailauth.Resolver.ask_zone`."""
        return await self._resolver.ask_zone(name, rdtype)

    def batch(self, deadline: float | None = None) -> AbstractAsyncContextManager[Batch]:
        """See :meth:`mailauth.Resolver.batch`."""
        return self._resolver.batch(deadline)
