from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged
from odoo.tools.mail import append_content_to_html, html2plaintext

from ..checking import changes
from ..mailauth.rejections import MAX_TEXT, classify
from ..mailauth.tests.corpus import COPY, LAYOUTS, SUBJECTS, lay_out
from ..sending import rejections
from .common import DKIM_RECORD, DMARC_RECORD, HEALTHY, SPF_RECORD, DomainHealthCase

DMARC_REFUSAL = (
    "host gmail-smtp-in.l.google.com[192.0.2.1] said: 550-5.7.26 Unauthenticated email from ours.example is not accepted due to "
    "550-5.7.26 domain's DMARC policy. Please contact the administrator of ours.example domain")
SPAMHAUS_REFUSAL = "554 5.7.1 Service unavailable; Client host [192.0.2.25] blocked using zen.spamhaus.org"
WRONG_ADDRESS = "550 5.1.1 <customer@elsewhere.example>: Recipient address rejected: User unknown"


class EvidenceCase(DomainHealthCase):

    def setUp(self):
        super().setUp()
        self.author = self.env['res.users'].create({
            'name': 'Jim', 'login': 'evidence_jim', 'email': 'jim@ours.example',
            'company_id': self.company.id, 'company_ids': [(6, 0, self.company.ids)],
        })
        self.customer = self.env['res.partner'].create({'name': 'Customer', 'email': 'customer@elsewhere.example'})
        self.env['mail.domain.health']._refresh(self.company)
        self.domain = self.health('ours.example')
        self.publish('ours.example', *HEALTHY)

    def path(self, kind='user', author_domain='ours.example'):
        return self.env['mail.domain.health.path'].search([
            ('company_id', '=', self.company.id), ('kind', '=', kind), ('author_domain', '=', author_domain)])

    def message(self, age=0, email_from='"Jim" <jim@ours.example>'):
        return self.env['mail.message'].create({
            'email_from': email_from, 'record_company_id': self.company.id, 'model': 'res.partner', 'res_id': self.customer.id,
            'date': fields.Datetime.now() - timedelta(days=age), 'message_type': 'comment',
        })

    def refuse(self, text, count=1, status='bounce', **values):
        """A notification by mail that the receiver refused, as core stores it."""
        for _number in range(count):
            self.env['mail.notification'].create({
                'mail_message_id': self.message(**values).id, 'res_partner_id': self.customer.id,
                'notification_type': 'email', 'notification_status': status,
                'failure_type': 'mail_bounce' if status == 'bounce' else 'unknown', 'failure_reason': text,
            })

    def heard(self):
        rejections.read_rejections(self.env, self.company)
        return {row['cause']: row['count'] for row in (self.path().evidence or {}).get('heard', ())}

    def lasting(self):
        return {finding.code for finding in self.domain.finding_ids
                if finding.area in ('receivers', 'mailing') and not finding.resolved_on}


@tagged('post_install', '-at_install')
class TestEvidence(EvidenceCase):
    """What receivers said is read from what Odoo stores, told apart, and outranks what was predicted."""

    def test_rejections_are_told_apart_by_path_and_cause(self):
        self.refuse(DMARC_REFUSAL, 2)
        self.refuse(SPAMHAUS_REFUSAL, status='exception')
        self.refuse(WRONG_ADDRESS)
        self.refuse("550 no idea")
        self.assertEqual(self.heard(), {'dmarc': 2, 'blocklisted': 1, 'recipient': 1})
        self.assertEqual(self.path().evidence['unexplained'], 1)
        self.assertFalse(self.path('notifications').evidence)

    def test_failed_mail_without_notification_counts(self):
        self.env['mail.mail'].create({
            'mail_message_id': self.message().id, 'email_to': 'customer@elsewhere.example', 'state': 'exception',
            'failure_reason': "Mail delivery failed via SMTP server 'None'.\nSMTPDataError: 550\n5.7.60 SMTP; Client does not have "
                              "permissions to send as this sender",
        })
        self.assertEqual(self.heard(), {'sender_not_permitted': 1})

    def test_mail_with_notifications_counts_once(self):
        message = self.message()
        mail = self.env['mail.mail'].create({
            'mail_message_id': message.id, 'is_notification': True, 'state': 'exception', 'failure_reason': DMARC_REFUSAL})
        self.env['mail.notification'].create({
            'mail_message_id': message.id, 'mail_mail_id': mail.id, 'res_partner_id': self.customer.id,
            'notification_type': 'email', 'notification_status': 'exception', 'failure_reason': DMARC_REFUSAL})
        self.assertEqual(self.heard(), {'dmarc': 1})

    def test_last_thirty_days_count(self):
        self.refuse(DMARC_REFUSAL, age=31)
        self.refuse(DMARC_REFUSAL, age=29)
        self.assertEqual(self.heard(), {'dmarc': 1})

    def test_author_from_outside_is_on_the_path_of_outsiders(self):
        self.refuse(DMARC_REFUSAL, email_from='jane@elsewhere.example')
        self.assertEqual(self.heard(), {})
        outsiders = self.env['mail.domain.health.path'].search([
            ('company_id', '=', self.company.id), ('kind', '=', 'outsider')])
        self.assertEqual(outsiders.evidence['heard'][0]['cause'], 'dmarc')

    def test_subject_that_a_notice_repeats_is_no_refusal(self):
        """What turned a domain red: wrong addresses, in mails whose subject speaks of DMARC."""
        for subject in SUBJECTS[:4]:
            self.refuse(
                "Your message to customer@elsewhere.example couldn't be delivered.\n\nOriginal Message Details\n"
                f"Sender Address: jim@ours.example\nSubject: {subject}\n\nError Details\nError: 550 5.1.10 "
                "RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup")
        self.domain.check_now()
        self.assertEqual((self.domain.state, self.lasting(), self.heard()), ('pass', set(), {'recipient': 4}))

    def test_password_that_is_not_wanted_is_said_to_be_that(self):
        self.refuse("SMTPAuthenticationError: (535, b'5.7.139 Authentication unsuccessful, basic authentication is disabled.')",
                    status='exception')
        self.domain.check_now()
        self.assertIn('receivers.oauth_required', self.lasting())
        finding = self.domain.finding_ids.filtered(lambda found: found.code == 'receivers.oauth_required')
        self.assertIn("OAuth", finding.remedy)

    def test_bounces_are_read_as_core_keeps_them(self):
        """Core makes HTML of a bounce's text and text of that again: indentation and blank lines are lost."""
        for layout in LAYOUTS:
            for reply, cause in (
                ("550 5.7.1 DKIM verification failed", 'dkim'), ("550 5.1.1 <a@b.example>: User unknown", 'recipient'),
                (("550-5.7.26 The sender is unauthenticated.\n550-5.7.26 All senders authenticate with either\n"
                  "550 5.7.26 SPF or DKIM."), 'authentication'),
            ):
                with self.subTest(layout, reply=reply):
                    kept = html2plaintext(append_content_to_html('', lay_out(layout, reply), preserve=True))
                    self.assertEqual(classify(kept).cause.value, cause)

    def test_bounce_that_arrives_is_read_in_the_receivers_words(self):
        """From a real report through core's mail gateway to the cause."""
        message = self.message()
        message.message_id = '<1@odoo.ours.example>'
        self.env['mail.notification'].create({
            'mail_message_id': message.id, 'res_partner_id': self.customer.id, 'notification_type': 'email',
            'notification_status': 'sent'})
        original = COPY.format(subject="550 5.1.1 User unknown? Your DMARC policy").replace(
            'anna@theirs.example', 'customer@elsewhere.example')
        text = lay_out('postfix', "550 5.7.1 SPF: ours.example does not permit 192.0.2.25").partition("Received:")[0]
        self.env['mail.thread'].message_process('res.partner', f"""\
Return-Path: <>
From: MAILER-DAEMON@mail.ours.example (Mail Delivery System)
To: bounce@ours.example
Subject: Undelivered Mail Returned to Sender
Message-Id: <2@mail.ours.example>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain; charset=us-ascii

{text}
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.ours.example

Final-Recipient: rfc822; customer@elsewhere.example
Action: failed
Status: 5.7.1

--b
Content-Type: message/rfc822

{original}
--b--
""")
        self.assertEqual(message.notification_ids.notification_status, 'bounce')
        self.assertEqual(self.heard(), {'spf': 1})

    def test_reading_is_bounded_and_uses_the_index(self):
        self.refuse("550 5.7.26 " + "x" * 100_000)
        [row] = rejections.read_failures(self.env, self.company, fields.Date.today() - timedelta(days=30))
        self.assertEqual(len(row[-1]), MAX_TEXT)
        self.env.cr.execute("SET LOCAL enable_seqscan = off")
        query = rejections.notification_query()
        self.env.cr.execute(f"EXPLAIN {query.code}", query.params)
        plan = '\n'.join(line for [line] in self.env.cr.fetchall())
        self.assertNotIn("Seq Scan on mail_notification", plan)

    def test_rejections_of_this_week_overrule_a_good_prediction(self):
        self.domain.check_now()
        self.assertEqual((self.domain.state, self.path().state), ('pass', 'pass'))
        self.refuse(DMARC_REFUSAL, 4)
        sentence = self.domain.check_now()['overview']['sentence']
        self.assertEqual((self.domain.state, self.path().state), ('fail', 'fail'))
        self.assertIn('receivers:dmarc', self.path().reasons)
        self.assertIn("4 emails", self.path().story['outcome'])
        self.assertIn("4 emails", sentence)
        self.assertIn("predicted", sentence)
        self.assertEqual(self.domain.spf_state, 'pass', "what the records say is still so")
        self.assertIn('receivers.refused_dmarc', self.lasting())
        finding = self.domain.finding_ids.filtered(lambda found: found.code == 'receivers.refused_dmarc')
        self.assertIn("Gmail", finding.explanation)
        self.assertIn("5.7.26", finding.record)

    def test_single_rejection_is_a_warning_and_no_alarm(self):
        self.refuse(DMARC_REFUSAL)
        self.domain.check_now()
        self.assertEqual(self.domain.state, 'warning')

    def test_blocklist_changes_no_verdict_and_is_a_finding(self):
        self.refuse(SPAMHAUS_REFUSAL, 5)
        self.domain.check_now()
        self.assertEqual(self.domain.state, 'pass')
        self.assertIn('receivers.blocklisted', self.lasting())

    def test_wrong_addresses_are_nothing_about_the_domain(self):
        self.refuse(WRONG_ADDRESS, 5)
        self.domain.check_now()
        self.assertEqual((self.domain.state, self.lasting()), ('pass', set()))

    def test_what_was_said_before_the_records_changed_is_history(self):
        self.publish('ours.example', SPF_RECORD, DMARC_RECORD)
        self.refuse(DMARC_REFUSAL, 4, age=1)
        self.domain.check_now()
        self.assertEqual(self.domain.state, 'fail')
        self.publish('ours.example', SPF_RECORD, DKIM_RECORD, DMARC_RECORD)
        self.domain.check_now()
        self.assertEqual(self.domain.state, 'pass')
        self.assertEqual(self.domain.records_changed_on, fields.Date.today())

    def test_silent_dns_is_no_change_of_the_records(self):
        self.domain.check_now()
        with self.silent_dns():
            self.domain.check_now()
        self.domain.check_now()
        self.assertFalse(self.domain.records_changed_on)

    def test_finding_ends_with_the_rejections(self):
        self.refuse(DMARC_REFUSAL)
        self.domain.check_now()
        self.env['mail.notification'].search([('failure_reason', '=', DMARC_REFUSAL)]).unlink()
        self.domain.check_now()
        self.assertEqual((self.domain.state, self.lasting()), ('pass', set()))

    def test_new_rejections_are_announced_like_a_record_that_breaks(self):
        self.domain.check_now()
        self.refuse(DMARC_REFUSAL, 4)
        self.domain.check_now()
        self.domain.announced = {**self.domain.announced, 'receivers': {
            **self.domain.announced['receivers'], 'pending_since': (fields.Datetime.now() - timedelta(minutes=11)).isoformat()}}
        posted = len(self.domain.message_ids)
        self.domain.check_now()
        self.assertEqual(len(self.domain.message_ids), posted + 1)
        self.assertIn("Rejections", self.domain.message_ids[0].body)

    def test_failing_to_read_stops_no_check(self):
        with patch.object(rejections, 'read_failures', side_effect=ValueError("broken")), \
                self.assertLogs('odoo.addons.mail_domain_health.checking.isolation', 'ERROR'):
            self.domain.check_now()
        self.assertEqual(self.domain.state, 'pass')

    def test_page_shows_causes_paths_and_the_newest_text(self):
        self.refuse(DMARC_REFUSAL, 2)
        self.refuse(SPAMHAUS_REFUSAL, email_from='jane@elsewhere.example')
        self.refuse("550 no idea")
        self.domain.check_now()
        said = self.domain.with_context(allowed_company_ids=self.company.ids).receivers_said
        self.assertEqual(
            [(row['cause'], row['count']) for row in said['rows']], [('dmarc', 2), ('blocklisted', 1), ('unexplained', 1)])
        self.assertIn("5.7.26", said['rows'][0]['text'])
        self.assertEqual(said['rows'][0]['paths'][0]['who'], self.path()._who())
        self.assertEqual(said['rows'][1]['names'], "Spamhaus")
        self.assertIn("4 rejections", said['sentence'])
        self.assertFalse(said['tips'])
        self.assertEqual(self.path().receivers_said['rows'][0]['paths'], [])

    def test_where_all_is_green_the_page_points_on(self):
        self.domain.check_now()
        self.assertTrue(self.domain.with_context(allowed_company_ids=self.company.ids).receivers_said['tips'])

    def test_page_of_another_company_shows_nothing_of_this_one(self):
        self.refuse(DMARC_REFUSAL, 2)
        self.domain.check_now()
        other = self.make_company("Other", 'other.example')
        self.assertFalse(self.domain.with_context(allowed_company_ids=other.ids).receivers_said['rows'])


@tagged('post_install', '-at_install')
class TestOneClick(EvidenceCase):
    """Mailings whose one-click unsubscribe counts for nothing; the way is simulated where mass_mailing is missing."""

    def setUp(self):
        super().setUp()
        self.env['ir.config_parameter'].set_param('web.base.url', 'https://odoo.ours.example')
        user_path = self.path()
        self.mailing_path = user_path.copy({'kind': 'mailing', 'author_count': 1})
        self.mailing_path.flush_recordset()

    def check(self):
        # as a configuration with a mailing would keep it
        with patch.object(changes, 'refresh_or_log', lambda *arguments: None):
            self.domain.check_now()
        return self.lasting()

    def test_signed_mailings_over_https_are_in_order(self):
        self.assertEqual(self.check(), set())

    def test_unsigned_mailings(self):
        self.publish('ours.example', SPF_RECORD, DMARC_RECORD)
        self.assertEqual(self.check(), {'mailing.one_click_void'})
        self.publish('ours.example', *HEALTHY)
        self.assertEqual(self.check(), set())

    def test_link_without_https(self):
        self.env['ir.config_parameter'].set_param('web.base.url', 'http://odoo.ours.example')
        self.assertEqual(self.check(), {'mailing.one_click_not_https'})
