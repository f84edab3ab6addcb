"""Reading a broken SPF record as its owner meant it, where only one reading is possible."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Collection, Mapping

from ..dns.egress import special_networks
from ..dns.names import to_ascii
from ..value import dataclass
from .networks import Networks
from .record import CURLY_QUOTES, glued_parts, is_term, parse_term
from .terms import MECHANISMS, MODIFIERS, VERSION, Term, clip

# What decode_text made of invisible signs that come along when a value is pasted.
_INVISIBLE = re.compile(r"\\ufeff|\\u200[ef]|\\u202[a-e]|\\u206[6-9]|[\u200b-\u200f\u2060\ufeff\u00ad]")
_SPACES = re.compile(r"[\s\u00a0\u2000-\u200a\u202f\u205f\u3000]+")
_VERSION = re.compile(r"(?:v\s*=\s*)?spf\s*[1l]?(?=[\s;,]|\Z)[;,]?|v=spf1(?![.\d])", re.I)
_NAMES = {"ipv4": "ip4", "ipv6": "ip6", "ip": "ip4", "exist": "exists", "includes": "include", "inlcude": "include"}
WIDEST = {4: 16, 6: 32}  # prefix lengths: no mistake is read as a wish to permit more
# What is not global, but for the older ranges of the documentation: examples live there. 6to4 is given up (RFC 7526).
_NOT_GLOBAL = Networks.of((*special_networks("internal", "reserved"), *map(ipaddress.ip_network, (
    "::/3", "2002::/16", "3fff::/20", "4000::/2", "8000::/1"))))
_NEED_VALUE = frozenset({"include", "exists", "ip4", "ip6", *_NAMES})
_DASHES = str.maketrans({"–": "-", "—": "-", "‐": "-", "‑": "-", "−": "-", "˜": "~", "∼": "~", "～": "~", "：": ":"})


@dataclass(frozen=True)
class Repair:
    """Terms as they were meant; ``changed`` pairs what stood there with what it became; ``broken`` what nobody can read."""

    terms: tuple[Term, ...]
    changed: tuple[tuple[str, str], ...] = ()
    broken: tuple[str, ...] = ()


def repair(text: str, known: Collection[Term] = ()) -> Repair:
    """The terms of a record, broken ones put right where there is one way only. Never raises.

    ``known`` are terms of those who send: a name that stands there without a mechanism is theirs. No other term
    becomes a network that is wider than :data:`WIDEST`, or that is not global.

    Put right: a bare address or network, quotes and typographic quotes, typographic dashes, invisible signs, commas and
    semicolons, a missing or an additional space, ``ipv4:`` and the like, an address under
    the wrong mechanism, a colon behind ``redirect``, dots behind ``all``, an international
    name (its A-labels), a misspelt ``v=spf1``.
    """
    changed: list[tuple[str, str]] = []
    clean = _INVISIBLE.sub("", text).translate(_DASHES)
    clean = "".join(sign for sign in clean if sign not in CURLY_QUOTES and sign not in "\"`")
    clean = _SPACES.sub(" ", clean).strip(" '")
    if clean != text.strip(" "):
        changed.append((clip(text), clip(clean)))
    version = _VERSION.match(clean)
    if version:
        clean, behind = version.group(), clean[version.end() :]
        if clean.lower() != VERSION or behind[:1] not in ("", " "):
            changed.append((clip(clean + behind, 20), f"{VERSION} {clip(behind.lstrip(), 12)}"))
        clean = behind
    terms: list[Term] = []
    broken: list[str] = []
    written = {token for token in text.split() if is_term(token)}
    names = {term.domain_spec.lower().removesuffix("."): term.body for term in known if term.domain_spec}
    tokens = _rejoin(clean.split(), changed)
    for token in tokens:
        if token.lower() == VERSION:  # two records pasted into one
            changed.append((token, ""))
            continue
        fixed = _fix(token, names)
        meant = [term for term in map(parse_term, fixed or ()) if term is not None]
        if fixed is None or (fixed != (token,) or token not in written) and any(map(is_bold, meant)):
            broken.append(clip(token))
            continue
        if fixed != (token,):
            changed.append((clip(token), clip(" ".join(fixed))))
        terms += meant
    return Repair(tuple(terms), tuple(changed), tuple(broken))


def is_bold(term: Term) -> bool:
    """Whether a term permits more than a repair may: too wide a network, or one that is not global."""
    if term.network is None:
        return term.name in ("a", "mx") and (term.cidr4 < WIDEST[4] or term.cidr6 < WIDEST[6])
    return term.network.prefixlen < WIDEST[term.network.version] or bool(Networks.of([term.network]) & _NOT_GLOBAL)


def _rejoin(tokens: list[str], changed: list[tuple[str, str]]) -> list[str]:
    """Puts terms together that a space has torn: ``include: a.example``, ``- all``, ``ip4 :192.0.2.1``, ``ip4 192.0.2.1``."""
    whole: list[str] = []
    for token in tokens:
        before = whole[-1] if whole else ""
        torn = before[-1:] in (":", "=") and not _network(before) or token[:1] in (":", "=", "/")
        if torn and before and not is_term(token) or before in ("+", "-", "~", "?"):
            whole[-1] = before + token
            changed.append((clip(f"{before} {token}"), clip(before + token)))
        elif before.lstrip("+-~?").lower() in _NEED_VALUE and not is_term(token):
            whole[-1] = f"{before}:{token}"
            changed.append((f"{before} {clip(token)}", clip(f"{before}:{token}")))
        else:
            whole.append(token)
    return whole


def _fix(token: str, names: Mapping[str, str]) -> tuple[str, ...] | None:
    """The valid terms that a token stands for; empty for a lone separator; nothing if it has no one reading.

    ``names`` are the terms that a name without any mechanism stands for.
    """
    if is_term(token) and not _glued(token):
        return (token,)
    bare = _without_mechanism(token.strip(",;'."), names)
    if bare is not None:
        return (bare,)
    if not token.strip(",;."):
        return ()
    if not token.isascii():
        return _with_a_labels(token)
    parts = _glued(token)
    if parts:
        return parts
    bare = token.strip(",;'")
    if bare != token and is_term(bare):
        return (bare,)
    pieces = [piece for piece in re.split("[,;]", token) if piece]
    if len(pieces) > 1:
        fixed = [_fix(piece, names) for piece in pieces]
        return tuple(term for terms in fixed for term in terms or ()) if all(fixed) else None
    other = _respell(bare.rstrip("."))
    return (other,) if other is not None and is_term(other) else None


def _without_mechanism(token: str, names: Mapping[str, str]) -> str | None:
    """The term for an address, a network or the name of somebody who sends that stands there by itself."""
    qualifier = token[:1] if token[:1] in ("+", "-", "~", "?") else ""
    body = token[len(qualifier):]
    meant = _network(body) or names.get(body.lower())
    return qualifier + meant if meant else None


def _network(text: str) -> str | None:
    """``ip4:`` or ``ip6:`` in front of what is an address or a network."""
    text = text[1:-1] if text[:1] == "[" and text[-1:] == "]" else text
    return next((term for term in (f"ip4:{text}", f"ip6:{text}") if is_term(term)), None)


def _with_a_labels(token: str) -> tuple[str, ...] | None:
    """A term with an international domain name as receivers need it (RFC 7208 §4.3)."""
    head, sign, name = token.partition(":" if ":" in token else "=")
    ascii_name = to_ascii(name)
    term = f"{head}{sign}{ascii_name}"
    return (term,) if ascii_name is not None and is_term(term) else None


def _glued(token: str) -> tuple[str, ...]:
    return glued_parts(token) if ":" in token or "=" in token or token.lower().endswith("all") else ()


def _respell(token: str) -> str | None:
    found = re.match(r"([+\-~?]?)([A-Za-z0-9]+)([:=]?)(.*)\Z", token, re.S)
    if not found:
        return None
    qualifier, name, sign, rest = found.groups()
    lower = name.lower()
    lower = _NAMES.get(lower, lower)
    if lower in MODIFIERS and sign == ":":
        return f"{lower}={rest}" if qualifier in ("", "+") else None
    if lower not in MECHANISMS:
        return None
    if lower == "all":
        return None if sign or rest.strip(".") else qualifier + "all"
    if sign != ":":
        return qualifier + name + rest if not sign else None
    if lower in ("ip4", "ip6", "a", "include"):
        for family in ("ip4", "ip6"):
            if is_term(f"{family}:{rest}"):
                return f"{qualifier}{family}:{rest}"
    return f"{qualifier}{lower}:{rest}"
