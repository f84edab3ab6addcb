"""Whether a mail was handed from one organization to another on its way: only such mail is checked by somebody else.

What one's own server hands to one's own mailbox often stays inside, unsigned and unchecked: it proves delivery, and nothing of
what receivers elsewhere make of it.
"""

from __future__ import annotations

from collections.abc import Collection

from ..dns.names import is_subdomain
from . import route
from .examine import Arrival


def is_handed_over(arrival: Arrival, own_domains: Collection[str] = (), *, from_service: bool = False) -> bool:
    """Whether another organization took the mail over from the one that sent it.

    ``own_domains`` are those that one sends as: where a mailbox of one's own received the mail, it may come from a
    server of one's own under any name, unless ``from_service``: the address that it left from is known to be that of a service.
    """
    way = arrival.route
    if way.entry is None:
        return False
    hop = way.hops[way.entry]
    receivers: set[str | None] = set(way.receivers)
    if not receivers and arrival.results is not None:  # Yahoo's machines give their addresses only
        receivers = {name for name in (route.organization(arrival.results.authserv_id),) if name is not None}
    senders = {route.organization(hop.name), route.organization(hop.helo)} - {None}
    if not receivers or senders & receivers:
        return False
    own = {route.organization(domain) for domain in own_domains} - {None}
    is_own = bool(receivers & own) or any(
        is_subdomain(host.by, domain) for host in way.received if host.by for domain in own_domains)
    return from_service or not is_own
