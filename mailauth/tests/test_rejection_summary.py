"""What receivers said, gathered and held against a prediction; and one-click unsubscribe."""

import unittest
from datetime import date, timedelta

from ..rejections import classify, summary
from ..verdict import one_click

TODAY = date(2026, 6, 30)
DMARC = classify("550 5.7.509: Access denied, sending domain ours.example does not pass DMARC verification")
SPAMHAUS = classify("554 5.7.1 Client host [192.0.2.25] blocked using zen.spamhaus.org")
UNKNOWN_USER = classify("550 5.1.1 User unknown")


def said(refusal, *ages):
    return [(TODAY - timedelta(days=age), "elsewhere.example", refusal) for age in ages]


class TestGather(unittest.TestCase):
    def test_rejections_are_counted_by_cause_and_day(self):
        rows = summary.gather([*said(DMARC, 1, 1, 9), *said(SPAMHAUS, 2)])
        self.assertEqual([(row["cause"], row["count"]) for row in rows], [("dmarc", 3), ("blocklisted", 1)])
        self.assertEqual(rows[0]["days"], {"2026-06-21": 1, "2026-06-29": 2})
        self.assertEqual((rows[0]["status"], rows[0]["receivers"]), ("5.7.509", ["Microsoft"]))
        self.assertEqual((rows[1]["blocklists"], rows[1]["receivers"]), (["Spamhaus"], ["elsewhere.example"]))

    def test_several_paths_are_added_up(self):
        merged = summary.merge([summary.gather(said(DMARC, 1)), summary.gather([*said(DMARC, 1, 3), *said(SPAMHAUS, 2)])])
        self.assertEqual([(row["cause"], row["count"]) for row in merged], [("dmarc", 3), ("blocklisted", 1)])
        self.assertEqual(merged[0]["days"], {"2026-06-27": 1, "2026-06-29": 2})

    def test_findings_name_who_refused_and_show_the_newest_text(self):
        [found] = summary.findings("ours.example", summary.gather(said(SPAMHAUS, 4, 2)), {"Brevo"})
        self.assertEqual(found.code, "receivers.blocklisted")
        self.assertEqual(found.params["blocklists"], ["Spamhaus"])
        self.assertEqual((found.params["count"], found.params["since"], found.params["last"]), (2, "2026-06-26", "2026-06-28"))
        self.assertIn("zen.spamhaus.org", found.record)

    def test_recipients_own_trouble_is_no_finding(self):
        self.assertEqual(list(summary.findings("ours.example", summary.gather(said(UNKNOWN_USER, 1)))), [])

    def test_cause_that_another_version_stored_says_nothing(self):
        rows = [{**row, "cause": "of_old"} for row in summary.gather(said(DMARC, 1))]
        self.assertEqual(list(summary.findings("ours.example", rows)), [])
        self.assertEqual(summary.weigh(rows, TODAY), (None, None))


class TestWeigh(unittest.TestCase):
    def weigh(self, *rows, since=None):
        state, worst = summary.weigh(summary.gather([row for group in rows for row in group]), TODAY, since)
        return state, worst and worst["cause"]

    def test_one_rejection_makes_a_path_fragile_and_several_of_this_week_make_it_fail(self):
        self.assertEqual(self.weigh(said(DMARC, 1)), ("warning", "dmarc"))
        self.assertEqual(self.weigh(said(DMARC, 1, 2, 3)), ("fail", "dmarc"))

    def test_red_is_for_what_happens_now(self):
        self.assertEqual(self.weigh(said(DMARC, 10, 11, 12, 13)), ("warning", "dmarc"))

    def test_what_was_said_before_the_records_changed_is_history(self):
        changed = TODAY - timedelta(days=2)
        self.assertEqual(self.weigh(said(DMARC, 3, 4, 5), since=changed), (None, None))
        self.assertEqual(self.weigh(said(DMARC, 1, 3, 4, 5), since=changed), ("warning", "dmarc"))

    def test_only_authentication_speaks_against_a_prediction(self):
        self.assertEqual(self.weigh(said(SPAMHAUS, 1, 1, 1), said(UNKNOWN_USER, 1, 1, 1)), (None, None))

    def test_nothing_heard_says_nothing(self):
        self.assertEqual(self.weigh(), (None, None))


class TestOneClick(unittest.TestCase):
    def codes(self, dkim, url):
        return [found.code for found in one_click.findings("ours.example", dkim, url)]

    def test_signature_and_https_are_needed(self):
        self.assertEqual(self.codes("published", "https://odoo.ours.example"), [])
        self.assertEqual(self.codes("missing", "https://odoo.ours.example"), ["mailing.one_click_void"])
        self.assertEqual(self.codes("published", "http://odoo.ours.example"), ["mailing.one_click_not_https"])

    def test_unknown_is_not_missing(self):
        for dkim in ("unknown", "not_known", "partial"):
            self.assertEqual(self.codes(dkim, "HTTPS://odoo.ours.example"), [])
