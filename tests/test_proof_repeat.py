from datetime import timedelta

from odoo import fields
from odoo.tests import BaseCase, tagged

from ..mailauth.tests import mails
from ..proving import repeating
from ..proving.breaks import (
    EGRESS_CHANGED,
    NOT_ARRIVING,
    SIGNATURE_STOPPED,
    UNENCRYPTED,
    UNVERIFIED,
    Facts,
    find_breaks,
    hold,
)
from .test_proof import ProofCase

SOUND = Facts('arrived', 'pass', 'pass', 'yes', '192.0.2.10', False)


@tagged('post_install', '-at_install')
class TestBreaks(BaseCase):
    """From what two proofs showed to what has stopped. Pure."""

    def test_each_thing_that_stopped(self):
        for after, codes in (
            (SOUND, ()),
            (SOUND._replace(dkim='none', verdict='warning'), (SIGNATURE_STOPPED,)),
            (SOUND._replace(dkim='fail', verdict='fail'), (UNVERIFIED, SIGNATURE_STOPPED)),
            (SOUND._replace(encrypted='no'), (UNENCRYPTED,)),
            (SOUND._replace(egress='203.0.113.9'), (EGRESS_CHANGED,)),
            (SOUND._replace(state='missing'), (NOT_ARRIVING,)),
            (SOUND._replace(state='returned'), (NOT_ARRIVING,)),
            (SOUND._replace(state='failed'), (NOT_ARRIVING,)),
        ):
            with self.subTest(after=after):
                self.assertEqual(find_breaks(SOUND, after, {'192.0.2.10'}), codes)

    def test_what_is_not_known_breaks_nothing(self):
        for after in (
            SOUND._replace(verdict='unknown', dkim='unknown'), SOUND._replace(encrypted='unknown'), SOUND._replace(egress=False),
            SOUND._replace(egress='203.0.113.9', may_be_service=True),  # a service has many addresses
            SOUND._replace(state='internal', verdict='unknown', dkim='none', encrypted='no', egress=False),
            SOUND._replace(state='waiting'), SOUND._replace(state='unprovable'),
        ):
            with self.subTest(after=after):
                self.assertEqual(find_breaks(SOUND, after, {'192.0.2.10'}), ())

    def test_what_was_never_in_order_does_not_stop(self):
        bad = SOUND._replace(verdict='fail', dkim='none', encrypted='no')
        self.assertEqual(find_breaks(bad, bad, {'192.0.2.10'}), ())
        self.assertEqual(find_breaks(None, bad, set()), ())

    def test_two_in_a_row_confirm_and_one_that_does_not_show_it_ends_it(self):
        for shown, confirmed, once in (
            ((), '', ''), (('',), '', ''), (('', 'a'), '', 'a'), (('a', 'a'), 'a', ''), (('a', 'b'), '', 'b'),
            (('a', '', 'a'), '', 'a'), (('a', 'a', 'a'), 'a', ''), (('a', 'a', ''), '', ''), (('ab', 'a'), 'a', ''),
            (('a', 'a', 'ab'), 'a', 'b'), (('a', 'a', 'b', 'b'), 'b', ''),
        ):
            with self.subTest(shown=shown):
                self.assertEqual(hold(shown), (set(confirmed), set(once)))


@tagged('post_install', '-at_install')
class TestProofRepeats(ProofCase):
    """By itself, once it was agreed to; what two in a row show is told once."""

    def setUp(self):
        super().setUp()
        self.company.mail_health_repeats_proofs = True
        self.domain = self.path.from_health_id
        self.before = self.domain.message_ids
        self.mailbox = self.env['fetchmail.server'].create({
            'name': "Mailbox", 'server': 'imap.receiver.example', 'user': 'tests@receiver.example', 'state': 'done',
            'date': fields.Datetime.now()})

    def pass_time(self, **delta):
        """Let time pass: everything that was noted is so much older."""
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE mail_domain_health_proof SET create_date = create_date - %(d)s, left_on = left_on - %(d)s", {'d': timedelta(**delta)})
        self.env.invalidate_all()

    def run_cron(self):
        """Do what the scheduled action does; return what it sent."""
        before = self.Proof.search([])
        with self.leaving():
            repeating.run(self.env, lambda _done: True)
        return (self.Proof.search([]) - before).filtered(lambda proof: proof.path_id == self.path)

    def told(self):
        return self.domain.message_ids - self.before

    def findings(self):
        return self.domain.finding_ids.filtered(lambda found: found.area == 'proof' and not found.resolved_on)

    def test_it_is_off_until_somebody_agrees_to_it(self):
        company = self.make_company("New", 'new.example')
        self.assertFalse(company.mail_health_repeats_proofs)
        self.company.write({'mail_health_repeats_proofs': False, 'mail_health_proof_address': False})
        action = self.path.with_user(self.ann).action_send_proof()
        wizard = self.env[action['res_model']].with_user(self.ann).browse(action['res_id'])
        self.assertFalse(wizard.repeats)
        wizard.address = 'tests@receiver.example'
        wizard.action_send()
        self.assertFalse(self.company.mail_health_repeats_proofs)
        self.pass_time(days=8)
        self.assertFalse(self.run_cron(), "one that a person sent is no consent to more")

    def test_once_a_week_and_only_where_it_was_agreed_to(self):
        self.company.mail_health_repeats_proofs = False
        self.assertFalse(self.run_cron())
        self.company.mail_health_repeats_proofs = True
        proof = self.run_cron()
        self.assertEqual((proof.path_id, proof.state), (self.path, 'waiting'))
        self.take(self.arrived(proof))
        for days in (1, 3, 2):
            self.pass_time(days=days)
            self.assertFalse(self.run_cron())
        self.pass_time(days=1, hours=1)
        self.assertTrue(self.run_cron())

    def test_nothing_is_sent_by_a_copy_of_the_database(self):
        self.env['ir.config_parameter'].set_param('database.is_neutralized', 'true')
        self.assertFalse(self.run_cron())

    def test_a_signature_that_stopped_is_told_once_after_a_second_proof_and_ends_with_a_good_one(self):
        self.take(self.arrived(self.run_cron()))
        self.pass_time(days=8)
        first = self.run_cron()
        self.take(self.arrived(first, sign=lambda octets: octets))
        self.assertEqual(first.breaks, [SIGNATURE_STOPPED])
        self.assertFalse(self.told() or self.findings())
        self.assertFalse(self.run_cron(), "not within the hour")
        self.pass_time(hours=2)
        second = self.run_cron()
        self.assertTrue(second)
        self.take(self.arrived(second, sign=lambda octets: octets))
        self.assertEqual(self.findings().mapped('code'), [SIGNATURE_STOPPED])
        self.assertEqual(len(self.told()), 1)
        self.assertTrue(self.domain.activity_search([repeating.ACTIVITY_PROOF]))
        self.assertNotIn('%(', self.findings().explanation)
        for _week in range(2):
            self.pass_time(days=8)
            self.take(self.arrived(self.run_cron(), sign=lambda octets: octets))
            self.pass_time(hours=2)
            self.assertFalse(self.run_cron(), "what is confirmed is looked at weekly")
        self.assertEqual(len(self.told()), 1)
        self.pass_time(days=8)
        self.take(self.arrived(self.run_cron()))
        self.assertFalse(self.findings())
        self.assertFalse(self.domain.activity_search([repeating.ACTIVITY_PROOF]))

    def test_one_bad_proof_between_good_ones_is_told_nobody(self):
        for sign in (mails.sign, lambda octets: octets, mails.sign):
            self.take(self.arrived(self.run_cron(), sign=sign))
            self.pass_time(days=8)
        self.assertFalse(self.told() or self.findings())

    def test_another_relay_is_told(self):
        self.take(self.arrived(self.run_cron()))
        self.publish_ours()
        for _time in range(2):
            self.pass_time(days=8)
            self.take(self.arrived(self.run_cron(), mails.POSTFIX.replace('192.0.2.10', '203.0.113.9')))
        self.assertIn(EGRESS_CHANGED, self.findings().mapped('code'))
        found = self.findings().filtered(lambda found: found.code == EGRESS_CHANGED)
        self.assertIn('203.0.113.9', found.explanation)
        self.assertIn('192.0.2.10', found.explanation)

    def test_it_no_longer_arrives_only_after_a_day_and_a_second_proof(self):
        self.take(self.arrived(self.run_cron()))
        self.pass_time(days=8)
        first = self.run_cron()
        self.pass_time(hours=23)
        self.assertFalse(self.run_cron())
        self.pass_time(hours=1, minutes=1)
        second = self.run_cron()
        self.assertTrue(second)
        self.assertFalse(self.told())
        self.pass_time(hours=3)
        self.assertFalse(self.run_cron() or self.told())
        self.pass_time(hours=2)
        self.assertFalse(self.run_cron())
        self.assertEqual(self.findings().mapped('code'), [NOT_ARRIVING])
        self.assertEqual((first.state, second.state), ('missing', 'missing'))
        self.assertEqual(len(self.told()), 1)
        self.take(self.arrived(second))  # it was only late
        self.assertFalse(self.findings())

    def test_of_mail_that_is_not_read_where_it_was_sent_to_nobody_says_that_it_does_not_arrive(self):
        for unread in (
            {'state': 'draft'}, {'error_date': fields.Datetime.now()}, {'date': fields.Datetime.now() - timedelta(days=90)},
        ):
            with self.subTest(unread), self.env.cr.savepoint() as undone:
                self.take(self.arrived(self.run_cron()))
                self.mailbox.write(unread)
                for _week in range(3):
                    self.pass_time(days=8)
                    self.assertEqual(self.run_cron().state, 'waiting', "it is tried each week")
                self.assertFalse(self.told() or self.findings())
                self.mailbox.write({'state': 'done', 'error_date': False, 'date': fields.Datetime.now()})
                self.pass_time(days=1, hours=1)
                repeating.follow(self.path)
                self.assertEqual(self.findings().mapped('code'), [NOT_ARRIVING], "now that it is read again")
                undone.rollback()

    def test_silence_of_dns_makes_no_address_a_new_one(self):
        """A service has many addresses, and it is its own record that tells which."""
        self.take(self.arrived(self.run_cron()))
        self.dns.script('_spf.odoo.com', '*', 'servfail')
        for _time in range(2):
            self.pass_time(days=8)
            proof = self.run_cron()
            self.take(self.arrived(proof, mails.POSTFIX.replace('192.0.2.10', '203.0.113.9')))
            self.assertTrue(proof.may_be_service)
        self.assertNotIn(EGRESS_CHANGED, self.findings().mapped('code'))

    def test_what_never_arrived_does_not_stop_arriving(self):
        for _time in range(3):
            self.assertTrue(self.run_cron())
            self.pass_time(days=8)
        self.assertFalse(self.findings())

    def test_a_mail_server_that_is_down_for_an_hour_is_told_nobody(self):
        self.take(self.arrived(self.run_cron()))
        self.pass_time(days=8)
        first = self.run_cron()
        first.write({'state': 'failed', 'left_on': False})
        self.pass_time(hours=2)
        second = self.run_cron()
        second.write({'state': 'failed', 'left_on': False})
        self.pass_time(hours=2)
        self.assertFalse(self.run_cron() or self.told())
        self.pass_time(hours=21)
        repeating.follow(self.path)
        self.assertEqual(self.findings().mapped('code'), [NOT_ARRIVING])

    def test_an_internal_route_ends_and_breaks_nothing(self):
        receiver = (
            "Received: from relay.ours.example (relay.ours.example [192.0.2.10])\r\n"
            "\tby mx.ours.example (Postfix) with ESMTP id 4XkAA; Mon,  2 Nov 2026 12:05:06 +0000 (UTC)\r\n")
        self.take(self.arrived(self.run_cron()))
        for _time in range(2):
            self.pass_time(days=8)
            self.take(self.arrived(self.run_cron(), sign=lambda octets: octets))
        told = self.told()
        self.pass_time(days=8)
        self.take(self.arrived(self.run_cron(), receiver, sign=lambda octets: octets))
        self.assertEqual(self.findings().mapped('code'), [SIGNATURE_STOPPED])
        self.assertEqual(self.told(), told)

    def test_paths_that_cannot_be_proven_are_looked_at_once_a_week(self):
        self.path.write({'kind': 'outsider', 'sent_count': 1})
        self.path.is_used = True
        refused = self.run_cron()
        self.assertEqual(refused.state, 'unprovable')
        self.pass_time(hours=2)
        self.assertFalse(self.run_cron())
        self.assertTrue(refused.exists())
