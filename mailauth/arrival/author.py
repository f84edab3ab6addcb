"""Which organization answers for a mail: the one whose signature it carries, whatever the mail says of itself.

SPF proves nothing here. The address that a mail came from is known from its Received fields only, and those that stand below
the receiver's own are written by whoever sent it.
"""

from __future__ import annotations

import asyncio
from datetime import datetime

from .. import dmarc
from ..dns.names import domain_of
from ..dns.protocol import Resolver
from ..status import RecordStatus
from ..value import dataclass
from . import message as source
from . import signature
from .examine import authors, key_answers
from .message import MAX_MESSAGE
from .signature import SignatureStatus


@dataclass(frozen=True)
class Author:
    """``domain`` is the organizational domain (RFC 9989 §4.10.2) of the mail's one author, where a signature that is aligned
    with it covers the whole mail; else ``None``, and ``reason`` says why: ``not_a_mail``, ``no_author`` (none, or several),
    ``not_signed``, ``not_verified``, ``partly_signed`` (only with ``l=``: anybody may have added to it), ``not_aligned`` (signed
    by somebody else), ``unanswered`` (DNS did not say). ``from_email`` is what the mail claims, empty without a claim.
    """

    from_email: str = ""
    domain: str | None = None
    reason: str = ""

    @property
    def from_domain(self) -> str:
        return domain_of(self.from_email)


async def find_author(
    resolver: Resolver, octets: bytes, *, received: datetime | None = None, limit: int = MAX_MESSAGE,
) -> Author:
    """Who answers for a mail as it was received; ``received`` is when, which a signature's expiry is held against.

    Line ends may be CRLF or LF. Of a mail of more than ``limit`` octets no signature can be verified. Raises nothing,
    whatever the mail and DNS contain.
    """
    message = source.read(octets, limit)
    if not message.readable:
        return Author(reason="not_a_mail")
    addresses = authors(message)
    if len(addresses) != 1 or len(message.raw("from")) != 1:
        return Author(reason="no_author")
    author = Author(addresses[0])
    claimed = author.from_domain
    fields = signature.read(message)
    if not fields:
        return Author(author.from_email, reason="not_signed")
    async with resolver.batch():
        policy, keys = await asyncio.gather(dmarc.discover_contested(resolver, claimed), key_answers(resolver, fields))
        seen = [
            (field, field.signature if field.signature.reason else signature.verify(
                message, field, keys[field.signature.key_name], received))
            for field in fields]
        passed = [(field, one) for field, one in seen if one.status is SignatureStatus.PASS]
        whole = list(dict.fromkeys(one.domain for field, one in passed if field.length is None))
        aligned = await asyncio.gather(*(
            dmarc.aligned(resolver, policy, claimed, domain, strict=policy.adkim == "s") for domain in whole))
        if True in aligned:
            domain = await dmarc.organizational_domain(resolver, claimed, policy)
            return Author(author.from_email, domain, "" if domain else "unanswered")
    unanswered = None in aligned or policy.status == RecordStatus.UNKNOWN and bool(whole) \
        or any(one.status is SignatureStatus.UNKNOWN for _field, one in seen)
    reason = "unanswered" if unanswered else "not_aligned" if whole else "partly_signed" if passed else "not_verified"
    return Author(author.from_email, reason=reason)
