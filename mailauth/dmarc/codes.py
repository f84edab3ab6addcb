"""The finding codes of DMARC."""

from __future__ import annotations

from ..finding import Kind, Severity

_ERROR, _WARNING, _INFO = Severity.ERROR, Severity.WARNING, Severity.INFO

CODES: dict[str, Kind] = {
    # Whether there is a record, and where.
    "dmarc.missing": Kind(_WARNING, "No DMARC record applies to the domain.", "RFC 9989 §4.10.1"),
    "dmarc.inherited": Kind(
        _INFO, "The domain has no DMARC record of its own: that of a parent domain applies.", "RFC 9989 §4.10.1"
    ),
    "dmarc.unanswered": Kind(
        _INFO, "DNS did not answer a question that decides which DMARC policy applies.", "RFC 9989 §4.10.1"
    ),
    "dmarc.several": Kind(
        _ERROR, "More than one DMARC record at one name: receivers discard all of them.", "RFC 9989 §4.10"
    ),
    "dmarc.alias_beside_record": Kind(
        _ERROR, "The name has a CNAME and a TXT record: receivers see different DMARC records, or none.",
        "RFC 1034 §3.6.2",
    ),
    "dmarc.dangling_alias": Kind(
        _ERROR, "The DMARC name is an alias (CNAME) of a name without a TXT record.", "RFC 9989 §4.5, RFC 1034 §3.6.2"
    ),
    "dmarc.wrong_place_apex": Kind(
        _ERROR, "There is a DMARC record at the domain itself instead of at _dmarc below it.", "RFC 9989 §4.5"
    ),
    "dmarc.wrong_place_prefix": Kind(
        _ERROR, "There is a DMARC record at dmarc (without the underscore) instead of at _dmarc.", "RFC 9989 §4.5"
    ),
    "dmarc.doubled_domain": Kind(
        _ERROR, "There is a DMARC record at a name to which the zone's name was appended twice.", "RFC 9989 §4.5"
    ),
    # Whether the text is a record.
    "dmarc.bad_version": Kind(
        _ERROR, "The text is meant to be a DMARC record but does not start with v=DMARC1: it is ignored.",
        "RFC 9989 §4.7",
    ),
    "dmarc.lost_semicolon": Kind(_ERROR, "The semicolon between two tags is missing.", "RFC 9989 §4.8"),
    "dmarc.curly_quotes": Kind(_ERROR, "Typographic quotes were pasted into the record.", "RFC 9989 §4.8"),
    "dmarc.pasted_quotes": Kind(_ERROR, "Quotation marks were pasted into the record's value.", "RFC 9989 §4.8"),
    "dmarc.pasted_backslash": Kind(
        _ERROR, "Backslashes of a zone file's notation were pasted into the record's value.", "RFC 9989 §4.8"
    ),
    "dmarc.stray_text": Kind(_WARNING, "Text between semicolons that is not tag=value.", "RFC 9989 §4.8"),
    "dmarc.empty_tag": Kind(_INFO, "Two semicolons follow each other.", "RFC 9989 §4.8"),
    "dmarc.duplicate_tag": Kind(
        _ERROR, "A tag occurs twice: receivers disagree about which one counts.", "RFC 6376 §3.2, RFC 9989 §4.7"
    ),
    "dmarc.unknown_tag": Kind(_INFO, "A tag that DMARC does not define: it is ignored.", "RFC 9989 §4.7"),
    "dmarc.tag_case": Kind(
        _WARNING, "A tag's name has capitals: some receivers do not recognize it.", "RFC 6376 §3.2"
    ),
    # What the tags say.
    "dmarc.bad_policy": Kind(_ERROR, "p, sp or np is neither none nor quarantine nor reject.", "RFC 9989 §4.10.1"),
    "dmarc.missing_policy": Kind(_ERROR, "The record has no p tag.", "RFC 9989 §4.7, §4.10.1"),
    "dmarc.read_as_none": Kind(
        _ERROR, "Because of a missing or bad p, or a bad sp or np, receivers read the record as p=none.",
        "RFC 9989 §4.10.1",
    ),
    "dmarc.no_processing": Kind(
        _ERROR, "Because of a missing or bad p, or a bad sp or np, and without a valid rua, no DMARC is applied.",
        "RFC 9989 §4.10.1",
    ),
    "dmarc.policy_not_second": Kind(
        _INFO, "p does not follow v: strict RFC 7489 receivers require that order.", "RFC 7489 §6.3"
    ),
    "dmarc.bad_tag": Kind(_WARNING, "A tag has an invalid value: its default counts.", "RFC 9989 §4.8"),
    "dmarc.removed_tag": Kind(
        _WARNING, "The tag (pct, rf or ri) was removed from DMARC; older receivers still honor it.",
        "RFC 9989 Appendix C.5.2",
    ),
    "dmarc.pct_partial": Kind(
        _WARNING, "pct is under 100: RFC 9989 receivers enforce the policy in full, older ones in part.",
        "RFC 9989 Appendix A.6, RFC 7489 §6.6.4",
    ),
    "dmarc.testing": Kind(
        _WARNING, "t=y: receivers apply one step less than the policy; older ones apply it in full.",
        "RFC 9989 §4.7",
    ),
    "dmarc.policy_none": Kind(
        _INFO, "p=none: receivers report and do nothing about mail that forges the domain.", "RFC 9989 §4.7"
    ),
    "dmarc.weaker_subdomain": Kind(
        _WARNING, "Subdomains have a weaker policy (sp) than the domain.", "RFC 9989 §4.7"
    ),
    "dmarc.weaker_nonexistent": Kind(
        _WARNING, "Subdomains that do not exist have a weaker policy (np) than existing ones.", "RFC 9989 §4.7"
    ),
    "dmarc.sp_without_effect": Kind(
        _INFO, "sp or np in the record of a subdomain has no effect: the organizational domain's counts.",
        "RFC 9989 §4.7",
    ),
    "dmarc.psd_yes": Kind(
        _WARNING, "psd=y declares the domain to be a public suffix, which hardly any domain is.", "RFC 9989 §4.7"
    ),
    "dmarc.fo_without_ruf": Kind(_INFO, "fo has no effect without ruf.", "RFC 9989 §4.7"),
    # Where reports go.
    "dmarc.no_rua": Kind(_INFO, "No rua: the domain's owner gets no reports about who sends in its name.", "RFC 9989 §4.7"),
    "dmarc.bad_uri": Kind(_WARNING, "A report address is not a valid mailto: URI.", "RFC 9989 §4.6, §4.8"),
    "dmarc.uri_scheme": Kind(
        _WARNING, "A report address that is not mailto: receivers need not support it.", "RFC 9989 §4.7"
    ),
    "dmarc.uri_separator": Kind(
        _ERROR, "Report addresses must be separated by commas.", "RFC 9989 §4.6"
    ),
    "dmarc.uri_list_long": Kind(
        _INFO, "More than two report addresses: receivers need not use more.", "RFC 7489 §6.2"
    ),
    "dmarc.uri_repeated": Kind(_INFO, "A report address is listed twice.", "RFC 9989 §4.6"),
    "dmarc.uri_size_limit": Kind(
        _INFO, "The size limit (!10m) of a report address was removed from DMARC.", "RFC 9989 §4.8"
    ),
    "dmarc.external_not_authorised": Kind(
        _WARNING, "Reports go to another organization's domain, which does not authorize it: none are sent.",
        "RFC 9990 §3",
    ),
    "dmarc.external_unknown": Kind(
        _INFO, "DNS did not say whether the other organization's domain accepts the reports.", "RFC 9990 §3"
    ),
    "dmarc.external_override_elsewhere": Kind(
        _WARNING, "The authorization redirects the reports to a third host: none are sent.", "RFC 9990 §3"
    ),
    "dmarc.external_name_too_long": Kind(
        _WARNING, "The name of the authorization record would be too long for DNS: no reports are sent.",
        "RFC 9990 §3",
    ),
    "dmarc.destinations_not_checked": Kind(
        _INFO, "More report destinations than are checked.", "RFC 7489 §6.2"
    ),
    "dmarc.destination_cannot_receive": Kind(
        _WARNING, "The domain of a report address cannot receive mail.", "RFC 5321 §5.1, RFC 7505 §3"
    ),
    "dmarc.destination_without_mx": Kind(
        _INFO, "The domain of a report address has no MX, only an address: few hosts still receive that way.",
        "RFC 5321 §5.1",
    ),
    "dmarc.destination_unknown": Kind(
        _INFO, "DNS did not say whether the domain of a report address receives mail.", "RFC 5321 §5.1"
    ),
    # Alignment, and the two generations of receivers.
    "dmarc.strict_alignment": Kind(
        _WARNING, "Strict alignment is required, and a domain that the mail is authenticated as is not the same.",
        "RFC 9989 §4.7",
    ),
    "dmarc.not_aligned": Kind(
        _INFO, "A domain that the mail is authenticated as has another organizational domain.", "RFC 9989 §4.10.2"
    ),
    "dmarc.alignment_trap": Kind(
        _WARNING, "Aligned for RFC 7489 receivers but not for RFC 9989 ones: the DMARC record is too far down the tree.",
        "RFC 9989 §4.10.2, RFC 7489 §3.2",
    ),
    "dmarc.alignment_unknown": Kind(
        _INFO, "DNS did not say whether a domain that the mail is authenticated as is aligned.", "RFC 9989 §4.10.2"
    ),
    "dmarc.views_differ": Kind(
        _WARNING, "Receivers of RFC 9989 and of RFC 7489 do different things with the domain's mail.",
        "RFC 9989 Appendix C.3, RFC 7489 §6.6.3",
    ),
    "dmarc.no_psl": Kind(
        _INFO, "The package publicsuffixlist is not installed: the view of RFC 7489 receivers is left out.",
        "RFC 7489 §3.2",
    ),
}

# What says that DNS did not tell, with the findings that may hide behind it.
LEFT_OPEN: dict[str, tuple[str, ...]] = {
    "dmarc.external_unknown": ("dmarc.external_not_authorised", "dmarc.external_override_elsewhere"),
    "dmarc.destination_unknown": ("dmarc.destination_cannot_receive", "dmarc.destination_without_mx"),
    "dmarc.alignment_unknown": ("dmarc.not_aligned", "dmarc.alignment_trap"),
}
