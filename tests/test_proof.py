import re
from contextlib import contextmanager
from datetime import timedelta
from unittest.mock import patch

from odoo import SUPERUSER_ID, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..mailauth.tests import mails
from ..proving import departing, judging, letter, token
from ..sending.counting import PENDING
from ..sending.legacy_parameters import PARAMETER_FORCE, PARAMETER_HONOR
from .common import DomainHealthCase
from .sink import LOGGERS, SinkCase, needs_sink

ENVELOPE = 'bounce@ours.example'
# What a mail server says of a mail that it could not deliver.
REPORT = (
    b"Return-Path: <>\r\nReceived: from mx.receiver.example (mx.receiver.example [198.51.100.5])\r\n"
    b"\tby mail.ours.example with ESMTPS id 1; Mon, 2 Nov 2026 12:05:06 +0000\r\n"
    b"From: MAILER-DAEMON@receiver.example\r\nTo: bounce@ours.example\r\nSubject: Undelivered Mail\r\nMIME-Version: 1.0\r\n"
    b"Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
    b"--b\r\nContent-Type: text/plain\r\n\r\nIt could not be delivered.\r\n"
    b"--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.receiver.example\r\n\r\n"
    b"Final-Recipient: rfc822; tests@receiver.example\r\nAction: failed\r\nStatus: 5.1.1\r\n"
    b"Diagnostic-Code: smtp; 550 5.1.1 no such user\r\n\r\n"
    b"--b\r\nContent-Type: message/rfc822\r\n\r\n%s\r\n--b--\r\n")


class ProofCase(DomainHealthCase):
    """Mail of ours.example leaves through a relay at 192.0.2.10 that signs; tests go to a mailbox at another provider."""

    leaves = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.relay = cls.env['ir.mail_server'].create({
            'name': "Relay", 'smtp_host': 'relay.ours.example', 'smtp_encryption': 'none', 'from_filter': 'ours.example'})
        cls.ann = new_test_user(
            cls.env, 'ann', 'base.group_system', company_id=cls.company.id, company_ids=[(6, 0, cls.company.ids)],
            email='ann@ours.example')
        cls.company.mail_health_proof_address = 'tests@receiver.example'
        cls.env.cr.flush()

    def setUp(self):
        super().setUp()
        self.publish_ours()
        self.Proof = self.env['mail.domain.health.proof']
        self.path = self.paths(kind='notifications')
        self.secrets, self.make = {}, token.make  # what is sent is deleted, and what is kept is the hash

    def publish_ours(self, **selectors):
        self.dns.set_zone('ours.example', '\n'.join((
            '@ SOA ns1 hostmaster 1 3600 600 86400 300', '@ NS ns1', 'ns1 A 192.0.2.53',
            mails.zones(**selectors)['ours.example'])))

    def paths(self, **values):
        self.env.cr.flush()
        paths = self.env['mail.domain.health.path'].search([('company_id', '=', self.company.id)])
        return paths.filtered(lambda path: all(path[name] == value for name, value in values.items()))

    @contextmanager
    def leaving(self):
        """Within, tokens are remembered, and mail leaves as far as core is told."""
        made, known = [], self.Proof.search([])

        def make():
            made.append(self.make())
            return made[-1]

        with mute_logger(*LOGGERS), patch.object(token, 'make', make):
            yield
        for mail in (self.Proof.search([]) - known).mail_mail_id.filtered(lambda mail: mail.state == 'outgoing' and self.leaves):
            mail._postprocess_sent_message([], [])  # as core does once it is sent, which it is not by a test
        self.secrets.update({token.hash_of(secret): secret for secret in made})

    def send(self, paths=None, user=None):
        paths, user = self.path if paths is None else paths, user or self.ann
        with self.leaving():
            return self.env(user=user)['mail.domain.health.proof']._send(paths.with_user(user)).sudo()

    def octets(self, proof):
        """Return the mail of a proof as core builds it."""
        mail = self.env['mail.mail'].create({
            'email_from': proof.from_email,
            **letter.compose(self.secrets[proof.token_hash], proof.address, proof.from_email)})
        [values] = mail._prepare_outgoing_list()
        message = self.env['ir.mail_server']._build_email__(
            email_from=f'"Ours" <{proof.from_email}>', **{name: values[name] for name in (
                'email_to', 'subject', 'body', 'body_alternative', 'message_id', 'reply_to', 'headers')}, subtype='html',
            subtype_alternative='plain')
        mail.unlink()
        return bytes(message)

    def arrived(self, proof, receiver=mails.POSTFIX, sign=mails.sign, change=lambda octets: octets):
        octets = self.octets(proof)
        return receiver.encode() + change(sign(octets))

    def take(self, octets):
        return self.Proof._take(octets, 'fetched')


@tagged('post_install', '-at_install')
class TestProofSent(ProofCase):
    """What leaves: short, of no content, as the path's own mail, within bounds."""

    def test_the_mail_stays_in_seven_bits_and_holds_nothing_of_the_database(self):
        """A line of more than 998 octets, or one octet above 127, and its signature breaks on the way."""
        self.company.name = "Ünsere Firma"
        octets = self.octets(self.send())
        self.assertTrue(octets.isascii())
        self.assertLess(max(map(len, octets.splitlines())), 200)
        self.assertNotIn(b'8bit', octets)
        self.assertNotIn(b'Firma', octets)
        self.assertIn(b'Auto-Submitted: auto-generated', octets)
        self.assertIn(b'X-Auto-Response-Suppress: All', octets)

    def test_the_token_stands_where_signatures_cover_it_and_only_its_hash_is_kept(self):
        proof = self.send()
        octets = self.octets(proof)
        [secret] = token.find(octets)
        self.assertRegex(octets, rb'(?i)Subject: [^\n]*' + secret.encode())
        self.assertIn(secret, octets.replace(b'\r\n', b'\n').partition(b'\n\n')[2].decode())
        self.assertEqual(proof.token_hash, token.hash_of(secret))
        self.assertNotIn(secret, str(proof.read()))
        self.assertNotEqual(secret, token.make())

    def test_what_core_makes_of_the_text_is_what_it_is_held_against(self):
        proof = self.send()
        octets = self.octets(proof)
        [secret] = token.find(octets)

        self.assertEqual(judging.mailauth.arrival.changes(
            octets, judging.Sent(f'<{secret}@ours.example>', letter.subject(secret), proof.from_email, letter.text(secret))), ())

    def test_one_for_each_path_and_hour(self):
        first = self.send()
        second, shown = self.send().sorted('id', reverse=True)
        self.assertEqual((first.state, second.state, second.reason), ('waiting', 'unprovable', 'recent'))
        self.assertEqual(shown, first)
        first.create_date = fields.Datetime.now() - timedelta(hours=2)
        self.env.cr.execute("UPDATE mail_domain_health_proof SET create_date = create_date - interval '2 hours'")
        self.env.invalidate_all()
        self.assertEqual(self.send().state, 'waiting')

    def test_a_server_is_sent_no_more_than_a_few_a_day(self):
        self.Proof.create([{
            'company_id': self.company.id, 'mail_server_id': self.relay.id, 'who': "x", 'token_hash': str(number)}
            for number in range(departing.MAX_A_DAY)])
        self.assertEqual(self.send().reason, 'quota')

    def test_a_copy_of_the_database_sends_nothing(self):
        self.env['ir.config_parameter'].set_param('database.is_neutralized', 'true')
        known = self.env['mail.mail'].search_count([])
        with self.assertRaises(UserError):
            self.send()
        with self.assertRaises(UserError):
            self.path.action_send_proof()
        self.assertEqual(self.env['mail.mail'].search_count([]), known)

    def test_nobody_is_written_to_in_the_name_of_somebody_else(self):
        """External senders, customers, and addresses at a freemail provider: a prediction, and no mail."""
        self.relay.from_filter = False
        new_test_user(self.env, 'joe', 'base.group_user', company_id=self.company.id, email='joe@gmail.com',
                      company_ids=[(6, 0, self.company.ids)])
        self.relay.from_filter = 'ours.example,gmail.com,customer.example'
        self.env['mail.message'].create({
            'message_type': 'email', 'email_from': 'jane@customer.example', 'author_id': self.env['res.partner'].create({
                'name': "Jane", 'email': 'jane@customer.example'}).id})
        self.env.cr.flush()
        self.env['mail.domain.health']._refresh()
        paths = self.paths().filtered(lambda path: path._from_domain() != 'ours.example')
        self.assertIn('outsider', paths.mapped('kind'))
        self.assertIn('joe@gmail.com', paths.mapped('from_email'))
        known = self.env['mail.mail'].search_count([])
        proofs = self.send(paths)
        self.assertEqual(set(proofs.mapped('reason')), {'third_party'})
        self.assertEqual(self.env['mail.mail'].search_count([]), known)
        self.assertTrue(all(proofs.mapped('outcome')))

    def test_each_shows_its_prediction_also_where_nothing_can_be_proven(self):
        for kind, state, expected in (('notifications', 'fail', 'waiting'), ('user', 'warning', 'unprovable')):
            path = self.paths(kind=kind)[:1]
            path.sudo().write({'state': state, **({'kind': 'outsider'} if expected == 'unprovable' else {})})
            proof = self.send(path)
            self.assertEqual((proof.state, proof.foretold), (expected, state))
            shown = {option for option, _label in proof._fields['foretold']._description_selection(self.env)}
            self.assertIn(state, shown)
            path.sudo().state = 'pass'
            self.assertEqual(proof.foretold, state, "that of the time when it was sent")

    def test_a_personal_mail_server_is_used_by_its_owner_alone(self):
        self.env['ir.config_parameter'].set_param('mail.server.personal.limit.minutes', 1000)
        server = self.env['ir.mail_server'].create({
            'name': "Ann's", 'smtp_host': 'smtp.ann.example', 'smtp_encryption': 'none', 'from_filter': 'ann@ours.example',
            'smtp_user': 'ann@ours.example', 'owner_user_id': self.ann.id})
        self.env['mail.domain.health']._refresh()
        path = self.paths(mail_server_id=server)
        self.assertTrue(path)
        bob = new_test_user(self.env, 'bob', 'base.group_system', company_id=self.company.id, email='bob@ours.example',
                            company_ids=[(6, 0, self.company.ids)])
        for user, state, reason in ((bob, 'unprovable', 'owner'), (self.env.ref('base.user_root'), 'unprovable', 'owner'),
                                    (self.ann, 'waiting', False)):
            with self.subTest(user=user.login):
                proof = self.send(path, user)
                self.assertEqual((proof.state, proof.reason), (state, reason))

    def test_what_would_leave_in_another_way_now_is_not_proven(self):
        self.env['ir.mail_server'].create({
            'name': "New", 'smtp_host': 'new.example', 'smtp_encryption': 'none', 'from_filter': 'ours.example', 'sequence': 1})
        self.relay.sequence = 5
        self.assertEqual(self.send().reason, 'otherwise')

    def test_a_path_without_a_mailbox_asks_for_one(self):
        self.company.mail_health_proof_address = False
        self.assertEqual(self.send().reason, 'no_address')
        action = self.path.with_user(self.ann).action_send_proof()
        self.assertEqual(action['res_model'], 'mail.domain.health.proof.start')
        wizard = self.env['mail.domain.health.proof.start'].with_user(self.ann).browse(action['res_id'])
        for address in (False, "  ", "nobody"):
            wizard.address = address
            with self.assertRaises(UserError):
                wizard.action_send()
        wizard.address = " Tests@Receiver.Example "
        action = wizard.action_send()
        self.assertEqual(self.company.mail_health_proof_address, 'tests@receiver.example')
        proof = self.Proof.search(action['domain'])
        self.assertEqual((proof.state, proof.address), ('waiting', 'tests@receiver.example'))

    def test_the_mailbox_of_proofs_is_one_address(self):
        for address in ('nobody', 'a@receiver.example, b@receiver.example', '@receiver.example'):
            with self.assertRaisesRegex(ValidationError, "not a single email address"), self.env.cr.savepoint():
                self.company.mail_health_proof_address = address
        for address in ('tests@receiver.example', '"Tests" <tests@receiver.example>', False):
            self.company.mail_health_proof_address = address

    def test_administrators_of_another_company_see_and_send_none(self):
        elsewhere = self.make_company("Elsewhere", 'elsewhere.example')
        eve = new_test_user(self.env, 'eve', 'base.group_system', company_id=elsewhere.id, company_ids=[(6, 0, elsewhere.ids)])
        proof = self.send()
        as_eve = self.env(user=eve, context={'allowed_company_ids': elsewhere.ids})
        self.assertFalse(as_eve['mail.domain.health.proof'].search([('id', '=', proof.id)]))
        with self.assertRaises(AccessError):
            as_eve['mail.domain.health.path'].browse(self.path.id).action_send_proof()

    def test_proofs_go_after_a_month_with_mails_that_never_left(self):
        proof = self.send()
        mail = proof.mail_mail_id = self.env['mail.mail'].create({'subject': "Waits"})
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE mail_domain_health_proof SET create_date = create_date - interval '29 days' WHERE id = %s", [proof.id])
        self.env.invalidate_all()
        self.Proof._gc_proofs()
        self.assertTrue(proof.exists())
        self.env.cr.execute(
            "UPDATE mail_domain_health_proof SET create_date = create_date - interval '2 days' WHERE id = %s", [proof.id])
        self.env.invalidate_all()
        self.Proof._gc_proofs()
        self.assertFalse(proof.exists() or mail.exists())


@tagged('post_install', '-at_install')
class TestProofJudged(ProofCase):
    """What a mail that came back shows, from its octets."""

    def test_a_signed_mail_that_another_organization_took_over_is_proven(self):
        proof = self.send()
        self.assertEqual(self.take(self.arrived(proof)), proof)
        self.assertEqual((proof.state, proof.verdict, proof.way), ('arrived', 'pass', 'fetched'))
        self.assertEqual((proof.egress, proof.envelope_from, proof.encrypted, proof.receiver), (
            '192.0.2.10', ENVELOPE, 'yes', 'mx1.receiver.example'))
        self.assertEqual((proof.spf_result, proof.dkim_result, proof.dkim_said, proof.dmarc_result), (
            'pass', 'pass', 'pass', 'pass'))
        self.assertFalse(proof.changes)
        self.assertTrue(proof.left_on and proof.arrived_on and proof.arrived_after)
        self.assertFalse(proof.mail_mail_id, "of what was sent nothing stays")
        self.assertIn('192.0.2.10', proof.table)
        self.assertNotIn('subject', proof.arrived)

    def test_line_ends_of_a_mailbox_that_was_read_over_pop_make_no_difference(self):
        proof = self.send()
        self.take(self.arrived(proof).replace(b'\r\n', b'\n'))
        self.assertEqual((proof.state, proof.verdict), ('arrived', 'pass'))

    def test_an_internal_route_proves_delivery_and_no_color(self):
        receiver = (
            "Received: from relay.ours.example (relay.ours.example [192.0.2.10])\r\n"
            "\tby mx.ours.example (Postfix) with ESMTPS id 4XkAA; Mon,  2 Nov 2026 12:05:06 +0000 (UTC)\r\n")
        proof = self.send()
        self.take(self.arrived(proof, receiver))
        self.assertEqual((proof.state, proof.verdict), ('internal', 'unknown'))

    def test_what_the_signature_became_is_told_though_dmarc_passes_by_spf(self):
        for name, options, dkim in (
            ("off", {'sign': lambda octets: octets}, 'none'),
            ("broken", {'change': lambda octets: octets.replace(b'Nobody has', b'Somebody has')}, 'fail'),
            ("another key", {'sign': lambda octets: mails.sign(octets, key=mails.rsa_key('other'))}, 'fail'),
            ("no key there", {'sign': lambda octets: mails.sign(octets, selector='s9')}, 'fail'),
            ("a service's own", {'sign': lambda octets: mails.sign(octets, domain='service.example')}, 'not_aligned'),
        ):
            with self.subTest(name), self.env.cr.savepoint() as savepoint:
                self.dns.set_zone('service.example', f's1._domainkey {mails.txt(mails.key_record(mails.rsa_key()))}')
                proof = self.send()
                self.take(self.arrived(proof, **options))
                self.assertEqual((proof.state, proof.verdict, proof.dkim_result), ('arrived', 'warning', dkim))
                savepoint.rollback()
                self.env.invalidate_all()

    def test_neither_signed_nor_permitted_is_a_failure(self):
        proof = self.send()
        self.take(self.arrived(proof, mails.EXIM.replace('192.0.2.10', '203.0.113.9'), sign=lambda octets: octets))
        self.assertEqual((proof.state, proof.verdict, proof.egress), ('arrived', 'fail', '203.0.113.9'))

    def test_silent_dns_is_no_failure(self):
        proof = self.send()
        octets = self.arrived(proof, mails.EXIM)
        with self.silent_dns():
            self.take(octets)
        self.assertEqual((proof.state, proof.verdict), ('arrived', 'unknown'))

    def test_what_was_changed_on_the_way_is_told(self):
        proof = self.send()
        self.take(self.arrived(proof, change=lambda octets: re.sub(
            rb'Message-Id: [^\r]*', b'Message-Id: <new@relay.example>', octets)))
        self.assertEqual(proof.changes, ['message_id'])
        self.assertEqual((proof.state, proof.dkim_result), ('arrived', 'fail'))
        self.assertTrue(proof.changed_text)

    def test_a_foreign_or_forged_or_second_mail_changes_nothing(self):
        proof = self.send()
        octets = self.arrived(proof)
        [secret] = token.find(octets)
        wrong = token.make()
        for name, given in (
            ("another mail", mails.arrived()),
            ("a guessed token", octets.replace(secret.encode(), wrong.encode())),
            ("an answer", mails.GMAIL.encode() + (
                f"From: tests@ours.example\r\nSubject: Re: {letter.subject(secret)}\r\n"
                f"In-Reply-To: <{secret}@ours.example>\r\n\r\nOut of office\r\n").encode()),
            ("one that quotes it", mails.GMAIL.encode() + f"From: a@ours.example\r\nSubject: {secret}\r\n\r\n{secret}\r\n".encode()),
            ("nothing", b''), ("noise", b'\0' * 99), ("only the token", secret.encode()),
        ):
            with self.subTest(name):
                self.assertFalse(self.take(given))
                self.assertEqual(proof.state, 'waiting')
        self.assertTrue(self.take(octets))
        before = proof.read()
        self.assertFalse(self.take(octets.replace(b'192.0.2.10', b'203.0.113.9')))
        self.env.invalidate_all()
        self.assertEqual(proof.read(), before)

    def test_a_service_that_puts_in_a_sender_of_its_own_is_told(self):
        """As some do with addresses that they may not send as: it arrives, signed as somebody else."""
        self.dns.set_zone('service.example', f'@ TXT "v=spf1 -all"\ns1._domainkey {mails.txt(mails.key_record(mails.rsa_key()))}')
        proof = self.send()
        self.take(self.arrived(
            proof, mails.EXIM.replace('ours.example', 'service.example'), sign=lambda octets: mails.sign(
                octets.replace(proof.from_email.encode(), b'ours@service.example'), domain='service.example')))
        self.assertEqual((proof.state, 'from' in proof.changes), ('arrived', True))
        self.assertNotEqual(proof.verdict, 'pass')

    def test_a_report_that_it_came_back_is_told_with_the_receivers_words(self):
        """Exim takes a line that is too long with 250, and sends it back afterwards."""
        proof = self.send()
        octets = self.octets(proof)
        report = REPORT.replace(b'5.1.1 no such user', b'5.6.0 message has lines too long') % octets
        self.take(report)
        self.assertEqual(proof.state, 'returned')
        self.assertIn('lines too long', proof.failure)
        self.assertIn('lines too long', proof.outcome)

    def test_what_the_last_proof_showed_stands_beside_the_prediction_and_changes_no_color(self):
        def shown():
            self.env.flush_all()
            self.env.invalidate_all()
            [use] = [use for use in self.path.from_health_id.uses if use['path_id'] == self.path.id]
            self.assertEqual(use['proof'] or False, self.path.last_proof)
            return self.path.last_proof

        before = self.path.state
        proof = self.send()
        self.assertFalse(shown(), "it is under way")
        self.take(self.arrived(proof))
        self.assertIn(proof.outcome, shown())
        self.assertEqual(self.path.state, before, "that is for whoever keeps what it showed")
        self.path.from_email = 'other@ours.example'
        self.assertFalse(shown(), "mail leaves in another way since")

    def test_a_pasted_mail_is_recognized_and_offers_what_can_be_kept(self):
        proof = self.send()
        octets = self.arrived(proof)
        wizard = self.env['mail.domain.health.arrival'].with_user(self.ann).create({})
        wizard.mail_text = octets.decode()
        self.assertEqual((proof.state, proof.verdict, proof.way), ('arrived', 'pass', 'pasted'))
        self.assertEqual((wizard.path_id, wizard.arrived['known'], wizard.keep_egress), (self.path, True, True))

    def test_a_pasted_report_that_it_came_back_is_kept_and_said_in_place_of_an_error(self):
        """An error would roll back what the report proves; so it is said without one, also to whoever pastes it again."""
        proof = self.send()
        report = REPORT.replace(b'no such user', b'<b>no such user</b>') % self.octets(proof)
        wizards = self.env['mail.domain.health.arrival'].with_user(self.ann)
        for _time in range(2):
            wizard = wizards.create({'mail_text': report.decode()})
            self.assertEqual((proof.state, proof.way, wizard.is_read, wizard.arrived), ('returned', 'pasted', True, False))
            self.assertIn('no such user', wizard.summary)
            self.assertNotIn('<b>', wizard.summary)
            self.assertEqual(wizard.action_read()['res_id'], wizard.id)
            with self.assertRaises(UserError), self.env.cr.savepoint():
                wizard.action_keep()
        wizard.action_read_another()
        self.assertFalse(wizard.is_read)
        [secret] = token.find(report)
        with self.assertRaises(UserError), self.env.cr.savepoint():
            wizards.create({'mail_text': report.decode().replace(secret, token.make())})

    def test_what_a_proof_showed_is_kept_for_its_server_as_from_a_pasted_mail(self):
        proof = self.send()
        self.take(self.arrived(proof))
        action = proof.with_user(self.ann).action_keep()
        self.env['mail.domain.health.arrival'].with_user(self.ann).browse(action['res_id']).action_keep()
        [kept] = self.relay.observation_ids
        self.assertEqual((kept.egress, kept.signing_domain, kept.selectors, kept.envelope), (
            '192.0.2.10', 'ours.example', 's1', 'keep'))


@tagged('post_install', '-at_install')
class TestProofWaits(ProofCase):
    """What to look at, from Odoo outwards, while it has not come back."""

    def later(self, proof, **delta):
        self.env.flush_all()
        self.env.cr.execute("UPDATE mail_domain_health_proof SET create_date = create_date - %s, left_on = left_on - %s WHERE id = %s", [
            timedelta(**delta), timedelta(**delta), proof.id])
        self.env.invalidate_all()

    def key(self, proof):
        from ..proving import waiting
        return waiting.look_at(proof)[0]

    def test_each_thing_on_its_way(self):
        proof = self.send()
        mail = self.env['mail.mail'].create({'subject': "Waits"})
        proof.write({'left_on': False, 'mail_mail_id': mail.id})
        self.assertEqual(self.key(proof), 'queued')
        self.later(proof, minutes=16)
        self.assertEqual(self.key(proof), 'queue')
        proof.left_on = fields.Datetime.now()
        self.assertEqual(self.key(proof), 'under_way')
        self.later(proof, minutes=16)
        self.assertEqual(self.key(proof), 'paste')
        server = self.env['fetchmail.server'].create({
            'name': "Mailbox", 'server': 'imap.receiver.example', 'user': 'tests@receiver.example', 'state': 'done'})
        self.assertEqual(self.key(proof), 'incoming_idle')
        server.write({'error_date': fields.Datetime.now(), 'error_message': "Login failed"})
        self.assertEqual(self.key(proof), 'incoming_error')
        self.assertIn("Login failed", proof.outcome)
        server.write({'error_date': False, 'date': fields.Datetime.now()})
        self.assertEqual(self.key(proof), 'not_found')
        proof.write({'address': 'gone@ours.example', 'is_alias': True})
        self.assertEqual(self.key(proof), 'no_alias')
        alias = self.env['mail.alias'].create({
            'alias_name': 'gone', 'alias_domain_id': self.company.alias_domain_id.id,
            'alias_model_id': self.env['ir.model']._get_id('res.partner')})
        self.assertEqual(self.key(proof), 'not_found')
        alias.alias_name = 'other'
        self.assertEqual(self.key(proof), 'no_alias')

    def test_a_mail_server_that_cannot_be_reached_is_named_with_its_words(self):
        proof = self.send()
        mail = proof.mail_mail_id = self.env['mail.mail'].create({
            'subject': "Waits", 'headers': repr(letter.HEADERS), 'state': 'exception', 'failure_reason': "111\nConnection refused"})
        mail._postprocess_sent_message([], [], failure_type='mail_smtp')
        self.assertEqual(proof.state, 'failed')
        self.assertIn("“111 Connection refused”", proof.outcome)
        mail._postprocess_sent_message([], [])
        self.assertEqual(proof.state, 'waiting', "it was sent once somebody tried again")

    def test_that_the_mailbox_of_proofs_is_refused_says_nothing_of_other_mail(self):
        proof = self.send()
        address = proof.address
        for failure, is_address in (
            (f"SMTPRecipientsRefused: {{'{address}': (550, b'5.1.1 no such user')}}", True),
            (f"SMTPRecipientsRefused: {{'{address}': (451, b'4.7.1 try again')}}", False),
            ("SMTPDataError: (554, b'5.7.1 not wanted')", False),
            ("SMTPAuthenticationError: (535, b'5.7.8 Authentication failed')", False),
        ):
            with self.subTest(failure):
                proof.write({'state': 'failed', 'failure': f"Mail delivery failed via SMTP server 'x'. {failure}"})
                self.assertEqual("another mailbox for proofs" in proof.outcome, is_address)
                self.assertEqual("could not hand it to the mail server" in proof.outcome, not is_address)
                self.assertIn(failure, proof.outcome)


@needs_sink
@tagged('post_install', '-at_install')
class TestProofLeaves(SinkCase, ProofCase):
    """A real mail server: as whom each path's proof really leaves, and that it counts as no use."""

    ports = 3
    leaves = False  # by itself

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        host, port = cls.sink.addresses[0]
        cls.relay.write({'smtp_host': host, 'smtp_port': port})
        cls.forced = cls.make_server("Forced", 1, from_filter='nothing.example')
        cls.env['mail.template'].create({
            'name': "Offer", 'model_id': cls.env['ir.model']._get_id('res.partner'), 'mail_server_id': cls.forced.id,
            'email_from': 'offers@ours.example'})
        cls.env['mail.domain.health']._refresh()

    def test_each_path_leaves_as_it_was_foretold_and_is_not_counted(self):
        self.assert_as_foretold()

    def test_they_do_so_where_parameters_of_older_versions_are_honored(self):
        before = {path._who(): path.envelope_from for path in self.paths()}
        parameters = self.env['ir.config_parameter']
        parameters.set_param(PARAMETER_FORCE, 'office@ours.example')
        parameters.set_param(PARAMETER_HONOR, 'True')
        self.env['mail.domain.health']._refresh()
        paths = self.assert_as_foretold()
        self.assertTrue(paths.filtered(lambda path: 'office@ours.example' in (path.from_email, path.envelope_from)))
        self.assertNotEqual({path._who(): path.envelope_from for path in self.paths()}, before)

    def assert_as_foretold(self):
        """Send a proof on each path and hold what left against what the path says; return the paths."""
        paths = self.paths().filtered(lambda path: path.kind in ('notifications', 'user', 'company', 'template', 'catchall', 'gateway')
                                      and path._from_domain() == 'ours.example')
        self.assertGreaterEqual(set(paths.mapped('kind')), {'notifications', 'user', 'template'})
        with self.sending():
            proofs = self.send(paths)
            waiting = proofs.mail_mail_id.filtered(lambda mail: mail.state == 'outgoing')
            self.env(user=SUPERUSER_ID, context={})['mail.mail'].process_email_queue(waiting.ids)
        self.assertEqual(set(proofs.mapped('state')), {'waiting'}, proofs.mapped('reason'))
        taken = {mail.message['Subject']: mail for mail in self.sink.take()}
        self.assertEqual(len(taken), len(paths))
        for proof in proofs:
            path = proof.path_id
            with self.subTest(path=path._who()):
                mail = next(mail for mail in taken.values() if mail.message['Message-Id'] == f'<{self.secrets[proof.token_hash]}@ours.example>')
                self.assertEqual(mail.envelope_from, path.envelope_from)
                self.assertEqual(judging.mailauth.arrival.read(bytes(mail.message)).value('from').rpartition('<')[2].strip('>'), path.from_email)
                port = {self.relay: 0, self.forced: 1}.get(path.mail_server_id, 2)
                self.assertEqual(mail.port, self.sink.addresses[port][1])
                self.assertEqual((proof.sent_envelope, proof.from_email), (path.envelope_from, path.from_email))
                self.assertTrue(proof.left_on)
        noted = self.env.cr.postcommit.data.get(PENDING)
        self.assertFalse(noted and noted.counts, "a test brings no path into use")
        return paths

    def test_a_server_that_refuses_is_told_at_once(self):
        self.relay.smtp_port = 1
        with self.sending():
            proof = self.send()
        self.assertEqual(proof.state, 'failed')
        self.assertTrue(proof.failure)
