import base64
import quopri
import time
from unittest.mock import patch

from odoo.tests import tagged

from odoo.addons.mail.models.mail_thread import MailThread as Core

from ..mailauth.tests import bounce_layouts, mails
from ..proving import letter, token, waiting, way_back
from ..receiving import queue, reading
from .received_common import ReceivedCase
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

    def test_an_alias_of_ones_own_is_written_to_where_it_is_now(self):
        """An alias has another address once its alias domain is renamed: what is sent to the former one would not arrive."""
        self.company.mail_health_proof_address = way_back.make_alias(self.company)
        alias = self.env['mail.alias'].search([('alias_name', '=', 'odoo-proofs')])
        self.assertTrue(self.send().is_alias)
        self.company.alias_domain_id.name = 'renamed.example'
        self.assertEqual((way_back.get_address(self.company), alias.alias_full_name), ('odoo-proofs@renamed.example',) * 2)
        self.assertEqual(self.company.mail_health_proof_address, 'odoo-proofs@renamed.example', "Settings show it")
        self.company.mail_health_proof_address = 'odoo-proofs@receiver.example'
        self.assertEqual(way_back.get_address(self.company), 'odoo-proofs@receiver.example', "a mailbox that somebody named")

    def test_of_what_is_sent_to_an_alias_that_is_gone_nobody_says_that_it_does_not_arrive(self):
        self.company.mail_health_proof_address = way_back.make_alias(self.company)
        self.send()
        self.env['fetchmail.server'].create({'name': "Mailbox", 'state': 'done', 'user': 'x', 'date': '2126-01-01 00:00:00'})
        self.env['mail.alias'].search([('alias_name', '=', 'odoo-proofs')]).alias_name = 'tests'
        self.pass_an_hour()
        proof = self.send()
        self.pass_an_hour()
        self.assertEqual((waiting.look_at(proof)[0], waiting.is_read(proof)), ('no_alias', False))

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


@tagged('post_install', '-at_install')
class TestProofReturned(ReceivedCase, ProofCase):
    """What mail servers write about a proof, in whatever form, is the proof's: told as what it says, and nobody's bounce."""

    def setUp(self):
        super().setUp()
        self.publish_ours()
        for email in ('customer@receiver.example', 'tests@receiver.example', 'jane@ours.example'):
            self.env['res.partner'].create({'name': email, 'email': email})
        self.proof = self.send()
        self.secret = self.secrets[self.proof.token_hash]
        self.sent = self.octets(self.proof).replace(b'\r\n', b'\n')

    def about_the_proof(self, layout):
        """Return a layout as the mail of a server about the proof; where it repeats nothing of it, it names its Message-ID."""
        subject = letter.subject(self.secret).encode()
        mail = layout.replace(bounce_layouts.COPY.encode(), self.sent).replace(b'Quotation', subject)
        if self.secret.encode() not in mail:
            mail = b'References: ' + letter.message_id(self.secret, 'ours.example').encode() + b'\n' + mail
        return mail

    def recoded(self, encoding, encode):
        text = (
            "Hi. This is the qmail-send program at mx.relay.example.\nI'm afraid I wasn't able to deliver your message.\n\n"
            f"<tests@receiver.example>:\n{bounce_layouts.SAID}\n\n--- Below this line is a copy of the message.\n\n").encode()
        return bounce_layouts.mail(bounce_layouts.DAEMON, "failure notice", '', (
            f'Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: {encoding}\n')) + encode(text + self.sent)

    def settle(self, octets):
        """Have a mail received and read; nothing but the proof is changed by it."""
        self.proof.write({'state': 'waiting', 'failure': False})
        with self.nothing_else():
            self.assertIs(self.receive(octets), False)
            self.read_waiting()
        self.assertFalse(self.Incoming.sudo().search_count([]))
        return self.proof

    def test_that_it_came_back_in_every_layout_of_a_report(self):
        for name, layout in bounce_layouts.FAILED.items():
            for octets in (self.about_the_proof(layout), self.about_the_proof(layout).replace(b'\n', b'\r\n')):
                with self.subTest(name):
                    proof = self.settle(octets)
                    self.assertEqual(proof.state, 'returned')
                    self.assertIn(bounce_layouts.SAID, proof.outcome)

    def test_where_what_is_repeated_of_it_is_encoded_it_is_decoded(self):
        for encoding, encode in (('base64', base64.encodebytes), ('quoted-printable', quopri.encodestring)):
            octets = self.recoded(encoding, encode)
            if encoding == 'quoted-printable':  # a line ends anywhere
                octets = octets.replace(self.secret[:20].encode(), self.secret[:20].encode() + b'=\n')
            self.assertNotIn(self.secret.encode(), octets)
            proof = self.settle(octets)
            self.assertEqual((encoding, proof.state), (encoding, 'returned'))
            self.assertIn(bounce_layouts.SAID, proof.outcome)

    def test_that_it_is_late_is_told_and_settles_nothing(self):
        for name, layout in bounce_layouts.DELAYED.items():
            with self.subTest(name):
                proof = self.settle(self.about_the_proof(layout))
                self.assertEqual(proof.state, 'waiting')
                self.assertIn(bounce_layouts.SAID_LATER, proof.outcome)
        self.receive(self.arrived(self.proof))
        self.read_waiting()
        self.assertEqual((self.proof.state, self.proof.failure), ('arrived', False))

    def test_what_a_person_writes_about_it_or_another_token_in_such_a_mail_is_core_s(self):
        layout = bounce_layouts.FAILED['qmail']
        given = []
        self.startPatcher(patch.object(Core, 'message_process', lambda _self, _model, message, **_more: given.append(message)))
        person = (
            b'Return-Path: <jane@customer.example>\nFrom: Jane <jane@customer.example>\nTo: sales@ours.example\n'
            b'Subject: What is this?\n\nThe attached could not be delivered.\n\n' + self.sent)
        answer = (
            f'From: Jane <jane@customer.example>\nTo: sales@ours.example\nSubject: Re: {letter.subject(self.secret)}\n'
            f'In-Reply-To: {letter.message_id(self.secret, "ours.example")}\n\nWho sent me this?\n').encode()
        others = (
            person, answer, layout, self.about_the_proof(layout).replace(self.secret.encode(), token.make().encode()),
            self.about_the_proof(layout).replace(self.secret.encode(), b'mdh-' + b'0' * 31))
        for octets in others:
            self.receive(octets)
        self.assertEqual(given, list(others))
        self.assertFalse(self.Incoming.sudo().search_count([]))
        for by_itself in (b'Auto-Submitted: auto-replied\n', b'Precedence: bulk\n', b'Return-Path: <>\n'):
            self.assertEqual(self.settle(by_itself + answer).state, 'waiting', by_itself)
        self.assertEqual(given, list(others))

    def test_hostile_mail_of_a_server_is_looked_at_within_bounds(self):
        self.startPatcher(patch.object(Core, 'message_process', lambda *_args, **_more: 42))
        start = b'Return-Path: <>\nFrom: MAILER-DAEMON@x.example\nSubject: Undelivered Mail\n'
        parts = b'Content-Type: multipart/report; boundary=b\n\n' + b'--b\nContent-Type: text/html\n\n<style>mdh-\n' * 20_000
        nested = b''.join(b'Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n' % (number, number) for number in range(2000))
        tokens = b' '.join(token.make().encode() for _number in range(5000))
        for octets in (
            start + parts, start + nested, start + b"\n" + tokens,
            start + b"Content-Transfer-Encoding: base64\n\n" + base64.encodebytes(tokens),
            start + b'\n' + b'mdh-' * 3_000_000, start.replace(b'Undelivered', b'=?utf-8?b?' * 5000) + b'\nfailed\n',
            b'References: ' + tokens + b'\n' + start + b'\n',
        ):
            self.env.cr.flush()
            began, queries = time.process_time(), self.env.cr.sql_log_count
            self.assertEqual(self.receive(octets), 42)
            self.assertLess(time.process_time() - began, 1)
            self.assertLess(self.env.cr.sql_log_count - queries, 60)
