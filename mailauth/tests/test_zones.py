"""The stories of `zones/`: on each zone the command line says the right thing, and every code has its zone."""

from __future__ import annotations

import json
import unittest

from ..__main__ import EXIT_STATUS
from ..verdict import State
from . import zones
from .dns_server import DnsServer

# What the installation lacks is said of every domain, and is no matter of any zone.
OF_THE_INSTALLATION = {"dmarc.no_psl"}
# What differs from one look at the same zone to the next.
OF_THE_MOMENT = {"started", "duration"}


class TestZones(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.stories = zones.stories()
        cls.server = DnsServer().start()
        cls.addClassCleanup(cls.server.stop)

    def test_the_command_line_says_what_each_story_expects(self):
        for story in self.stories:
            if story.lacks:
                continue
            with zones.served(self.server, story):
                for check in story.checks:
                    with self.subTest(story=story.name, check=" ".join(check.arguments)):
                        status, output = zones.run(self.server, check, "--json")
                        report = json.loads(output)
                        self.assertEqual(status, EXIT_STATUS[State(report["state"])])
                        self._compare(check, report)

    def _compare(self, check, report):
        found = [finding["code"] for finding in report["findings"] if finding["code"] not in OF_THE_INSTALLATION]
        for word, text in check.expected:
            about = f"{word}: {text}\n{_summary(report)}"
            if word == "state":
                self.assertEqual(report["state"], text, about)
            elif word in ("gate", "spf", "dkim", "dmarc"):
                self.assertEqual(f"{report[word]['state']} {report[word]['code']}", text, about)
            elif word == "codes":
                self.assertLessEqual(set(text.split()), set(found), about)
            elif word == "codes-exactly":
                self.assertEqual(sorted(set(text.split())), sorted(set(found)), about)
            elif word == "not":
                for code in text.split():
                    area = code.removesuffix("*")
                    there = [other for other in found if other == code or area != code and other.startswith(area)]
                    self.assertEqual(there, [], about)
            elif word == "finding":
                code, wanted = zones.wanted(text)
                same = [zones.described(finding) for finding in report["findings"] if finding["code"] == code]
                self.assertTrue(any(wanted.items() <= one.items() for one in same), f"{about}\n{same}")
            elif word == "shows":
                shown = [f"{record['type']} {record['name']} {record['value']}" for record in report["records"]]
                self.assertIn(text, shown, about)
            elif word in ("change", "changes"):
                proposed = [" ".join(str(change[key]) for key in ("action", "rdtype", "name", "value"))
                            for change in report["changes"]]
                self.assertEqual(proposed, [] if text == "none" else check.of("change"), about)
            elif word == "unanswered":
                self.assertIn(text, [f"{one['name']} {one['type']}" for one in report["unanswered"]], about)
            elif word == "value":
                path, _, value = text.partition(" ")
                self.assertEqual(zones.value_at(report, path), value, about)

    def test_the_order_in_which_a_server_gives_records_changes_nothing(self):
        for story in self.stories:
            if story.lacks or story.server:
                continue
            for check in story.checks:
                with self.subTest(story=story.name, check=" ".join(check.arguments)):
                    outputs = []
                    for reverse in (False, True):
                        with zones.served(self.server, story, reverse=reverse):
                            report = json.loads(zones.run(self.server, check, "--json")[1])
                            outputs.append({key: report[key] for key in report if key not in OF_THE_MOMENT})
                    self.assertEqual(*outputs)

    def test_a_person_reads_the_same_codes_as_a_program(self):
        for story in self.stories:
            if story.lacks:
                continue
            with zones.served(self.server, story):
                for check in story.checks:
                    if check.needs_engine:
                        continue
                    with self.subTest(story=story.name, check=" ".join(check.arguments)):
                        text = zones.run(self.server, check)[1]
                        self.assertLessEqual(check.codes, set(text.split()))


def _summary(report) -> str:
    """The report in a few lines, for whoever reads why a story failed."""
    areas = [f"{area}: {report[area]['state']} {report[area]['code']}" for area in ("gate", "spf", "dkim", "dmarc")]
    findings = [f"{finding['code']} {zones.described(finding)}" for finding in report["findings"]]
    return "\n".join([f"state: {report['state']}", *areas, *findings])


if __name__ == "__main__":
    unittest.main()
