"""A second opinion on "cannot receive mail": an independent source, and a name that is known to be there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..dns.answer import Answer, Status
from ..dns.authoritative import EveryZone
from ..dns.names import to_ascii
from ..dns.protocol import Direct, Resolver
from ..dns.view import View
from ..status import Word
from ..value import dataclass
from . import reception
from .domain import Reception

# Domains of mail providers that have had MX records for decades: where none of them has one, DNS is not to be believed.
CONTROLS = ("gmail.com", "outlook.com")
CONFIRMED_AT_ONCE = 10  # domains: each costs some twenty questions
DEADLINE = 30.0  # seconds for each source


class Opinion(Word):
    """What a second source says of a domain that cannot receive mail by the first one."""

    CONFIRMED = "confirmed"  # both say so, and both find what is known to be there
    CONTRADICTED = "contradicted"  # one of them says otherwise
    UNKNOWN = "unknown"  # a question was not answered, or a source is not to be believed


@dataclass(frozen=True)
class Confirmation:
    """``first`` is what the resolver in use found when it was asked again, ``second`` what the other source found.

    ``why`` says in English what made the opinion unknown, for logs.
    """

    domain: str
    opinion: Opinion
    first: Reception = Reception.UNKNOWN
    second: Reception = Reception.UNKNOWN
    why: str = ""

    def to_dict(self) -> dict[str, Any]:
        """As JSON types."""
        return {
            "domain": self.domain, "opinion": self.opinion.value, "first": self.first.value, "second": self.second.value,
            "why": self.why,
        }


async def confirm_unreachable(
    resolver: Direct, name: str, *, second: Resolver | None = None, controls: Sequence[str] = CONTROLS,
) -> Confirmation:
    """Whether a domain that was found unable to receive mail really is: asked again, and of a second source.

    The second source is ``second`` (a resolver that asks other servers) if that is given, else the servers of the zones
    concerned, of the parent's where there is no such zone, past every cache. Either is believed only while it finds an MX
    record of one of the ``controls``. Whatever is not answered makes the opinion unknown, never confirmed. What is no
    domain at all is confirmed without a question.
    """
    domain = to_ascii(name)
    if domain is None:
        return Confirmation(name[:300], Opinion.CONFIRMED, Reception.NOT_A_DOMAIN, Reception.NOT_A_DOMAIN)
    first, why = await _look(Fresh(resolver), domain, controls)
    if why:
        return Confirmation(domain, Opinion.UNKNOWN, why=f"the resolver in use: {why}")
    if first is Reception.OK:
        return Confirmation(domain, Opinion.CONTRADICTED, first)
    zones = None if second else EveryZone(resolver)
    other, why = await _look(Fresh(zones or second or resolver), domain, controls)
    if zones and first is Reception.NO_DOMAIN and zones.is_delegated(domain):
        return Confirmation(domain, Opinion.CONTRADICTED, first, why="the parent zone knows the domain")
    if why:
        source = "the other resolver" if second else "the zone's own servers"
        return Confirmation(domain, Opinion.UNKNOWN, first, why=f"{source}: {why}")
    return Confirmation(domain, Opinion.CONFIRMED if other.is_fault else Opinion.CONTRADICTED, first, other)


class Fresh(View):
    """Asks everything again."""

    async def query(self, name: str, rdtype: str, *, fresh: bool = False, checking_disabled: bool = False) -> Answer:
        """See :meth:`mailauth.Resolver.query`."""
        return await self._resolver.query(name, rdtype, fresh=True, checking_disabled=checking_disabled)


async def _look(source: Resolver, domain: str, controls: Sequence[str]) -> tuple[Reception, str]:
    """What a source says of a domain's reception, and why that is unknown or not to be believed."""
    async with source.batch(DEADLINE):
        for control in controls:
            answer = await source.query(control, "MX")
            if answer.status is Status.OK:
                break
        else:
            return Reception.UNKNOWN, f"finds no MX record of {' or '.join(controls)}"
        found = await reception.find(source, domain)
    if found.reception is not Reception.UNKNOWN:
        return found.reception, ""
    unanswered = [f"{one.name} {one.rdtype}: {one.detail or one.status.value}" for one in found.failed]
    return Reception.UNKNOWN, "; ".join(unanswered)[:500] or "too many mail hosts"
