"""The one parser of SPF records: every term and every error, with its place (RFC 7208 §4.5, §4.6.1, §5, §6, §7.1)."""

from __future__ import annotations

import difflib
import ipaddress
import itertools
import re
import socket
from dataclasses import replace
from typing import Any

from ..certain import certain
from ..dns.answer import decode_text
from .macro import ends_with_macro, read_macro_string
from .terms import MECHANISMS, MODIFIERS, VERSION, Block, Record, SyntaxProblem, Term, clip

MAX_PROBLEMS = 100  # a record with more errors than this is not read to its end


def is_spf(text: str) -> bool:
    """Whether a TXT record is selected as an SPF record (RFC 7208 §4.5)."""
    return text[:6].lower() == VERSION and text[6:7] in ("", " ")


def parse(record: str | bytes) -> Record:
    """Terms and errors of one record.

    Octets are shown as :func:`mailauth.dns.answer.decode_text` shows them, and the
    spans count the characters of that text (``Record.text``); what is no visible
    ASCII character is an error wherever it stands (RFC 7208 §3.1, §7.1). Never
    raises.
    """
    if isinstance(record, str):
        return _Reader(record, record, None).read()
    # One character per sign, control character or stray octet; what is shown may be longer.
    raw = record.decode("utf-8", "surrogateescape")
    if raw.isascii() and raw.isprintable():
        return _Reader(raw, raw, None).read()
    shown = [decode_text(sign.encode("utf-8", "surrogateescape")) for sign in raw]
    offsets = [0, *itertools.accumulate(map(len, shown))]
    return _Reader(raw, "".join(shown), offsets).read()


CURLY_QUOTES = frozenset("“”„‟‘’‚‛«»‹›″′＂＇")
_TOKEN = re.compile("[^ ]+")
_ADDRESS = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}(?:/\d{1,3})?\Z")
_QNUM = r"(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)"
_IP4 = re.compile(rf"{_QNUM}(?:\.{_QNUM}){{3}}\Z")
_DUAL_CIDR = re.compile(r"(?:/(\d*))?(?://(\d*))?\Z")
_MODIFIER_NAME = re.compile(r"[A-Za-z][A-Za-z0-9\-_.]*\Z")
_HEAD = re.compile(r"([+\-~?]?)([^:/=]*)(.*)\Z", re.S)
_GLUE = re.compile(
    r"(?:[+\-~?](?=(?:all|include|a|mx|ptr|ip4|ip6|exists)(?:[:/+\-~?]|\Z))"
    r"|(?=(?:include|exists|ip4|ip6|ptr|mx|a):)|(?=(?:redirect|exp)=))",
    re.I,
)
# A name as nearly all have it: nothing in it that a reader could stumble over.
_LABELS = r"(?:[A-Za-z0-9_-]+\.)+[A-Za-z](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
# The terms that nearly all records are made of, without a fault; any other token is the last group alone.
_TERM = re.compile(
    rf" +((?:([+\-~?]?)(?:(all|a|mx)|(include|a|mx|exists):({_LABELS})|ip4:({_QNUM}(?:\.{_QNUM}){{3}})(?:/(3[0-2]|[12]?\d))?"
    rf"|ip6:([0-9A-F:]{{2,39}})(?:/(12[0-8]|1[01]\d|[1-9]?\d))?)|redirect=({_LABELS}))(?= |\Z)|([^ ]+))",
    re.I | re.A,
)
_SUGGESTIONS = {"ipv4": "ip4", "ipv6": "ip6", "ip": "ip4", "inc": "include", "exist": "exists", "al": "all", "any": "all"}


def _plain_term(found: re.Match[str]) -> Term | None:
    """The term that a match of :data:`_TERM` is, if it is one of the usual ones."""
    text, qualifier, bare, named, target, address, length, address6, length6, redirected, other = found.groups()
    if other:
        return None
    span = found.span(1)
    if redirected:
        return Term("modifier", "", "redirect", text, span, redirected, value=redirected)
    qualifier = qualifier or "+"
    if address:
        # The pattern has read it with care already.
        block = Block.of(4, int.from_bytes(socket.inet_aton(address), "big"), int(length or 32))
        return Term("mechanism", qualifier, "ip4", text, span, block=block)
    if address6:
        try:
            number = int(ipaddress.IPv6Address(address6))
        except ValueError:
            return None
        return Term("mechanism", qualifier, "ip6", text, span, block=Block.of(6, number, int(length6 or 128)))
    return Term("mechanism", qualifier, (bare or named).lower(), text, span, target)


class _Reader:
    """Reads one record; ``offsets`` translates places in ``raw`` to places in ``shown``."""

    def __init__(self, raw: str, shown: str, offsets: list[int] | None) -> None:
        self.raw, self.shown, self.offsets = raw, shown, offsets
        self.problems: list[SyntaxProblem] = []

    def read(self) -> Record:
        if not is_spf(self.raw):
            self.problem("spf.syntax_version", 0, min(len(self.raw), 6))
            return Record(self.shown, (), tuple(self.problems))
        terms: list[Term] = []
        modifiers: set[str] = set()
        for found in _TERM.finditer(self.raw, len(VERSION)):
            before = len(self.problems)
            term = None if self.offsets else _plain_term(found)
            if term is None:
                term = self.term(*found.span(1))
            if term.kind == "modifier" and term.name in MODIFIERS:
                if term.name in modifiers:
                    self.problem("spf.syntax_repeated_modifier", *found.span(1), name=term.name)
                modifiers.add(term.name)
            if len(self.problems) > before:
                term = replace(term, valid=False)
                if len(self.problems) >= MAX_PROBLEMS:
                    terms.append(term)
                    break
            terms.append(term)
        problems = tuple(sorted(self.problems, key=lambda p: p.span)) if self.problems else ()
        return Record(self.shown, tuple(terms), problems)

    def problem(self, code: str, start: int, end: int, **params: object) -> None:
        params.setdefault("text", clip(self.raw_shown(start, end)))
        self.problems.append(SyntaxProblem(code, self.span(start, end), params))

    def span(self, start: int, end: int) -> tuple[int, int]:
        return (start, end) if self.offsets is None else (self.offsets[start], self.offsets[end])

    def raw_shown(self, start: int, end: int) -> str:
        first, last = self.span(start, end)
        return self.shown[first:last]

    def term(self, start: int, end: int) -> Term:
        token = self.raw[start:end]
        text = self.raw_shown(start, end)
        span = self.span(start, end)
        broken = Term("mechanism", "+", "", text, span, valid=False)
        if self.foreign_characters(token, start):
            return broken
        problems_before = len(self.problems)
        term = self.term_of(token, start, text, span)
        if len(self.problems) > problems_before:
            self.better_explanation(token, start, problems_before)
        return term

    def foreign_characters(self, token: str, start: int) -> bool:
        """Reports every character that no term may hold (RFC 7208 §7.1: %x21-7E)."""
        if token.isascii() and token.isprintable():
            return False
        found = False
        for place, sign in enumerate(token, start):
            if "!" <= sign <= "~":
                continue
            found = True
            if len(self.problems) >= MAX_PROBLEMS:
                break
            code = "spf.curly_quotes" if sign in CURLY_QUOTES else "spf.syntax_character"
            octet = 0xDC80 <= ord(sign) <= 0xDCFF  # an octet that is no UTF-8
            self.problem(code, place, place + 1, code_point=ord(sign) - 0xDC00 if octet else ord(sign), octet=octet)
        return found

    def better_explanation(self, token: str, start: int, before: int) -> None:
        """One error for two terms without a space between them, or for quotes, in place of what follows from it."""
        parts = glued_parts(token)
        if parts:
            del self.problems[before:]
            self.problem("spf.glued_terms", start, start + len(token), parts=[clip(part) for part in parts[:20]])
        elif '"' in token or token.strip("'") != token:
            del self.problems[before:]
            for place, sign in enumerate(token, start):
                if sign in "\"'":
                    self.problem("spf.quotes", place, place + 1)
        elif ("," in token or ";" in token) and _separated(token):
            del self.problems[before:]
            for place, sign in enumerate(token, start):
                if sign in ",;":
                    self.problem("spf.syntax_separator", place, place + 1)

    def term_of(self, token: str, start: int, text: str, span: tuple[int, int]) -> Term:
        qualifier, name, rest = certain(_HEAD.match(token)).groups()
        lower = name.lower()
        at_rest = start + len(qualifier) + len(name)
        end = start + len(token)
        if rest.startswith("="):
            return self.modifier(qualifier, name, rest[1:], start, at_rest + 1, text, span)
        term: dict[str, Any] = {"kind": "mechanism", "qualifier": qualifier or "+", "name": lower, "text": text, "span": span}
        if lower in MODIFIERS:
            self.problem("spf.syntax_modifier_sign", start, end, name=lower)
        elif lower not in MECHANISMS:
            if not name and qualifier and not rest:
                self.problem("spf.syntax_qualifier", start, end)
            else:
                self.problem("spf.syntax_unknown_mechanism", start, at_rest, name=clip(name), suggestion=_suggest(name))
        elif lower == "all":
            if rest:
                self.problem("spf.syntax_argument", at_rest, end, name=lower)
        elif lower in ("ip4", "ip6"):
            term["block"] = self.block(lower, rest, at_rest)
        elif lower in ("a", "mx"):
            cidr = certain(_DUAL_CIDR.search(rest))
            target = rest[: cidr.start()]
            if target.startswith("/"):
                self.problem("spf.syntax_prefix_length", at_rest, end, name=lower, limit=32)
            else:
                term["cidr4"] = self.prefix_length(cidr, 1, 32, at_rest)
                term["cidr6"] = self.prefix_length(cidr, 2, 128, at_rest)
                term["domain_spec"] = self.target(lower, target, at_rest)
        else:
            if not rest and lower != "ptr":
                self.problem("spf.syntax_domain_missing", start, end, name=lower)
            term["domain_spec"] = self.target(lower, rest, at_rest)
        return Term(**term)

    def modifier(
        self, qualifier: str, name: str, value: str, start: int, at: int, text: str, span: tuple[int, int]
    ) -> Term:
        lower = name.lower()
        if qualifier and _MODIFIER_NAME.match(name):
            self.problem("spf.syntax_qualifier", start, start + 1, name=clip(name))
        elif qualifier or not _MODIFIER_NAME.match(name):
            self.problem("spf.syntax_modifier_name", start, at - 1, name=clip(qualifier + name))
        domain_spec = None
        if lower in MODIFIERS:
            domain_spec = value
            self.domain(lower, value, at)
        else:
            self.macros(value, at, explanation=True)
        return Term("modifier", "", lower, text, span, domain_spec=domain_spec, value=value)

    def target(self, name: str, rest: str, at: int) -> str | None:
        """The domain-spec in ``rest``, which is ``""`` or starts with a colon."""
        if not rest:
            return None
        if not rest.startswith(":"):
            self.problem("spf.syntax_argument", at, at + len(rest), name=name)
            return None
        self.domain(name, rest[1:], at + 1)
        return rest[1:]

    def domain(self, name: str, spec: str, at: int) -> None:
        """Checks a domain-spec (RFC 7208 §7.1)."""
        end = at + len(spec)
        if not spec:
            self.problem("spf.syntax_domain_missing", at, end, name=name)
            return
        if self.macros(spec, at) or ends_with_macro(spec):
            return
        if _ADDRESS.match(spec):
            self.problem("spf.syntax_address_as_name", at, end, name=name)
            return
        body = spec[:-1] if spec.endswith(".") else spec
        _rest, dot, label = body.rpartition(".")
        if "%" in label or not dot:
            reason = "single_label"
        elif not label:
            reason = "empty_label"
        elif not all(sign.isalnum() or sign == "-" for sign in label):
            reason = "characters"
        elif label.startswith("-") or label.endswith("-"):
            reason = "hyphen"
        elif label.isdigit():
            reason = "numeric"
        else:
            return
        self.problem("spf.syntax_domain", at, end, name=name, reason=reason, label=clip(label))

    def macros(self, text: str, at: int, *, explanation: bool = False) -> bool:
        """Reports the errors of a macro string; whether there are any."""
        if "%" not in text:
            return False
        problems = read_macro_string(text, explanation=explanation)[1]
        for problem in problems:
            self.problem("spf.syntax_macro", at + problem.start, at + problem.end, reason=problem.reason)
        return bool(problems)

    def prefix_length(self, found: re.Match, group: int, limit: int, at: int) -> int:
        digits = found.group(group)
        if digits is None:
            return limit
        length = _prefix(digits, limit)
        if length is None:
            self.problem(
                "spf.syntax_prefix_length", at + found.start(group) - group, at + found.end(group), limit=limit
            )
            return limit
        return length

    def block(self, name: str, rest: str, at: int) -> Block | None:
        end = at + len(rest)
        if rest in ("", ":") or not rest.startswith(":"):
            self.problem("spf.syntax_network_missing", at, end, name=name)
            return None
        address, slash, digits = rest[1:].partition("/")
        limit = 32 if name == "ip4" else 128
        length = _prefix(digits, limit) if slash else limit
        if length is None:
            self.problem("spf.syntax_prefix_length", at + 1 + len(address), end, limit=limit, name=name)
        reason = _address_reason(name, address)
        if reason:
            self.problem("spf.syntax_network", at + 1, at + 1 + len(address), name=name, reason=reason)
        if length is None or reason:
            return None
        return Block.of(4 if name == "ip4" else 6, int(ipaddress.ip_address(address)), length)


def _prefix(digits: str, limit: int) -> int | None:
    """A prefix length without leading zeros (RFC 7208 §5.6), or nothing."""
    if not digits.isascii() or not digits.isdigit() or len(digits) > 3 or (digits[0] == "0" and digits != "0"):
        return None
    return int(digits) if int(digits) <= limit else None


def _address_reason(name: str, address: str) -> str | None:
    """Why the text is no address for ``ip4`` or ``ip6``; nothing if it is one."""
    if name == "ip4":
        if _IP4.match(address):
            return None
        if _is_ip6(address):
            return "ip6_address"
        if re.match(r"\d+\.\d+\.\d+\.\d+:\d+\Z", address):
            return "port"
        if re.match(r"\d{1,3}(?:\.\d{1,3}){0,2}\.?\Z", address):
            return "too_short"
        if re.match(r"\d{1,4}(?:\.\d{1,4}){3}\Z", address):
            return "out_of_range"
        return "name" if re.search(r"[g-zG-Z]", address) else "form"
    if _is_ip6(address):
        return None
    return "ip4_address" if _IP4.match(address) else "form"


def _is_ip6(address: str) -> bool:
    if "%" in address or len(address) > 45:  # a zone index is no part of RFC 4291 §2.2
        return False
    try:
        ipaddress.IPv6Address(address)
    except ValueError:
        return False
    return True


def _suggest(name: str) -> str | None:
    lower = name.lower().strip(".,;-_")
    if len(lower) > 12 or not lower:
        return None
    if lower in MECHANISMS or lower in MODIFIERS:
        return lower
    if lower in _SUGGESTIONS:
        return _SUGGESTIONS[lower]
    close = difflib.get_close_matches(lower, [*MECHANISMS, *MODIFIERS], n=1, cutoff=0.75)
    return close[0] if close else None


def is_term(text: str) -> bool:
    """Whether ``text`` is one whole valid term."""
    return parse_term(text) is not None


def parse_term(text: str) -> Term | None:
    """One term alone, or nothing if it has an error."""
    if not text or " " in text:
        return None
    reader = _Reader(text, text, None)
    if reader.foreign_characters(text, 0):
        return None
    term = reader.term_of(text, 0, text, (0, len(text)))
    return None if reader.problems else term


def _separated(token: str) -> bool:
    """Whether commas and semicolons stand where a space should, or behind the last term."""
    parts = [part for part in re.split("[,;]", token) if part]
    return not parts or all(is_term(part) or len(parts) > 1 and "." in part for part in parts)


def glued_parts(token: str) -> tuple[str, ...]:
    """The terms of a token in which a space was lost (``ip4:192.0.2.1~all``); empty if it cannot be read so."""
    if len(token) > 2000:
        return ()
    cuts = [found.start() for found in _GLUE.finditer(token) if found.start() > 0]
    parts: list[str] = []
    rest = token
    # From the right: the last piece that stands alone is cut off, again and again.
    for cut in reversed(cuts[-50:]):
        head, tail = rest[:cut], rest[cut:]
        if is_term(tail) and (head[-1:] not in "+-~?"):
            parts.insert(0, tail)
            rest = head
    if parts and is_term(rest):
        return (rest, *parts)
    return ()


def hidden_parts(term: Term) -> tuple[str, ...]:
    """The terms hidden in one valid term: ``include:a.exampleinclude:b.example`` has a lawful domain-spec."""
    spec = term.domain_spec
    if not spec or not term.valid or not (":" in spec or "=" in spec or spec.lower().endswith("-all")):
        return ()
    return glued_parts(term.text)
