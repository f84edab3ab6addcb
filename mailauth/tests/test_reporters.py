"""The shipped list of reporters: each row is whole, has a source, and counts nobody else's email as a reporter's."""

import json
import unittest
from pathlib import Path

from ..dmarc import registrable_domain
from ..dns.names import domain_of, to_ascii
from ..reports import reporters

FILE = Path(reporters.__file__).with_name("reporters.json")
# Where anybody may have an address (of those that are on the list).
FOR_ANYBODY = ("126.com", "163.com", "comcast.net", "gmx.net", "mail.ru", "qq.com", "seznam.cz", "web.de", "yahoo.com",
               "yeah.net", "zoho.com")


class TestReporters(unittest.TestCase):
    def setUp(self):
        self.data = json.loads(FILE.read_text(encoding="utf-8"))

    def test_each_row_has_an_organizational_domain_senders_of_it_and_a_source(self):
        names = set()
        for row in self.data["reporters"]:
            with self.subTest(row["domain"]):
                self.assertEqual((to_ascii(row["domain"]), registrable_domain(row["domain"])), (row["domain"],) * 2)
                self.assertTrue(row["name"] and row["from"] and row["source"])
                for sender in row["from"]:
                    self.assertEqual(registrable_domain(domain_of(sender)), row["domain"])
                    self.assertEqual(sender, sender.lower())
                self.assertLessEqual(set(row["source"]), set(self.data["sources"]))
                names.add(row["domain"])
        self.assertEqual(len(names), len(self.data["reporters"]))

    def test_each_source_is_used_and_can_be_looked_up(self):
        used = {source for row in self.data["reporters"] for source in row["source"]}
        self.assertEqual(used, set(self.data["sources"]))
        self.assertTrue(all("https://" in text for text in self.data["sources"].values()))

    def test_a_reporter_is_known_by_its_organizational_domain(self):
        self.assertEqual(reporters.reporter_of("Google.com").name, "Google")
        for domain in ("", "mail.google.com", "google.com.example", "example.com", "google"):
            self.assertIsNone(reporters.reporter_of(domain))

    def test_a_reporter_is_known_by_the_address_its_emails_come_from(self):
        for address, name in (
            ("noreply-dmarc-support@google.com", "Google"), ("dmarc_support@corp.mail.ru", "Mail.ru"),
            ("noreply@dmarc.yahoo.com", "Yahoo"), ("no-reply@us-1.mimecastreport.com", "Mimecast"),
            ("Abuse@Seznam.cz", "Seznam.cz"), ("postmaster@amazonses.com", "Amazon SES"),
        ):
            self.assertEqual(reporters.reporter_from(address).name, name)

    def test_who_has_an_address_at_a_provider_is_no_reporter(self):
        for domain in FOR_ANYBODY:
            with self.subTest(domain):
                self.assertIsNotNone(reporters.reporter_of(domain))
                self.assertIsNone(reporters.reporter_from(f"jane@{domain}"))
        for address in ("", "@", "google.com.example", "jane@gmail.com", "abuse@seznam.cz.example", "xabuse@seznam.cz"):
            self.assertIsNone(reporters.reporter_from(address))


if __name__ == "__main__":
    unittest.main()
