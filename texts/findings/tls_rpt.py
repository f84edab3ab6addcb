"""Findings about reports on encryption (TLS-RPT), in words."""

from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

FINDINGS = {
    'tls_rpt.alias_beside_record': (
        _lt("A pointer and the request for reports share one name"),
        _lt("%(name)s has a CNAME record (a pointer, to %(target)s) and a TXT record too. DNS does not allow "
            "that: some see your request to report failed encryption (TLS-RPT), others none. Your own mail is "
            "not affected."),
        _lt("If a service asked for the CNAME record, delete the TXT record at this name; otherwise delete the "
            "CNAME record."),
    ),
    'tls_rpt.several': (
        _lt("Several requests for encryption reports"),
        _lt("Other servers report failed encryption of mail to you if one record (TLS-RPT) asks for it. At "
            "%(name)s there are %(count)s, so they send nothing. Your own mail is not affected."),
        _lt("Keep one of the lines that start with v=TLSRPTv1 at this name, and delete the others."),
    ),
    'tls_rpt.syntax': (
        _lt("Part of the request for encryption reports is unclear"),
        _lt("“%(text)s” in the record at %(name)s (TLS-RPT, which asks other servers to report failed encryption of "
            "mail to you) is not written as name=value with plain letters and no spaces. They send nothing."),
        _lt("Remove it from the line that starts with v=TLSRPTv1, or copy the line again."),
    ),
    'tls_rpt.no_rua': (
        _lt("The request for encryption reports names no address"),
        _lt("The record at %(name)s (TLS-RPT) asks other servers to report failed encryption of mail to you, but does "
            "not say where to. They send nothing."),
        _lt("Add rua=mailto: and the address of somebody who will read them, after a semicolon; or delete the record."),
    ),
    'tls_rpt.bad_uri': (
        _lt("An address for encryption reports cannot be used"),
        _lt("“%(uri)s” in the record at %(name)s (TLS-RPT, which asks other servers to report failed encryption of "
            "mail to you) is not a complete address, so no reports arrive there."),
        _lt("Write mailto: and the whole email address, or an address that begins with https:."),
    ),
    'tls_rpt.version': (
        _lt("The request for encryption reports is not read"),
        _lt("The record at %(name)s (TLS-RPT, which asks other servers to report failed encryption of mail to you) "
            "does not begin correctly, so they ignore it."),
        _lt("Make the record begin with v=TLSRPTv1 and a semicolon, with capitals as shown here and without spaces."),
    ),
}
