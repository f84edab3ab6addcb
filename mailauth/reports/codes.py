"""What the reader says about what it did not take from a report, or why it took none; no findings about a domain."""

from __future__ import annotations

CODES: dict[str, str] = {
    # why nothing was read
    "reports.empty": "There is nothing in it.",
    "reports.no_report": "There is no report in it.",
    "reports.not_a_report": "It is XML or JSON, and no report of DMARC or TLS.",
    "reports.too_large": "It is larger than what is read.",
    "reports.encrypted": "The archive is encrypted.",
    "reports.archive_damaged": "The archive cannot be opened.",
    "reports.too_many_entries": "The archive or the email has more parts than are looked at; the others are left out.",
    "reports.nested_too_deeply": "Archives or emails lie in each other more often than is looked into.",
    "reports.has_dtd": "The XML brings a document type of its own, which no report has.",
    "reports.json_unreadable": "The JSON cannot be read.",
    "reports.xml_unreadable": "The XML ends before anything could be read.",
    "reports.no_lxml": "Reports in XML are read by lxml, which is not installed.",
    # why a report is partial
    "reports.cut_off": "The compressed report ends before its end.",
    "reports.compression_damaged": "The compressed report is damaged; what could be unpacked was read.",
    "reports.unpacked_too_large": "Unpacked it is larger than what is read; the rest is left out.",
    "reports.xml_repaired": "The XML is malformed and was repaired: some of it may be missing or wrong.",
    "reports.encoding_repaired": "Some octets do not belong to the encoding of the XML and were replaced.",
    "reports.element_too_large": "One element is larger than what is read; it and what follows are left out.",
    "reports.too_many_records": "There are more records than are read; the others are left out.",
    "reports.other_content": "After the report stands something else, which is left out.",
    # what was not taken from a report that was read
    "reports.no_domain": "The report does not say which domain's policy it is about.",
    "reports.no_records": "The report has no records.",
    "reports.date_unreadable": "A date of the reporting period is missing or cannot be read.",
    "reports.record_without_row": "A record without a row says nothing of any mail; it is left out.",
    "reports.count_missing": "A record does not say of how many mails it is; it is left out.",
    "reports.count_unreadable": "The number of mails of a record cannot be read; it is left out.",
    "reports.address_unreadable": "The address that a record's mails came from is missing or cannot be read.",
    "reports.not_evaluated": "A record does not say how DMARC ended for its mails.",
    "reports.tls_policy_unreadable": "A policy in a TLS report cannot be read; it is left out.",
    "reports.tls_too_many": "A TLS report has more policies or failures than are read; the others are left out.",
}
