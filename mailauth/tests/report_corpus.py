"""Reports as reporters really write them, rebuilt from what is documented, each with its right numbers written down by hand.

Every file is made here; none is a copy of somebody's report. ``source`` says who writes so, and where that is documented.
"""

from __future__ import annotations

import base64
import dataclasses
import gzip
import io
import json
import zipfile

BEGIN, END = "1790812800", "1790899199"  # 2026-10-01, one day


@dataclasses.dataclass
class Case:
    """A file, and what has to be read from it: one tuple for each report, or the code of why there is none."""

    name: str
    octets: bytes
    expected: list
    source: str


CASES: list[Case] = []


def case(name: str, octets: bytes | str, *expected, source: str) -> None:
    """Add a file; each of ``expected`` is a code of a refusal, or what :func:`aggregate`, :func:`tls`, :func:`failure` make."""
    CASES.append(Case(name, octets.encode() if isinstance(octets, str) else octets, list(expected), source))


def aggregate(messages: int, passed: int, *codes: str, records: int = 1, domain: str = "firm.example", partial: bool = False,
              **fields) -> tuple:
    """What a DMARC report has to say; ``fields`` are compared too (``first__spf``: of the first record)."""
    return "aggregate", messages, passed, records, domain, partial, sorted(codes), fields


def tls(successes: int, failures: int, *codes: str, policies: int = 1, **fields) -> tuple:
    """What a TLS report has to say."""
    return "tls", successes, failures, policies, sorted(codes), fields


def failure(domain: str, **fields) -> tuple:
    """What a failure report has to say."""
    return "failure", domain, fields


METADATA = (
    "<report_metadata><org_name>receiver.example</org_name><email>dmarc@receiver.example</email>"
    f"<report_id>r1</report_id><date_range><begin>{BEGIN}</begin><end>{END}</end></date_range></report_metadata>")
POLICY = (
    "<policy_published><domain>firm.example</domain><adkim>r</adkim><aspf>r</aspf><p>reject</p><sp>reject</sp>"
    "<pct>100</pct></policy_published>")
EVALUATED = "<policy_evaluated><disposition>none</disposition><dkim>pass</dkim><spf>fail</spf></policy_evaluated>"
IDENTIFIERS = "<identifiers><header_from>firm.example</header_from></identifiers>"
AUTH = (
    "<auth_results><dkim><domain>firm.example</domain><selector>s1</selector><result>pass</result></dkim>"
    "<spf><domain>firm.example</domain><result>fail</result></spf></auth_results>")
DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'


def row(count: str = "7", ip: str = "192.0.2.10", evaluated: str = EVALUATED) -> str:
    """A row of so many messages."""
    return f"<row><source_ip>{ip}</source_ip><count>{count}</count>{evaluated}</row>"


def record(count: str = "7", *, ip: str = "192.0.2.10", evaluated: str = EVALUATED, identifiers: str = IDENTIFIERS,
           auth: str = AUTH, after: str = "") -> str:
    """A record of so many messages; of DKIM aligned and passed, of SPF failed, unless something else is given."""
    return f"<record>{row(count, ip, evaluated)}{identifiers}{auth}{after}</record>"


def evaluated(dkim: str, spf: str, disposition: str = "none", more: str = "") -> str:
    """What a receiver made of the messages of a row."""
    return (f"<policy_evaluated><disposition>{disposition}</disposition><dkim>{dkim}</dkim><spf>{spf}</spf>{more}"
            "</policy_evaluated>")


def feedback(*records: str, metadata: str = METADATA, policy: str = POLICY, declaration: str = DECLARATION, tag: str = "feedback",
             before: str = "") -> str:
    """A whole report."""
    return f"{declaration}<{tag}>{before}{metadata}{policy}{''.join(records or [record()])}</{tag.split()[0]}>\n"


def dated(begin: str, end: str) -> str:
    """The metadata with another period."""
    return METADATA.replace(BEGIN, begin).replace(END, end)


def zipped(*entries: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip file."""
    octets = io.BytesIO()
    with zipfile.ZipFile(octets, "w", method) as archive:
        for name, content in entries:
            archive.writestr(zipfile.ZipInfo(name, (2026, 10, 2, 0, 0, 0)), content, method)
    return octets.getvalue()


def packed(text: str | bytes) -> bytes:
    """A gzip file."""
    return gzip.compress(text.encode() if isinstance(text, str) else text, mtime=0)


def attached(octets: bytes, *, kind: str = "application/gzip", name: str = "receiver.example!firm.example!1!2.xml.gz",
             encoding: str = "base64", wrap: str = "multipart/mixed", before: str = "", line_end: str = "\r\n") -> bytes:
    """An email that brings a report."""
    body = base64.encodebytes(octets).decode() if encoding == "base64" else octets.decode("latin-1")
    mail = (
        "From: dmarc@receiver.example\nTo: reports@firm.example\nSubject: Report Domain: firm.example Submitter: receiver.example"
        f" Report-ID: <r1>\nMIME-Version: 1.0\nContent-Type: {wrap}; boundary=\"=_b1\"\n\nA preamble.\n--=_b1\n"
        f"Content-Type: text/plain; charset=utf-8\n\nThis is an aggregate report.\n{before}\n--=_b1\nContent-Type: {kind}; name=\"{name}\"\n"
        f"Content-Transfer-Encoding: {encoding}\nContent-Disposition: attachment; filename=\"{name}\"\n\n{body}\n--=_b1--\n")
    return mail.replace("\n", line_end).encode("latin-1")


WHOLE = aggregate(7, 7)
XML = feedback()
RFC = "RFC 7489 appendix C"
RFC9990 = "RFC 9990"

# --- the standards
case("rfc7489", XML, aggregate(
    7, 7, org_name="receiver.example", email="dmarc@receiver.example", report_id="r1", first__dkim="pass", first__spf="fail",
    first__header_from="firm.example", begin="2026-10-01T00:00:00+00:00", end="2026-10-01T23:59:59+00:00"), source=RFC)
case("rfc9990", feedback(
    record(evaluated=evaluated("pass", "fail", "pass"), after='<x:arc-results xmlns:x="urn:x">pass</x:arc-results>'),
    tag='feedback xmlns="urn:ietf:params:xml:ns:dmarc-2.0" xmlns:ext="urn:ext"', before="<version>1.0</version>",
    metadata=METADATA.replace("</report_metadata>", "<generator>Example DMARC 1.2</generator></report_metadata>"),
    policy="<policy_published><domain>firm.example</domain><discovery_method>treewalk</discovery_method><p>reject</p><sp>none</sp>"
           "<np>reject</np><fo>1:d</fo><adkim>r</adkim><aspf>r</aspf><testing>n</testing></policy_published>"
           "<extension><ext:arc-override>never</ext:arc-override></extension>"),
    aggregate(7, 7, version="1.0", generator="Example DMARC 1.2", extensions=("arc-override",), first__disposition="pass",
              policy__np="reject", policy__testing="n", policy__discovery_method="treewalk", policy__fo="1:d"), source=RFC9990)
case("rfc9990_error_with_language", feedback(metadata=METADATA.replace(
    "</report_metadata>", '<error lang="en">two records</error><error>no rua</error></report_metadata>')),
    aggregate(7, 7, errors=("two records", "no rua")), source=RFC9990)
case("rfc9990_test_mode", feedback(record("4", evaluated=evaluated(
    "fail", "fail", "none", "<reason><type>policy_test_mode</type></reason>"), auth="<auth_results/>")),
    aggregate(4, 0, first__reasons=(("policy_test_mode", ""),)), source=RFC9990)
case("no_auth_results", feedback(record(auth="")), WHOLE, source="mail-dmarc's notes for implementers")
case("several_records", feedback(record("3"), record("2", ip="2001:db8::1"), record("5", evaluated=evaluated("fail", "fail"))),
     aggregate(10, 5, records=3), source=RFC)
case("nothing_of_records", feedback(" "), aggregate(0, 0, "reports.no_records", records=0),
     source="Microsoft, June 2013, in mail-dmarc's notes for implementers")
case("draft_of_2012", f"<feedback>{METADATA}{POLICY}{record(identifiers='<identities><header_from>firm.example</header_from></identities>')}"
     "</feedback>", aggregate(7, 7, first__header_from="firm.example"), source="junc.org, in mail-dmarc's notes for implementers")

# --- XML: namespaces, declarations, marks, encodings
case("namespace_dmarc_0_1", feedback(tag='feedback xmlns="http://dmarc.org/dmarc-xml/0.1"'), WHOLE, source="dmarc.org's schema 0.1")
case("namespace_prefixed", feedback().replace("</", "</d:").replace("<", "<d:").replace("<d:/d:", "</d:").replace(
    "<d:?xml", "<?xml").replace("<d:feedback>", '<d:feedback xmlns:d="urn:ietf:params:xml:ns:dmarc-2.0">'), WHOLE, source=RFC9990)
case("namespace_xsi_declared", feedback(tag='feedback xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
     'xsi:noNamespaceSchemaLocation="dmarc.xsd"'), WHOLE, source="what XML serializers of Java and .NET add")
case("namespace_never_declared", feedback(tag='feedback xsi:schemaLocation="http://dmarc.org/dmarc-xml/0.1 rua.xsd"'), WHOLE,
     source="dmarc.org's wiki shows a report like this")
case("namespace_prefix_never_declared", feedback().replace("<feedback", "<ns2:feedback").replace("</feedback", "</ns2:feedback"),
     WHOLE, source="JAXB prefixes, with the declaration lost")
case("namespaces_empty", feedback(tag='feedback xmlns:xsd="http://www.w3.org/2001/XMLSchema"', metadata=METADATA.replace(
    "<org_name>", '<org_name xmlns="">')), WHOLE, source="protection.outlook.com declares xsd and xsi")
case("declaration_missing", feedback(declaration=""), WHOLE, source="parsedmarc's samples: several reporters")
case("declaration_on_the_same_line", feedback(declaration='<?xml version="1.0" encoding="utf-8"?>'), WHOLE,
     source="parsedmarc issue 69")
case("declaration_with_wrong_version", feedback(declaration='<?xml version="2.0" encoding="UTF-8" ?>'), WHOLE,
     source="parsedmarc drops declarations for they \"sometimes are invalid\"")
case("declaration_without_end", feedback(declaration='<?xml version="1.0" encoding="UTF-8">\n'), WHOLE,
     source="parsedmarc drops declarations for they \"sometimes are invalid\"")
case("declaration_below_an_empty_line", "\r\n" + XML, WHOLE, source="templates of scripts that print a line first")
case("mark_utf8", b"\xef\xbb\xbf" + XML.encode(), WHOLE, source=".NET writes a byte order mark")
case("mark_utf8_twice_in_gzip", packed(b"\xef\xbb\xbf" + XML.encode()), WHOLE, source=".NET writes a byte order mark")
case("utf16_with_mark", XML.replace("UTF-8", "UTF-16").encode("utf-16"), WHOLE, source=".NET's StringWriter says utf-16")
case("utf16_without_mark", XML.replace("UTF-8", "UTF-16").encode("utf-16-le"), WHOLE, source=".NET's StringWriter says utf-16")
case("utf16_said_utf8_meant", XML.replace("UTF-8", "utf-16"), WHOLE, source=".NET's StringWriter says utf-16")
case("latin1_declared", XML.replace("UTF-8", "ISO-8859-1").replace("receiver.example<", "Empfänger<", 1).encode("latin-1"),
     aggregate(7, 7, org_name="Empfänger"), source="XML 1.0 §4.3.3")
case("end_with_a_space", feedback(metadata=dated(BEGIN, END + " ")), aggregate(7, 7, end="2026-10-01T23:59:59+00:00"), source="Yahoo, 2014")
case("windows_1252_declared", XML.replace("UTF-8", "windows-1252").replace("receiver.example<", "Café “A”<", 1).encode("cp1252"),
     aggregate(7, 7, org_name="Café “A”"), source="AOL, 2014, in abusix/inbound-parsers")
case("windows_quotes_undeclared", XML.encode().replace(b"receiver.example</org", b"receiver\x91s</org"),
     aggregate(7, 7, "reports.encoding_repaired", partial=True), source="parsedmarc pull request 122")
case("encoding_unknown", XML.replace("UTF-8", "x-nothing"), WHOLE, source="XML 1.0 §4.3.3")
case("capital_elements", XML.replace("source_ip", "Source_IP").replace("<count", "<Count").replace("</count", "</Count"), WHOLE,
     source="element names in capitals")
case("comments_and_instructions", feedback(record("1<!-- x -->2"), before="<!-- made by hand --><?php echo 1 ?>"), aggregate(12, 12),
     source="XML 1.0 §2.5")
case("cdata", feedback(metadata=METADATA.replace("receiver.example</org_name>", "<![CDATA[A & B]]></org_name>")),
     aggregate(7, 7, org_name="A & B"), source="XML 1.0 §2.7")
case("white_space_in_values", feedback(record("\n   7\n   ", ip=" 192.0.2.10 ", evaluated=evaluated(" pass\n", " fail "))),
     aggregate(7, 7, first__source_ip="192.0.2.10"), source="pretty printers")
case("two_reports_in_one_file", XML + feedback(record("5", evaluated=evaluated("fail", "fail"))), WHOLE, aggregate(5, 0),
     source="archives of reports that were joined")
case("text_behind", XML + "\n-- \nSent by a list\n", WHOLE, source="footers of mailing lists")
case("element_behind", XML + "<html><body/></html>", aggregate(7, 7, "reports.other_content"), source="pages glued to a download")

# --- XML that has to be repaired: read, and never whole
case("ampersand", feedback(metadata=METADATA.replace("receiver.example</org_name>", "Bits & Bytes &#38; Co</org_name>")),
     aggregate(7, 7, "reports.xml_repaired", partial=True, org_name="Bits & Bytes & Co"), source="parsedmarc pull request 122")
case("angle_brackets_in_email", feedback(metadata=METADATA.replace("dmarc@receiver.example", "Postmaster <dmarc@receiver.example>")),
     aggregate(7, 7, "reports.xml_repaired", partial=True, email="Postmaster <dmarc@receiver.example>"), source="parsedmarc pull request 122, its sample of veeam.com")
case("email_of_nobody", feedback(metadata=METADATA.replace("dmarc@receiver.example", "<>")),
     aggregate(7, 7, "reports.xml_repaired", partial=True, email="<>", report_id="r1"), source="uwaterloo.ca, 2017, in abusix/inbound-parsers")
case("schema_never_closed", feedback(before='<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" '
     'targetNamespace="http://dmarc.org/dmarc-xml/0.1">'), aggregate(7, 7, "reports.xml_repaired", partial=True),
     source="ikea.com, parsedmarc issue 18")
case("cut_off_after_a_record", XML[:XML.index("</feedback>")], aggregate(7, 7, "reports.xml_repaired", partial=True),
     source="mail servers that cut what is too large")
case("cut_off_in_a_record", feedback(record("3"), record("4"))[:-120],
     aggregate(7, 7, "reports.xml_repaired", records=2, partial=True), source="mail servers that cut what is too large")
case("misspelled_end_tag", feedback(record().replace("</selector>", "</selecter>")),
     aggregate(7, 7, "reports.xml_repaired", partial=True), source="parsedmarc issue 69")
case("control_character", feedback(metadata=METADATA.replace("receiver.example</org", "rec\x0beiver</org")),
     aggregate(7, 7, "reports.xml_repaired", partial=True, org_name="receiver"), source="XML 1.0 §2.2")
case("html_entity", feedback(metadata=METADATA.replace("receiver.example</org", "Caf&eacute;</org")),
     aggregate(7, 7, "reports.xml_repaired", partial=True, org_name="Caf&eacute;"), source="texts escaped as if for HTML")
case("attribute_without_quotes", feedback(record().replace("<count>", "<count type=int>")),
     aggregate(0, 0, "reports.xml_repaired", "reports.count_missing", records=0, partial=True),
     source="XML 1.0 §3.1")

# --- results, reasons, identifiers
for word in ("Pass", "PASS", " pass "):
    case(f"result_{word.strip()}{len(word)}", feedback(record(evaluated=evaluated(word, "Fail"))), aggregate(7, 7, first__dkim="pass", first__spf="fail"),
         source="parsedmarc's sample of a reporter with capitals")
case("result_raw", feedback(record(evaluated=evaluated("Pass", "fail"))), aggregate(7, 7, first__dkim="pass", first__dkim_raw="Pass"),
     source="uriports.com: many report \"Pass\"")
case("result_unknown", feedback(record(auth=AUTH.replace("<result>fail", "<result>unknown"))), aggregate(7, 7, first_spf__result="unknown"),
     source="ivenue.com, in mail-dmarc's notes for implementers")
case("result_hardfail", feedback(record(auth=AUTH.replace("<result>fail", "<result>hardfail"))), aggregate(7, 7, first_spf__result="hardfail"),
     source="uriports.com: hardfail instead of fail")
case("result_empty", feedback(record(auth=AUTH.replace("<result>fail</result>", "<result></result>"))), aggregate(7, 7, first_spf__result=""),
     source="uriports.com: empty values")
case("result_missing", feedback(record(auth=AUTH.replace("<result>fail</result>", ""))), aggregate(7, 7, first_spf__result=""),
     source="uriports.com: missing elements")
case("evaluated_empty", feedback(record(evaluated=evaluated("", "", ""), auth="<auth_results/>")),
     aggregate(7, 0, "reports.not_evaluated", first__dkim=""), source="uriports.com: empty values")
case("evaluated_missing", feedback(record(evaluated="")), aggregate(7, 0, "reports.not_evaluated"), source="uriports.com: missing elements")
case("evaluated_disposition_only", feedback(record(evaluated="<policy_evaluated><disposition>none</disposition><reason><type>local_policy"
     "</type></reason></policy_evaluated>", auth="<auth_results><dkim><domain/><result>none</result></dkim></auth_results>")),
     aggregate(7, 0, "reports.not_evaluated", first__reasons=(("local_policy", ""),)), source="AOL, 2014, in abusix/inbound-parsers")
case("evaluated_one_passes_other_empty", feedback(record(evaluated=evaluated("", "pass"))), aggregate(7, 7, first__is_contradicted=True),
     source="uriports.com: empty values")
case("evaluated_softfail", feedback(record(evaluated=evaluated("none", "softfail"), auth="<auth_results/>")), aggregate(7, 0),
     source="results of SPF where those of DMARC belong")
case("auth_results_say_pass_evaluated_says_fail", feedback(record(evaluated=evaluated("fail", "fail", "reject"))),
     aggregate(7, 0, first__is_contradicted=True), source="policy_evaluated decides")
case("auth_results_say_fail_evaluated_says_pass", feedback(record(auth=AUTH.replace("<result>pass", "<result>fail"))),
     aggregate(7, 7, first__is_contradicted=True), source="policy_evaluated decides")
case("auth_results_pass_unaligned", feedback(record(evaluated=evaluated("fail", "fail"), auth=AUTH.replace("firm.example", "esp.example"))),
     aggregate(7, 0, first__is_contradicted=False), source="RFC 7489 §3.1")
case("auth_results_pass_in_a_sibling", feedback(record(
    evaluated=evaluated("pass", "fail"), identifiers=IDENTIFIERS.replace("firm", "news.firm"), auth=AUTH.replace("firm", "bounces.firm"))),
    aggregate(7, 7, first__is_contradicted=False), source="RFC 7489 §3.1.1: relaxed alignment, which dmark 0.5.0 misses")
case("auth_results_pass_in_a_sibling_strict", feedback(record(
    evaluated=evaluated("pass", "fail"), identifiers=IDENTIFIERS.replace("firm", "news.firm"), auth=AUTH.replace("firm", "bounces.firm")),
    policy=POLICY.replace("<adkim>r", "<adkim>s")), aggregate(7, 7, first__is_contradicted=True), source="RFC 7489 §3.1.1")
case("reason_once", feedback(record(evaluated=evaluated("fail", "fail", "none", "<reason><type>forwarded</type><comment>by a list</comment></reason>"),
     auth="<auth_results/>")), aggregate(7, 0, first__reasons=(("forwarded", "by a list"),)), source=RFC)
case("reason_twice", feedback(record(evaluated=evaluated(
    "fail", "fail", "none", "<reason><type>local_policy</type><comment>arc=pass</comment></reason><reason><type>mailing_list</type></reason>"),
    auth="<auth_results/>")), aggregate(7, 0, first__reasons=(("local_policy", "arc=pass"), ("mailing_list", ""))), source=RFC)
case("reason_as_text", feedback(record(evaluated=evaluated("fail", "fail", "none", "<reason>mailing_list</reason>"), auth="<auth_results/>")),
     aggregate(7, 0, first__reasons=(("mailing_list", ""),)), source="parsedmarc 11.1.0 drops such a record")
case("reason_as_other_text", feedback(record(evaluated=evaluated("fail", "fail", "none", "<reason>known sender</reason>"), auth="<auth_results/>")),
     aggregate(7, 0, first__reasons=(("other", "known sender"),)), source="parsedmarc 11.1.0 drops such a record")
case("reason_empty", feedback(record(evaluated=evaluated("pass", "fail", "none", "<reason/>"))), aggregate(7, 7, first__reasons=()),
     source="parsedmarc's sample empty_reason.xml")
case("reason_with_empty_elements", feedback(record(evaluated=evaluated("pass", "fail", "none", "<reason><type></type><comment></comment></reason>"))),
     aggregate(7, 7, first__reasons=()), source="parsedmarc's sample of fastmail.com")
case("reason_type_in_capitals", feedback(record(evaluated=evaluated("fail", "fail", "none", "<reason><type>Other</type></reason>"), auth="")),
     aggregate(7, 0, first__reasons=(("other", ""),)), source="uriports.com: values in capitals")
case("null_sender", feedback(record(identifiers="<identifiers><envelope_from/><header_from>firm.example</header_from></identifiers>")),
     aggregate(7, 7, first__envelope_from=""), source="RFC 9990; dmarc-report 3.1.0 refuses the whole report")
case("null_sender_in_brackets", feedback(record(identifiers="<identifiers><envelope_from>&lt;&gt;</envelope_from>"
     "<header_from>firm.example</header_from></identifiers>")), aggregate(7, 7, first__envelope_from="<>"), source="as SMTP writes it")
case("null_sender_spf_of_helo", feedback(record(evaluated=evaluated("fail", "fail"), auth="<auth_results><spf><domain>firm.example</domain>"
     "<scope>helo</scope><result>pass</result></spf></auth_results>")), aggregate(7, 0, first_spf__scope="helo", first__is_contradicted=False),
     source=RFC)
case("spf_domain_empty", feedback(record(auth="<auth_results><spf><domain></domain><result>none</result></spf></auth_results>",
     evaluated=evaluated("fail", "fail"))), aggregate(7, 0, first_spf__domain=""), source="Mail.ru and others for a null sender")
case("identifiers_missing", feedback(record(identifiers="")), aggregate(7, 7, first__header_from=""), source="phishfence.io: missing header_from")
case("envelope_to", feedback(record(identifiers="<identifiers><envelope_to>Shop.example</envelope_to><envelope_from>b.firm.example</envelope_from>"
     "<header_from>FIRM.example</header_from></identifiers>")),
     aggregate(7, 7, first__envelope_to="shop.example", first__header_from="firm.example"), source="protection.outlook.com names the recipient's domain")
case("several_signatures", feedback(record(auth="<auth_results>" + "".join(
    f"<dkim><domain>{domain}</domain><selector>s{number}</selector><result>{result}</result></dkim>"
    for number, (domain, result) in enumerate((("firm.example", "fail"), ("esp.example", "pass"), ("firm.example", "pass")))) + "</auth_results>")),
    aggregate(7, 7, signatures=3, first__is_contradicted=False), source=RFC)
case("selector_missing", feedback(record(auth=AUTH.replace("<selector>s1</selector>", ""))), aggregate(7, 7, first_dkim__selector=""),
     source="google.com before 2014, rspamd")
case("human_result", feedback(record(auth=AUTH.replace("<result>pass</result>", "<result>pass</result><human_result>2048 bit</human_result>"))),
     aggregate(7, 7, first_dkim__human_result="2048 bit"), source=RFC)
case("elements_in_another_order", f"<feedback>{record()}{POLICY}{METADATA}</feedback>", aggregate(7, 7, report_id="r1"), source="xs:all")
case("two_rows_in_a_record", feedback(f"<record>{row('3')}{row('4')}{IDENTIFIERS}{AUTH}</record>"), aggregate(7, 7, records=2),
     source="the schema of 2012 allowed several rows")

# --- numbers and addresses
case("count_zero", feedback(record("0"), record("3")), aggregate(3, 3, records=2), source="counters that are reported though nothing came")
case("count_decimal", feedback(record("3.0")), aggregate(3, 3), source="rspamd: scores of Redis are decimals")
case("count_with_zeros", feedback(record("007")), WHOLE, source="fixed width")
case("count_missing", feedback(record().replace("<count>7</count>", ""), record("2")), aggregate(2, 2, "reports.count_missing"), source="uriports.com: missing elements")
case("count_empty", feedback(record(""), record("2")), aggregate(2, 2, "reports.count_missing"), source="uriports.com: empty values")
case("count_is_no_number", feedback(record("many"), record("2")), aggregate(2, 2, "reports.count_unreadable"), source="phishfence.io: skip the bad record, and say so")
case("count_negative", feedback(record("-1"), record("2")), aggregate(2, 2, "reports.count_unreadable"), source="counters that ran over")
case("count_endless", feedback(record("9" * 400), record("2")), aggregate(2, 2, "reports.count_unreadable"), source="hostile")
case("count_in_other_digits", feedback(record("٧"), record("2")), aggregate(2, 2, "reports.count_unreadable"), source="hostile")
case("row_missing", feedback(f"<record>{IDENTIFIERS}{AUTH}</record>", record("2")), aggregate(2, 2, "reports.record_without_row"), source="phishfence.io")
case("address_mapped", feedback(record(ip="::ffff:192.0.2.10")), aggregate(7, 7, first__source_ip="192.0.2.10"), source="servers that listen on IPv6 sockets")
case("address_mapped_in_hexadecimal", feedback(record(ip="::FFFF:C000:020A")), aggregate(7, 7, first__source_ip="192.0.2.10"), source="RFC 4291 §2.5.5.2")
case("address_ipv6", feedback(record(ip="2001:DB8:0:0:0:0:0:1")), aggregate(7, 7, first__source_ip="2001:db8::1"), source="RFC 5952")
case("address_in_brackets", feedback(record(ip="[2001:db8::1]")), aggregate(7, 7, first__source_ip="2001:db8::1"), source="RFC 5321 §4.1.3")
case("address_with_tag", feedback(record(ip="IPv6:2001:db8::1")), aggregate(7, 7, first__source_ip="2001:db8::1"), source="RFC 5321 §4.1.3")
case("address_is_a_name", feedback(record(ip="mail.firm.example")), aggregate(7, 7, "reports.address_unreadable", first__source_ip=None,
     first__source_ip_raw="mail.firm.example"), source="reporters behind a proxy")
case("address_missing", feedback(record(ip="")), aggregate(7, 7, "reports.address_unreadable", first__source_ip=None), source="uriports.com: empty values")

# --- periods, ids, domains, policies
for name, begin, end in (
    ("decimal", "1790812800.5", "1790899199.999"), ("milliseconds", "1790812800000", "1790899199000"),
    ("iso", "2026-10-01T00:00:00Z", "2026-10-01T23:59:59+00:00"), ("iso_without_zone", "2026-10-01 00:00:00", "2026-10-01 23:59:59"),
    ("iso_of_another_zone", "2026-10-01T02:00:00+02:00", "2026-10-02T01:59:59+0200"), ("with_spaces", " 1790812800\n", "\t1790899199 "),
):
    case(f"dates_{name}", feedback(metadata=dated(begin, end)), aggregate(
        7, 7, begin="2026-10-01T00:00:00+00:00", end="2026-10-01T23:59:59+00:00"), source="the issue's list of forms that were seen")
case("dates_of_days", feedback(metadata=dated("2026-10-01", "2026-10-02")), aggregate(7, 7, end="2026-10-02T00:00:00+00:00"), source="dates only")
case("dates_of_a_week", feedback(metadata=dated(BEGIN, "1791417599")), aggregate(7, 7, end="2026-10-07T23:59:59+00:00"),
     source="reports of a week, which parsedmarc 11.1.0 multiplies")
case("dates_unreadable", feedback(metadata=dated("yesterday", END)), aggregate(7, 7, "reports.date_unreadable", begin=None), source="phishfence.io")
case("dates_missing", feedback(metadata=METADATA.replace(f"<begin>{BEGIN}</begin><end>{END}</end>", "")),
     aggregate(7, 7, "reports.date_unreadable", begin=None, end=None), source="phishfence.io")
case("dates_beyond_all_years", feedback(metadata=dated("9" * 19, "9" * 200)), aggregate(7, 7, "reports.date_unreadable", end=None), source="hostile")
for number, report_id in enumerate(("2026.10.01-firm@receiver.example", "&lt;1721054318-firm.example@receiver.example&gt;", "a!b@c@d", "ünïcode")):
    case(f"id_{number}", feedback(metadata=METADATA.replace("r1", report_id)), aggregate(
        7, 7, report_id=report_id.replace("&lt;", "<").replace("&gt;", ">")), source="RFC 9990: ids with @, which parsedmarc 11.1.0 cuts")
case("org_name_missing", feedback(metadata=METADATA.replace("<org_name>receiver.example</org_name>", "<org_name/>")), aggregate(7, 7, org_name=""),
     source="parsedmarc's sample without an organization")
case("domain_in_capitals", feedback(policy=POLICY.replace("firm", "FIRM")), WHOLE, source="RFC 4343")
case("domain_international", feedback(policy=POLICY.replace("firm", "größe")), aggregate(7, 7, domain="xn--gre-6ka8i.example"), source="RFC 5891")
case("domain_with_final_dot", feedback(policy=POLICY.replace("firm.example", "firm.example.")), WHOLE, source="names as DNS writes them")
case("domain_missing", feedback(policy="<policy_published><p>none</p></policy_published>"), aggregate(7, 7, "reports.no_domain", domain=""), source="uriports.com")
case("policy_missing", feedback(policy=""), aggregate(7, 7, "reports.no_domain", domain=""), source="uriports.com: missing elements")
case("policies_two", feedback(record(evaluated=evaluated("fail", "fail")), policy=POLICY + POLICY.replace("<p>reject", "<p>none")),
     aggregate(7, 0, is_ambiguous=True, first__is_contradicted=False), source="dmarc-cat takes the last of two policies")
case("policies_twice_the_same", feedback(policy=POLICY + POLICY), aggregate(7, 7, is_ambiguous=False), source="RFC 9990: one policy configuration")
case("policies_of_a_subdomain_too", feedback(policy=POLICY + POLICY.replace("firm", "news.firm")), aggregate(7, 7, is_ambiguous=True), source="RFC 9990: handling domains")
case("policies_of_two_domains", feedback(policy=POLICY + POLICY.replace("firm", "shop")), aggregate(7, 7, "reports.no_domain", domain="", is_ambiguous=True),
     source="RFC 9990: handling domains")
case("policy_in_capitals", feedback(policy=POLICY.replace("reject", "Reject").replace("<adkim>r", "<adkim>R")), aggregate(7, 7, policy__p="reject", policy__adkim="r"),
     source="uriports.com: values in capitals")

# --- packed: by content, whatever it is called
case("gzip", packed(XML), WHOLE, source=RFC)
case("gzip_of_two_members", packed(feedback(record("60"), record("40"))[:700]) + packed(feedback(record("60"), record("40"))[700:]),
     aggregate(100, 100, records=2), source="RFC 1952 §2.2; parsedmarc 11.1.0 ignores the second")
case("gzip_of_two_reports", packed(XML) + packed(feedback(record("5"))), WHOLE, aggregate(5, 5), source="RFC 1952 §2.2")
case("gzip_padded", packed(XML) + b"\0" * 512, WHOLE, source="tapes and blocks")
case("gzip_with_junk_behind", packed(XML) + b"junk", aggregate(7, 7, "reports.other_content"), source="gzip(1) ignores it, with a warning")
LONG = feedback(*[record(ip=f"192.0.2.{number}") for number in range(50)]).encode()
STORED = 15  # octets in front of the content of a gzip file that is not compressed
case("gzip_cut_off", gzip.compress(LONG, 0, mtime=0)[:STORED + LONG.index(b"<source_ip>192.0.2.3<")], aggregate(
    21, 21, "reports.cut_off", "reports.xml_repaired", "reports.count_missing", records=3, partial=True),
    source="mail servers that cut what is too large")
case("gzip_in_gzip", packed(packed(XML)), WHOLE, source="a .xml.gz that was packed again")
case("gzip_of_nothing", packed(b""), "reports.empty", source="Yahoo's like, May 2023")
case("gzip_of_a_word", packed(b"unused"), "reports.no_report", source="Yahoo, May 2023, parsedmarc issue 409")
case("zip", zipped(("receiver.example!firm.example!1!2.xml", XML.encode())), WHOLE, source="google.com, protection.outlook.com")
case("zip_stored", zipped(("a.xml", XML.encode()), method=zipfile.ZIP_STORED), WHOLE, source="PKWARE's APPNOTE §4.4.5")
case("zip_of_two", zipped(("a.xml", XML.encode()), ("b.xml", feedback(record("5")).encode())), WHOLE, aggregate(5, 5), source="uploads of administrators")
case("zip_with_folder", zipped(("reports/", b""), ("reports/a.xml", XML.encode()), ("reports/read.me", b"nothing here")), WHOLE, source="uploads of administrators")
case("zip_of_gzip", zipped(("a.xml.gz", packed(XML))), WHOLE, source="uploads of administrators")
case("zip_of_macos", zipped(("a.xml", XML.encode()), ("__MACOSX/._a.xml", b"\0\5\x16\7")), WHOLE, source="macOS adds entries of its own")
case("zip_of_emails", zipped(("1.eml", attached(packed(XML))), ("2.eml", attached(packed(XML)))), WHOLE, WHOLE, source="exports of webmail")
case("zip_of_nothing", zipped(), "reports.empty", source="PKWARE's APPNOTE §4.3.16")
case("zip_damaged", zipped(("a.xml", XML.encode()))[:-40], "reports.archive_damaged", source="mail servers that cut what is too large")

# --- emails and mailboxes
case("mail_gzip", attached(packed(XML)), WHOLE, source=RFC9990)
case("mail_zip_said_gzip", attached(zipped(("a.xml", XML.encode()))), WHOLE, source="uriports.com: media types that are wrong")
case("mail_gzip_said_zip", attached(packed(XML), kind="application/zip", name="a.zip"), WHOLE, source="uriports.com: media types that are wrong")
case("mail_xml_plain", attached(XML.encode(), kind="text/xml", name="a.xml", encoding="7bit"), WHOLE, source="parsedmarc issue 607")
case("mail_xml_base64", attached(XML.encode(), kind="text/xml", name="a.xml"), WHOLE, source=RFC9990)
case("mail_octet_stream_without_name", attached(packed(XML), kind="application/octet-stream", name=""), WHOLE, source="uriports.com: names that are missing")
case("mail_text_that_is_xml", attached(XML.encode(), kind="text/plain", name="report.txt", encoding="8bit"), WHOLE, source="content over type")
case("mail_base64_unsaid", attached(packed(XML)).replace(b"Content-Transfer-Encoding: base64\r\n", b""), WHOLE, source="gateways that lose fields")
case("mail_with_lf", attached(packed(XML), line_end="\n"), WHOLE, source="what POP3 and pipes deliver")
case("mail_quoted_printable", attached(XML.replace("=", "=3D").encode(), kind="application/xml", encoding="quoted-printable"), WHOLE, source="RFC 2045 §6.7")
case("mail_only_the_attachment", b"From: dmarc@receiver.example\r\nSubject: Report Domain: firm.example\r\nContent-Type: application/zip\r\n"
     b"Content-Transfer-Encoding: base64\r\n\r\n" + base64.encodebytes(zipped(("a.xml", XML.encode()))).replace(b"\n", b"\r\n"), WHOLE,
     source="google.com: the email is the attachment")
case("mail_of_two", attached(packed(XML)).replace(b"--=_b1--", b"--=_b1\r\nContent-Type: application/gzip\r\nContent-Transfer-Encoding: base64\r\n\r\n"
     + base64.encodebytes(packed(feedback(record("5")))) + b"\r\n--=_b1--"), WHOLE, aggregate(5, 5), source="forwarded together")
case("mail_forwarded_as_attachment", b"From: jane@firm.example\r\nSubject: Fwd\r\nContent-Type: multipart/mixed; boundary=o\r\n\r\n--o\r\n"
     b"Content-Type: message/rfc822\r\n\r\n" + attached(packed(XML)) + b"\r\n--o--\r\n", WHOLE, source="RFC 2046 §5.2.1")
case("mail_never_closed", attached(packed(XML)).replace(b"--=_b1--", b""), WHOLE, source="mails that were cut")
case("mail_without_report", b"From: jane@firm.example\r\nSubject: hello\r\n\r\nHello.\r\n", "reports.no_report", source="people answer anything")
case("mail_of_multipart_report", attached(packed(XML), wrap="multipart/report; report-type=dmarc"), WHOLE, source="a type that some invented")
MAILBOX = b"".join(b"From dmarc@receiver.example Fri Oct  2 00:00:00 2026\n" + attached(packed(feedback(record(str(n)))), line_end="\n") + b"\n" for n in (1, 2, 3))
case("mailbox", MAILBOX, *(aggregate(n, n) for n in (1, 2, 3)), source="RFC 4155")
case("mailbox_with_crlf", MAILBOX.replace(b"\n", b"\r\n"), *(aggregate(n, n) for n in (1, 2, 3)), source="RFC 4155")
case("mailbox_with_other_mail", MAILBOX + b"From jane@firm.example Fri Oct  2 00:00:00 2026\nFrom: jane@firm.example\n\nFrom here on: nothing.\n",
     *(aggregate(n, n) for n in (1, 2, 3)), "reports.no_report", source="whole exports")

# --- TLS reports, failure reports
TLS = {
    "organization-name": "Receiver", "date-range": {"start-datetime": "2026-10-01T00:00:00Z", "end-datetime": "2026-10-01T23:59:59Z"},
    "contact-info": "tls@receiver.example", "report-id": "t1@receiver.example", "policies": [{
        "policy": {"policy-type": "sts", "policy-string": ["version: STSv1", "mode: enforce"], "policy-domain": "firm.example",
                   "mx-host": ["*.mail.firm.example"]},
        "summary": {"total-successful-session-count": 5326, "total-failure-session-count": 303},
        "failure-details": [{"result-type": "certificate-expired", "sending-mta-ip": "192.0.2.1", "receiving-mx-hostname": "mx.firm.example",
                             "failed-session-count": 100}]}]}


def changed(**changes) -> str:
    """The TLS report with other values."""
    policy = TLS["policies"][0]
    return json.dumps({**TLS, "policies": [{**policy, **{key.replace("_", "-"): value for key, value in changes.items()}}]})


case("tls", json.dumps(TLS), tls(5326, 303, org="Receiver", report_id="t1@receiver.example"), source="RFC 8460 §4.4")
case("tls_gzip", packed(json.dumps(TLS)), tls(5326, 303), source="RFC 8460 §5.1")
case("tls_mail", attached(packed(json.dumps(TLS)), kind="application/tlsrpt+gzip", wrap="multipart/report; report-type=tlsrpt"), tls(5326, 303),
     source="RFC 8460 §5.3")
case("tls_mail_plain", attached(json.dumps(TLS).encode(), kind="application/tlsrpt+json", encoding="7bit"), tls(5326, 303), source="RFC 8460 §5.3")
case("tls_mark", b"\xef\xbb\xbf" + json.dumps(TLS).encode(), tls(5326, 303), source=".NET writes a byte order mark")
case("tls_half_a_character", json.dumps({**TLS, "organization-name": "Re\ud800ceiver"}), tls(5326, 303, org="Re\ufffdceiver"),
     source="RFC 8259 §8.2: JSON may hold half of a pair, which no UTF-8 has")
case("tls_counts_as_text", changed(summary={"total-successful-session-count": "12", "total-failure-session-count": "0"}), tls(12, 0), source="loosely typed generators")
case("tls_mx_as_text", changed(policy={"policy-type": "STS", "policy-domain": "Firm.example", "mx-host": "mx.firm.example", "policy-string": "version: STSv1"}),
     tls(5326, 303, policy__mx_hosts=("mx.firm.example",), policy__type="sts", policy__domain="firm.example"), source="RFC 8460's own errata: mx-host-pattern or a list")
case("tls_no_policy", changed(policy={"policy-type": "no-policy-found", "policy-domain": "firm.example"}), tls(5326, 303), source="google.com")
case("tls_details_null", changed(failure_details=None), tls(5326, 303), source="parsedmarc's sample of empty details")
case("tls_summary_missing", changed(summary=None), tls(0, 0, "reports.tls_policy_unreadable", policies=0), source="mail.ru's like")
case("tls_policies_missing", json.dumps({**TLS, "policies": []}), tls(0, 0, "reports.no_records", policies=0), source="RFC 8460 §4.4")
case("tls_cut_off", json.dumps(TLS)[:-20], "reports.json_unreadable", source="mails that were cut")
case("json_of_something_else", '{"hello": "world"}', "reports.not_a_report", source="anything")
ARF = (
    b"From: arf@receiver.example\r\nSubject: FW: x\r\nContent-Type: multipart/report; report-type=feedback-report; boundary=f\r\n\r\n--f\r\n"
    b"Content-Type: text/plain\r\n\r\nAn authentication failure report.\r\n--f\r\nContent-Type: message/feedback-report\r\n\r\n"
    b"Feedback-Type: auth-failure\r\nUser-Agent: x/1\r\nVersion: 1\r\nAuth-Failure: dmarc\r\nReported-Domain: Firm.example\r\nIncidents: 3\r\n"
    b"Source-IP: 192.0.2.1\r\n\r\n--f\r\nContent-Type: message/rfc822\r\n\r\nFrom: jane@firm.example\r\nSubject: secret\r\n\r\nsecret\r\n--f--\r\n")
case("failure", ARF, failure("firm.example", auth_failure="dmarc", incidents=3), source="RFC 9991, RFC 6591")
case("failure_with_a_report_in_the_mail", ARF.replace(b"message/rfc822\r\n\r\nFrom", b"text/xml\r\n\r\n" + XML.encode() + b"\r\n\r\nFrom"),
     failure("firm.example"), source="the content is dropped unread")
case("failure_of_abuse", ARF.replace(b"auth-failure", b"abuse"), "reports.no_report", source="RFC 5965")

# --- nothing, and hostile
case("empty", b"", "reports.empty", source="parsedmarc's sample empty.xml")
case("spaces", b"  \r\n\r\n ", "reports.empty", source="parsedmarc's sample empty.xml")
case("text", b"Nothing here.", "reports.no_report", source="anything")
case("page", b"<!-- x --><html><body><br></body></html>", "reports.not_a_report", source="downloads that need a login")
case("other_xml", b'<?xml version="1.0"?><rss><channel/></rss>', "reports.not_a_report", source="anything")
case("other_feedback", b"<feedback><rating>5</rating></feedback>", "reports.not_a_report", source="anything")
case("doctype", XML.replace("<feedback>", '<!DOCTYPE feedback SYSTEM "http://127.0.0.1:1/x.dtd"><feedback>'), "reports.has_dtd", source="no DTD")
case("entities", XML.replace("<feedback>", '<!DOCTYPE feedback [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><feedback>').replace("r1", "&b;"),
     "reports.has_dtd", source="no entities")
case("doctype_behind_a_comment", XML.replace("<feedback>", '<!-- <x> --><!DOCTYPE feedback [<!ENTITY a "aa">]><feedback>').replace("r1", "&a;"),
     "reports.has_dtd", source="no entities")
case("external_entity_parameter", XML.replace("<feedback>", '<!DOCTYPE f [<!ENTITY % x SYSTEM "file:///etc/passwd"> %x;]><feedback>'), "reports.has_dtd", source="no entities")
