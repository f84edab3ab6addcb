"""Whatever comes as a report: nothing is raised, nothing is counted twice, and it takes no longer than its size allows."""

from __future__ import annotations

import base64
import gzip
import io
import json
import random
import time
import unittest
import unittest.mock
import zipfile

from hypothesis import given
from hypothesis import strategies as st

from .. import reports
from ..reports.command import _lines
from ..reports.dates import point_in_time
from ..reports.model import DEFAULT_LIMITS
from . import report_corpus as corpus
from .fuzz import examples
from .fuzz_pieces import OF_REPORTS, damage

try:
    import lxml  # noqa: F401
except ImportError:  # pragma: no cover - an installation without the extra
    raise unittest.SkipTest("reports in XML are read by lxml") from None

SECONDS = 5  # on a busy machine; each takes a small part of it
MEBIBYTE = 1024 * 1024
soups = st.lists(st.sampled_from(OF_REPORTS), max_size=80).map(b"".join)
files = st.sampled_from([case.octets for case in corpus.CASES])
broken = st.tuples(
    files, st.lists(st.tuples(st.integers(0, 6000), st.sampled_from(OF_REPORTS), st.integers(0, 40)), max_size=6),
).map(lambda chosen: damage(*chosen))
wrapped = st.sampled_from([
    lambda octets: octets, gzip.compress, lambda octets: corpus.zipped(("a", octets)), corpus.attached,
    lambda octets: corpus.attached(gzip.compress(octets)), lambda octets: b"\xff\xfe" + octets,
    lambda octets: octets.decode("latin-1").encode("utf-16"), lambda octets: gzip.compress(octets) * 2,
    lambda octets: b"From x Fri Oct  2 00:00:00 2026\n" + octets,
])
words = st.text(alphabet=st.characters(blacklist_categories=("Cs", "Cc"), blacklist_characters="\ufffe\uffff"), max_size=20)
rows = st.lists(st.tuples(st.integers(0, 10**9), st.sampled_from(("pass", "fail", "Pass", "none", "", "x")),
                          st.sampled_from(("pass", "fail", "PASS", ""))), min_size=1, max_size=20)


def look(octets: bytes, limits: reports.Limits = DEFAULT_LIMITS) -> list:
    """Read it, look at all of it, and show it."""
    found = list(reports.read(octets, limits))
    assert found, "there is always an answer"
    for report in found:
        shown = json.dumps(reports.to_dict(report))
        json.dumps(reports.to_dict(report), ensure_ascii=False).encode()  # it can be stored and sent
        lines = "\n".join(_lines("file", report))
        assert not set(lines) & set("\x1b\u202e\0"), "nothing moves the cursor"
        codes = [report.code] if isinstance(report, reports.Refused) else [
            remark.code for remark in getattr(report, "skipped", ())]
        assert set(codes) <= set(reports.CODES)
        if isinstance(report, reports.AggregateReport):
            assert 0 <= report.passed <= report.messages
            assert len(report.records) <= limits.records
            assert report.is_partial or "reports.xml_repaired" not in codes
            assert len(shown) < 4096 + 40 * len(octets) + 6000 * (len(report.skipped) + len(report.records))
        if isinstance(report, reports.TlsReport):
            assert report.successes >= 0 <= report.failures
    return found


class TestAnything(unittest.TestCase):
    @examples(200)
    @given(st.binary(max_size=2000), wrapped)
    def test_any_octets(self, octets, wrap):
        look(wrap(octets))

    @examples(200)
    @given(st.text(max_size=1000), wrapped)
    def test_any_text(self, text, wrap):
        look(wrap(text.encode("utf-8", "replace")))

    @examples(400)
    @given(soups, wrapped)
    def test_pieces_of_reports_in_any_order(self, octets, wrap):
        look(wrap(octets))

    @examples(400)
    @given(broken, wrapped)
    def test_real_reports_with_damage(self, octets, wrap):
        look(wrap(octets))

    @examples(200)
    @given(files, st.integers(0, 3000), st.binary(min_size=1, max_size=4))
    def test_archives_with_damage(self, octets, at, piece):
        for packed in (gzip.compress(octets, mtime=0), corpus.zipped(("a", octets)), corpus.attached(octets)):
            look(packed[:at] + piece + packed[at + len(piece):])
            look(packed[:at])

    @examples(300)
    @given(soups.map(lambda octets: octets.decode("utf-8", "replace")))
    def test_dates(self, text):
        found = point_in_time(text)
        assert found is None or found.tzinfo is not None


class TestWhole(unittest.TestCase):
    @examples(200)
    @given(rows, words, st.randoms(use_true_random=False), st.sampled_from(("utf-8", "utf-16", "utf-8-sig")))
    def test_a_report_says_its_numbers_however_it_is_cut_and_packed(self, numbers, word, draw, encoding):
        written = word.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
        text = corpus.feedback(
            *(corpus.record(str(count), evaluated=corpus.evaluated(dkim, spf)) for count, dkim, spf in numbers),
            metadata=corpus.METADATA.replace("receiver.example</org", f"{written}</org"),
            declaration=draw.choice(("", corpus.DECLARATION.replace("UTF-8", encoding.replace("-sig", "")))))
        octets = text.encode(encoding)
        cuts = sorted(draw.randrange(len(octets) + 1) for _cut in range(draw.randrange(4)))
        members = b"".join(gzip.compress(octets[begin:end]) for begin, end in zip([0, *cuts], [*cuts, None]))
        for packed in (octets, members, corpus.zipped(("a", members)), corpus.attached(members, name="x")):
            report, = look(packed)
            self.assertFalse(report.is_partial)
            self.assertEqual(report.org_name, word.strip()[:1000].strip())
            self.assertEqual(report.messages, sum(count for count, _dkim, _spf in numbers))
            self.assertEqual(report.passed, sum(
                count for count, dkim, spf in numbers if "pass" in (dkim.lower(), spf.lower())))

    @examples(150)
    @given(st.integers(1, 400), st.booleans())
    def test_a_report_that_was_cut_is_never_whole(self, cut, pack):
        whole = corpus.feedback(corpus.record("3"), corpus.record("4")).rstrip().encode()
        octets = whole[:-cut]
        for report in look(gzip.compress(octets) if pack else octets):
            self.assertTrue(isinstance(report, reports.Refused) or report.is_partial)

    @examples(100)
    @given(files, st.integers(1, 200))
    def test_what_is_read_does_not_depend_on_the_pieces_it_comes_in(self, octets, size):
        class Slow(io.BytesIO):
            def read(self, wanted=-1):
                return super().read(min(wanted, size) if 0 < wanted < MEBIBYTE else wanted)

        if octets[:4] != b"PK\3\4":  # which is read from its end
            self.assertEqual([reports.to_dict(report) for report in reports.read(Slow(octets))],
                             [reports.to_dict(report) for report in reports.read(octets)])


def small(**limits) -> reports.Limits:
    """Limits so low that harmless sizes reach them."""
    return reports.Limits(**{"packed": 64 * 1024, "unpacked": 64 * 1024, "element": 8 * 1024, "records": 50, "entries": 20, **limits})


def first(octets: bytes, **limits):
    """The first report that is read within such limits."""
    return look(octets, small(**limits))[0]


class TestBounds(unittest.TestCase):
    """Bombs of harmless sizes, beside limits that are as much lower."""

    def codes(self, octets, **limits):
        return [report.code if isinstance(report, reports.Refused) else [remark.code for remark in report.skipped]
                for report in look(octets, small(**limits))]

    def test_what_unpacks_to_more_than_is_read_is_partial_or_refused(self):
        many = corpus.feedback(*[corpus.record(ip=f"192.0.2.{number}") for number in range(200)])
        for packed in (many.encode(), gzip.compress(many.encode()), corpus.zipped(("a", many.encode()))):
            report = first(packed, unpacked=20_000, records=1000)
            self.assertTrue(report.is_partial)
            self.assertIn("reports.unpacked_too_large", [remark.code for remark in report.skipped])
            self.assertLess(len(report.records), 60)
        self.assertEqual(self.codes(gzip.compress(b" " * 200_000)), ["reports.unpacked_too_large"])
        self.assertEqual(
            self.codes(gzip.compress(b"<feedback>" + b" " * 200_000), element=MEBIBYTE), ["reports.unpacked_too_large"])

    def test_the_entries_of_an_archive_share_what_may_be_unpacked(self):
        one = corpus.XML.encode() + b" " * 10_000
        found = look(corpus.zipped(*((f"{number}.xml", one) for number in range(10))), small(unpacked=40_000))
        self.assertEqual([isinstance(report, reports.AggregateReport) and not report.is_partial for report in found[:5]],
                         [True, True, True, False, False])

    def test_what_lies_in_each_other_more_often_than_is_looked_into_is_refused(self):
        octets = corpus.XML.encode()
        for times in range(10):
            with self.subTest(times):
                expected = [] if times <= 6 else "reports.nested_too_deeply"
                self.assertEqual(self.codes(octets), [expected])
            octets = gzip.compress(octets)
        octets = corpus.XML.encode()
        for _time in range(6):
            octets = corpus.zipped(("a", octets))
        self.assertEqual(self.codes(octets), [[]])
        self.assertEqual(self.codes(corpus.zipped(("a", octets))), ["reports.nested_too_deeply"])

    def test_archives_in_archives_share_how_many_entries_are_looked_at(self):
        octets = corpus.zipped(*((f"{number}", b"nothing") for number in range(5)))
        for _time in range(4):
            octets = corpus.zipped(*((f"{number}", octets) for number in range(5)))
        self.assertIn("reports.too_many_entries", self.codes(octets, unpacked=MEBIBYTE, packed=MEBIBYTE))
        self.assertLess(len(self.codes(octets, unpacked=MEBIBYTE, packed=MEBIBYTE)), 30)

    def test_a_directory_without_end_is_not_read(self):
        with unittest.mock.patch.object(reports.unpacking, "MAX_DIRECTORY", 30):
            found = self.codes(corpus.zipped(*((f"{number}", b"") for number in range(31))))
        self.assertEqual(found, ["reports.too_many_entries"])

    def test_entries_that_share_their_octets_share_what_may_be_unpacked(self):
        octets = bytearray(corpus.zipped(*((f"{number}", b"<feedback>" + b" " * 30_000) for number in range(8))))
        at = octets.index(b"PK\1\2")
        for _entry in range(8):  # each entry of the directory points at the first one
            octets[at + 42:at + 46] = b"\0\0\0\0"
            at = octets.find(b"PK\1\2", at + 4)
        self.assertTrue(look(bytes(octets), small()))

    def test_only_so_many_members_of_a_gzip_file_are_read(self):
        with unittest.mock.patch.object(reports.unpacking, "MAX_MEMBERS", 5):
            report = first(b"".join(gzip.compress(bytes([octet])) for octet in corpus.XML.encode()))
            self.assertEqual(report.code, "reports.too_many_entries")

    def test_an_encrypted_or_strangely_packed_entry_is_refused(self):
        octets = bytearray(corpus.zipped(("a", corpus.XML.encode())))
        octets[octets.index(b"PK\1\2") + 8] |= 1
        self.assertEqual(self.codes(bytes(octets)), ["reports.encrypted"])
        for method in (zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
            self.assertEqual(self.codes(corpus.zipped(("a", corpus.XML.encode()), method=method)), ["reports.archive_damaged"])

    def test_more_records_than_are_read_are_said(self):
        report = first(corpus.feedback(*[corpus.record("1")] * 80).encode())
        self.assertEqual((report.messages, report.is_partial, [remark.code for remark in report.skipped]),
                         (50, True, ["reports.too_many_records"]))

    def test_an_element_that_does_not_end_is_not_waited_for(self):
        for long in ("<record>" + "<a>x</a>" * 30_000, "<x>" + "y" * 300_000 + "</x>", "<record a='" + "b" * 300_000 + "'/>"):
            report = first(corpus.feedback(corpus.record("3")).replace("</feedback>", f"{long}</feedback>").encode(),
                           unpacked=MEBIBYTE, element=70_000)
            self.assertEqual(report.messages, 3)
            self.assertIn("reports.element_too_large", [remark.code for remark in report.skipped])

    def test_elements_within_elements_end_somewhere(self):
        report = first(corpus.feedback(corpus.record("3"), "<a>" * 1000 + "</a>" * 1000).encode())
        self.assertTrue(report.is_partial)
        self.assertEqual(report.messages, 3)

    def test_only_so_many_remarks_are_kept(self):
        report = first(corpus.feedback(*[corpus.record("many")] * 40).encode(), skipped=10)
        self.assertEqual(len(report.skipped), 10)

    def test_long_values_are_cut(self):
        report = first(corpus.feedback(metadata=corpus.METADATA.replace("r1", "r" * 5000)).encode())
        self.assertEqual(len(report.report_id), 1000)

    def test_a_larger_email_is_refused_and_the_others_of_its_mailbox_are_read(self):
        from_line = b"From x Fri Oct  2 00:00:00 2026\n"
        mailbox = from_line + corpus.attached(corpus.packed(corpus.XML), line_end="\n") + b"\n"
        large = from_line + b"Subject: x\n\n" + b"x" * 100_000 + b"\n\n"
        self.assertEqual(self.codes(mailbox + large + mailbox), [[], "reports.too_large", []])
        self.assertEqual(self.codes(large[len(from_line):], unpacked=MEBIBYTE), ["reports.too_large"])

    def test_an_email_with_more_parts_than_are_looked_at_is_refused(self):
        mail = corpus.attached(corpus.packed(corpus.XML)).replace(b"--=_b1\r\n", b"--=_b1\r\n\r\nx\r\n" * 50 + b"--=_b1\r\n", 1)
        self.assertEqual(self.codes(mail), ["reports.too_many_entries"])

    def test_a_tls_report_is_bounded(self):
        many = {**corpus.TLS, "policies": corpus.TLS["policies"] * 30}
        report = first(json.dumps(many).encode(), policies=10)
        self.assertEqual((len(report.policies), report.is_partial), (10, True))
        self.assertEqual(self.codes(json.dumps(many).encode(), json=2000), ["reports.too_large"])
        self.assertEqual(self.codes(b"[" * 50_000), ["reports.json_unreadable"])
        self.assertEqual(self.codes(b'{"policies": ' + b"9" * 20_000 + b"}"), ["reports.json_unreadable"])
        self.assertEqual(self.codes(b'{"a":' * 8_000), ["reports.json_unreadable"])


class TestTime(unittest.TestCase):
    def test_the_worst_that_fits_takes_little_time(self):
        draw = random.Random(1)
        noise = draw.randbytes(MEBIBYTE)
        for name, octets in (
            ("brackets", b"<feedback>" + b"<" * MEBIBYTE),
            ("ampersands", b"<feedback><report_metadata>" + b"&" * MEBIBYTE),
            ("undeclared prefixes", b"<feedback>" + b"<a:b/>" * 150_000 + b"</feedback>"),
            ("ever new prefixes", b"<feedback>" + b"".join(b"<p%d:b/>" % number for number in range(50_000)) + b"</feedback>"),
            ("ever new names", b"<feedback>" + b"".join(b"<p%d/>" % number for number in range(80_000)) + b"</feedback>"),
            ("ever new layouts", corpus.feedback(*[corpus.record(after=f"<x{number}/>") for number in range(3000)]).encode()),
            ("attributes", b"<feedback a='" + b"x" * MEBIBYTE + b"'></feedback>"),
            ("many attributes", b"<feedback " + b"".join(b"a%d='' " % number for number in range(50_000)) + b"></feedback>"),
            ("namespaces", b"<feedback " + b"".join(b"xmlns:a%d='u' " % number for number in range(30_000)) + b"></feedback>"),
            ("comments", b"<feedback>" + b"<!-- -->" * 120_000 + b"</feedback>"),
            ("declarations", b"<feedback>" + b"<?xml ?>" * 120_000 + b"</feedback>"),
            ("reports", b"<feedback></feedback>" * 50_000),
            ("empty records", b"<feedback>" + b"<record/>" * 100_000 + b"</feedback>"),
            ("results", corpus.feedback(corpus.record(auth="<auth_results>" + "<dkim><result>pass</result></dkim>" * 20_000 + "</auth_results>")).encode()),
            ("empty members", gzip.compress(b"") * 50_000),
            ("noise", b"\x1f\x8b\x08" + noise), ("noise in a zip", b"PK\3\4" + noise),
            ("noise in Base64", corpus.attached(noise)),
            ("boundaries", b"Content-Type: multipart/mixed; boundary=x\n\n" + b"--x\n" * 300_000),
            ("multiparts in each other", b"Content-Type: multipart/mixed; boundary=x\n\n--x\n" * 20_000),
            ("emails in each other", b"Content-Type: message/rfc822\n\n" * 40_000),
            ("no lines", b"Subject: x\n\n" + b"x" * (3 * MEBIBYTE)),
            ("header without end", b"Subject: x\n" * 200_000),
            ("dividers", b"From x 1:00\n\n" * 30_000),
            ("quoted", corpus.attached(b"=3D=\n" * 200_000, encoding="quoted-printable")),
            ("Base64 that ends early", b"Content-Transfer-Encoding: base64\n\nH4sI" + base64.b64encode(noise) + b"=a=b"),
        ):
            with self.subTest(name):
                started = time.perf_counter()
                list(reports.read(octets))
                self.assertLess(time.perf_counter() - started, SECONDS)


if __name__ == "__main__":
    unittest.main()
