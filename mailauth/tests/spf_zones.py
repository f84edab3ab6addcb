"""Generated SPF zones: records that mostly follow the grammar, over a handful of names that partly exist."""

from __future__ import annotations

from hypothesis import strategies as st

from .zone_case import txt

HOSTS = ("h1", "h2", "h6", "gone", "many")
POLICIES = ("p1", "p2", "p3", "p4")
DOMAIN = "example.test"

# h1 has IPv4 only, h2 both, h6 IPv6 only; "gone" does not exist; "many" has several of each.
GROUND = """
h1 A 192.0.2.1
h2 A 192.0.2.2
h2 AAAA 2001:db8::2
h6 AAAA 2001:db8::6
many A 192.0.2.16
many A 192.0.2.32
many AAAA 2001:db8::16
many MX 10 h1
many MX 20 h2
h1 MX 0 h6
h6 MX 0 .
p1 MX 5 gone
*.exist A 127.0.0.2
"""
ADDRESSES = (
    "192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.16", "192.0.2.33", "198.51.100.7",
    "2001:db8::2", "2001:db8::6", "2001:db8::16", "2001:db8:1::1",
)

_NAMES = st.sampled_from([f"{name}.{DOMAIN}" for name in HOSTS + POLICIES])
_QUALIFIERS = st.sampled_from(["", "", "", "+", "-", "~", "?"])
_CIDR4 = st.sampled_from(["", "", "", "/32", "/30", "/28", "/24", "/0"])
_CIDR6 = st.sampled_from(["", "", "", "//128", "//124", "//64"])
_MECHANISMS = st.one_of(
    st.builds("include:{}.{}".format, st.sampled_from(POLICIES), st.just(DOMAIN)),
    st.builds("{}:{}{}{}".format, st.sampled_from(["a", "mx"]), _NAMES, _CIDR4, _CIDR6),
    st.sampled_from(["a", "mx", "a/28", "mx//64"]),
    st.builds("ip4:192.0.2.{}{}".format, st.integers(0, 40), _CIDR4),
    st.builds("ip6:2001:db8::{:x}{}".format, st.integers(0, 40), st.sampled_from(["", "/124", "/64"])),
    st.builds("exists:{}".format, st.one_of(_NAMES, st.just(f"x.exist.{DOMAIN}"))),
)
_MACROS = st.sampled_from([
    "exists:%{i}.exist.example.test", "exists:%{ir}.%{v}.example.test", "a:%{o}", "include:p2.%{d2}", "exists:%{l}.%{d}",
    "a:%{h}", "ptr", "ptr:example.test", "exists:%{d}.exist.%{o}", "mx:%{d}",
])
_DIRECTIVES = st.builds("{}{}".format, _QUALIFIERS, _MECHANISMS)
_ENDS = st.one_of(
    st.sampled_from(["-all", "~all", "?all", "", "all"]),
    st.builds("redirect={}.{}".format, st.sampled_from(POLICIES), st.just(DOMAIN)),
)


def records(*, macros: bool = False, broken: st.SearchStrategy | None = None, longest: int = 5) -> st.SearchStrategy:
    """Texts of SPF records."""
    terms = [_DIRECTIVES, _DIRECTIVES, _DIRECTIVES]
    if macros:
        terms.append(st.builds("{}{}".format, _QUALIFIERS, _MACROS))
    if broken is not None:
        terms.append(broken)
    return st.builds(
        lambda parts, end: " ".join(["v=spf1", *parts, *([end] if end else [])]),
        st.lists(st.one_of(terms), max_size=longest), _ENDS,
    )


def zones(record: st.SearchStrategy) -> st.SearchStrategy:
    """Zone texts for :data:`DOMAIN`: a record at the apex, and at each of the names that includes lead to."""
    return st.builds(
        lambda apex, others: "\n".join(
            [GROUND, f"@ TXT {txt(apex)}", *(f"{name} TXT {txt(text)}" for name, text in zip(POLICIES, others, strict=True))]
        ),
        record, st.tuples(*[record] * len(POLICIES)),
    )
