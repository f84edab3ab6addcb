from datetime import timedelta

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..proving import bouncing
from .test_proof import REPORT, ProofCase


@tagged('post_install', '-at_install')
class TestProofBounces(ProofCase):
    """Whether reports about mail that could not be delivered come home."""

    def setUp(self):
        super().setUp()
        self.domain = self.path.from_health_id

    def ask(self):
        with self.leaving():
            action = self.domain.with_user(self.ann).action_prove_bounces()
        return self.Proof.sudo().browse(action['domain'][0][2])

    def receive_and_take(self, octets):
        return self.Proof._take(octets, 'fetched')

    def test_one_mail_to_an_address_that_nobody_has_at_most_once_a_day(self):
        proof = self.ask()
        self.assertEqual((proof.kind, proof.state), ('bounce', 'waiting'))
        self.assertRegex(proof.address, r'^mdh-[0-9a-f]{32}@ours\.example$')
        self.assertEqual(self.ask(), proof)
        self.pass_time(proof, hours=25)
        self.assertNotEqual(self.ask(), proof)

    def test_never_through_a_service_that_takes_bounces_itself(self):
        known = self.env['mail.mail'].search_count([])
        for code in ('brevo', 'sendgrid', 'mailgun', 'amazon_ses'):
            self.domain.path_ids.mail_sending_service_id = self.env.ref(f'mail_domain_health.sending_service_{code}')
            with self.assertRaises(UserError):
                self.domain.with_user(self.ann).action_prove_bounces()
        self.assertEqual(self.env['mail.mail'].search_count([]), known)
        self.domain.path_ids.mail_sending_service_id = False
        self.assertTrue(self.ask())

    def test_nothing_to_a_domain_of_somebody_else_or_by_a_copy(self):
        self.domain.is_foreign = True
        with self.assertRaises(UserError):
            self.domain.with_user(self.ann).action_prove_bounces()
        self.domain.is_foreign = False
        self.env['ir.config_parameter'].set_param('database.is_neutralized', 'true')
        with self.assertRaises(UserError):
            self.domain.with_user(self.ann).action_prove_bounces()

    def test_a_report_that_odoo_understands_comes_home(self):
        proof = self.ask()
        report = REPORT.replace(b'tests@receiver.example', proof.address.encode()) % self.octets(proof)
        self.receive_and_take(report)
        self.assertEqual((proof.state, proof.is_understood), ('returned', True))
        self.assertIn('no such user', proof.outcome)
        self.assertFalse(self.env['mail.blacklist'].search_count([]))

    def test_a_report_without_the_address_is_not_understood(self):
        proof = self.ask()
        self.receive_and_take(REPORT % self.octets(proof))
        self.assertEqual((proof.state, proof.is_understood), ('returned', False))

    def test_a_catch_all_that_took_it_is_told_and_nothing_is_compared(self):
        proof = self.ask()
        self.receive_and_take(self.arrived(proof))
        self.assertEqual(proof.state, 'arrived')
        self.assertIn('catch-all', proof.outcome)
        self.assertFalse(proof.breaks)

    def test_refused_at_once_is_told_apart_from_a_server_that_is_down(self):
        proof = self.ask()
        core = "Mail Delivery Failed\nMail delivery failed via SMTP server 'None'.\n"
        for failure, is_refusal in (
            ("SMTPRecipientsRefused: {'x@ours.example': (550, b'5.1.1 no such user')}", True),
            ("SMTPRecipientsRefused：{'x@ours.example': (550, b'5.1.1 no such user')}", True),  # in Chinese
            ("SMTPDataError: (554, b'5.1.1 no such user')", True),
            ("SMTPRecipientsRefused: {'x@ours.example': (450, b'4.2.0 greylisted')}", False),
            ("SMTPSenderRefused: (553, b'5.7.1 not your address', 'bounce@ours.example')", False),
            ("SMTPAuthenticationError: (535, b'5.7.8 Authentication failed')", False),
            ("SMTPConnectError: (554, b'5.7.1 no service for you')", False),
            ("Could not reach SMTP server smtp.ours.example:587: Connection refused", False),
        ):
            with self.subTest(failure):
                proof.write({'state': 'failed', 'failure': core + failure})
                self.assertEqual(bouncing.get_outcome(proof), 'refused' if is_refusal else 'not_sent')
                self.assertIn(failure, proof.outcome)

    def test_nothing_within_a_day_says_what_to_look_at(self):
        proof = self.ask()
        before = proof.outcome
        self.pass_time(proof, hours=25)
        self.assertNotEqual(proof.outcome, before)
        self.assertIn('bounce@ours.example', proof.outcome)

    def pass_time(self, proof, **delta):
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE mail_domain_health_proof SET create_date = create_date - %(d)s, left_on = left_on - %(d)s WHERE id = %(id)s",
            {'d': timedelta(**delta), 'id': proof.id})
        self.env.invalidate_all()
