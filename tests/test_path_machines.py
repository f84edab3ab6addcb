from email.message import EmailMessage

from odoo import SUPERUSER_ID
from odoo.tests import BaseCase, tagged

from ..sending.authors import _may_be_anybody
from ..sending.automatic_authors import senders_in
from . import parity

CUSTOMER = 'customer@elsewhere.example'
OURS, THIRD, ABROAD = parity.COMPANIES[:3]
CONFIGURATIONS = (
    (('any',), OURS), (('any',), THIRD), (('ours',), OURS), (('ours',), ABROAD), (('notifications',), OURS),
    (('third', 'nothing'), THIRD), ((), OURS), ((), THIRD), ((), ABROAD))


@tagged('post_install', '-at_install')
class TestSenderExpressions(BaseCase):

    def test_sender_of_a_template_that_may_be_anybody(self):
        for expression, expected in (
            ('{{ object.email_formatted }}', True), ('{{ object.partner_id.email }}', True),
            ('{{ (object.organizer_id.email_formatted or user.email_formatted) }}', True),
            ('{{ object.event_id.organizer_id.email_formatted or object.event_id.company_id.email_formatted }}', True),
            ('{{ user.email_formatted }}', False), ('{{ object.user_id.email_formatted or user.email }}', False),
            ('{{ object.company_id.email_formatted }}', False), ('{{ object.create_uid.partner_id.email }}', False),
            ('"{{ object.name }}" <{{ user.email }}>', False), ('', False),
        ):
            with self.subTest(expression):
                self.assertEqual(_may_be_anybody(expression), expected)

    def test_senders_that_code_gives_as_addresses(self):
        for code, expected in (
            ("record.message_post(body='x', email_from='Robot <Robot@Ours.example>')", ['robot@ours.example']),
            ("mail = {\n 'email_to': 'x@customer.example',\n 'email_from': \"a@ours.example\",\n}", ['a@ours.example']),
            ("message['From'] = 'b@ours.example'\nenv['ir.mail_server'].send_email(message)", ['b@ours.example']),
            ("values['email_from'] = record.user_id.email", []), ("# email_from = 'old@ours.example'", []),
            ("env['res.partner'].search([('email', '=', 'c@ours.example')])", []), ('', []), (False, []),
        ):
            with self.subTest(code):
                self.assertEqual(senders_in(code), expected)


@tagged('post_install', '-at_install')
class TestPathMachines(parity.ParityCase):
    """What nobody writes leaves as foretold: core sends it, and the way is there that it went."""

    def foretold(self, company, kind, moments=('any', 'now'), **values):
        """Return (server, From, envelope sender) of the ways of a kind."""
        paths = self.env['mail.domain.health.path'].search([
            ('company_id', '=', company.id), ('kind', '=', kind), ('moment', 'in', moments),
            *((name, '=', value) for name, value in values.items())])
        return {tuple(CUSTOMER if path.kind == 'customer' and part == path.author_email else part for part in (
            path.mail_server_id.name or None, path.from_email, path.envelope_from)) for path in paths}

    def acting(self, company):
        return self.env(user=SUPERUSER_ID, context={'allowed_company_ids': company.ids})

    def assertForetold(self, sent, receiver, *foretold):
        self.env.cr.precommit.clear()
        self.assertIn(receiver, sent)
        self.assertIn(sent[receiver], set().union(*foretold))

    def each_configuration(self, **more):
        for servers, company in CONFIGURATIONS:
            self.configure(parity.DEFAULT._replace(servers=servers, company=company, **more))
            with self.subTest(servers=servers, company=company):
                yield servers

    def each_configuration_with_catchall(self):
        """Those in which a company without an address of its own has a catchall address to send as."""
        self.company.email = False
        for servers in self.each_configuration():
            if self.company.catchall_email:
                self.env['mail.domain.health.path']._refresh(self.company)
                yield servers

    def test_answer_of_the_gateway_leaves_as_foretold(self):
        for _servers in self.each_configuration():
            self.env['mail.domain.health.path']._refresh(self.queue_company | self.company)
            message = EmailMessage()
            message['Return-Path'], message['To'], message['Subject'] = CUSTOMER, 'sales@ours.example', "Hello"
            sent = {}
            with self.recording(sent):
                self.env(user=SUPERUSER_ID, context={})['mail.thread']._routing_create_bounce_email(CUSTOMER, '<p>No</p>', message)
            self.assertForetold(sent, CUSTOMER, self.foretold(self.queue_company, 'gateway'))
            self.assertFalse(self.foretold(self.company, 'gateway'), "always the first company's")

    def test_template_in_the_customers_name_leaves_as_foretold(self):
        partner = self.env['res.partner'].create({'name': "Customer", 'email': CUSTOMER})
        template = self.env['mail.template'].create({
            'name': "In their name", 'model_id': self.env['ir.model']._get_id('res.partner'), 'subject': "Hello",
            'email_from': '{{ object.email_formatted }}', 'body_html': "<p>Hello</p>"})
        for servers in self.each_configuration():
            for server in (None, *servers):
                template.mail_server_id = self.servers[server] if server else False
                self.env['mail.domain.health.path']._refresh(self.company)
                sent = {}
                with self.recording(sent):
                    template.with_env(self.acting(self.company)).send_mail(
                        partner.id, force_send=True, email_values={'email_to': 'r@receiver.example', 'recipient_ids': []})
                customer = self.foretold(self.company, 'customer', is_forced=bool(server))
                if server:
                    self.assertForetold(sent, 'r@receiver.example', customer)
                    self.assertEqual(sent['r@receiver.example'][1], CUSTOMER)
                else:  # nothing of its own where it leaves as what the gateway passes on
                    strangers = {
                        tuple(CUSTOMER if part == path.author_email else part for part in (
                            path.mail_server_id.name or None, path.from_email, path.envelope_from))
                        for path in self.env['mail.domain.health.path'].search([
                            ('company_id', '=', self.company.id), ('kind', '=', 'outsider')])}
                    self.assertForetold(sent, 'r@receiver.example', customer or strangers, strangers)
            template.mail_server_id = False  # core archives no server that one names

    def test_server_action_with_a_fixed_sender_leaves_as_foretold(self):
        action = self.env['ir.actions.server'].create({
            'name': "Robot", 'model_id': self.env['ir.model']._get_id('res.partner'), 'state': 'code',
            'code': "env['mail.mail'].sudo().create({'email_from': '\"Robot\" <robot@ours.example>', "
                    "'email_to': 'c@receiver.example', 'body_html': 'x', 'subject': 'x'}).send()"})
        for _servers in self.each_configuration():
            self.env['mail.domain.health.path']._refresh(self.company)
            sent = {}
            with self.recording(sent):
                action.with_env(self.acting(self.company)).run()
            self.assertForetold(sent, 'c@receiver.example', self.foretold(self.company, 'code'))
        path = self.env['mail.domain.health.path'].search([('company_id', '=', self.company.id), ('kind', '=', 'code')], limit=1)
        opened = path.action_open_authors()
        self.assertIn(action, self.env[opened['res_model']].search(opened['domain']))

    def test_company_without_an_address_of_its_own_sends_as_catchall(self):
        for _servers in self.each_configuration_with_catchall():
            sent = {}
            with self.recording(sent):
                self.acting(self.company)['mail.mail'].create({
                    'email_from': self.company.email_formatted, 'email_to': 'd@receiver.example', 'body_html': "x",
                    'subject': "Reset"}).send()
            self.assertForetold(sent, 'd@receiver.example', self.foretold(self.company, 'catchall'))

    def test_notification_as_catchall_leaves_as_foretold(self):
        """As mail groups tell their moderators: about a record, hence with the alias domain of its company."""
        moderator = self.env['res.partner'].create({'name': "Moderator", 'email': 'moderator@receiver.example'})
        for _servers in self.each_configuration_with_catchall():
            sent = {}
            with self.recording(sent):
                moderator.with_env(self.acting(self.company)).message_notify(
                    partner_ids=moderator.ids, subject="Pending", body="x", email_from=self.company.catchall_formatted,
                    force_send=True)
            self.assertForetold(sent, 'moderator@receiver.example', self.foretold(self.company, 'catchall'))

    def test_digest_of_another_company_leaves_as_foretold(self):
        if 'digest.digest' not in self.env:
            self.skipTest("digest is not installed here")
        self.company.email = 'info@ours.example'
        digest = self.env['digest.digest'].create({'name': "Digest", 'company_id': self.company.id, 'state': 'activated'})
        for _servers in self.each_configuration():
            self.env['mail.domain.health.path']._refresh(self.company)
            sent = {}
            env = self.env(user=SUPERUSER_ID, context={})
            with self.recording(sent):
                last = env['mail.mail'].search([], order='id desc', limit=1).id or 0
                digest.with_env(env)._action_send_to_user(self.pat, tips_count=0)
                env['mail.mail'].process_email_queue(email_ids=env['mail.mail'].search([('id', '>', last)]).ids)
            self.assertForetold(sent, 'pat@ours.example', self.foretold(self.company, 'digest', ('queue',)) or self.foretold(
                self.company, 'company', ('any', 'queue')))

    def test_transcript_of_a_livechat_leaves_as_foretold(self):
        if 'im_livechat.channel' not in self.env:
            self.skipTest("im_livechat is not installed here")
        channel = self.env['discuss.channel'].create({
            'name': "Chat", 'channel_type': 'livechat', 'livechat_operator_id': self.pat.partner_id.id,
            'livechat_channel_id': self.env['im_livechat.channel'].create({'name': "Shop"}).id})
        for _servers in self.each_configuration():
            self.env['mail.domain.health.path']._refresh(self.company)
            if not self.company.catchall_email:
                continue
            sent = {}
            with self.recording(sent):
                env = self.env(user=self.pat.id, su=True, context={'allowed_company_ids': self.company.ids})
                channel.with_env(env)._email_livechat_transcript('t@receiver.example')  # as the user's company
            self.assertForetold(sent, 't@receiver.example', self.foretold(self.company, 'catchall'))
