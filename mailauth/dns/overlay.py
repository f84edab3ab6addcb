"""DNS as it would answer if changes were published: for proving advice, and for "what if"."""

from __future__ import annotations

import ipaddress
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ..change import Change, split_strings
from .answer import Answer, MailExchange, Status, decode_text
from .names import ancestors, is_subdomain, parent, to_ascii
from .protocol import Client
from .view import View
from .wire import MAX_ALIASES

if TYPE_CHECKING:
    from .authoritative import AuthoritativeView

Ask = Callable[[str, str], Awaitable[Answer]]
_NAMES = frozenset({"CNAME", "NS", "PTR"})
_TEXTS = frozenset({"TXT", "SPF"})
_OVERHEAD = 12 + 11  # octets of a message's header and of the OPT record


class Overlay(View):
    """Answers like ``resolver``, except for the names that the changes touch.

    A creation adds a record to what is there and makes the name exist; a replacement puts
    the new record where one equals ``old_value`` (and adds it if none does); a deletion
    takes away the record that equals ``old_value`` or ``value``. What is left empty is
    ``NODATA``. A CNAME record that is created is followed, unless the name keeps records of
    the type asked for. Where DNS does not answer and the changes do not settle it, the
    answer stays a failure.
    """

    def __init__(self, resolver: Client, changes: Iterable[Change]) -> None:
        super().__init__(resolver)
        self._client = resolver
        self._changes: dict[str, list[Change]] = {}
        for change in changes:
            name = to_ascii(change.name)
            if name is not None:
                self._changes.setdefault(name, []).append(change)
        self._created = {
            name for name, made in self._changes.items() if any(change.action != "delete" for change in made)
        }

    def overlay(self, changes: Iterable[Change]) -> Overlay:
        """Further changes on top of these."""
        return Overlay(self, changes)

    async def authoritative(self, zone: str) -> AuthoritativeView:
        """The zone's own servers as they answer now: a change that is not published is not seen there."""
        return await self._client.authoritative(zone)

    async def ask_zone(self, name: str, rdtype: str) -> Answer:
        """The zone's own servers, but where the changes touch the name: there they are taken for published."""
        return await (self.query(name, rdtype) if to_ascii(name) in self._changes else self._resolver.ask_zone(name, rdtype))

    async def query(self, name: str, rdtype: str, *, fresh: bool = False, checking_disabled: bool = False) -> Answer:
        """See :meth:`Resolver.query`."""
        asked = to_ascii(name)

        async def ask(at: str, kind: str) -> Answer:
            return await self._resolver.query(at, kind, fresh=fresh, checking_disabled=checking_disabled)

        if asked is None:
            return await ask(name, rdtype)
        answer = Answer(asked, rdtype, Status.NODATA)
        aliases: tuple[str, ...] = ()
        at = asked
        while True:
            answer, further = await self._at(ask, at, rdtype)
            aliases += answer.aliases
            if len({asked, *aliases}) <= len(aliases) or len(aliases) > MAX_ALIASES:
                return Answer(asked, rdtype, Status.SERVFAIL, detail="CNAME loop or over-long chain")
            if further is None:
                return replace(answer, name=asked, aliases=aliases if answer.is_fact else answer.aliases)
            at = further

    async def _at(self, ask: Ask, name: str, rdtype: str) -> tuple[Answer, str | None]:
        """The answer at one name, and the name where to go on (the last of its ``aliases``)."""
        changes = self._changes.get(name, ())
        if not changes:
            return self._below(name, rdtype, self._cut(await ask(name, rdtype)))
        if rdtype == "CNAME":
            answer = await ask(name, "CNAME")
            return self._with(answer, _apply(changes, "CNAME", answer.records)), None
        if any(change.rdtype == "CNAME" for change in changes):
            before = await ask(name, "CNAME")
            if not before.is_fact:
                return before, None
            targets = _apply(changes, "CNAME", before.records)
            own = () if before.records else await self._own(ask, name, rdtype)
            if isinstance(own, Answer):
                return own, None
            records = _apply(changes, rdtype, own)
            if not records and targets:
                return replace(before, rdtype=rdtype, records=(), aliases=targets[:1], zone=None, minimum=None), targets[0]
            return self._with(replace(before, rdtype=rdtype), records), None
        answer = await ask(name, rdtype)
        mine = _apply(changes, rdtype, ())
        if answer.is_fact and answer.aliases:  # the name is an alias, and stays one
            return (self._with(replace(answer, aliases=()), mine), None) if mine else self._cut(answer)
        if not answer.is_fact:
            return answer, None
        records = answer.records
        if records and mine and await self._from_wildcard(ask, name, rdtype, records):
            records = ()  # a name of its own is not covered by a wildcard any more (RFC 4592 §4.4)
        return self._with(answer, _apply(changes, rdtype, records)), None

    async def _own(self, ask: Ask, name: str, rdtype: str) -> tuple | Answer:
        answer = await ask(name, rdtype)
        return answer.records if answer.is_fact else answer

    def _cut(self, answer: Answer) -> tuple[Answer, str | None]:
        """An answer up to the first alias that a change touches."""
        for position, alias in enumerate(answer.aliases):
            if alias in self._changes:
                return replace(answer, records=(), aliases=answer.aliases[: position + 1]), alias
        return answer, None

    def _below(self, name: str, rdtype: str, found: tuple[Answer, str | None]) -> tuple[Answer, str | None]:
        """A name without changes of its own: it may exist by those below it, or by a wildcard."""
        answer, further = found
        if answer.status is not Status.NXDOMAIN or answer.aliases:
            return found
        if any(is_subdomain(created, name) for created in self._created):
            return replace(answer, status=Status.NODATA), None
        for above in ancestors(parent(name)):
            changes = self._changes.get(f"*.{above}")
            if changes:
                return self._with(answer, _apply(changes, rdtype, ())), None
            if any(is_subdomain(created, above) for created in self._created):
                break
        return answer, further

    async def _from_wildcard(self, ask: Ask, name: str, rdtype: str, records: tuple) -> bool:
        above = parent(name)
        if name.startswith("*.") or "." not in above:
            return False
        wildcard = await ask(f"*.{above}", rdtype)
        return set(wildcard.records) == set(records)

    @staticmethod
    def _with(answer: Answer, records: tuple) -> Answer:
        """The answer with other records, the size of its message reckoned anew."""
        if not records:
            return replace(answer, status=Status.NODATA, records=(), detail="") if answer.is_fact else answer
        if records == answer.records:
            return answer
        size = _OVERHEAD + len(answer.name) + 6 + sum(12 + _size(answer.rdtype, record) for record in records)
        return replace(answer, status=Status.OK, records=records, size=size, zone=None, minimum=None, detail="")


def _apply(changes: Iterable[Change], rdtype: str, records: Iterable) -> tuple:
    """The record set of one type after the changes to its name, in their order."""
    kept = list(records)
    for change in changes:
        if change.rdtype != rdtype:
            continue
        record = _record(rdtype, change.value)
        old = change.value if change.old_value is None else change.old_value
        if change.action in ("replace", "delete"):
            position = next((at for at, one in enumerate(kept) if same_record(rdtype, one, old)), None)
            if position is not None:
                del kept[position]
            if change.action == "replace" and record not in kept:
                kept.insert(len(kept) if position is None else position, record)
        elif record not in kept:
            kept.append(record)
    return tuple(kept)


def _record(rdtype: str, value: str) -> Any:
    """A value as :attr:`Answer.records` has it; presentation text where it is of another shape."""
    value = value.strip() if rdtype not in _TEXTS else value
    if rdtype in _TEXTS:
        return tuple(split_strings(value))
    if rdtype in _NAMES:
        return to_ascii(value) or value.lower()
    if rdtype == "MX":
        preference, _, host = value.partition(" ")
        if preference.isascii() and preference.isdigit() and int(preference[:6]) < 65536:
            host = host.strip()
            return MailExchange(int(preference), "" if host in ("", ".") else to_ascii(host) or host.lower())
    if rdtype in ("A", "AAAA"):
        try:
            return str(ipaddress.ip_address(value))
        except ValueError:
            return value
    return value


def same_record(rdtype: str, record: Any, value: str) -> bool:
    """Whether a record as :attr:`Answer.records` has it is the one that a change's value writes."""
    if rdtype in _TEXTS:
        return decode_text(b"".join(record)) == value
    return record == _record(rdtype, value)


def _size(rdtype: str, record: Any) -> int:
    if rdtype in _TEXTS:
        return sum(len(string) + 1 for string in record)
    if rdtype == "MX":
        return len(record.host) + 4 if isinstance(record, MailExchange) else len(record)
    return {"A": 4, "AAAA": 16}.get(rdtype, len(str(record)) + 2)
