"""What the checks ask of whoever answers for DNS: the client, or what stands on it and looks at the same DNS otherwise."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from ..change import Change
    from .answer import Answer
    from .authoritative import AuthoritativeView
    from .nameserver import Nameserver


class Batch(Protocol):
    """What is known of questions that share a deadline."""

    @property
    def deadline_passed(self) -> bool:
        """Whether questions went unanswered because of the deadline."""


class Resolver(Protocol):
    """Answers questions; nothing is raised because of what DNS says or fails to say. See :class:`mailauth.Resolver`."""

    @property
    def questions(self) -> int:
        """How many messages were really sent, repetitions included."""

    @property
    def deadline_passed(self) -> bool:
        """Whether a question of the batch that we are in went unanswered because of the deadline."""

    @property
    def deadline(self) -> float:
        """Seconds that a batch may take."""

    @property
    def seconds_left(self) -> float:
        """What is left until the deadline of the batch that we are in, or would be in."""

    @property
    def memory(self) -> dict[Any, Any]:
        """What those who ask keep of what they have read, for the batch that we are in; by names of their own."""

    async def query(self, name: str, rdtype: str, *, fresh: bool = False, checking_disabled: bool = False) -> Answer:
        """The answer for a name and type, aliases followed."""

    async def query_all(self, *questions: tuple[str, str]) -> list[Answer]:
        """The answers to several questions (name and type), asked side by side, in their order."""

    async def ask_ahead(self, *questions: tuple[str, str]) -> list[Answer]:
        """Ask what is going to be asked, and wait for a moment: the answers that are there then."""

    async def ask_zone(self, name: str, rdtype: str) -> Answer:
        """What one of a zone's own servers says of a name in it."""

    def batch(self, deadline: float | None = None) -> AbstractAsyncContextManager[Batch]:
        """Questions asked within share one deadline (seconds) and their answers."""


class Direct(Resolver, Protocol):
    """A resolver that can ask one server of its own knowledge."""

    @property
    def timeout(self) -> float:
        """Seconds for one attempt."""

    @property
    def authority_port(self) -> int:
        """Where a zone's own servers are asked: another port in tests only."""

    def may_ask(self, address: str) -> bool:
        """Whether a zone's own name server is asked at an address."""

    async def ask_server(self, nameserver: Nameserver, name: str, rdtype: str, *, fresh: bool = False) -> Answer:
        """What one server says of its own knowledge; its aliases are not followed any further."""


class Client(Resolver, Protocol):
    """A resolver that can also show DNS as it would be, and a zone as its own name servers have it."""

    def overlay(self, changes: Iterable[Change]) -> Client:
        """A resolver that answers as if the changes were published."""

    async def authoritative(self, zone: str) -> AuthoritativeView:
        """A zone as its own name servers show it, past every cache."""


class DirectClient(Client, Direct, Protocol):
    """A client that can ask one server, too: what stands on it and changes DNS cannot."""
