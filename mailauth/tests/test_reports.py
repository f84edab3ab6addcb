"""Reports as the world writes them: each file of the corpus says what was written down for it, packed in every way."""

from __future__ import annotations

import io
import subprocess
import sys
import time
import unittest
from datetime import datetime
from pathlib import Path
from unittest.mock import patch

from .. import reports
from ..reports import aggregate
from . import report_corpus
from .report_corpus import CASES, XML, attached, packed, zipped

try:
    import lxml  # noqa: F401
except ImportError:  # pragma: no cover - an installation without the extra
    raise unittest.SkipTest("reports in XML are read by lxml") from None

MANY = 120  # files that the corpus has at least


def said(report) -> tuple:
    """What a report says, in the form of the corpus; fields are looked up by :func:`field`."""
    if isinstance(report, reports.Refused):
        return report.code,
    codes = sorted(remark.code for remark in getattr(report, "skipped", ()))
    if isinstance(report, reports.AggregateReport):
        return "aggregate", report.messages, report.passed, len(report.records), report.domain, report.is_partial, codes
    if isinstance(report, reports.TlsReport):
        return "tls", report.successes, report.failures, len(report.policies), codes
    return "failure", report.domain


def field(report, name: str):
    """A value of a report; ``first__spf``: of its first record, ``first_spf__result``: of the first result of SPF."""
    of, _two, inner = name.rpartition("__")
    owner = {
        "": lambda: report, "first": lambda: report.records[0], "policy": lambda: report.policies[0],
        "first_spf": lambda: report.records[0].auth_spf[0], "first_dkim": lambda: report.records[0].auth_dkim[0],
    }[of]()
    if inner == "signatures":
        return len(report.records[0].auth_dkim)
    value = getattr(owner, inner)
    if isinstance(value, datetime):
        return value.isoformat()
    if inner == "source_ip":
        return None if value is None else str(value)
    if inner == "reasons":
        return tuple((reason.type, reason.comment) for reason in value)
    return value


class TestCorpus(unittest.TestCase):
    def check(self, case, found):
        self.assertEqual(
            [said(report) for report in found],
            [expected[:-1] if isinstance(expected, tuple) else (expected,) for expected in case.expected])
        for report, expected in zip(found, case.expected):
            for name, value in (expected[-1] if isinstance(expected, tuple) else {}).items():
                self.assertEqual(field(report, name), value, name)

    def test_every_file_says_what_was_written_down_for_it(self):
        for case in CASES:
            with self.subTest(case.name):
                self.check(case, list(reports.read(case.octets)))

    def test_a_file_says_the_same_whatever_it_is_packed_into(self):
        for case in CASES:
            if any(isinstance(expected, str) for expected in case.expected):
                continue  # of a mail with nothing it is said otherwise
            for name, octets in (
                ("gzip", packed(case.octets)), ("zip", zipped(("x", case.octets))), ("mail", attached(case.octets)),
                ("mail of zip", attached(zipped(("x.bin", case.octets)), kind="image/png", name="x.png")),
            ):
                if name != "mail of zip" and case.name.startswith("mailbox"):
                    continue
                with self.subTest(case.name, packed=name):
                    self.check(case, list(reports.read(octets)))

    def test_there_are_so_many_files_and_each_has_a_name_and_a_source(self):
        self.assertGreaterEqual(len(CASES), MANY)
        self.assertEqual(len({case.name for case in CASES}), len(CASES))
        self.assertTrue(all(case.source for case in CASES))

    def test_whatever_is_said_has_a_meaning(self):
        for case in CASES:
            for report in reports.read(case.octets):
                codes = [report.code] if isinstance(report, reports.Refused) else [
                    remark.code for remark in getattr(report, "skipped", ())]
                self.assertLessEqual(set(codes), set(reports.CODES))


class TestReading(unittest.TestCase):
    def test_a_file_is_read_from_where_it_stands(self):
        file = io.BytesIO(b"nothing" + XML.encode())
        file.seek(7)
        self.assertEqual([said(report)[1] for report in reports.read(file)], [7])

    def test_what_cannot_seek_is_read_as_well(self):
        class Pipe(io.BytesIO):
            def seekable(self):
                return False

        self.assertEqual([said(report)[1] for report in reports.read(Pipe(packed(XML)))], [7])

    def test_a_piece_of_a_report_at_a_time_says_the_same_as_the_whole(self):
        class Slow(io.BytesIO):
            def read(self, size=-1):
                return super().read(min(size, 3) if 0 < size < 10**6 else size)

        for case in CASES[:60]:
            if case.octets[:4] != b"PK\3\4":
                with self.subTest(case.name):
                    self.assertEqual(
                        [reports.to_dict(report) for report in reports.read(Slow(case.octets))],
                        [reports.to_dict(report) for report in reports.read(case.octets)])

    def test_extract_gives_the_octets_of_each_report(self):
        found = list(reports.extract(attached(zipped(("a.xml", XML.encode()), ("b.json", b"{}")))))
        self.assertEqual([(payload.kind, payload.read()) for payload in found], [("xml", XML.encode()), ("json", b"{}")])

    def test_a_skipped_record_is_said_with_its_number(self):
        report, = reports.read(report_corpus.feedback(
            report_corpus.record("1"), report_corpus.record("many"), report_corpus.record("2")).encode())
        self.assertEqual([(remark.code, remark.record, remark.detail) for remark in report.skipped],
                         [("reports.count_unreadable", 2, "many")])
        self.assertEqual([record.number for record in report.records], [1, 3])

    def test_records_that_have_much_in_common_are_told_apart(self):
        other = report_corpus.evaluated("fail", "fail", "reject", "<reason><type>other</type><comment>x</comment></reason>")
        moved = report_corpus.record("8").replace("<count>8</count>", "").replace("</row>", "</row><count>8</count>", 1)
        evaluated_first = report_corpus.record("9").replace("<count>9</count>", "").replace("</row>", "<count>9</count></row>")
        stray = evaluated_first.replace("<count>9</count></row>", "</row><count>9</count>")  # the same names in the same order
        texts = [report_corpus.record("1"), report_corpus.record("2", ip="192.0.2.11"), report_corpus.record("3", evaluated=other),
                 report_corpus.record("4", identifiers=report_corpus.IDENTIFIERS.replace("firm", "shop.firm")),
                 report_corpus.record("5", auth=report_corpus.AUTH.replace("s1", "s2")), moved, evaluated_first, stray]
        for most in (0, 1, 2000):
            with self.subTest(most), patch.multiple(aggregate, MAX_SEEN=most, MAX_LAYOUTS=most):
                report, = reports.read(report_corpus.feedback(*texts, *reversed(texts)).encode())
                self.assertEqual([record.count for record in report.records], [1, 2, 3, 4, 5, 9, 9, 5, 4, 3, 2, 1])
                self.assertEqual([record.disposition for record in report.records if record.count == 3], ["reject", "reject"])
                self.assertEqual({record.count for record in report.records if record.header_from == "shop.firm.example"}, {4})
                self.assertEqual({record.count for record in report.records if record.auth_dkim[0].selector == "s2"}, {5})
                self.assertEqual({str(record.source_ip) for record in report.records if record.count == 2}, {"192.0.2.11"})
                self.assertEqual([(remark.code, remark.record) for remark in report.skipped],
                                 [("reports.count_missing", number) for number in (6, 8, 9, 11)])

    def test_the_engine_is_imported_without_lxml(self):
        program = (
            "import sys; sys.modules['lxml'] = None\n"
            "import mailauth, mailauth.reports as reports\n"
            f"print([getattr(report, 'code', '') for report in reports.read({XML.encode()!r})])\n"
            "print([report.org for report in reports.read(b'{\"organization-name\": \"a\", \"policies\": []}')])")
        ran = subprocess.run([sys.executable, "-c", program], check=False, capture_output=True, text=True,
                             cwd=Path(__file__).parents[2])
        self.assertEqual((ran.stdout, ran.stderr), ("['reports.no_lxml']\n['a']\n", ""))


class TestWhetherItIsOne(unittest.TestCase):
    """Whether a mail brings a report can be told without reading it."""

    def test_of_every_file_that_is_read_and_of_no_other_mail(self):
        for case in CASES:
            if any(isinstance(expected, tuple) for expected in case.expected):
                with self.subTest(case.name):
                    self.assertTrue(reports.is_report(case.octets))
        page, letter = b"<html><body>feedback</body></html>", b'{"policies": "see our terms", "name": "x"}'
        document = zipped(("word/document.xml", b"<?xml version='1.0'?><w:document/>"), ("[Content_Types].xml", b"<Types/>"))
        opinion = b"<feedback><customer>Jane</customer><record>5 of 5</record></feedback>"
        for octets in (opinion, page, letter, document, packed(page), b"", b"\0" * 5000, XML.encode()[600:700], packed(XML)[:6]):
            self.assertFalse(reports.is_report(attached(octets)), octets[:80])
        self.assertFalse(reports.is_report(b"From: a@b.example\r\nSubject: Report\r\n\r\nThe <feedback> of our customers\r\n"))

    def test_no_more_of_it_is_looked_at_than_its_beginning(self):
        limits = reports.Limits(unpacked=1024 * 1024, entries=5)
        bomb = packed(b"<x>" + b" " * 20_000_000)
        started = time.process_time()
        self.assertFalse(reports.is_report(attached(bomb), limits))
        self.assertFalse(reports.is_report(attached(zipped(*((str(number), b"<x/>") for number in range(2000)))), limits))
        self.assertTrue(reports.is_report(attached(packed(XML + " " * 20_000_000)), limits))
        self.assertLess(time.process_time() - started, 1)


if __name__ == "__main__":
    unittest.main()
