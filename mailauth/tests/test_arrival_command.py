"""``python -m mailauth arrival``: what it prints and its exit status."""

import contextlib
import io
import json
import tempfile
import unittest
from pathlib import Path

from ..__main__ import main
from . import mails
from .dns_server import DnsServer


class TestArrivalCommand(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = DnsServer(mails.zones(dmarc="v=DMARC1; p=reject")).start()
        cls.addClassCleanup(cls.server.stop)

    def run_main(self, mail, *arguments, out=None):
        out, err = out or io.StringIO(), io.StringIO()
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder, "mail.eml")
            file.write_bytes(mail)
            with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
                status = main([
                    "arrival", str(file), "--nameserver", "%s:%s" % self.server.address, "--timeout", "0.2", *arguments])
        return status, isinstance(out, io.StringIO) and out.getvalue(), err.getvalue()

    def test_a_terminal_that_knows_ascii_only_gets_escapes(self):
        octets = io.BytesIO()
        with contextlib.redirect_stdout(io.TextIOWrapper(octets, "ascii")) as out:
            self.run_main(mails.arrived(mail=mails.plain()), out=out)
            out.flush()
            self.assertIn("(RFC 6376 \\xa73.5)", octets.getvalue().decode("ascii"))

    def test_exit_status_tells_pass_fail_and_what_is_no_mail(self):
        unsigned = mails.arrived(mail=mails.plain()).replace(b"192.0.2.10", b"198.51.100.1")
        for name, mail, arguments, expected in (
            ("pass", mails.arrived(), (), 0), ("fail", unsigned, (), 1), ("no mail", b"hello", (), 2),
            ("foreign", mails.arrived(), ("--own", "theirs.example"), 2),
            ("bad domain", mails.arrived(), ("--own", "..nobody.."), 2),
            ("bad name server", mails.arrived(), ("--nameserver", "nobody"), 2),
        ):
            with self.subTest(name):
                self.assertEqual(self.run_main(mail, *arguments)[0], expected)

    def test_it_tells_the_address_the_signature_and_the_receivers_word(self):
        text = self.run_main(mails.arrived())[1]
        for words in (
            "Sent from        192.0.2.10", "Signed as        ours.example (s1): pass", "Received by      mx.google.com",
            "Receiver's view  dmarc=pass",
        ):
            self.assertIn(words, text)

    def test_json(self):
        found = json.loads(self.run_main(mails.arrived(), "--json")[1])
        self.assertEqual(found["learned"], {
            "egress": ["192.0.2.10"], "signing_domain": "ours.example", "selectors": ["s1"]})
        self.assertEqual(found["dmarc"], {"result": "pass", "policy": "reject"})

    def test_a_file_that_is_not_there_is_said(self):
        err = io.StringIO()
        with contextlib.redirect_stderr(err):
            self.assertEqual(main(["arrival", "no-such-file.eml"]), 2)
        self.assertIn("no-such-file.eml", err.getvalue())


if __name__ == "__main__":
    unittest.main()
