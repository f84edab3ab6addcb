"""Whether a domain is free to be registered: asked of its parent zone's own servers, past every cache."""

from __future__ import annotations

from dataclasses import replace

from ..dns.answer import Answer, Status
from ..dns.authoritative import ask_own, is_referral
from ..dns.names import is_subdomain, parent, to_ascii
from ..dns.protocol import Direct
from ..dns.public_suffix import private_suffix, suffix_rules
from ..dns.zone import Zone, zone_of
from ..status import RecordStatus, Word
from ..value import dataclass

MAX_SERVERS = 3  # of the parent zone that are asked
DEADLINE = 15.0  # seconds
AT_ONCE = 20  # domains: each costs some dozen questions


class Registered(Word):
    """What the parent zone's servers say of a domain."""

    MISSING = "missing"  # they deny it with authority: it may be registrable
    EXISTS = "exists"
    NOT_FOR_SALE = "not_for_sale"  # a public suffix, or a name within a zone that is somebody's: nobody registers that
    UNKNOWN = "unknown"  # they did not say, or not all the same


@dataclass(frozen=True)
class Registration:
    """What is known of the registration of the domain above a name.

    ``domain`` is what somebody would register to have ``name``, ``zone`` its parent zone, whose ``server`` has denied it
    where it is missing.
    """

    name: str
    registered: Registered
    domain: str | None = None
    zone: str | None = None
    server: str | None = None

    def to_dict(self) -> dict:
        """As JSON types."""
        return {**vars(self), "registered": self.registered.value}


async def look_up(resolver: Direct, name: str) -> Registration:
    """Whether the registrable domain of a name exists, by its parent zone's own servers.

    Missing is only what one of them denies with authority, with the SOA record of a zone above (RFC 2308 §2.1) and while none
    of those that are asked knows it: a referral means that it does, and so does an empty answer (an empty non-terminal).
    A timeout, SERVFAIL, a refusal or an answer without authority proves nothing. Costs at most some dozen questions, and
    never raises.
    """
    asked = to_ascii(name)
    if asked is None or "." not in asked:
        return Registration(name[:300], Registered.NOT_FOR_SALE)
    async with resolver.batch(DEADLINE):
        domain = private_suffix(asked) if suffix_rules() is not None else _below_top(asked)
        if domain is None:
            return Registration(asked, Registered.NOT_FOR_SALE)
        zone = await zone_of(resolver, parent(domain))
        found = await _ask_parent(resolver, asked, domain, zone)
        suffix = parent(domain)
        if found.registered is Registered.MISSING and zone.name != suffix:
            # The list may know a suffix that is not there: then what is missing is nothing that is sold.
            above = await _ask_parent(resolver, asked, suffix, zone)
            if above.registered is not Registered.EXISTS:
                missing = above.registered is Registered.MISSING
                return replace(found, registered=Registered.NOT_FOR_SALE if missing else Registered.UNKNOWN)
        return found


def _below_top(name: str) -> str:
    """Without the public suffix list: only what lies in a top-level domain's own zone is known to be registered there."""
    return ".".join(name.split(".")[-2:])


async def _ask_parent(resolver: Direct, name: str, domain: str, zone: Zone) -> Registration:
    found = Registration(name, Registered.UNKNOWN, domain, zone.name)
    if zone.status == RecordStatus.NONE:
        return replace(found, registered=Registered.NOT_FOR_SALE)  # the root alone is above: there is no such top-level domain
    if zone.status != RecordStatus.FOUND or not zone.name:
        return found
    told = await ask_own(resolver, replace(zone, nameservers=zone.nameservers[:MAX_SERVERS]), domain, "NS")
    if any(is_referral(answer) or answer.authoritative and answer.exists for answer in told.answers):
        return replace(found, registered=Registered.EXISTS)
    denied = next((answer for answer in told.answers if _denies(answer, domain)), None)
    return replace(found, registered=Registered.MISSING, server=denied.server) if denied else found


def _denies(answer: Answer, domain: str) -> bool:
    """Whether an answer says with authority that there is no such domain."""
    return (answer.status is Status.NXDOMAIN and not answer.aliases and answer.authoritative
            and answer.zone is not None and answer.zone != domain and is_subdomain(domain, answer.zone))
