"""check_host(): what a receiver concludes about one mail (RFC 7208 §4)."""

from __future__ import annotations

import ipaddress
import time
from collections.abc import Mapping
from dataclasses import field

from ..dns.answer import Answer, Status
from ..dns.names import to_ascii
from ..dns.protocol import Resolver
from ..status import Word
from ..value import dataclass
from .macro import address_value, expand_name, expand_text, read_macro_string
from .terms import Record, Term, clip
from .walk import MAX_LOOKUPS, MAX_MX, MAX_VOID_LOOKUPS, VOID, Known, batch, own_lookups, read_policy

MAX_TRACE = 1000  # rows that are kept of an evaluation; networks that do not match come without limit
MAX_PTR = 10  # names of a PTR answer that are looked at; the others are ignored (RFC 7208 §4.6.4)


class Result(Word):
    """What an evaluation comes to (RFC 7208 §2.6)."""

    NONE = "none"  # no record
    NEUTRAL = "neutral"
    PASS = "pass"
    FAIL = "fail"
    SOFTFAIL = "softfail"
    TEMPERROR = "temperror"  # DNS did not answer
    PERMERROR = "permerror"  # the record cannot be evaluated


RESULTS = {"+": Result.PASS, "-": Result.FAIL, "~": Result.SOFTFAIL, "?": Result.NEUTRAL}
# As globals: Python 3.11 looks a member of an enum up by a function, and an evaluation does so a dozen times.
NONE, PASS, FAIL = Result.NONE, Result.PASS, Result.FAIL


@dataclass(frozen=True)
class TraceRow:
    """One term that was evaluated: ``depth`` 0 is the domain's own record.

    ``outcome`` is ``match``, ``no_match``, ``temperror`` or ``permerror``, for a redirect the
    result of the record that it led to; ``lookups`` and ``void_lookups`` count up to here.
    """

    depth: int
    domain: str
    term: str
    target: str | None
    outcome: str
    lookups: int
    void_lookups: int
    answers: tuple[Answer, ...] = ()


@dataclass(frozen=True)
class CheckResult:
    """The result of one evaluation.

    After a temperror ``failed`` is the question that DNS did not answer, after a permerror ``problem`` is a finding
    code, with ``problem_params``. ``explanation`` is the text of the domain itself after a fail,
    ``None`` without a usable one. ``matched`` is the term that decided, ``macro_letters``
    are the macros in the terms that were evaluated.
    """

    result: Result
    explanation: str | None = None
    trace: tuple[TraceRow, ...] = ()
    lookups: int = 0
    void_lookups: int = 0
    matched: str | None = None
    problem: str | None = None
    problem_params: Mapping[str, object] = field(default_factory=dict)
    failed: Answer | None = None
    macro_letters: frozenset[str] = frozenset()


class _Temperror(Exception):
    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status.value)
        self.answer = answer


class _Permerror(Exception):
    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code, self.params = code, params


async def check_host(
    resolver: Resolver, *, ip: str, domain: str, sender: str, helo: str, receiver: str = "unknown", now: float | None = None,
    max_lookups: int = MAX_LOOKUPS, max_void_lookups: int = MAX_VOID_LOOKUPS, trace: bool = False,
) -> CheckResult:
    """Evaluates the SPF record of ``domain`` for a mail from address ``ip`` (RFC 7208 §4).

    ``trace`` asks for one row for each term that was evaluated.
    ``sender`` is the MAIL FROM address, or ``postmaster@`` the HELO name; ``helo`` and
    ``receiver`` are host names, used in macros only, as is ``now`` (seconds since 1970).
    Raises :class:`ValueError` for an ``ip`` that is no address, and nothing because of
    what DNS holds. Where DNS does not answer, within the resolver's deadline or at all, the
    result is ``temperror``.
    """
    check = _Check(resolver, _address(ip), domain, sender, helo, receiver, now, max_lookups, max_void_lookups, trace)
    async with batch(resolver) as check.known:
        return await check.run()


def _address(ip: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    """The address; an IPv4-mapped one counts as IPv4 (RFC 7208 §5)."""
    address = ipaddress.ip_address(ip)
    if address.version == 6:
        return address.ipv4_mapped or ipaddress.IPv6Address(int(address))
    return address


class _Check:
    def __init__(
        self, resolver: Resolver, ip: ipaddress.IPv4Address | ipaddress.IPv6Address, domain: str, sender: str, helo: str,
        receiver: str, now: float | None, max_lookups: int, max_void_lookups: int, trace: bool,
    ) -> None:
        self.resolver = resolver
        self.ip, self.number = ip, int(ip)
        self.rdtype = "A" if ip.version == 4 else "AAAA"
        self.domain = domain[:-1] if domain.endswith(".") else domain
        local, _at, of = sender.rpartition("@")
        # Without a local-part "postmaster" stands in for it (RFC 7208 §4.3).
        self.local = local or "postmaster"
        self.sender_domain = of or self.domain
        self.helo = helo
        self.receiver = receiver
        self.now = now
        self.max_lookups, self.max_void_lookups = max_lookups, max_void_lookups
        self.lookups = self.voids = 0
        self.known: Known
        self.is_traced = trace
        self.trace: list[TraceRow] = []
        self.macro_letters: set[str] = set()
        self.validated: list[str] | None = None
        self.matched: str | None = None
        self.explained_by: tuple[Term, str] | None = None

    async def run(self) -> CheckResult:
        explanation = problem = failed = None
        params: Mapping[str, object] = {}
        try:
            result = await self.evaluate(self.domain, 0)
            if result is FAIL and self.explained_by:
                explanation = await self.explain(*self.explained_by)
        except _Temperror as error:
            result, failed = Result.TEMPERROR, error.answer
        except _Permerror as error:
            result, problem, params = Result.PERMERROR, error.code, error.params
        return CheckResult(
            result, explanation, tuple(self.trace), self.lookups, self.voids,
            self.matched if result in RESULTS.values() else None, problem, params, failed, frozenset(self.macro_letters),
        )

    # Records (RFC 7208 §4.3 to §4.7)

    async def evaluate(self, domain: str, depth: int) -> Result:
        """The result of one record; the errors end the whole check as exceptions."""
        name = to_ascii(domain)
        if name is None or "." not in name or name.startswith("["):
            return NONE
        answer = await self.resolver.query(name, "TXT")
        if not answer.is_fact:
            raise _Temperror(answer)
        policy = read_policy(name, answer, self.known.parse)
        if not policy.texts:
            return NONE
        if policy.record is None:
            raise _Permerror("spf.several" if domain == self.domain else "spf.include_several", name=name)
        if policy.record.errors:
            first = policy.record.errors[0]
            raise _Permerror(first.code, **{**first.params, "at": name})
        return await self.evaluate_record(policy.record, name, depth)

    async def evaluate_record(self, record: Record, domain: str, depth: int) -> Result:
        self.explained_by = None
        for term in record.terms:
            if term.kind != "mechanism":
                continue
            if await self.matches(term, domain, depth) if term.looks_up else self.holds(term, domain, depth):
                result = RESULTS[term.qualifier]
                self.matched = term.text  # of an include, the outer term has the last word
                explanation = record.modifier("exp") if result is FAIL else None
                self.explained_by = (explanation, domain) if explanation else None
                return result
        redirect = record.modifier("redirect")
        if redirect is None or record.all is not None:
            return Result.NEUTRAL
        return await self.redirect(redirect, domain, depth)

    async def redirect(self, term: Term, domain: str, depth: int) -> Result:
        row = self.begin(term, domain, depth)
        try:
            self.count(term, domain)
            target = await self.target(term, domain)
            result = await self.evaluate(target, depth)
        except (_Temperror, _Permerror) as error:
            self.finish(row, Result.TEMPERROR if isinstance(error, _Temperror) else Result.PERMERROR)
            raise
        if result is NONE:
            self.finish(row, Result.PERMERROR, target)
            raise _Permerror("spf.include_none", term=clip(term.text), at=domain, name=target)
        self.finish(row, result, target)
        return result

    # Terms

    def holds(self, term: Term, domain: str, depth: int) -> bool:
        """Whether the address is in the network of a term, or the term is ``all``."""
        found = True
        if term.block:
            version, first, length = term.block
            found = version == self.ip.version and (self.number ^ first) >> self.ip.max_prefixlen - length == 0
        if self.is_traced:
            self.finish(self.begin(term, domain, depth), "match" if found else "no_match")
        return found

    async def matches(self, term: Term, domain: str, depth: int) -> bool:
        """Whether a term matches that asks DNS."""
        if not self.is_traced:
            self.count(term, domain)
            target = await self.target(term, domain)
            return (await _MATCHES[term.name](self, term, target, domain, depth))[0]
        row = self.begin(term, domain, depth)
        try:
            self.count(term, domain)
            target = await self.target(term, domain)
            outcome, answers = await _MATCHES[term.name](self, term, target, domain, depth)
        except (_Temperror, _Permerror) as error:
            answers = (error.answer,) if isinstance(error, _Temperror) else ()
            self.finish(row, Result.TEMPERROR if answers else Result.PERMERROR, None, answers)
            raise
        self.finish(row, "match" if outcome else "no_match", target, answers)
        return outcome

    def begin(self, term: Term, domain: str, depth: int) -> int:
        if not self.is_traced or len(self.trace) >= MAX_TRACE:
            return -1
        self.trace.append(TraceRow(depth, domain, clip(term.text), None, "", self.lookups, self.voids))
        return len(self.trace) - 1

    def finish(self, row: int, outcome: str, target: str | None = None, answers: tuple[Answer, ...] = ()) -> None:
        if row < 0:
            return
        before = self.trace[row]
        self.trace[row] = TraceRow(
            before.depth, before.domain, before.term, target, outcome, self.lookups, self.voids, tuple(answers)
        )

    def count(self, term: Term, domain: str) -> None:
        """The limit of ten is one for the whole evaluation (RFC 7208 §4.6.4)."""
        self.lookups += own_lookups(term)
        if self.lookups > self.max_lookups:
            raise _Permerror("spf.too_many_lookups", term=clip(term.text), at=domain, limit=self.max_lookups)

    def void(self, term: Term, domain: str) -> None:
        self.voids += 1
        if self.voids > self.max_void_lookups:
            raise _Permerror("spf.void_lookups", term=clip(term.text), at=domain, limit=self.max_void_lookups)

    async def target(self, term: Term, domain: str) -> str:
        """The target-name (RFC 7208 §4.8)."""
        spec, letters = term.domain_spec, term.macro_letters
        if spec is None:
            return domain
        self.macro_letters |= letters
        return expand_name(spec, await self.values(domain, letters) if letters else {})

    async def values(self, domain: str, letters: frozenset[str]) -> dict[str, str]:
        """The values of the macro letters (RFC 7208 §7.2)."""
        sender = f"{self.local}@{self.sender_domain}"
        return {
            "s": sender,
            "l": self.local,
            "o": self.sender_domain,
            "d": domain,
            "i": address_value(self.ip),
            "p": await self.validated_name(domain) if "p" in letters else "",
            "v": "in-addr" if self.ip.version == 4 else "ip6",
            "h": self.helo,
            "c": str(self.ip),
            "r": self.receiver,
            "t": str(int(time.time() if self.now is None else self.now)),
        }

    async def ask(self, name: str, rdtype: str) -> Answer:
        answer = await self.resolver.query(name, rdtype)
        if not answer.is_fact:
            raise _Temperror(answer)
        return answer

    # Mechanisms (RFC 7208 §5): whether they match, and the answers that say so.

    async def match_include(self, term: Term, target: str, domain: str, depth: int) -> tuple[bool, tuple[Answer, ...]]:
        result = await self.evaluate(target, depth + 1)
        if result is NONE:
            raise _Permerror("spf.include_none", term=clip(term.text), at=domain, name=target)
        # An explanation of the included domain is not used (RFC 7208 §6.2).
        self.explained_by = None
        if result is not PASS:
            self.matched = None
        return result is PASS, ()

    async def match_a(self, term: Term, target: str, domain: str, depth: int) -> tuple[bool, tuple[Answer, ...]]:
        answer = await self.ask(target, self.rdtype)
        if answer.status in VOID:
            self.void(term, domain)
        return self.contains(term, answer), (answer,)

    async def match_mx(self, term: Term, target: str, domain: str, depth: int) -> tuple[bool, tuple[Answer, ...]]:
        exchanges = await self.ask(target, "MX")
        if exchanges.status in VOID:
            self.void(term, domain)
        hosts = [exchange.host for exchange in sorted(exchanges.records, key=lambda mx: mx.preference) if exchange.host]
        if len(hosts) > MAX_MX:
            raise _Permerror("spf.too_many_mx", term=clip(term.text), at=domain, count=len(hosts), limit=MAX_MX)
        answers = await self.resolver.query_all(*((host, self.rdtype) for host in hosts))
        for answer in answers:  # in the order of preference: a failure stops only what comes after it
            if not answer.is_fact:
                raise _Temperror(answer)
            if self.contains(term, answer):
                return True, (exchanges, *answers)
        if answers and all(answer.status in VOID for answer in answers):
            self.void(term, domain)
        return False, (exchanges, *answers)

    async def match_exists(self, term: Term, target: str, domain: str, depth: int) -> tuple[bool, tuple[Answer, ...]]:
        answer = await self.ask(target, "A")  # A for senders on IPv6 too (RFC 7208 §5.7)
        if answer.status in VOID:
            self.void(term, domain)
        return answer.status is Status.OK, (answer,)

    async def match_ptr(self, term: Term, target: str, domain: str, depth: int) -> tuple[bool, tuple[Answer, ...]]:
        names = await self.validated_names()
        if self.pointers.status in VOID:
            self.void(term, domain)
        within = target.lower()
        return any(name == within or name.endswith("." + within) for name in names), (self.pointers,)

    def contains(self, term: Term, answer: Answer) -> bool:
        """Whether the address is among those of an answer, by the term's prefix length."""
        bits = 32 - term.cidr4 if self.ip.version == 4 else 128 - term.cidr6
        ours = self.number >> bits
        return any(int(ipaddress.ip_address(record)) >> bits == ours for record in answer.records)

    # Names of the address (RFC 7208 §5.5)

    async def validated_names(self) -> list[str]:
        """The names of the address that lead back to it; a failure on the way leaves that name out."""
        if self.validated is None:
            self.pointers = await self.resolver.query(self.ip.reverse_pointer, "PTR")
            names = [name.lower() for name in self.pointers.records[:MAX_PTR]]
            answers = await self.resolver.query_all(*((name, self.rdtype) for name in names))
            self.validated = [
                name
                for name, answer in zip(names, answers, strict=True)
                if any(ipaddress.ip_address(record) == self.ip for record in answer.records)
            ]
        return self.validated

    async def validated_name(self, domain: str) -> str:
        """``%{p}``: the domain itself, else a name below it, else any, else "unknown" (RFC 7208 §7.3)."""
        names = await self.validated_names()
        domain = domain.lower()
        below = [name for name in names if name.endswith("." + domain)]
        return next(iter([name for name in names if name == domain] + below + names), "unknown")

    # Explanation (RFC 7208 §6.2)

    async def explain(self, term: Term, domain: str) -> str | None:
        """The text that ``exp`` leads to; ``None`` wherever the standard says to go on without."""
        target = await self.target(term, domain)
        answer = await self.resolver.query(target, "TXT")
        if answer.status is not Status.OK or len(answer.records) != 1:
            return None
        octets = b"".join(answer.records[0])
        if not octets.isascii():
            return None
        text = octets.decode("ascii")
        pieces, problems = read_macro_string(text, explanation=True)
        if problems or not text.isprintable():
            return None
        letters = frozenset(piece.letter for piece in pieces if not isinstance(piece, str))
        explanation = expand_text(text, await self.values(domain, letters))
        # It may be sent in an SMTP reply: what the sender made of a macro must be plain text too.
        return explanation if explanation.isascii() and explanation.isprintable() else None


_MATCHES = {
    "include": _Check.match_include, "a": _Check.match_a, "mx": _Check.match_mx,
    "exists": _Check.match_exists, "ptr": _Check.match_ptr,
}
