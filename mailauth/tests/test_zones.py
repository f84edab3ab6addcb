"""The stories of `zones/`: on each zone the command line says the right thing, and every code has its zone."""

from __future__ import annotations

import json
import re
import unittest

from .. import CODES, arrival, registration, rejections
from ..__main__ import EXIT_STATUS
from ..finding import Severity
from ..verdict import State, one_click, reported
from . import checkout, zones
from .dns_server import DnsServer

# What the installation lacks is said of every domain, and is no matter of any zone.
OF_THE_INSTALLATION = {"dmarc.no_psl"}
# What differs from one look at the same zone to the next.
OF_THE_MOMENT = {"started", "duration"}


# Codes that a zone alone cannot cause: each with what it takes, and where that is tested.
NOT_OF_A_ZONE = {
    # The installation lacks the public suffix list (test_dmarc_discovery.py).
    "dmarc.no_psl",
    # No record that is looked at begins otherwise; for texts that a person types (test_spf_record.py).
    "spf.syntax_version",
    # The policy file of MTA-STS, and fetching it over HTTPS (test_mta_sts.py, test_https.py).
    "mta_sts.unreachable", "mta_sts.certificate", "mta_sts.http_status", "mta_sts.content_type", "mta_sts.too_large",
    "mta_sts.policy_syntax", "mta_sts.policy_empty_line", "mta_sts.policy_version", "mta_sts.policy_mode", "mta_sts.policy_max_age",
    "mta_sts.policy_repeated", "mta_sts.policy_no_mx", "mta_sts.bad_mx_pattern", "mta_sts.mx_not_covered", "mta_sts.short_max_age",
    "mta_sts.testing", "mta_sts.mode_none",
    # An administrator's word that the domain sends nothing (test_silent.py).
    "parked.open", "parked.has_mx", "parked.has_spf", "parked.has_mail", "parked.missing",
    # What a zone's parent knows, and what two looks a day apart come to (test_registration.py).
    *registration.CODES,
    # What one received mail says (test_arrival*.py).
    *arrival.CODES,
    # What receivers said, and what mailings link to: no DNS (test_rejections.py, test_rejection_summary.py).
    *rejections.CODES, *one_click.CODES,
    # What reports say of one's own mail (Odoo's tests/test_report_breaks.py, tests/test_report_events.py).
    *reported.CODES,
}

# What users of other checkers complain about, and the stories that hold it against us.
COMPLAINTS = {
    "a timeout shown as “not found”": ("timeout_is_not_absence",),
    "SERVFAIL shown as “no DMARC record”": ("servfail_is_not_absence", "refused_is_not_absence"),
    "an include that timed out shown as a permanent error; a _report._dmarc timeout as “does not accept reports”": (
        "include_timeout_is_unknown", "report_authorisation_timeout"),
    "daily false alarms from passing DKIM failures": ("passing_failure", "lost_packet"),
    "no way to mute, empty change mails": ("nothing_changed",),
    "a literal search for include: fails on macros and flattened records": (
        "flattened_record", "macro_record", "redirect_record"),
    "legal extra SPF terms or unrelated TXT records flagged": ("unrelated_texts",),
    "2048-bit DKIM keys in split strings, whitespace": ("split_key",),
    "the DNS panel appends the zone": ("doubled_names",),
    "the tool proposes a second SPF record": ("second_record",),
    "lookups and voids miscounted (MX hosts, exp)": ("lookups_counted",),
    "“which term is it?”: no tree": ("which_term",),
    "the record itself is not shown when it is invalid": ("invalid_record_is_shown",),
    "CNAME at _dmarc or at a selector": ("cname_delegation",),
    "an unknown selector called “missing”": ("unknown_selector",),
    "parked domains and null MX": ("parked_domain",),
    "subdomains inherit wrongly": ("subdomains_inherit",),
    "“I fixed it and it still says broken”: propagation, negative caching": ("how_long_to_wait",),
    "DMARCbis tags rejected": ("dmarcbis_tags",),
    "no word about +all, ?all, t=y, p=none": ("weak_on_purpose",),
    "IDN domains": ("international_name",),
}


class TestZones(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.stories = [story for story in zones.stories() if not story.lacks]
        cls.server = DnsServer().start()
        cls.addClassCleanup(cls.server.stop)
        cls.reports = {}  # what was asked for once

    def report(self, story, check):
        key = (story.name, story.checks.index(check))
        if key not in self.reports:
            with zones.served(self.server, story):
                self.reports[key] = zones.run(self.server, check, "--json")
        status, output = self.reports[key]
        return status, json.loads(output)

    def test_the_command_line_says_what_each_story_expects(self):
        for story in self.stories:
            for check in story.checks:
                with self.subTest(story=story.name, check=" ".join(check.arguments)):
                    status, report = self.report(story, check)
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
            elif word in ("extra", "extras"):
                proposed = [" ".join(str(change[key]) for key in ("action", "rdtype", "name", "value"))
                            for change in report["extras"]]
                self.assertEqual(proposed, [] if text == "none" else check.of("extra"), about)
            elif word == "unanswered":
                self.assertIn(text, [f"{one['name']} {one['type']}" for one in report["unanswered"]], about)
            elif word == "value":
                path, _, value = text.partition(" ")
                self.assertEqual(zones.value_at(report, path), value, about)

    def test_the_order_in_which_a_server_gives_records_changes_nothing(self):
        def settled(report):
            return {key: value for key, value in report.items() if key not in OF_THE_MOMENT}

        for story in self.stories:
            if story.server or story.at or not story.has_sets:
                continue
            with zones.served(self.server, story, reverse=True):
                for check in story.checks:
                    with self.subTest(story=story.name, check=" ".join(check.arguments)):
                        turned = json.loads(zones.run(self.server, check, "--json")[1])
                        self.assertEqual(settled(self.report(story, check)[1]), settled(turned))

    @unittest.skipUnless(checkout.has("admin_guide"), "not in a checkout")
    def test_no_finding_asks_for_a_record_that_is_not_shown(self):
        """What a remedy calls shown is proposed wherever the finding is, or the remedy says what to do where none is."""
        texts = checkout.script("admin_guide").texts()
        promised = {code for code, (_title, _explanation, remedy) in texts.items() if any(map(promises, variants(remedy)))}
        self.assertLessEqual({"dmarc.refuses_own_mail", "advice.lookup_limit"} - promised, set(), "the pattern finds them")
        self.assertLessEqual(promised, set(CODES), "Odoo's own rules know nothing of what is proposed")
        for story in self.stories:
            for check in story.checks:
                if check.needs_engine:
                    continue
                _status, report = self.report(story, check)
                for code in promised & {finding["code"] for finding in report["findings"]}:
                    with self.subTest(story=story.name, code=code):
                        self.assertTrue(report["changes"] or report["budget"], "nothing is shown")

    def test_a_person_reads_the_same_codes_as_a_program(self):
        for story in self.stories:
            with zones.served(self.server, story):
                for check in story.checks:
                    if check.needs_engine:
                        continue
                    with self.subTest(story=story.name, check=" ".join(check.arguments)):
                        text = zones.run(self.server, check)[1]
                        self.assertLessEqual(check.codes, set(text.split()))


def variants(text):
    return [each for each in (text[1].values() if isinstance(text, tuple) else [text]) if each]


def promises(remedy):
    """Whether a remedy says, whatever the case, that something to publish is shown."""
    return bool(re.search(r"records? (is )?shown|that we propose|report( of [^ ]+)? shows|under “To Do”", remedy)) \
        and not re.search(r"[Ii]f (none|it shows none|they are all published)", remedy)


class TestCoverage(unittest.TestCase):
    def setUp(self):
        self.stories = {story.name: story for story in zones.stories()}

    def test_no_story_is_left_out(self):
        lacking = {story.lacks: story.name for story in self.stories.values() if story.lacks}
        if lacking:
            self.skipTest("; ".join(f"{name}: {lack} is not to be had here" for lack, name in lacking.items()))

    def test_every_code_that_dns_can_cause_is_produced_by_a_zone(self):
        produced = {code for story in self.stories.values() for check in story.checks for code in check.codes}
        self.assertEqual(set(CODES) - produced, NOT_OF_A_ZONE)

    def test_every_code_has_the_story_of_its_name(self):
        for code in set(CODES) - NOT_OF_A_ZONE:
            with self.subTest(code):
                self.assertIn(code, {code for check in self.stories[code].checks for code in check.codes})

    def test_stories_name_codes_that_there_are(self):
        for name, story in self.stories.items():
            with self.subTest(name):
                self.assertLessEqual({code for check in story.checks for code in check.codes}, set(CODES))
                denied = {code for check in story.checks for text in check.of("not") for code in text.split()}
                self.assertLessEqual({code for code in denied if not code.endswith("*")}, set(CODES))

    def test_what_dns_did_not_say_is_no_fault_of_the_domain(self):
        for code, kind in CODES.items():
            if code.endswith(("unanswered", "_unknown")):
                self.assertIs(kind.severity, Severity.INFO, code)

    def test_every_complaint_has_its_story(self):
        told = {f"complaint.{name}" for names in COMPLAINTS.values() for name in names}
        self.assertEqual(told, {name for name in self.stories if name.startswith("complaint.")})


@unittest.skipUnless(checkout.has("findings_table"), "not in a checkout")
class TestFindingsTable(unittest.TestCase):
    def test_the_table_of_findings_is_that_of_the_code(self):
        table = checkout.script("findings_table").table(CODES)
        self.assertEqual(table, checkout.document("findings.md"), "run: python dev/findings_table.py")

    def test_the_guide_for_administrators_has_a_section_of_today_for_each_finding(self):
        guide = checkout.document("admin.md")
        self.assertEqual(checkout.script("admin_guide").current(CODES), guide, "run: python dev/admin_guide.py")
        for code in CODES:
            self.assertEqual(guide.count(f'<a id="{code}"></a>'), 1, code)
        self.assertNotIn("((", guide, "a name that stands in brackets already has others around it")
        self.assertIn('<a id="path.contacts"></a>', guide)  # of Odoo's configuration, which the engine knows nothing of


def _summary(report) -> str:
    """The report in a few lines, for whoever reads why a story failed."""
    areas = [f"{area}: {report[area]['state']} {report[area]['code']}" for area in ("gate", "spf", "dkim", "dmarc")]
    findings = [f"{finding['code']} {zones.described(finding)}" for finding in report["findings"]]
    return "\n".join([f"state: {report['state']}", *areas, *findings])


if __name__ == "__main__":
    unittest.main()
