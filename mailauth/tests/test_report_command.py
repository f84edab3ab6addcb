"""``python -m mailauth report``: what it prints and its exit status."""

import contextlib
import io
import json
import tempfile
import unittest
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import patch

from ..__main__ import main
from .report_corpus import ARF, CASES, TLS, XML, evaluated, feedback, record

try:
    import lxml  # noqa: F401
except ImportError:  # pragma: no cover - an installation without the extra
    raise unittest.SkipTest("reports in XML are read by lxml") from None


class TestReportCommand(unittest.TestCase):
    def run_on(self, *contents: bytes, options=()):
        """The exit status, and what is printed where, of files with these contents."""
        with tempfile.TemporaryDirectory() as folder:
            names = []
            for number, content in enumerate(contents):
                names.append(str(Path(folder) / f"f{number}"))
                Path(names[-1]).write_bytes(content)
            with contextlib.redirect_stdout(io.StringIO()) as out, contextlib.redirect_stderr(io.StringIO()) as errors:
                status = main(["report", *options, *names])
        return status, out.getvalue().replace(f"{folder}/", ""), errors.getvalue().replace(f"{folder}/", "")

    def test_a_report_is_told_in_a_few_lines(self):
        status, out, errors = self.run_on(feedback(record("3"), record("4", evaluated=evaluated("fail", "fail"))).encode())
        self.assertEqual((status, errors), (0, ""))
        self.assertEqual(out, """\
f0: DMARC report by receiver.example
  Report    r1
  Period    2026-10-01 00:00:00+00:00 to 2026-10-01 23:59:59+00:00
  Domain    firm.example
  Records   2
  Messages  7, of which 3 passed
""")

    def test_what_was_skipped_and_that_it_is_partial_is_told(self):
        status, out, _errors = self.run_on(feedback(record("many"), record("4"))[:-20].encode())
        self.assertEqual(status, 0)
        self.assertIn("  Partial: its numbers are not whole\n", out)
        self.assertIn("  Record 1, reports.count_unreadable: ", out)
        self.assertIn("(many)", out)

    def test_a_refused_file_is_exit_status_1_and_the_others_are_read(self):
        status, out, _errors = self.run_on(b"nothing", XML.encode())
        self.assertEqual(status, 1)
        self.assertIn("f0: refused\n  reports.no_report: There is no report in it.\n", out)
        self.assertIn("Messages  7, of which 7 passed", out)

    def test_a_file_that_is_not_there_is_exit_status_2(self):
        with contextlib.redirect_stderr(io.StringIO()) as errors, contextlib.redirect_stdout(io.StringIO()):
            self.assertEqual(main(["report", "/nothing/here"]), 2)
            self.assertEqual(main(["report", "/"]), 2)
        self.assertIn("/nothing/here: No such file or directory", errors.getvalue())

    def test_json_is_an_object_a_line(self):
        status, out, _errors = self.run_on(XML.encode(), json.dumps(TLS).encode(), ARF, b"nothing", options=["--json"])
        self.assertEqual(status, 1)
        found = [json.loads(line) for line in out.splitlines()]
        self.assertEqual([(one["file"], one["kind"]) for one in found],
                         [("f0", "aggregate"), ("f1", "tls"), ("f2", "failure"), ("f3", "refused")])
        self.assertEqual((found[0]["messages"], found[0]["passed"], found[0]["record_count"]), (7, 7, 1))
        self.assertEqual(found[0]["records"][0]["source_ip"], "192.0.2.10")

    def test_standard_input_is_read(self):
        given = SimpleNamespace(buffer=io.BytesIO(XML.encode()))
        with patch("sys.stdin", given), contextlib.redirect_stdout(io.StringIO()) as out:
            self.assertEqual(main(["report", "-"]), 0)
        self.assertIn("-: DMARC report by receiver.example", out.getvalue())

    def test_nothing_in_a_report_reaches_the_terminal_as_a_command(self):
        hostile = XML.replace("receiver.example</org", "a\u202eb\u009b31m&#10;Messages 9</org")
        _status, out, _errors = self.run_on(hostile.encode())
        self.assertNotIn("\u202e", out)
        self.assertNotIn("\u009b", out)
        self.assertEqual(len(out.splitlines()), 6)

    def test_the_whole_corpus_is_told_without_a_traceback(self):
        for options in ((), ("--json",)):
            status, out, errors = self.run_on(*(case.octets for case in CASES), options=options)
            self.assertEqual((status, errors), (1, ""))
            self.assertTrue(out.startswith(("f0: DMARC report", '{"file": "f0"')))


if __name__ == "__main__":
    unittest.main()
