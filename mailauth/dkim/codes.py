"""The finding codes of DKIM."""

from __future__ import annotations

from ..finding import Kind, Severity

_ERROR, _WARNING, _INFO = Severity.ERROR, Severity.WARNING, Severity.INFO

CODES: dict[str, Kind] = {
    # Whether there is a key, and where.
    "dkim.missing": Kind(_ERROR, "No key is published for the selector.", "RFC 6376 §6.1.2"),
    "dkim.unanswered": Kind(_INFO, "DNS did not answer whether a key is published.", "RFC 6376 §6.1.2"),
    "dkim.several": Kind(_ERROR, "More than one key record for one selector: the outcome is undefined.",
                         "RFC 6376 §3.6.2.2"),
    "dkim.other_text": Kind(_WARNING, "There is another TXT record beside the key: some receivers read that one.",
                            "RFC 6376 §3.6.2.2"),
    "dkim.not_a_key": Kind(_WARNING, "There is a TXT record at the selector's name, but it is not a key.",
                           "RFC 6376 §6.1.2"),
    "dkim.wildcard": Kind(_INFO, "A wildcard answers every selector with the same key.", "RFC 6376 §6.1.2"),
    "dkim.wildcard_no_key": Kind(_INFO, "A wildcard record answers for the selector; it is not a key.",
                                 "RFC 6376 §6.1.2"),
    "dkim.dangling_alias": Kind(_ERROR, "The selector's CNAME points to a name that has no key.",
                                "RFC 6376 §3.6.2.1, RFC 8020 §2"),
    "dkim.spare_dangling": Kind(
        _INFO, "The CNAME of a selector that is not currently in use points to a name that has no key.",
        "RFC 6376 §3.6.2.1"),
    "dkim.wrong_target": Kind(_WARNING, "The selector's CNAME does not point to the name that the service requires.",
                              "RFC 6376 §3.6.2.1"),
    "dkim.target_doubled": Kind(
        _ERROR, "The zone's name was appended to the CNAME's target: the final dot is missing.", "RFC 1035 §5.1"),
    "dkim.differs_from_target": Kind(
        _WARNING, "A copy of the key is published, and the service's own key is different.", "RFC 6376 §3.6.2.2"),
    "dkim.alias_beside_record": Kind(_ERROR, "The selector's name has a CNAME and other records too.",
                                     "RFC 1034 §3.6.2"),
    "dkim.wrong_place": Kind(_ERROR, "There is a key at a name other than the selector's.", "RFC 6376 §3.6.2.1"),
    "dkim.doubled_domain": Kind(
        _ERROR, "There is a key at a name to which the zone's name was appended twice.", "RFC 6376 §3.6.2.1"),
    "dkim.bad_selector": Kind(_ERROR, "The selector cannot be part of a DNS name.", "RFC 6376 §3.1"),
    # Whether the text is a key record.
    "dkim.bad_version": Kind(_ERROR, "v= is not DKIM1: receivers discard the record.", "RFC 6376 §3.6.1"),
    "dkim.version_not_first": Kind(_ERROR, "v= is not the first tag.", "RFC 6376 §3.6.1"),
    "dkim.lost_semicolon": Kind(_ERROR, "The semicolon between two tags is missing.", "RFC 6376 §3.2"),
    "dkim.stray_text": Kind(_ERROR, "Text between semicolons that is not tag=value.", "RFC 6376 §3.2"),
    "dkim.empty_tag": Kind(_INFO, "Two semicolons follow each other.", "RFC 6376 §3.2"),
    "dkim.duplicate_tag": Kind(_ERROR, "A tag occurs twice: the whole record is invalid.", "RFC 6376 §3.2"),
    "dkim.tag_case": Kind(
        _WARNING, "A tag's name has a capital letter, which makes it an unknown tag.", "RFC 6376 §3.2"),
    "dkim.curly_quotes": Kind(_ERROR, "Typographic quotes were pasted into the record.", "RFC 6376 §3.2"),
    "dkim.pasted_quotes": Kind(_ERROR, "Quotation marks were pasted into the record's value.", "RFC 6376 §3.2"),
    "dkim.pasted_backslash": Kind(
        _ERROR, "Backslashes of a zone file's notation were pasted into the record's value.", "RFC 6376 §3.2"),
    # The public key.
    "dkim.no_public_key": Kind(_ERROR, "The record has no p= tag.", "RFC 6376 §3.6.1"),
    "dkim.revoked": Kind(_ERROR, "p= is empty: the key has been revoked.", "RFC 6376 §3.6.1"),
    "dkim.pem_pasted": Kind(_ERROR, "The BEGIN and END lines of a PEM file were pasted with the key.", "RFC 6376 §3.6.1"),
    "dkim.private_key": Kind(
        _ERROR, "A private key is published: whoever reads it can sign as the domain. Replace the key.",
        "RFC 6376 §8.3"),
    "dkim.bad_base64": Kind(_ERROR, "The key contains a character that is not base64.", "RFC 6376 §3.6.1"),
    "dkim.truncated_key": Kind(_ERROR, "The key ends too early: part of it was lost.", "RFC 6376 §3.6.1"),
    "dkim.bad_key": Kind(_ERROR, "The key cannot be read.", "RFC 6376 §3.6.1"),
    "dkim.key_type_mismatch": Kind(_ERROR, "The key is of another type than k= says.",
                                   "RFC 6376 §6.1.2, RFC 8463 §4.2"),
    "dkim.unknown_key_type": Kind(_ERROR, "k= names a key type that DKIM does not define.", "RFC 6376 §3.6.1"),
    "dkim.weak_key": Kind(_ERROR, "The RSA key has less than 1024 bits: receivers reject its signatures.",
                          "RFC 8301 §3.2"),
    "dkim.short_key": Kind(_WARNING, "The RSA key has less than 2048 bits.", "RFC 8301 §3.2"),
    "dkim.long_key": Kind(_WARNING, "The RSA key has more than 4096 bits: receivers need not verify it.",
                          "RFC 8301 §3.2"),
    "dkim.pkcs1_key": Kind(
        _WARNING, "The RSA key is an RSAPublicKey, as the standard says; many verifiers read a SubjectPublicKeyInfo only.",
        "RFC 6376 §3.6.1, Appendix C; OpenDKIM, Mail::DKIM, Haraka"),
    "dkim.ed25519_only": Kind(
        _WARNING, "Only Ed25519 keys are published: some large receivers verify RSA only.", "RFC 8463 §6"),
    # What the other tags say.
    "dkim.testing": Kind(_WARNING, "t=y: the domain says that it is only testing DKIM.", "RFC 6376 §3.6.1"),
    "dkim.exact_domain": Kind(_INFO, "t=s: the key does not apply to addresses at subdomains.", "RFC 6376 §3.6.1"),
    "dkim.sha1_only": Kind(_ERROR, "h= does not allow sha256, and SHA-1 is banned.", "RFC 8301 §3.1"),
    "dkim.not_for_email": Kind(_ERROR, "s= excludes email: receivers ignore the key.", "RFC 6376 §3.6.1"),
    "dkim.obsolete_tag": Kind(_INFO, "The tag g= was removed from DKIM.", "RFC 6376 Appendix C"),
    "dkim.granularity": Kind(
        _WARNING, "g= is not *: verifiers that follow the former standard take the key for signatures of that address alone.",
        "RFC 6376 Appendix C, RFC 4871 §3.6.1; Mail::DKIM, Haraka"),
    # A service and its selectors.
    "dkim.selector_unknown": Kind(
        _INFO, "No selector of the service is known, and DNS cannot list them.", "RFC 6376 §3.1, RFC 8020 §2"),
    "dkim.selector_missing": Kind(
        _WARNING, "One of the service's selectors is missing: it is needed when the service changes keys.",
        "RFC 6376 §3.1"),
    "dkim.selectors_incomplete": Kind(
        _WARNING, "Some of the service's selectors serve a key and some do not; it needs all.", "RFC 6376 §3.1"),
}
