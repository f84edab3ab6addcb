import os
import signal
import time
import unittest
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

from odoo import SUPERUSER_ID
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..mailauth.tests import mails
from ..proving import bouncing, repeating
from ..proving.breaks import EGRESS_CHANGED, SIGNATURE_STOPPED, UNENCRYPTED
from ..receiving import queue, reading
from .common import DomainHealthCase
from .sink import LOGGERS

SERVERS, FOLDER = (os.environ.get(name) for name in ('MAILAUTH_MAIL_SERVERS', 'MAILAUTH_MAIL_FOLDER'))
OUTSIDE = 'tcp@opendmarc.example'  # a mailbox at another provider: Postfix, OpenDKIM, OpenDMARC, policyd-spf, Dovecot
RELAY, RECEIVER = '192.0.2.10', '198.51.100.21'  # ours, and that mailbox's
WAIT = 30.0  # seconds
PASSWORD = 'a_password_for_tests'


@unittest.skipUnless(SERVERS, "needs real mail servers: ./dev/test proof")
@tagged('post_install', '-at_install')
class TestProofThroughServers(DomainHealthCase):
    """Every path's proof through the server that really sends it, into a mailbox that Odoo's incoming server fetches."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        from ..mailauth.tests.chains import chain_mail, software  # not where there are no servers
        from ..mailauth.tests.chains.hosts import Internet
        from ..mailauth.tests.dns_server import DnsServer

        cls.chain = chain_mail
        cls.internet = Internet(Path(SERVERS), Path(FOLDER))
        cls.addClassCleanup(cls.internet.stop)
        cls.zones_served = DnsServer(chain_mail.zones(), port=53).start()
        cls.addClassCleanup(cls.zones_served.stop)
        cls.store = cls.internet.host(chain_mail.STORE, chain_mail.STORE_ADDRESS)
        software.dovecot(cls.store)
        cls.internet.host('odoo-host', chain_mail.ODOO)
        chain_mail.start_receivers(cls.internet)
        chain_mail.start_senders(cls.internet)
        cls.internet.reach_from(chain_mail.ODOO, *(address for address, _selector in chain_mail.SENDERS.values()))
        cls.internet.ready()
        cls._configure()

    @classmethod
    def _configure(cls):
        """Four outgoing servers, each a real one: for everybody, one that a template names, a personal one, one of mailings."""
        addresses = {name.partition('.')[0]: address for name, (address, _selector) in cls.chain.SENDERS.items()}
        cls.ann = new_test_user(
            cls.env, 'ann', 'base.group_system', company_id=cls.company.id, company_ids=[(6, 0, cls.company.ids)],
            email='ann@ours.example')
        for name, login in (('bob', 'bob@ours.example'), ('joe', 'joe@ours.example')):
            new_test_user(cls.env, name, 'base.group_user', company_id=cls.company.id,
                          company_ids=[(6, 0, cls.company.ids)], email=login)

        def server(name, host, **values):
            return cls.env['ir.mail_server'].create({
                'name': name, 'smtp_host': addresses[host], 'smtp_port': 25, 'smtp_encryption': 'none', **values})

        cls.relay = server("Relay", 'postfix-opendkim', from_filter='ours.example')
        cls.forced = server("Offers", 'postfix-rspamd', from_filter='nothing.example', sequence=20)
        cls.personal = server("Ann's", 'exim', from_filter='ann@ours.example', smtp_user='ann@ours.example', smtp_pass='secret',
                              owner_user_id=cls.ann.id, sequence=30)
        cls.mailings = server("Mailings", 'exim', from_filter='elsewhere.example,ours.example', sequence=40)
        parameters = cls.env['ir.config_parameter']
        parameters.set_param('mail.server.personal.limit.minutes', 1000)
        parameters.set_param('mass_mailing.mail_server_id', cls.mailings.id)
        cls.env['mail.template'].create({
            'name': "Offer", 'model_id': cls.env['ir.model']._get_id('res.partner'), 'mail_server_id': cls.forced.id,
            'email_from': 'offers@ours.example'})
        cls.company.mail_health_proof_address = OUTSIDE
        cls.incoming = cls.env['fetchmail.server'].create({
            'name': "Mailbox", 'server': cls.chain.STORE_ADDRESS, 'port': 143, 'server_type': 'imap', 'is_ssl': False,
            'user': OUTSIDE, 'password': PASSWORD, 'state': 'done'})
        cls.env.flush_all()
        cls.env['mail.domain.health']._refresh()
        cls.env.flush_all()

    def setUp(self):
        super().setUp()
        self.use_resolver('127.0.0.1', 53)
        self.Proof = self.env['mail.domain.health.proof']
        for path in (self.store.path / 'srv/mail').glob('*/*/*'):
            if path.is_file():
                path.unlink()

    def paths(self):
        """Return the paths in question, one of each kind, by what they are."""
        self.env.flush_all()
        every = self.env['mail.domain.health.path'].search([('company_id', '=', self.company.id)]).filtered(
            lambda path: path._from_domain() == 'ours.example' and path.moment in ('any', 'queue'))

        def one(**values):
            found = every.filtered(lambda path: all(path[name] == value for name, value in values.items()))
            self.assertTrue(found, values)
            return found[0]

        return {
            'notifications': one(kind='notifications'),
            'user': one(kind='user', mail_server_id=self.relay),
            'template': one(kind='template', mail_server_id=self.forced, is_forced=True),
            'personal': one(kind='user', mail_server_id=self.personal),
            'mailing': one(kind='mailing', mail_server_id=self.mailings),
            'queue': one(kind='catchall', moment='queue'),
        }

    @contextmanager
    def sending(self):
        """Within, Odoo sends as if it were no test."""
        with patch.object(self.env.registry['ir.mail_server'], '_disable_send', lambda _model: False), mute_logger(*LOGGERS):
            yield

    def send(self, paths, address=None):
        """Send as Ann, the queue's mail by the queue; return ``{path: proof}``."""
        if address:
            self.company.mail_health_proof_address = address
        records = self.env['mail.domain.health.path'].concat(*paths)
        with self.sending():
            proofs = self.Proof.with_user(self.ann)._send(records.with_user(self.ann)).sudo()
            queued = proofs.mail_mail_id.filtered(lambda mail: mail.state == 'outgoing')
            self.env(user=SUPERUSER_ID, context={})['mail.mail'].process_email_queue(queued.ids)
        return {proof.path_id: proof for proof in proofs if proof.token_hash}

    def mailbox(self, user=OUTSIDE):
        return [path for path in (self.store.path / 'srv/mail' / user).glob('*/*')
                if path.is_file() and path.parent.name in ('new', 'cur')]

    def fetch(self, number, user=OUTSIDE):
        """Have Odoo's incoming server fetch so many mails once they are there, and read what was taken."""
        until = time.monotonic() + WAIT
        while len(self.mailbox(user)) < number:
            if time.monotonic() > until:
                self.fail('not all mails arrived:\n' + '\n'.join(host.logs() for host in self.internet.hosts))
            time.sleep(0.1)
        self.incoming.user = user
        self.env.flush_all()
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            self.incoming.with_env(self.env(cr=cr, user=SUPERUSER_ID)).fetch_mail()
        self.env.invalidate_all()
        self.env.cr.execute("UPDATE mail_domain_health_incoming SET next_read = now() AT TIME ZONE 'UTC' - interval '1 minute'")
        while found := queue.claim(self.env(su=True)):
            reading.read_mails(self.env(su=True), found)
        self.env.invalidate_all()

    def pass_time(self, **delta):
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE mail_domain_health_proof SET create_date = create_date - %(d)s, left_on = left_on - %(d)s",
            {'d': timedelta(**delta)})
        self.env.invalidate_all()

    def prove(self, path):
        """Send one proof and fetch it; return it."""
        known = len(self.mailbox())
        proof = self.send([path])[path]
        self.fetch(known + 1)
        return proof

    def findings(self):
        return self.env['mail.domain.health.finding'].search([('area', '=', 'proof'), ('resolved_on', '=', False)]).mapped('code')

    # What is proven

    def test_six_paths_are_proven_each_as_it_really_sends(self):
        paths = self.paths()
        proofs = self.send(paths.values())
        self.assertEqual(len(proofs), 6, [(path.kind, path.from_email) for path in paths.values()])
        self.fetch(6)
        addresses = dict(self.chain.SENDERS.values())
        for name, path in paths.items():
            proof = proofs[path]
            with self.subTest(path=name):
                self.assertEqual((proof.state, proof.verdict), ('arrived', 'pass'), proof.outcome)
                self.assertEqual(proof.egress, path.mail_server_id.smtp_host)
                self.assertEqual(proof.arrived['learned']['selectors'], [addresses[proof.egress]])
                self.assertEqual((proof.from_email, proof.envelope_from), (path.from_email, path.envelope_from))
                self.assertEqual((proof.receiver, proof.encrypted), ('mx.opendmarc.example', 'yes'))
                self.assertEqual((proof.spf_result, proof.dkim_result, proof.dkim_said, proof.dmarc_result), ('pass',) * 4)
                self.assertFalse(proof.changes, proof.changes)
                self.assertTrue(proof.left_on and proof.arrived_on)
        self.assertFalse(self.env['mail.message'].search([('subject', 'ilike', 'Odoo email test')]), "it is nobody's mail")

    def test_what_stays_on_ones_own_servers_proves_delivery_only(self):
        wizard = self.env['mail.domain.health.proof.start'].create({'path_ids': self.path().ids, 'way': 'own'})
        self.company.mail_health_proof_address = False
        with self.sending():
            action = wizard.action_send()
        [proof] = self.Proof.browse(action['domain'][0][2])
        self.assertEqual(proof.address, 'odoo-proofs@ours.example')
        self.fetch(1, 'odoo-proofs@ours.example')
        self.assertEqual((proof.state, proof.verdict), ('internal', 'unknown'))

    def path(self):
        return self.paths()['notifications']

    # What is told

    def test_a_key_that_was_rotated_is_told_by_its_signature_though_dmarc_passes(self):
        self.assertEqual(self.prove(self.path()).verdict, 'pass')
        zones = self.chain.zones()
        self.addCleanup(self.zones_served.set_zone, 'ours.example', zones['ours.example'])
        self.zones_served.set_zone('ours.example', zones['ours.example'].replace(
            mails.txt(mails.key_record(mails.rsa_key('s1'))), mails.txt(mails.key_record(mails.rsa_key('rotated')))))
        for _time in range(2):
            self.pass_time(days=8)
            proof = self.prove(self.path())
            self.assertEqual((proof.state, proof.verdict, proof.dkim_result, proof.dmarc_result), (
                'arrived', 'warning', 'fail', 'pass'))
            self.assertEqual(proof.breaks, [SIGNATURE_STOPPED])
        self.assertEqual(self.findings(), [SIGNATURE_STOPPED])

    def test_a_signature_that_was_turned_off_is_told(self):
        self.assertEqual(self.prove(self.path()).verdict, 'pass')
        with self.unsigned():
            for _time in range(2):
                self.pass_time(days=8)
                proof = self.prove(self.path())
                self.assertEqual((proof.state, proof.verdict, proof.dkim_result, proof.egress), (
                    'arrived', 'warning', 'none', '192.0.2.10'))
        self.assertEqual(self.findings(), [SIGNATURE_STOPPED])
        self.pass_time(days=8)
        self.assertEqual(self.prove(self.path()).verdict, 'pass')
        self.assertFalse(self.findings())

    def unsigned(self):
        """Within, the relay's Postfix hands no mail to OpenDKIM."""
        return self.configured(RELAY, lambda text: text.replace('smtpd_milters = ', 'unused_milters = '))

    @contextmanager
    def configured(self, address, change):
        """Within, the Postfix at an address is configured otherwise."""
        host = next(host for host in self.internet.hosts if host.address == address)
        file = host.path / 'etc/postfix/main.cf'
        before = file.read_text()

        def configure(text):
            file.write_text(text)
            for process in Path('/proc').glob('[0-9]*/comm'):  # of these namespaces; new ones read the file anew
                with suppress(OSError):
                    if process.read_text() in ('smtpd\n', 'trivial-rewrite\n'):
                        os.kill(int(process.parent.name), signal.SIGTERM)

        self.assertNotEqual(change(before), before)
        configure(change(before))
        try:
            yield host
        finally:
            configure(before)

    def test_a_connection_that_is_no_longer_encrypted_is_told_once_when_a_second_proof_shows_it_too(self):
        path = self.path()
        self.assertEqual(self.prove(path).encrypted, 'yes')
        told = len(path.from_health_id.message_ids)
        with self.configured(RECEIVER, lambda text: text.replace('smtpd_tls_security_level = may', 'smtpd_tls_security_level = none')):
            for number in range(3):
                self.pass_time(days=8)
                proof = self.prove(path)
                self.assertEqual((proof.state, proof.verdict, proof.encrypted, proof.breaks), (
                    'arrived', 'pass', 'no', [UNENCRYPTED]))
                self.assertEqual(self.findings(), [UNENCRYPTED] if number else [], "a first one may be an accident")
                self.assertEqual(len(path.from_health_id.message_ids) - told, 1 if number else 0)
        self.pass_time(days=8)
        self.assertEqual(self.prove(path).encrypted, 'yes')
        self.assertFalse(self.findings())

    def test_another_relay_is_told_with_both_addresses(self):
        self.assertEqual(self.prove(self.path()).egress, '192.0.2.10')
        self.relay.smtp_host = '192.0.2.11'
        for _time in range(2):
            self.pass_time(days=8)
            proof = self.prove(self.path())
            self.assertEqual((proof.state, proof.verdict, proof.egress), ('arrived', 'pass', '192.0.2.11'))
        self.assertEqual(self.findings(), [EGRESS_CHANGED])
        found = self.env['mail.domain.health.finding'].search([('code', '=', EGRESS_CHANGED)])
        self.assertIn('192.0.2.10', found.explanation)
        self.assertIn('192.0.2.11', found.explanation)

    def test_an_alias_that_is_gone_is_told(self):
        self.env['mail.alias'].create({
            'alias_name': 'odoo-proofs', 'alias_domain_id': self.company.alias_domain_id.id,
            'alias_model_id': self.env['ir.model']._get_id('mail.domain.health.incoming')})
        path = self.path()
        proof = self.send([path], 'odoo-proofs@ours.example')[path]
        self.env['mail.alias'].search([('alias_name', '=', 'odoo-proofs')]).unlink()
        with mute_logger('odoo.addons.mail.models.fetchmail', 'odoo.addons.mail.models.mail_thread'):
            self.fetch(1, 'odoo-proofs@ours.example')
        self.assertEqual(proof.state, 'waiting')
        self.pass_time(minutes=20)
        self.assertIn('odoo-proofs@ours.example', proof.outcome)

    def test_a_mailbox_that_refuses_is_told_with_its_words(self):
        """The sender's server takes the mail, and sends a report to bounce@ that Odoo fetches."""
        path = self.path()
        proof = self.send([path], 'refused@opendmarc.example')[path]
        self.fetch(1, 'bounce@ours.example')
        self.assertEqual(proof.state, 'returned')
        self.assertIn('Unauthenticated mail from ours.example is not accepted', proof.outcome)
        self.assertFalse(self.env['mail.blacklist'].search_count([]))

    def ask_for_bounces(self):
        """Send one mail to an address that the domain does not have; return the proof."""
        bounced, blacklisted = (sum(self.env['res.partner'].search([]).mapped('message_bounce')),
                                self.env['mail.blacklist'].search_count([]))
        with self.sending():
            action = self.path().from_health_id.with_user(self.ann).action_prove_bounces()

        def count():
            self.assertEqual(sum(self.env['res.partner'].search([]).mapped('message_bounce')), bounced)
            self.assertEqual(self.env['mail.blacklist'].search_count([]), blacklisted)

        self.addCleanup(count)
        return self.Proof.browse(action['domain'][0][2])

    def test_a_catch_all_that_swallows_what_nobody_has_an_address_for_is_told(self):
        """The company's own server stores mail to any address."""
        proof = self.ask_for_bounces()
        self.fetch(1, proof.address)
        self.assertEqual(proof.state, 'internal')
        self.assertEqual(bouncing.get_outcome(proof), 'swallowed')
        self.assertIn('catch-all', proof.outcome)

    def test_an_unknown_recipient_that_is_refused_in_the_session_is_told_at_once(self):
        with self.configured(RELAY, lambda text: f'{text}virtual_mailbox_maps = inline:{{ bounce@ours.example=1 }}\n'):
            proof = self.ask_for_bounces()
        self.assertEqual((proof.state, bouncing.get_outcome(proof)), ('failed', 'refused'), proof.failure)
        self.assertIn('User unknown in virtual mailbox table', proof.outcome)
        self.assertIn(proof.address, proof.failure)

    def test_a_report_about_an_unknown_recipient_that_comes_home_is_understood(self):
        """The company's first server takes mail to any address, and hands it to one that knows who has a mailbox."""
        with self.configured(RELAY, lambda text: f'{text}transport_maps = regexp:/etc/postfix/transport\n') as host:
            host.write('etc/postfix/transport', f'/^mdh-/ smtp:[{RECEIVER}]\n')
            proof = self.ask_for_bounces()
            self.assertEqual(bouncing.get_outcome(proof), None, proof.failure)
            self.fetch(1, 'bounce@ours.example')
        self.assertEqual((proof.state, bouncing.get_outcome(proof)), ('returned', 'home'), proof.failure)
        self.assertIn('Relay access denied', proof.outcome)

    def test_a_mail_server_that_is_down_is_told_with_its_words(self):
        self.relay.smtp_port = 1
        path = self.path()
        proof = self.send([path])[path]
        self.assertEqual(proof.state, 'failed')
        self.assertIn(proof.failure, proof.outcome)
        repeating.follow(path)
        self.assertFalse(self.findings())
