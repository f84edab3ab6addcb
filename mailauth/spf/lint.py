"""What can be seen in one record by itself, without asking DNS."""

from __future__ import annotations

import ipaddress
import itertools
import re
from collections.abc import Iterator

from ..dns.egress import special_networks
from ..finding import Finding
from .networks import Network, is_within
from .record import CURLY_QUOTES, hidden_parts, is_spf, is_term
from .terms import MECHANISMS, MODIFIERS, VERSION, Record, Term, clip

# Beyond these, a listed network is most likely a mistake: more than 2^20 IPv4 addresses, an IPv6 /19.
BROAD = {4: 11, 6: 19}
MAX_FINDINGS = 60  # of one record
KNOWN_MODIFIERS = frozenset({*MODIFIERS, "ra", "rp", "rr"})  # the last three: reports of failures, RFC 6652 §3


def lint(record: Record, name: str) -> list[Finding]:
    """Findings of one record that belongs to the domain itself: syntax errors first, then style."""
    found: list[Finding] = []
    for finding in _all_of(record, name):
        found.append(finding)
        if len(found) >= MAX_FINDINGS:
            break
    return found


def syntax(record: Record, name: str) -> Iterator[Finding]:
    """Every syntax error as a finding with its place (RFC 7208 §4.6)."""
    for problem in record.errors:
        yield Finding(problem.code, name, dict(problem.params), record.text, problem.span)


def _all_of(record: Record, name: str) -> Iterator[Finding]:
    yield from syntax(record, name)
    terms = [term for term in record.terms if term.valid]
    yield from _glued(record, terms, name)
    yield from _policy(record, terms, name)
    yield from _repeated(record, terms, name)
    yield from _networks(record, terms, name)
    for term in terms:
        about = {"term": clip(term.text)}
        if term.name == "ptr" and term.kind == "mechanism":
            yield Finding("spf.ptr", name, about, record.text, term.span)
        if "p" in term.macro_letters:
            yield Finding("spf.ptr_macro", name, about, record.text, term.span)
        if term.name == "include" and term.qualifier == "?":
            yield Finding("spf.include_neutral", name, about, record.text, term.span)
        if term.kind == "modifier":
            yield from _modifier(record, term, name, about)


def _modifier(record: Record, term: Term, name: str, about: dict) -> Iterator[Finding]:
    if term.name in MECHANISMS:
        yield Finding("spf.mechanism_as_modifier", name, about, record.text, term.span)
    elif term.name == "v":
        yield Finding("spf.version_repeated", name, about, record.text, term.span)
    elif term.name not in KNOWN_MODIFIERS:
        yield Finding("spf.unknown_modifier", name, {**about, "modifier": clip(term.name)}, record.text, term.span)


def _glued(record: Record, terms: list[Term], name: str) -> Iterator[Finding]:
    """``include:a.exampleinclude:b.example`` and ``include:a.example-all`` are one valid domain-spec each."""
    for term in terms:
        parts = hidden_parts(term)
        if parts:
            params = {"text": clip(term.text), "parts": [clip(part) for part in parts[:20]]}
            yield Finding("spf.glued_terms", name, params, record.text, term.span)


def _policy(record: Record, terms: list[Term], name: str) -> Iterator[Finding]:
    final = record.all
    redirect = record.modifier("redirect")
    if final is None:
        if redirect is None:
            yield Finding("spf.no_all", name, {}, record.text, (0, len(record.text)))
        elif unread := [term for term in terms if term.kind == "mechanism" and term.span > redirect.span]:
            params = {"term": clip(redirect.text), "terms": [clip(term.text) for term in unread[:20]]}
            yield Finding("spf.redirect_not_last", name, params, record.text, redirect.span)
        return
    if final.qualifier in "+?":
        code = "spf.plus_all" if final.qualifier == "+" else "spf.neutral_all"
        yield Finding(code, name, {"term": final.text}, record.text, final.span)
    behind = [term for term in terms if term.kind == "mechanism" and term.span > final.span]
    if behind:
        yield Finding(
            "spf.after_all", name, {"all": final.text, "terms": [clip(term.text) for term in behind[:20]]},
            record.text, (behind[0].span[0], behind[-1].span[1]),
        )
    if redirect is not None:
        yield Finding(
            "spf.redirect_ignored", name, {"term": clip(redirect.text), "all": final.text}, record.text, redirect.span
        )


def _repeated(record: Record, terms: list[Term], name: str) -> Iterator[Finding]:
    first: dict[str, Term] = {}
    for term in terms:
        if term.kind != "mechanism" or term.name == "all":
            continue
        before = first.setdefault(term.body, term)
        if before is not term:
            code = "spf.duplicate_term" if before.qualifier == term.qualifier else "spf.contradiction"
            params = {"term": clip(term.text), "first": clip(before.text)}
            yield Finding(code, name, params, record.text, term.span)


def _networks(record: Record, terms: list[Term], name: str) -> Iterator[Finding]:
    earlier: dict[Network, Term] = {}
    for term in terms:
        network = term.network
        if network is None:
            continue
        if term.qualifier == "+":
            yield from _strange_network(record, term, network, name)
        if network not in earlier:
            wider: Network = network
            while wider.prefixlen:
                wider = wider.supernet()
                if wider in earlier:
                    params = {"term": clip(term.text), "within": clip(earlier[wider].text)}
                    yield Finding("spf.overlap", name, params, record.text, term.span)
                    break
            earlier[network] = term


def _strange_network(record: Record, term: Term, network: Network, name: str) -> Iterator[Finding]:
    params: dict[str, object] = {"term": clip(term.text), "network": str(network)}
    if network.prefixlen == 0:
        yield Finding("spf.everyone", name, params, record.text, term.span)
    elif _is_private(network):
        yield Finding("spf.private_network", name, params, record.text, term.span)
    elif network.prefixlen <= BROAD[network.version]:
        params["prefix_length"] = network.prefixlen
        yield Finding("spf.broad_network", name, params, record.text, term.span)


# Documentation networks are left out: examples and tests live there. Of IPv6 only 2000::/3 is given out.
_UNUSABLE = (*special_networks("internal", "reserved"), *map(ipaddress.ip_network, ("::/3", "4000::/2", "8000::/1")))


def _is_private(network: Network) -> bool:
    return any(is_within(network, other) for other in _UNUSABLE)


def joined_strings(strings: tuple[bytes, ...]) -> list[tuple[int, str, str]]:
    """Where a space was lost between two strings of one record: place, last term before, first term behind.

    A record that was cut every 255 octets is whole when joined (RFC 7208 §3.3); one
    that somebody typed as two strings has a whole term on both sides of the cut.
    """
    lost = []
    at = 0
    for before, behind in itertools.pairwise(strings):
        at += len(before)
        left, right = before.decode("latin-1"), behind.decode("latin-1")
        if not left or not right or left.endswith(" ") or right.startswith(" "):
            continue
        last, first = left.rpartition(" ")[2], right.partition(" ")[0]
        whole = is_term(last) or last.lower() == VERSION
        if whole and is_term(first) and (len(before) != 255 or not is_term(last + first)):
            lost.append((at, clip(last), clip(first)))
    return lost


_RESEMBLES = re.compile(r"[\s\"'\\;,]*(?:v\s*=?\s*spf\s*1?|spf1)(?![a-z]*2)", re.I)


def resembling(text: str) -> tuple[str, dict[str, object]] | None:
    """A TXT record that was meant as SPF but is not selected by receivers: a code with parameters, or nothing.

    For a record that begins with a quotation mark, a space or a typing error before
    or in ``v=spf1``; Sender ID records (``spf2.0/…``) have a code of their own.
    """
    if is_spf(text):
        return None
    head = text[:40]
    if head.lower().lstrip(" \"'").startswith("spf2.0/"):
        return "spf.spf2", {"text": clip(text)}
    bare = head.lstrip("".join(CURLY_QUOTES) + "\"' \t\r\n")
    if bare[:6].lower() == VERSION:
        if head[0] in CURLY_QUOTES:
            return "spf.curly_quotes", {"text": clip(text)}
        if head[0] in "\"'":
            return "spf.quotes", {"text": clip(text)}
        if len(head) > len(bare):
            return "spf.not_selected", {"text": clip(text), "reason": "leading_space"}
        # "v=spf1" is right; what follows is neither a space nor the end.
        rest = text[len(VERSION) :]
        if rest[:1].isdigit() or rest[:1] == ".":
            return "spf.not_selected", {"text": clip(text), "reason": "version"}
        if is_term(rest.partition(" ")[0]):
            return "spf.glued_terms", {"text": clip(text), "parts": [VERSION, clip(rest.partition(" ")[0])]}
        return "spf.not_selected", {"text": clip(text), "reason": "no_space"}
    if _RESEMBLES.match(head) and re.search(r"\s", head):
        return "spf.not_selected", {"text": clip(text), "reason": "version"}
    return None
