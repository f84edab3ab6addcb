"""What an SPF record is made of (RFC 7208 §4.6.1)."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import field
from typing import NamedTuple

from ..value import cached_property, dataclass
from .macro import expand_name, letters

VERSION = "v=spf1"
MECHANISMS = ("all", "include", "a", "mx", "ptr", "ip4", "ip6", "exists")
MODIFIERS = ("redirect", "exp")
# The terms that count towards the limit of ten (RFC 7208 §4.6.4).
LOOKUP_TERMS = frozenset({"include", "a", "mx", "ptr", "exists", "redirect"})
_NO_LETTERS: frozenset[str] = frozenset()


class Block(NamedTuple):
    """A network as numbers: a tenth of what :mod:`ipaddress` takes to make one, and most are looked at once."""

    version: int
    first: int  # its first address
    length: int  # of the prefix

    @classmethod
    def of(cls, version: int, address: int, length: int) -> Block:
        """The network that an address lies in."""
        free = (32 if version == 4 else 128) - length
        return cls(version, address >> free << free, length)


@dataclass(frozen=True)
class SyntaxProblem:
    """One syntax error: a code of :data:`mailauth.spf.CODES`, and the half-open range of characters it is about."""

    code: str
    span: tuple[int, int]
    params: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Term:
    """A directive or a modifier as written.

    ``domain_spec`` is ``None`` where none was given. ``cidr4`` and ``cidr6`` are the
    prefix lengths of ``a`` and ``mx`` (32 and 128 if not given). ``value`` is what
    stands after the ``=`` of a modifier. A term with ``valid`` false has an error.
    """

    kind: str  # "mechanism" | "modifier"
    qualifier: str  # "+" "-" "~" "?"; "" for a modifier
    name: str  # lower case
    text: str
    span: tuple[int, int]
    domain_spec: str | None = None
    block: Block | None = None  # of ip4 and ip6
    cidr4: int = 32
    cidr6: int = 128
    value: str | None = None
    valid: bool = True

    @cached_property
    def looks_up(self) -> bool:
        """Whether the term counts towards the limit of ten."""
        return self.name in LOOKUP_TERMS and (self.kind == "mechanism" or self.name == "redirect")

    @property
    def macro_letters(self) -> frozenset[str]:
        """The macro letters in its domain-spec."""
        return letters(self.domain_spec) if self.domain_spec and "%" in self.domain_spec else _NO_LETTERS

    @cached_property
    def network(self) -> ipaddress.IPv4Network | ipaddress.IPv6Network | None:
        """The network of ``ip4`` and ``ip6``."""
        if self.block is None:
            return None
        version, first, length = self.block
        return ipaddress.IPv4Network((first, length)) if version == 4 else ipaddress.IPv6Network((first, length))

    @cached_property
    def fixed_name(self) -> str:
        """The target-name of a domain-spec without macros."""
        return expand_name(self.domain_spec or "", {}).lower()

    @cached_property
    def body(self) -> str:
        """The term without its qualifier, one spelling for all that mean the same.

        Names are compared without case (but for macros, where it matters) and without
        the final dot, networks by their bits.
        """
        if self.network is not None:
            return f"{self.name}:{self.network}"
        if self.kind == "modifier" and self.name not in MODIFIERS:
            return f"{self.name}={self.value}"
        body = self.name
        if self.domain_spec is not None:
            spec = self.domain_spec if "%" in self.domain_spec else self.domain_spec.lower()
            body += ("=" if self.kind == "modifier" else ":") + (spec[:-1] if spec.endswith(".") else spec)
        if self.name in ("a", "mx"):
            body += f"/{self.cidr4}" if self.cidr4 != 32 else ""
            body += f"//{self.cidr6}" if self.cidr6 != 128 else ""
        return body

    @property
    def key(self) -> tuple[str, str]:
        """Qualifier and body: equal for terms that say the same."""
        return self.qualifier, self.body


@dataclass(frozen=True)
class Record:
    """A parsed record: ``errors`` empty means that receivers can read it."""

    text: str
    terms: tuple[Term, ...]
    errors: tuple[SyntaxProblem, ...]

    @cached_property
    def mechanisms(self) -> tuple[Term, ...]:
        """The directives, in their order."""
        return tuple(term for term in self.terms if term.kind == "mechanism")

    @cached_property
    def reached(self) -> tuple[bool, ...]:
        """For each term, whether evaluation can come to it: not behind ``all``, no ``redirect`` beside one (§5.1)."""
        final = self.all
        return tuple(
            (final is None or term.span <= final.span)
            if term.kind == "mechanism"
            else term.name == "exp" or (term.name == "redirect" and final is None)
            for term in self.terms
        )

    def modifier(self, name: str) -> Term | None:
        """The first modifier of that name."""
        for term in self.terms:
            if term.name == name and term.kind == "modifier":
                return term
        return None

    @cached_property
    def all(self) -> Term | None:
        """The first ``all``: nothing behind it is looked at (RFC 7208 §5.1)."""
        return next((term for term in self.terms if term.name == "all" and term.kind == "mechanism"), None)


def clip(text: str, length: int = 200) -> str:
    """At most ``length`` characters, for a finding's parameters."""
    return text if len(text) <= length else text[: length - 1] + "…"
