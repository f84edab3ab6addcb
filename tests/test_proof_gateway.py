from unittest.mock import patch

from odoo.tests import tagged

from odoo.addons.mail.models.mail_thread import MailThread as Core

from ..mailauth.tests import mails
from ..proving import token
from ..receiving import queue, reading
from .test_proof import REPORT, ProofCase


@tagged('post_install', '-at_install')
class TestProofGateway(ProofCase):
    """A proof that Odoo fetches is taken before its gateway, and is nobody's mail."""

    def setUp(self):
        super().setUp()
        self.given = []

        def message_process(_self, _model, message, **_kwargs):
            self.given.append(message)
            return 42

        self.startPatcher(patch.object(Core, 'message_process', message_process))

    def receive(self, octets):
        return self.env['mail.thread'].message_process(None, octets)

    def read_waiting(self):
        self.env.cr.execute("UPDATE mail_domain_health_incoming SET next_read = now() AT TIME ZONE 'UTC' - interval '1 minute'")
        while found := queue.claim(self.env(su=True)):
            reading.read_mails(self.env(su=True), found)
        self.env.invalidate_all()

    def waiting(self):
        return self.env['mail.domain.health.incoming'].sudo().search_count([('consumer', '=', 'mail.domain.health.proof')])

    def test_it_is_taken_read_and_leaves_nothing(self):
        proof = self.send()
        octets = self.arrived(proof)
        messages, partners = self.env['mail.message'].search_count([]), self.env['res.partner'].search_count([])
        self.assertIs(self.receive(octets), False)
        self.assertFalse(self.given)
        self.assertEqual((self.waiting(), proof.state), (1, 'waiting'))
        self.read_waiting()
        self.assertEqual((self.waiting(), proof.state, proof.verdict), (0, 'arrived', 'pass'))
        self.assertEqual(
            (self.env['mail.message'].search_count([]), self.env['res.partner'].search_count([])), (messages, partners))

    def test_a_second_copy_is_nobodys_mail_and_changes_nothing(self):
        proof = self.send()
        octets = self.arrived(proof)
        for _time in range(2):
            self.receive(octets)
            self.receive(octets.replace(b'192.0.2.10', b'203.0.113.9'))
        self.read_waiting()
        self.assertEqual((proof.state, proof.egress, self.waiting()), ('arrived', '192.0.2.10', 0))
        self.assertFalse(self.given)

    def test_a_mail_with_a_token_that_nobody_sent_is_core_s(self):
        octets = self.arrived(self.send())
        [secret] = token.find(octets)
        for other in (octets.replace(secret.encode(), token.make().encode()), mails.arrived(), b'', REPORT % b'Subject: x'):
            self.assertEqual(self.receive(other), 42)
        self.assertEqual(len(self.given), 4)

    def test_that_it_came_back_is_told_and_counts_nobody_s_bounces(self):
        partner = self.env['res.partner'].create({'name': "Tests", 'email': 'tests@receiver.example'})
        proof = self.send()
        self.assertIs(self.receive(REPORT % self.octets(proof)), False)
        self.read_waiting()
        self.assertEqual(proof.state, 'returned')
        self.assertIn('no such user', proof.outcome)
        self.assertEqual(partner.message_bounce, 0)
        self.assertFalse(self.env['mail.blacklist'].search_count([('email', '=', 'tests@receiver.example')]))

    def test_a_text_that_somebody_decoded_proves_no_bad_signature(self):
        proof = self.send()
        self.receive(self.arrived(proof, change=lambda octets: octets.replace(b'Nobody has', b'Somebody has')).decode())
        self.read_waiting()
        self.assertEqual((proof.state, proof.dkim_result, proof.verdict), ('arrived', 'unknown', 'unknown'))

    def test_by_an_alias_of_ones_own_and_no_more_once_the_alias_is_gone(self):
        self.company.mail_health_proof_address = False
        action = self.path.with_user(self.ann).action_send_proof()
        wizard = self.env['mail.domain.health.proof.start'].with_user(self.ann).browse(action['res_id'])
        wizard.way = 'own'
        wizard.action_send()
        self.assertEqual(self.company.mail_health_proof_address, 'odoo-proofs@ours.example')
        self.pass_an_hour()
        proof = self.send()
        self.assertTrue(proof.is_alias)
        octets = self.arrived(proof)
        self.env['mail.alias'].search([('alias_name', '=', 'odoo-proofs')]).unlink()
        self.assertEqual(self.receive(octets), 42, "nothing else that is sent there comes in either")
        self.pass_an_hour()
        self.assertIn('odoo-proofs@ours.example', proof.outcome)
        self.assertEqual(proof.state, 'waiting')

    def test_a_company_without_an_alias_domain_has_no_alias(self):
        self.company.write({'mail_health_proof_address': False, 'alias_domain_id': False})
        wizard = self.env['mail.domain.health.proof.start'].create({'path_ids': self.path.ids, 'way': 'own'})
        with self.assertRaisesRegex(Exception, self.company.name):
            wizard.action_send()

    def pass_an_hour(self):
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE mail_domain_health_proof SET create_date = create_date - interval '2 hours',"
            " left_on = left_on - interval '2 hours'")
        self.env.invalidate_all()
