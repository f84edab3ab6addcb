from itertools import product

from odoo import SUPERUSER_ID
from odoo.tests import tagged
from odoo.tools.mail import email_normalize

from . import parity


@tagged('post_install', '-at_install')
class TestPathMailing(parity.ParityCase):
    """Mass mailings leave as foretold. Runs where `mass_mailing` is installed (dev/suite_mass_mailing.py)."""

    def setUp(self):
        super().setUp()
        if 'mailing.mailing' not in self.env:
            self.skipTest("mass_mailing is not installed here")

    def make_mailing(self, number, sender, mail_server):
        mailing_list = self.env['mailing.list'].create({'name': f'List {number}', 'contact_ids': [(0, 0, {
            'name': "Receiver", 'email': f'm{number}@receiver.example'})]})
        return self.env['mailing.mailing'].create({
            'subject': f'Mailing {number}', 'email_from': sender, 'mailing_type': 'mail', 'body_html': "<p>Hello</p>",
            'mailing_model_id': self.env['ir.model']._get_id('mailing.list'), 'contact_list_ids': [(6, 0, mailing_list.ids)],
            'mail_server_id': mail_server.id, 'reply_to_mode': 'new', 'reply_to': 'answers@ours.example',
        })

    def send_mailings(self, mailings):
        """Send as the scheduled job does: as OdooBot, then the queue; return how each left, by its recipient."""
        sent = {}
        env = self.env(user=SUPERUSER_ID, context={})
        with self.recording(sent):
            for mailing in mailings:
                env['mailing.mailing'].browse(mailing.id).action_send_mail()
            env['mail.mail'].process_email_queue(email_ids=env['mail.mail'].search(
                [('mailing_id', 'in', mailings.ids), ('state', '=', 'outgoing')]).ids or [0])
        self.env.cr.precommit.clear()
        return sent

    def test_mailings_leave_as_foretold(self):
        Path = self.env['mail.domain.health.path']
        count = 0
        for servers, company in product((('any',), ('ours',), ('nothing', 'jane'), ()), parity.COMPANIES[:3]):
            self.configure(parity.DEFAULT._replace(servers=servers, company=company))
            self.env['mailing.mailing'].search([('id', '!=', False)]).unlink()
            mailings = {}
            for sender, forced in product(parity.AUTHORS[:5], (None, *servers)):
                mailing = self.make_mailing(
                    len(mailings), sender, self.servers[forced] if forced else self.env['ir.mail_server'])
                mailings[len(mailings)] = mailing
            Path._refresh(self.queue_company)
            foretold = {}
            for path in Path.search([('company_id', '=', self.queue_company.id), ('kind', '=', 'mailing')]):
                for mailing_id in path.author_ids:
                    foretold[mailing_id] = (path.mail_server_id.name or None, path.from_email, path.envelope_from)
                    self.assertEqual(path.reply_to, 'answers@ours.example')
            sent = self.send_mailings(self.env['mailing.mailing'].union(*mailings.values()))
            self.assertEqual(len(sent), len(mailings))
            for number, mailing in mailings.items():
                with self.subTest(servers=servers, company=company, mailing=mailing.email_from, forced=mailing.mail_server_id.name):
                    self.assertEqual(foretold.get(mailing.id), sent.get(f'm{number}@receiver.example'))
                count += 1
        self.assertGreaterEqual(count, 100)

    def test_server_for_new_mailings_makes_a_path_of_its_own(self):
        self.configure(parity.DEFAULT._replace(servers=('any', 'nothing')))
        self.env['ir.config_parameter'].set_param('mass_mailing.mail_server_id', self.servers['nothing'].id)
        Path = self.env['mail.domain.health.path']
        Path._refresh(self.company)
        path = Path.search([('company_id', '=', self.company.id), ('kind', '=', 'mailing'), ('author_domain', '=', 'ours.example')])
        self.assertEqual((path.mail_server_id, path.is_forced, path.from_email),
                         (self.servers['nothing'], True, 'pat@ours.example'))

    def test_new_mailing_takes_the_sender_that_core_gives_it(self):
        """The user's address if the dedicated server's filter names it, else the notifications address, else the user's."""
        Path = self.env['mail.domain.health.path']
        senders = set()
        for server, company in product(('any', 'ours', 'notifications', 'third', 'nothing', 'jane'), parity.COMPANIES[:5]):
            self.configure(parity.DEFAULT._replace(servers=('any', server) if server != 'any' else ('any',), company=company))
            self.env['ir.config_parameter'].set_param('mass_mailing.mail_server_id', self.servers[server].id)
            self.env['mailing.mailing'].search([('id', '!=', False)]).unlink()
            Path._refresh(self.company)
            paths = Path.search([('company_id', '=', self.company.id), ('kind', '=', 'mailing'), ('is_forced', '=', True)])
            with self.subTest(server=server, company=company):
                mailing = self.env(user=self.pat.id, su=True, context={'allowed_company_ids': self.company.ids})[
                    'mailing.mailing'].create({'subject': "New", 'mailing_type': 'mail'})
                self.assertEqual(mailing.mail_server_id, self.servers[server])
                self.assertIn(email_normalize(mailing.email_from), paths.mapped('author_email'))
                self.assertEqual(len(paths), 1, "pat is the only user")
                self.assertEqual(paths.from_email, email_normalize(mailing.email_from))
                senders.add(paths.from_email)
            mailing.unlink()  # core archives no server that a mailing or the setting names
            self.env['ir.config_parameter'].set_param('mass_mailing.mail_server_id', False)
        self.assertGreater(len(senders), 2)

    def test_path_names_the_mailings_and_opens_them(self):
        self.configure(parity.DEFAULT._replace(servers=('any',)))
        mailings = self.make_mailing(1, 'news@ours.example', self.env['ir.mail_server']) \
            | self.make_mailing(2, '"News" <News@ours.example>', self.env['ir.mail_server'])
        self.env['mail.domain.health.path']._refresh(self.queue_company)
        path = self.env['mail.domain.health.path'].search([
            ('company_id', '=', self.queue_company.id), ('kind', '=', 'mailing'), ('author_email', '=', 'news@ours.example')])
        self.assertEqual((path.author_count, sorted(path.examples)), (2, ['Mailing 1', 'Mailing 2']))
        action = path.action_open_authors()
        self.assertEqual(self.env[action['res_model']].search(action['domain']), mailings)
