"""What the receiver wrote about a mail besides its Received fields: who it is, its verdicts, the envelope (RFC 8601 §5, §7.1).

A receiver puts its fields on top of what it gets, some servers right below their own Received field: whatever stands
below the next one came with the mail.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from ..dns.names import domain_of, to_ascii
from ..value import dataclass
from . import results, route
from .message import Message, unfold
from .received import Hop
from .results import Results
from .route import Route

MAX_RESULT_FIELDS = 20


@dataclass(frozen=True)
class Word:
    """``results`` is what the receiver said, ``None`` if nothing that can be believed; ``unbelieved`` are the
    identifiers that only claim to be its own, ``clients`` the addresses that it names as the sender's.
    """

    results: Results | None
    unbelieved: tuple[str, ...] = ()
    clients: frozenset[str] = frozenset()


def said(message: Message, hops: Sequence[Hop], confirmed: Collection[str]) -> Word:
    """What the receiver said about a mail. ``confirmed`` are the addresses of :func:`route.own_addresses`."""
    way = route.follow(hops, confirmed=confirmed)
    fields, clients = _fields(message, way)
    receivers = set(way.receivers)
    first = next((one.authserv_id for above, one in fields if above == way.start), None)
    if not receivers and first:
        # Yahoo's machines give their addresses only. What stands above all Received fields came last.
        receivers |= {whose for whose in (route.organization(first),) if whose is not None}
    believed = [(above, one) for above, one in fields if _is_own(one.authserv_id, above < way.trusted, way, receivers)]
    unbelieved = tuple(one.authserv_id for above, one in fields if (above, one) not in believed and one.authserv_id)
    if not believed:
        return Word(None, unbelieved, frozenset(clients))
    joined, client = _joined(believed, way.trusted)
    return Word(joined, unbelieved, frozenset(clients | ({client} if client else set())))


def name(way: Route, believed: Results | None) -> str | None:
    """The name of who received the mail: the host where it came in, else what the receiver calls itself."""
    hosts = [hop.by for hop in reversed(way.received) if route.organization(hop.by)]
    return next(iter(hosts), None) or (believed.authserv_id if believed else None)


def envelope(message: Message, way: Route, believed: Results | None) -> str | None:
    """The envelope sender as the receiver tells it: ``<>`` for the null sender, ``None`` where nothing tells it.

    A Return-Path field that stands below the receiver's own fields came with the mail (Odoo writes one itself);
    Exchange alone appends its own at the end.
    """
    placed = message.placed("return-path")
    own = [value for above, value in placed if way.start <= above < max(way.trusted, way.start + 1)]
    own = own or [value for above, value in placed if above < way.start]
    told = next(iter(own), None)
    if told is None and any((hop.protocol or "").lower() == "microsoft" for hop in way.received):
        told = next((value for _above, value in reversed(placed) if _agrees(value, believed)), None)
    if told is None:
        told = next((hop.envelope for hop in reversed(way.received) if hop.envelope), None)
    if told is None:
        told = next((
            results.envelope(value) or None for above, value in message.placed("received-spf")
            if way.start <= above <= way.trusted), None)
    return told if told is not None else next(iter(_mail_from(believed)), None)


def _mail_from(believed: Results | None) -> list[str]:
    found = [
        result.properties.get("smtp.mailfrom") or result.properties.get("smtp.mail", "")
        for result in (believed.of("spf") if believed else ())]
    return [value for value in found if value]


def _agrees(value: str, believed: Results | None) -> bool:
    """Whether a Return-Path does not contradict what the receiver says that it checked SPF on."""
    checked = [domain_of(text.strip("<>")) for text in _mail_from(believed)]
    return not checked or domain_of(value.strip("<> ")) in checked


def _fields(message: Message, way: Route) -> tuple[list[tuple[int, Results]], set[str]]:
    """The fields that may be the receiver's, each with how many Received fields stand above it."""
    last = max(way.start + 1, way.trusted)
    fields: list[tuple[int, Results]] = []
    clients: set[str] = set()
    above = 0
    for field, value in message.fields:
        field = field.lower()
        if field == "received":
            above += 1
            if above > last:
                break
        elif above < way.start:
            continue
        elif field == "authentication-results" and len(fields) < MAX_RESULT_FIELDS:
            fields.append((above, results.parse(unfold(value))))
        elif field == "received-spf":
            client = results.client(unfold(value))
            clients |= set() if client is None else {client}
    return fields, clients


def _joined(believed: list[tuple[int, Results]], trusted: int) -> tuple[Results, str | None]:
    """Several fields as one: some servers write one for each method, each under another name.

    Where two machines of the receiver judge the same, the one that the sender's server spoke with counts, and what
    stands above its Received field before what stands below: the latter may have come with the mail.
    """
    order = sorted(believed, key=lambda one: (one[0] >= trusted, -one[0]))
    judges: dict[str, tuple[int, str | None]] = {}
    for above, one in order:
        for result in one.results:
            judges.setdefault(result.method, (above, one.authserv_id))
    chosen = [
        result for above, one in believed for result in one.results if judges[result.method] == (above, one.authserv_id)]
    client = next((one.client for _above, one in order if one.client), None)
    return Results(order[0][1].authserv_id, tuple(chosen[:results.MAX_RESULTS]), client), client


def _is_own(authserv_id: str | None, on_top: bool, way: Route, receivers: Collection[str]) -> bool:
    """Whether an identifier is the receiver's own. Microsoft's fields have none."""
    if authserv_id is None:
        return "microsoft" in receivers
    identifier = to_ascii(authserv_id)
    if not identifier:
        return False
    if route.organization(identifier) in receivers:
        return True
    hosts = {hop.by for hop in way.received if hop.by}
    if identifier in hosts:
        return True
    # Some name the machine by its first label, or their program; the sender puts nothing on top of the receiver's field.
    return "." not in identifier and (on_top or identifier in {host.partition(".")[0] for host in hosts})
