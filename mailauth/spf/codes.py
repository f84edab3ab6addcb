"""What can be said about an SPF record: the table of finding codes of this package."""

from __future__ import annotations

from ..finding import Kind, Severity

_E, _W, _I = Severity.ERROR, Severity.WARNING, Severity.INFO

CODES: dict[str, Kind] = {
    # Which record.
    "spf.missing": Kind(_E, "The domain has no SPF record.", "RFC 7208 §4.5"),
    "spf.alias_beside_record": Kind(
        _E, "The name has a CNAME and a TXT record: receivers see different SPF records, or none.", "RFC 1034 §3.6.2"
    ),
    "spf.several": Kind(_E, "The name has more than one SPF record; receivers use none of them.", "RFC 7208 §3.2, §4.5"),
    "spf.unanswered": Kind(
        _I, "DNS did not answer a question that the record leads to; what depends on it is unknown.", "RFC 7208 §2.6.6"
    ),
    "spf.not_selected": Kind(
        _W, "A TXT record resembles SPF, but does not begin with v=spf1 and a space, so receivers skip it.",
        "RFC 7208 §4.5",
    ),
    "spf.type99": Kind(_I, "There is a record of the withdrawn DNS type SPF (99); nobody reads it.", "RFC 7208 §3.1"),
    "spf.type99_differs": Kind(
        _W, "The record of the withdrawn DNS type SPF (99) differs from the TXT record.", "RFC 7208 §3.1"
    ),
    "spf.spf2": Kind(_I, "There is a Sender ID record (spf2.0); nobody reads it any more.", "RFC 4406; RFC 6686"),
    "spf.wrong_place": Kind(
        _W, "An SPF record was found at a name below the domain, where receivers do not look.", "RFC 7208 §3"
    ),
    "spf.doubled_domain": Kind(
        _W, "An SPF record was found at the domain's name written twice: the DNS panel appended the zone.",
        "RFC 1035 §5.1",
    ),
    "spf.answer_size": Kind(
        _I, "Name and TXT records together exceed 450 octets; without EDNS the answer does not fit a UDP packet.",
        "RFC 7208 §3.4",
    ),
    "spf.answer_needs_tcp": Kind(
        _W, "The TXT answer is larger than the 1232 octets that travel safely in one UDP packet.",
        "RFC 7208 §3.4; DNS Flag Day 2020",
    ),
    # Syntax: each makes receivers answer permerror (RFC 7208 §4.6).
    "spf.syntax_version": Kind(_E, "The text does not begin with v=spf1.", "RFC 7208 §4.5"),
    "spf.syntax_character": Kind(
        _E, "A character that no term may contain (control character, no-break space, anything but visible ASCII).",
        "RFC 7208 §3.1, §7.1",
    ),
    "spf.syntax_unknown_mechanism": Kind(_E, "There is no mechanism of that name.", "RFC 7208 §4.6.1, §4.6.2"),
    "spf.syntax_qualifier": Kind(
        _E, "A qualifier (+ - ~ ?) is on its own or before a modifier.", "RFC 7208 §4.6.1"
    ),
    "spf.syntax_argument": Kind(_E, "The mechanism takes no argument of that kind.", "RFC 7208 §5.1, §5.5"),
    "spf.syntax_domain_missing": Kind(_E, "The domain after the colon or equals sign is missing.", "RFC 7208 §5.2, §7.1"),
    "spf.syntax_domain": Kind(
        _E, "The domain must have at least two labels and end in a top-level name that is not a number.",
        "RFC 7208 §7.1",
    ),
    "spf.syntax_address_as_name": Kind(
        _E, "There is an IP address where a domain name belongs; ip4: or ip6: was probably meant.", "RFC 7208 §5.6, §7.1"
    ),
    "spf.syntax_network_missing": Kind(_E, "The address after ip4: or ip6: is missing.", "RFC 7208 §5.6"),
    "spf.syntax_network": Kind(_E, "What follows ip4: or ip6: is not an address of that family.", "RFC 7208 §5.6"),
    "spf.syntax_prefix_length": Kind(
        _E, "The prefix length is not a number from 0 to 32 (IPv4) or 128 (IPv6), or in the wrong place.",
        "RFC 7208 §5.6",
    ),
    "spf.syntax_macro": Kind(_E, "A percent sign does not begin a valid macro.", "RFC 7208 §7.1, §7.3"),
    "spf.syntax_modifier_name": Kind(_E, "The name of a modifier must begin with a letter.", "RFC 7208 §4.6.1"),
    "spf.syntax_modifier_sign": Kind(
        _E, "redirect and exp are modifiers: an equals sign follows the name, not a colon.", "RFC 7208 §4.6.1"
    ),
    "spf.syntax_repeated_modifier": Kind(_E, "redirect or exp appears more than once.", "RFC 7208 §6"),
    "spf.syntax_separator": Kind(_E, "Terms are separated by spaces, not by commas or semicolons.", "RFC 7208 §4.6.1"),
    "spf.glued_terms": Kind(_E, "The space between two terms is missing.", "RFC 7208 §4.6.1"),
    "spf.joined_strings": Kind(
        _E, "The record consists of several strings, and the space between two terms was lost where they are joined.",
        "RFC 7208 §3.3",
    ),
    "spf.quotes": Kind(_E, "Quotation marks were published as part of the record.", "RFC 1035 §5.1; RFC 7208 §4.5"),
    "spf.curly_quotes": Kind(_E, "Typographic quotation marks were published as part of the record.", "RFC 7208 §3.1"),
    # Limits: each makes receivers answer permerror.
    "spf.too_many_lookups": Kind(
        _E, "The record and what it includes need more than 10 terms that ask DNS.", "RFC 7208 §4.6.4"
    ),
    "spf.void_lookups": Kind(
        _E, "More than 2 terms name hosts or domains that have no records.", "RFC 7208 §4.6.4"
    ),
    "spf.void_lookup": Kind(_I, "A term names a host or domain that has no records.", "RFC 7208 §4.6.4"),
    "spf.ipv6_only_breaks": Kind(
        _W, "For senders on IPv6 alone, more than 2 terms name hosts without an address of that family.",
        "RFC 7208 §4.6.4, §5",
    ),
    "spf.ipv4_only_breaks": Kind(
        _E, "For senders on IPv4 alone, more than 2 terms name hosts without an address of that family.",
        "RFC 7208 §4.6.4, §5",
    ),
    "spf.ipv6_hosts_break": Kind(
        _I, "For senders on IPv6, the hosts without an address of that family are more than 2: some receivers count each.",
        "RFC 7208 §4.6.4; pyspf, Mail::SPF",
    ),
    "spf.too_many_mx": Kind(_E, "A domain named by mx has more than 10 mail exchangers.", "RFC 7208 §4.6.4"),
    "spf.loop": Kind(_E, "The record leads back to itself through include or redirect.", "RFC 7208 §4.6.4"),
    # What the record leads to.
    "spf.include_none": Kind(_E, "A domain named by include or redirect has no SPF record.", "RFC 7208 §5.2, §6.1"),
    "spf.include_several": Kind(
        _E, "A domain named by include or redirect has more than one SPF record.", "RFC 7208 §4.5, §5.2"
    ),
    "spf.include_unregistered": Kind(
        _E, "The registrable domain of a term does not exist: anyone may register it and send as this domain.",
        "RFC 7208 §11.1; RFC 8020 §2",
    ),
    "spf.include_neutral": Kind(
        _I, "An include has the qualifier ?, so it never gives a pass.", "RFC 7208 §4.6.2, §5.2"
    ),
    # The policy.
    "spf.plus_all": Kind(_E, "The record lets the whole world send as this domain (+all).", "RFC 7208 §5.1, §11.1"),
    "spf.everyone": Kind(
        _E, "A network in the record spans all addresses of a family: the whole world may send.", "RFC 7208 §5.6"
    ),
    "spf.neutral_all": Kind(
        _W, "The record ends in ?all: it says nothing about servers that it does not list.", "RFC 7208 §2.6.2, §5.1"
    ),
    "spf.no_all": Kind(_W, "The record ends with neither all nor redirect, which means ?all.", "RFC 7208 §4.7"),
    "spf.after_all": Kind(_W, "Terms after all are never read.", "RFC 7208 §5.1"),
    "spf.redirect_not_last": Kind(
        _W, "Mechanisms stand behind redirect: some receivers do not read them.",
        "RFC 7208 §6, §6.1; libspf2"),
    "spf.redirect_ignored": Kind(_W, "redirect has no effect beside all.", "RFC 7208 §5.1, §6.1"),
    "spf.duplicate_term": Kind(_I, "The same term appears twice.", "RFC 7208 §4.6.2"),
    "spf.contradiction": Kind(
        _W, "The same mechanism appears with two qualifiers; only the first one counts.", "RFC 7208 §4.6.2"
    ),
    "spf.overlap": Kind(_I, "A network lies within one that is listed before it.", "RFC 7208 §4.6.2"),
    "spf.ptr": Kind(_W, "ptr should not be published: it is slow, and large receivers skip it.", "RFC 7208 §5.5"),
    "spf.ptr_macro": Kind(_W, "The macro %{p} should not be published.", "RFC 7208 §7.2"),
    "spf.private_network": Kind(
        _I, "A listed network is private or reserved: no mail reaches a receiver from there.", "RFC 6890 §2.2"
    ),
    "spf.broad_network": Kind(
        _W, "A listed network holds millions of addresses, most of them surely not yours.", "RFC 7208 §11.4"
    ),
    "spf.mechanism_as_modifier": Kind(
        _W, "There is an equals sign after the name of a mechanism; receivers ignore such a term.", "RFC 7208 §4.6.1, §6"
    ),
    "spf.unknown_modifier": Kind(_I, "A modifier that is not in any standard; receivers ignore it.", "RFC 7208 §6"),
    "spf.version_repeated": Kind(_I, "v=spf1 appears in the record twice: two records were pasted together.", "RFC 7208 §6"),
    "spf.exp_unusable": Kind(_I, "exp does not lead to a single ASCII text; receivers continue without it.", "RFC 7208 §6.2"),
}
