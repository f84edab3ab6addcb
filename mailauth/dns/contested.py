"""A name with an alias and a text beside it, which RFC 1034 §3.6.2 forbids: receivers see different things there.

What a receiver gets depends on its resolver (docs/resolvers.md): most follow the alias, some show the text, some
say that there is no such name. So whatever rests on such a name is judged for each of the three.

A resolver that shows the text tells of the alias when it is asked for it. One that follows the alias
never tells of the text: there the zone's own server is asked, and only there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from ..finding import Finding
from ..value import dataclass
from .answer import Answer, Status
from .names import to_ascii
from .protocol import Resolver
from .view import View

Texts = Callable[[Answer], tuple[str, ...]]


@dataclass(frozen=True)
class Contest:
    """``own`` is what receivers get that are shown the text at the name itself, ``others`` what the others get."""

    target: str
    own: Answer
    others: tuple[Answer, ...]

    @property
    def name(self) -> str:
        return self.own.name

    def views(self, resolver: Resolver) -> tuple[Seen, ...]:
        """DNS as each kind of receiver sees it; first as those do that see the text at the name itself."""
        return tuple(Seen(resolver, answer) for answer in (self.own, *self.others))

    def finding(self, area: str, **params: object) -> Finding:
        """``<area>.alias_beside_record``"""
        return Finding(f"{area}.alias_beside_record", self.name, {"target": self.target, **params})


class Seen(View):
    """Answers like the resolver, but for the text at one name."""

    def __init__(self, resolver: Resolver, answer: Answer) -> None:
        super().__init__(resolver)
        self._answer = answer

    async def query(self, name: str, rdtype: str, *, fresh: bool = False, checking_disabled: bool = False) -> Answer:
        """See :meth:`mailauth.Resolver.query`."""
        if rdtype == self._answer.rdtype and to_ascii(name) == self._answer.name:
            return self._answer
        return await self._resolver.query(name, rdtype, fresh=fresh, checking_disabled=checking_disabled)


async def look(resolver: Resolver, answer: Answer, texts: Texts, *, beside: Answer | None = None) -> Contest | None:
    """The contest at the name of a TXT answer, ``None`` where all receivers see the same, or where nobody tells.

    ``texts`` gives those of an answer's texts that matter to who asks: where they are the same for all, nothing
    is contested. ``beside`` is an answer about the same name and a type that hardly any name has, if there is one
    already: it shows an alias without a further question.
    """
    if isinstance(resolver, Seen) and resolver._answer is answer:
        return None
    found = await _own_records(resolver, answer, beside)
    if found is None:
        return None
    target, records = found
    name, rdtype = answer.name, answer.rdtype
    followed = answer if answer.aliases else await resolver.query(target, rdtype)
    followed = replace(followed, name=name, aliases=answer.aliases or (target, *followed.aliases))
    own = Answer(name, rdtype, Status.OK, records, answer.ttl, server=answer.server)
    denied = Answer(name, rdtype, Status.NXDOMAIN, server=answer.server)
    seen = {texts(one) if one.is_fact else None for one in (own, followed, denied)}
    return Contest(target, own, (followed, denied)) if len(seen) > 1 else None


async def _own_records(resolver: Resolver, answer: Answer, beside: Answer | None) -> tuple[str, tuple] | None:
    """The target of the alias at a name and the records that stand beside it, where both are there."""
    if answer.alias_beside:
        return answer.alias_beside, answer.own_records
    if answer.aliases:
        return await _behind_the_alias(resolver, answer)
    if answer.status is not Status.OK:
        return None
    if beside is None or not beside.is_fact or beside.status is Status.OK:
        alias = await resolver.query(answer.name, "CNAME")
        return (str(alias.records[0]), answer.records) if alias.status is Status.OK else None
    return (beside.aliases[0], answer.records) if beside.aliases else None


async def _behind_the_alias(resolver: Resolver, answer: Answer) -> tuple[str, tuple] | None:
    """What the zone itself has at the name of an alias that the resolver in use has followed."""
    if not hasattr(resolver, "ask_zone"):
        return None
    direct = await resolver.ask_zone(answer.name, answer.rdtype)
    if direct.alias_beside:
        return direct.alias_beside, direct.own_records
    if direct.status is not Status.OK or direct.aliases:
        return None
    # The alias may be an old one that the resolver still holds.
    alias = await resolver.ask_zone(answer.name, "CNAME")
    return (str(alias.records[0]), direct.records) if alias.status is Status.OK else None
