"""``python -m mailauth check``: readable for people, JSON for programs, an exit status for scripts."""

import contextlib
import io
import json
import subprocess
import sys
import unittest
from pathlib import Path

from ..__main__ import COLLECTOR, main
from .dns_server import DnsServer

ZONES = {
    "fine.example": '@ MX 10 m\nm A 203.0.113.9\n@ TXT "v=spf1 mx -all"\n_dmarc TXT "v=DMARC1; p=none"',
    "parked.example": "@ MX 0 .",
    "nested.example": '@ MX 10 m.fine.example.\n@ TXT "v=spf1 include:one.example a:gone.example -all"',
    "one.example": '@ TXT "v=spf1 a:m.fine.example ~all"',
    "xn--bcher-kva.example": "@ MX 10 m\nm A 203.0.113.9",
    "silent.example": "@ MX 10 m",
    "hostile.example": '@ MX 10 m\nm A 203.0.113.9\n@ TXT "v=spf1 \\027[31mred -all"',
}


class TestCommandLine(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = DnsServer(ZONES).start()
        cls.addClassCleanup(cls.server.stop)
        cls.server.set_silent("silent.example")

    def run_main(self, *arguments):
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            try:
                status = main(["check", "--nameserver", "%s:%s" % self.server.address, "--timeout", "0.2", *arguments])
            except SystemExit as ended:
                status = ended.code
        return status, out.getvalue(), err.getvalue()

    def test_exit_status_tells_pass_fail_unknown_and_usage(self):
        for arguments, expected in (
            (["fine.example"], 0),
            (["parked.example"], 1),
            (["silent.example"], 3),
            (["fine.example", "parked.example"], 1),
            (["fine.example", "--nameserver", "nobody"], 2),
            (["fine.example", "--network", "10.0.0.0/8", "--network", "fd00::/8"], 0),
            (["fine.example", "--network", "10.0.0.0/99"], 2),
            (["--selector"], 2),
            ([], 2),
        ):
            with self.subTest(arguments=arguments):
                self.assertEqual(self.run_main(*arguments)[0], expected)

    def test_address_is_looked_up_and_must_be_one(self):
        self.assertIn("reverse.none", self.run_main("--address", "192.0.2.77", "fine.example")[1])
        self.assertEqual(self.run_main("--address", "mail.example", "fine.example")[0], 2)

    def test_tree_shows_each_term_with_what_it_costs_and_leads_to(self):
        out = self.run_main("--tree", "nested.example")[1]
        tree = out[out.index("term by term"):]
        for shown in (
            "3 of 10 lookups at worst", "1 include:one.example [2 lookups]", "one.example: v=spf1 a:m.fine.example ~all",
            "2 a:m.fine.example", "203.0.113.9", "3 a:gone.example (void)", "-all",
        ):
            self.assertIn(shown, " ".join(tree.split()))
        tree = json.loads(self.run_main("--tree", "--json", "nested.example")[1])["spf_tree"]
        self.assertEqual(tree["worst_lookups"], 3)
        self.assertEqual([term["term"] for term in tree["terms"]], ["include:one.example", "a:gone.example", "-all"])
        self.assertEqual([term["term"] for term in tree["terms"][0]["terms"]], ["a:m.fine.example", "~all"])
        self.assertNotIn("spf_tree", json.loads(self.run_main("--json", "nested.example")[1]))
        self.assertEqual(self.run_main("--tree", "-x.example")[0], 2)
        self.assertEqual(self.run_main("--tree", "192.0.2.1", "hostile.example")[0], 1)

    def test_json_has_every_area_and_one_object_for_one_domain(self):
        report = json.loads(self.run_main("--json", "--selector", "s1", "fine.example")[1])
        self.assertEqual((report["domain"], report["spf"]["state"]), ("fine.example", "pass"))
        self.assertIn("dkim.missing", [finding["code"] for finding in report["findings"]])
        self.assertEqual(len(json.loads(self.run_main("--json", "fine.example", "parked.example")[1])), 2)

    def test_unknown_names_the_server_that_did_not_answer(self):
        self.assertIn("timeout", self.run_main("silent.example")[1])

    def test_international_name_is_shown_decoded_beside_its_a_label(self):
        self.assertIn("bücher.example (xn--bcher-kva.example)", self.run_main("bücher.example")[1])

    def test_control_characters_of_a_record_never_reach_the_terminal(self):
        self.assertNotIn("\x1b", self.run_main("hostile.example")[1])

    def test_it_runs_as_a_module(self):
        root = Path(__file__).resolve().parents[2]
        code = (
            f"import atexit, gc, sys, runpy; sys.path.insert(0, {str(root)!r}); atexit.register(lambda: print(gc.get_threshold()));"
            " runpy.run_module('mailauth', run_name='__main__')")
        ran = subprocess.run(
            [sys.executable, "-c", code, "check", "parked.example", "--nameserver", "%s:%s" % self.server.address],
            capture_output=True, text=True, timeout=30, check=False)
        self.assertEqual(ran.returncode, 1, ran.stderr)
        self.assertIn("gate.null_mx", ran.stdout)
        self.assertTrue(ran.stdout.endswith(f"{COLLECTOR}\n"), "the garbage collector runs seldom")


if __name__ == "__main__":
    unittest.main()
