"""``python -m mailauth check --list``: a line for each domain as it comes, and every bad line told."""

from __future__ import annotations

import contextlib
import io
import json
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path
from unittest.mock import patch

from .. import list_command
from ..__main__ import main
from ..contact import QUESTIONS, QUESTIONS_PER_SECOND, ContactDomain, PolicyInForce, Reception
from ..contact.pace import PAUSE, SILENT
from ..list_command import POLICIES, RECEPTIONS
from .dns_server import DnsServer

ZONES = {
    "com": "root TXT x",
    "example.com": '@ MX 10 mail\nmail A 203.0.113.9\n_dmarc TXT "v=DMARC1; p=reject"',
    "null.com": "@ MX 0 .",
    "xn--bcher-kva.com": "@ MX 10 mail.example.com.",
    "silent.com": "@ MX 10 mail",
    "hostile.com": "@ MX 10 \\027[31mred",
}


class TestList(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = DnsServer(ZONES).start()
        cls.addClassCleanup(cls.server.stop)
        cls.server.set_silent("silent.com")

    def run_list(self, text, *arguments, **options):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "list"
            path.write_bytes(text if isinstance(text, bytes) else text.encode())
            return self.run_main("--list", str(path), *arguments, **options)

    def run_main(self, *arguments, servers=None):
        servers = ("--nameserver", "%s:%s" % self.server.address) if servers is None else servers
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            try:
                status = main(["check", *servers, "--timeout", "0.2", *arguments])
            except SystemExit as ended:
                status = ended.code
        return status, out.getvalue(), err.getvalue()

    def test_each_domain_is_told_in_plain_words(self):
        status, out, err = self.run_list("example.com\nnull.com\nbücher.com\nwww.example.com\n")
        self.assertEqual((status, err), (1, ""))
        self.assertEqual(sorted(out.splitlines()), [
            "bücher.com (xn--bcher-kva.com): receives mail (mail.example.com); no DMARC policy",
            "example.com: receives mail (mail.example.com); DMARC policy reject: mail that fails is refused",
            "null.com: says that it accepts no mail (null MX); no DMARC policy",
            "www.example.com: does not exist; DMARC policy reject: mail that fails is refused (of example.com)",
        ])
        self.assertEqual((set(RECEPTIONS), set(POLICIES)), (set(Reception), set(PolicyInForce)))

    def test_comments_blank_lines_addresses_and_duplicates(self):
        _, out, err = self.run_list(
            "\ufeff# customers\n\n  example.com  # the first\nJo <Jo@Example.COM.>\r\nme@null.com\n\"a@b\"@null.com\nnull.com.")
        self.assertEqual(sorted(line.partition(":")[0] for line in out.splitlines()), ["example.com", "null.com"])
        self.assertEqual(err, "")

    def test_bad_lines_are_told_by_their_number_and_by_the_exit_status(self):
        status, out, err = self.run_list(
            b"example.com\nlocalhost\n\na..com\n192.0.2.1\nme@\n" + b"x" * 300_000 + b"\na@x.com, b@y.com z\n\xff\xfe.com\n\x1b[31m\nnull.com")
        self.assertEqual(status, 2)
        self.assertEqual(len(out.splitlines()), 2)
        self.assertEqual([line.partition(":")[0] for line in err.splitlines()], [f"line {n}" for n in (2, 4, 5, 6, 7, 8, 9, 10)])
        self.assertNotIn("\x1b", err)
        self.assertLess(max(map(len, err.splitlines())), 250)

    def test_json_is_an_object_a_line(self):
        _, out, _ = self.run_list("example.com\nnull.com", "--json")
        found = [ContactDomain.from_dict(json.loads(line)) for line in out.splitlines()]
        self.assertEqual({one.domain: one.reception for one in found}, {"example.com": "ok", "null.com": "null_mx"})

    def test_exit_status_tells_all_fine_some_fault_and_some_unknown(self):
        for text, expected in (
            ("example.com", 0), ("", 0), ("example.com\nnull.com", 1), ("silent.com", 3), ("silent.com\nnull.com", 1),
        ):
            with self.subTest(text):
                self.assertEqual(self.run_list(text)[0], expected)

    def test_what_does_not_go_together_is_usage(self):
        for arguments in (
            (), ("--list", "/nowhere/at/all"), ("--list", "/"), ("--list", "x", "example.com"), ("--list", "x", "--rate", "-1"),
            ("--list", "x", "--rate", "many"), ("--list", "x", "--rate", "nan"), ("--list", "a\x00b"),
        ):
            with self.subTest(arguments):
                status, out, err = self.run_main(*arguments)
                self.assertEqual((status, out), (2, ""))
                self.assertTrue(err)

    def test_rate_is_kept_to_and_zero_lifts_it(self):
        names = "\n".join(f"n{number}.example.com" for number in range(6))
        for rate, least in (("20", 5 * QUESTIONS / 20), ("0", 0)):
            self.server.log.clear()
            began = time.monotonic()
            self.run_list(names, "--rate", rate)
            took = time.monotonic() - began
            self.assertGreaterEqual(took, least)
            if least:
                self.assertLessEqual(len(self.server.log) - QUESTIONS, 20 * took)

    def test_name_servers_that_do_not_answer_are_left_alone_for_longer_each_time(self):
        names = "".join(f"n{number}.example.com\n" for number in range(2 * SILENT))
        for behaviour in ("servfail", "refused"):
            with self.subTest(behaviour):
                self.server.script("*", "*", behaviour)
                self.addCleanup(self.server.clear_scripts)
                slept = []

                def sleep(seconds, slept=slept):
                    slept.append(seconds)
                    if len(slept) == 3:
                        self.server.clear_scripts()

                with patch.object(list_command, "sleep", sleep):
                    status, out, err = self.run_list(names, "--rate", "20")
                self.assertEqual(slept, [PAUSE, 2 * PAUSE, 4 * PAUSE])
                self.assertEqual(err.splitlines(), [f"DNS does not answer: going on in {n} minutes" for n in (10, 20, 40)])
                self.assertEqual(len(out.splitlines()), 2 * SILENT)
                self.assertIn(" does not exist", out.splitlines()[-1], "what was not begun is asked about afterwards")
                self.assertEqual(status, 1)

    def test_domains_whose_own_servers_are_silent_are_not_waited_for(self):
        names = "".join(f"n{number}.silent.com\n" for number in range(SILENT + 2))
        with patch.object(list_command, "sleep", lambda _seconds: self.fail("DNS is there")):
            self.assertEqual(self.run_list(names, "--rate", "0")[::2], (3, ""))

    def test_no_name_server_gets_more_than_the_rate_in_any_second(self):
        with DnsServer(ZONES, timed=True) as server:
            names = "".join(f"n{number}.example.com\n" for number in range(20))
            self.run_list(names, "--nameserver", "%s:%s" % server.address, servers=())
            self.assertLessEqual(server.most_in_a_second(), QUESTIONS_PER_SECOND)
            self.assertGreater(server.most_in_a_second(), QUESTIONS_PER_SECOND / 2)

    def test_control_characters_never_reach_the_terminal(self):
        self.assertNotIn("\x1b", self.run_list("hostile.com")[1])

    def test_standard_input_is_answered_as_it_comes(self):
        root = Path(__file__).resolve().parents[2]
        code = f"import sys, runpy; sys.path.insert(0, {str(root)!r}); runpy.run_module('mailauth', run_name='__main__')"
        command = [sys.executable, "-c", code, "check", "--list", "-", "--nameserver", "%s:%s" % self.server.address]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as running:
            for name in ("null.com", "example.com"):
                running.stdin.write(f"{name}\n")
                running.stdin.flush()
                self.assertTrue(running.stdout.readline().startswith(f"{name}: "))
            running.stdin.close()
            self.assertEqual(running.wait(10), 1)


if __name__ == "__main__":
    unittest.main()
