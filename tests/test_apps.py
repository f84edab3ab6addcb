"""What each of Odoo's apps sends, as whom: `docs/who-sends.md`, held against a real mail server."""

import re
from collections import namedtuple
from contextlib import closing
from datetime import timedelta
from pathlib import Path

from odoo import SUPERUSER_ID, Command, fields
from odoo.tests import TransactionCase, tagged
from odoo.tools import config, mute_logger
from odoo.tools.mail import email_normalize

from .sink import SinkCase, needs_sink

DOCUMENT = Path(__file__).parents[1] / 'docs' / 'who-sends.md'
COMPANY, ACTING, RESPONSIBLE = 'office@ours.example', 'ann@ours.example', 'rob@ours.example'
CUSTOMER, PORTAL, ODOOBOT = 'customer@elsewhere.example', 'portal@elsewhere.example', 'odoobot@example.com'
CATCHALL, BOUNCE = 'catchall@ours.example', 'bounce@ours.example'
TEAM, GROUP = 'info@ours.example', 'list@ours.example'
WORDS = {
    COMPANY: "the company", ACTING: "the acting user", RESPONSIBLE: "the responsible user", CUSTOMER: "the external sender",
    PORTAL: "the portal user", ODOOBOT: "OdooBot", CATCHALL: "catchall@", BOUNCE: "bounce@",
    TEAM: "the sales team", GROUP: "the group",
}
Row = namedtuple('Row', 'app what sender replies trigger')
ROWS = []
INCOMING = """\
From: "Customer" <{sender}>
To: <{to}>
Subject: A question
Message-Id: <{number}@elsewhere.example>
Date: Mon, 1 Jun 2026 10:00:00 +0000
Content-Type: text/plain; charset=utf-8

Where is it?
"""


def sends(app, what, sender, replies=CATCHALL):
    """Mark a method that has ``app`` send ``what``: the mail leaves as ``sender``, and answers go to ``replies``."""
    def register(trigger):
        ROWS.append(Row(app, what, sender, replies, trigger))
        return trigger
    return register


@needs_sink
@tagged('post_install', '-at_install')
class TestAppsSend(SinkCase, TransactionCase):
    """Through the server of the configuration file without a filter: there everybody's own address stays."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        missing = {row.app for row in ROWS} - set(cls.env['ir.module.module'].search([('state', '=', 'installed')]).mapped('name'))
        if missing:
            raise cls.skipTest(cls, f"not installed: {', '.join(sorted(missing))}")
        options = {name: config[name] for name in ('email_from', 'from_filter')}
        cls.addClassCleanup(lambda: [config.__setitem__(name, value) for name, value in options.items()])
        config['email_from'] = config['from_filter'] = False
        cls.env['ir.mail_server'].search([('id', '!=', False)]).unlink()
        cls.env['ir.config_parameter'].set_param('mail.default.from_filter', False)
        cls.company = cls.env.ref('base.main_company')
        cls.company.alias_domain_id = cls.env['mail.alias.domain'].create({'name': 'ours.example'})
        cls.company.write({'name': "Ours", 'email': COMPANY})
        share = cls.env.ref('base.group_portal') | cls.env.ref('base.group_public')
        everything = cls.env['res.groups'].search([('all_implied_ids', 'not in', share.ids), ('id', 'not in', share.ids)])
        cls.ann, cls.rob, cls.eve = cls.env['res.users'].with_context(no_reset_password=True).create([{
            'name': name, 'login': f'{name.lower()}@ours.example', 'email': f'{name.lower()}@ours.example',
            'group_ids': [Command.set(everything.ids)], 'notification_type': 'email'} for name in ("Ann", "Rob", "Eve")])
        cls.customer = cls.env['res.partner'].create({'name': "Customer", 'email': CUSTOMER})
        cls.portal = cls.env['res.users'].with_context(no_reset_password=True).create({
            'name': "Portal", 'login': PORTAL, 'email': PORTAL, 'group_ids': [Command.set(cls.env.ref('base.group_portal').ids)]})
        cls.number = 0

    def as_ann(self, model):
        return self.env(user=self.ann, context={'allowed_company_ids': self.company.ids})[model]

    def as_odoobot(self, model):
        return self.env(user=SUPERUSER_ID, context={})[model]

    def template(self, xmlid, record):
        """Have Ann send a template about ``record``."""
        self.env.ref(xmlid).with_env(self.as_ann('mail.template').env).send_mail(
            record.id, email_values={'email_to': CUSTOMER, 'recipient_ids': []}, force_send=True)

    def post(self, xmlid, record):
        """Have Ann send a template about ``record`` from its chatter, as the button Send does."""
        self.only_to = CUSTOMER
        record.message_post_with_source(
            self.env.ref(xmlid).with_env(record.env), subtype_xmlid='mail.mt_comment', message_type='comment',
            partner_ids=self.customer.ids)

    def receive(self, to, sender=CUSTOMER):
        """Have the gateway take a mail."""
        type(self).number += 1
        self.as_odoobot('mail.thread').message_process(
            False, INCOMING.format(sender=sender, to=to, number=f'{self.number}.{id(self)}'))

    def order(self, user):
        return self.as_ann('sale.order').create({'partner_id': self.customer.id, 'user_id': user.id})

    def invoice(self, user):
        journal = self.env['account.journal'].create({'name': "Sales", 'code': 'SENDS', 'type': 'sale'})
        return self.as_ann('account.move').create({
            'move_type': 'out_invoice', 'journal_id': journal.id, 'partner_id': self.customer.id, 'invoice_user_id': user.id})

    def registration(self, organizer):
        event = self.env['event.event'].create({
            'name': "Fair", 'organizer_id': organizer.id, 'date_begin': fields.Datetime.now() + timedelta(days=5),
            'date_end': fields.Datetime.now() + timedelta(days=6)})
        scheduler = self.env['event.mail'].create({
            'event_id': event.id, 'interval_type': 'after_sub', 'interval_unit': 'now',
            'template_ref': f"mail.template,{self.env.ref('event.event_subscription').id}"})
        registration = self.as_ann('event.registration').with_context(install_mode=True).create({
            'event_id': event.id, 'name': "Customer", 'email': CUSTOMER})
        scheduler.with_env(self.as_odoobot('event.mail').env)._send_mail(registration)
        self.only_to = CUSTOMER

    def group(self, **values):
        return self.env['mail.group'].create({
            'name': "List", 'access_mode': 'public', 'moderator_ids': [Command.set(self.ann.ids)],
            'moderation_guidelines_msg': "Be kind.", 'alias_name': 'list',
            'member_ids': [Command.create({'email': 'member@elsewhere.example'})], **values})

    def mailing(self):
        contacts = self.env['mailing.list'].create({
            'name': "Readers", 'contact_ids': [Command.create({'name': "Customer", 'email': CUSTOMER})]})
        return self.as_ann('mailing.mailing').with_context(mail_auto_subscribe_no_notify=True).create({
            'subject': "News", 'body_html': "<p>News</p>", 'mailing_model_id': self.env['ir.model']._get('mailing.list').id,
            'contact_list_ids': [Command.set(contacts.ids)], 'user_id': self.rob.id})

    # The company

    @sends('auth_signup', "Password reset", COMPANY)
    def reset(self):
        self.as_ann('res.users').browse(self.eve.id).action_reset_password()

    @sends('auth_signup', "Invitation of a new user", COMPANY, COMPANY)
    def invitation(self):
        self.as_ann('res.users').create({'name': "New", 'login': CUSTOMER, 'email': CUSTOMER})

    @sends('auth_signup', "Reminder about users who never logged in", COMPANY, COMPANY)
    def unregistered(self):
        self.env.ref('auth_signup.mail_template_data_unregistered_users').with_user(self.ann).with_context(
            invited_users=["Eve"]).send_mail(self.rob.id, force_send=True)

    @sends('portal', "Invitation to the portal", COMPANY, COMPANY)
    def portal_invitation(self):
        self.as_ann('portal.wizard').with_context(active_ids=self.customer.ids).create({}).user_ids.action_grant_access()

    @sends('mail', "Security notice (password or address changed)", COMPANY)
    def security(self):
        self.as_ann('res.users').browse(self.eve.id)._notify_security_setting_update("Security", "Something changed")

    @sends('digest', "Digest", COMPANY)
    def digest(self):
        self.as_odoobot('digest.digest').create({
            'name': "Digest", 'user_ids': [Command.set(self.eve.ids)], 'company_id': self.company.id}).action_send()

    @sends('website_sale', "Abandoned cart, without a salesperson", COMPANY, COMPANY)
    def cart(self):
        self.template('website_sale.mail_template_sale_cart_recovery', self.order(self.env['res.users']))

    @sends('mail_group', "Guidelines of a mail group", COMPANY, COMPANY)
    def guidelines(self):
        self.group().with_user(self.ann).action_send_guidelines()

    @sends('mail_group', "Confirmation of a subscription to a mail group", COMPANY, COMPANY)
    def subscription(self):
        self.group()._send_subscribe_confirmation_email(CUSTOMER)

    @sends('account', "Invoice, without a salesperson", COMPANY)
    def invoice_of_nobody(self):
        self.post('account.email_template_edi_invoice', self.invoice(self.env['res.users']))

    @sends('sale', "Quotation, without a salesperson", COMPANY)
    def quotation_of_nobody(self):
        self.post('sale.email_template_edi_sale', self.order(self.env['res.users']))

    @sends('event', "Registration for an event, without an organizer", COMPANY)
    def event_of_nobody(self):
        self.registration(self.env['res.partner'])

    # Whoever does it

    @sends('mail', "Message to followers", ACTING)
    def message(self):
        self.as_ann('res.partner').browse(self.customer.id).message_post(
            body="Hello", partner_ids=self.customer.ids, message_type='comment', subtype_xmlid='mail.mt_comment')

    @sends('mail', "Activity for a colleague", ACTING)
    def activity(self):
        self.as_ann('res.partner').browse(self.customer.id).activity_schedule(
            'mail.mail_activity_data_todo', user_id=self.eve.id)

    @sends('mail', "Invitation to follow", ACTING, ACTING)
    def follower(self):
        self.as_ann('mail.followers.edit').create({
            'res_model': 'res.partner', 'res_ids': str(self.customer.ids), 'partner_ids': [Command.set(self.eve.partner_id.ids)],
            'operation': 'add', 'notify': True, 'message': "Look"}).edit_followers()

    @sends('mail', "Invitation to a channel by email", ACTING)
    def channel(self):
        self.as_ann('discuss.channel').create({'name': "Chat", 'channel_type': 'group'}).invite_by_email([CUSTOMER])

    @sends('survey', "Invitation to a survey", ACTING)
    def survey(self):
        survey = self.as_ann('survey.survey').create({'title': "Survey", 'access_mode': 'token'})
        self.as_ann('survey.invite').create({
            'survey_id': survey.id, 'template_id': self.env.ref('survey.mail_template_user_input_invite').id,
            'emails': CUSTOMER, 'subject': "Survey", 'body': "<p>Ask</p>"}).action_invite()

    @sends('purchase', "Request for quotation", ACTING)
    def request(self):
        self.post('purchase.email_template_edi_purchase', self.as_ann('purchase.order').create({
            'partner_id': self.customer.id, 'user_id': self.rob.id}))

    @sends('stock', "Delivery order", ACTING)
    def delivery(self):
        kind = self.env['stock.picking.type'].search([
            ('code', '=', 'outgoing'), ('company_id', '=', self.company.id)], limit=1)
        self.post('stock.mail_template_data_delivery_confirmation', self.as_ann('stock.picking').create({
            'partner_id': self.customer.id, 'picking_type_id': kind.id}))

    @sends('portal', "Document shared with a customer", ACTING)
    def share(self):
        order = self.order(self.rob)
        self.as_ann('portal.share').create({
            'res_model': 'sale.order', 'res_id': order.id, 'partner_ids': [Command.set(self.customer.ids)]}).action_send_mail()

    @sends('project', "Task assigned to a colleague", ACTING)
    def task(self):
        project = self.as_ann('project.project').create({'name': "Project"})
        self.as_ann('project.task').create({'name': "Task", 'project_id': project.id, 'user_ids': [Command.set(self.eve.ids)]})

    @sends('crm', "Lead assigned to a colleague", ACTING, TEAM)
    def lead(self):
        self.as_ann('crm.lead').create({'name': "Lead", 'user_id': self.eve.id})

    @sends('website_crm_partner_assign', "Lead forwarded to a partner", ACTING, ACTING)
    def forward(self):
        lead = self.as_ann('crm.lead').create({'name': "Lead", 'user_id': self.ann.id, 'partner_assigned_id': self.customer.id})
        self.as_ann('crm.lead.forward.to.partner').with_context(active_ids=lead.ids, default_composition_mode='forward').create({
            'forward_type': 'single', 'partner_id': self.customer.id}).action_forward()

    @sends('mass_mailing', "Mailing", ACTING, ACTING)
    def news(self):
        self.mailing().action_send_mail()

    @sends('mass_mailing', "Test of a mailing", ACTING, ACTING)
    def news_test(self):
        self.as_ann('mailing.mailing.test').create({
            'mass_mailing_id': self.mailing().id, 'email_to': CUSTOMER}).send_mail_test()

    # Whoever is responsible

    @sends('account', "Invoice", RESPONSIBLE)
    def invoice_of_somebody(self):
        self.post('account.email_template_edi_invoice', self.invoice(self.rob))

    @sends('sale', "Quotation, order", RESPONSIBLE)
    def quotation(self):
        self.post('sale.email_template_edi_sale', self.order(self.rob))

    @sends('purchase', "Reminder of a purchase", RESPONSIBLE)
    def purchase_reminder(self):
        self.post('purchase.email_template_edi_purchase_reminder', self.as_ann('purchase.order').create({
            'partner_id': self.customer.id, 'user_id': self.rob.id}))

    @sends('calendar', "Invitation to a meeting", RESPONSIBLE)
    def meeting(self):
        start = fields.Datetime.now() + timedelta(days=3)
        self.as_ann('calendar.event').create({
            'name': "Meeting", 'user_id': self.rob.id, 'start': start, 'stop': start + timedelta(hours=1),
            'partner_ids': [Command.set(self.customer.ids)]})

    @sends('project', "Request for a rating", RESPONSIBLE)
    def rating(self):
        project = self.as_ann('project.project').create({'name': "Project"})
        task = self.as_ann('project.task').create({
            'name': "Task", 'project_id': project.id, 'partner_id': self.customer.id, 'user_ids': [Command.set(self.rob.ids)]})
        self.sink.take()  # that it was assigned
        task.rating_send_request(self.env.ref('project.rating_project_request_email_template'), force_send=True)

    @sends('mail', "Scheduled message", RESPONSIBLE)
    def scheduled(self):
        scheduled = self.env['mail.scheduled.message'].with_user(self.rob).create({
            'model': 'res.partner', 'res_id': self.customer.id, 'author_id': self.rob.partner_id.id, 'body': "Later",
            'partner_ids': [Command.set(self.customer.ids)], 'scheduled_date': fields.Datetime.now() + timedelta(days=1)})
        scheduled.with_env(self.as_odoobot(scheduled._name).env).post_message()

    @sends('mass_mailing', "Statistics of a mailing", RESPONSIBLE, COMPANY)
    def statistics(self):
        mailing = self.mailing()
        mailing.state = 'done'
        mailing.with_env(self.as_odoobot(mailing._name).env)._action_send_statistics()

    @sends('mail', "Out-of-office reply", RESPONSIBLE)
    def out_of_office(self):
        self.rob.write({
            'out_of_office_from': fields.Datetime.now() - timedelta(days=1),
            'out_of_office_to': fields.Datetime.now() + timedelta(days=1), 'out_of_office_message': "Away"})
        partner = self.as_odoobot('res.partner').browse(self.customer.id)
        partner.message_post(
            author_id=self.customer.id, email_from=CUSTOMER, body="Hello", partner_ids=self.rob.partner_id.ids,
            message_type='comment', subtype_xmlid='mail.mt_comment')
        self.only_to = CUSTOMER

    # OdooBot

    @sends('crm', "Lead from the website, assigned to a salesperson", ODOOBOT, TEAM)
    def website_lead(self):
        self.as_odoobot('crm.lead').create({'name': "Lead", 'user_id': self.eve.id})

    @sends('mail', "Email of a server action that runs automatically", ODOOBOT, ODOOBOT)
    def server_action(self):
        template = self.env['mail.template'].create({
            'name': "Own", 'model_id': self.env['ir.model']._get('res.partner').id, 'email_to': CUSTOMER, 'subject': "Own",
            'body_html': "<p>Own</p>"})
        self.as_odoobot('ir.actions.server').create({
            'name': "Own", 'state': 'mail_post', 'mail_post_method': 'email', 'template_id': template.id,
            'model_id': self.env['ir.model']._get('res.partner').id,
        }).with_context(active_model='res.partner', active_id=self.customer.id, active_ids=self.customer.ids).run()

    @sends('calendar', "Invitation to a meeting that a scheduled action made", ODOOBOT)
    def cron_meeting(self):
        start = fields.Datetime.now() + timedelta(days=3)
        self.as_odoobot('calendar.event').create({
            'name': "Meeting", 'start': start, 'stop': start + timedelta(hours=1),
            'partner_ids': [Command.set(self.customer.ids)]})

    @sends('hr_expense', "Reply to an expense that came by email", ODOOBOT)
    def expense(self):
        self.env['hr.employee'].create({'name': "Worker", 'work_email': 'worker@elsewhere.example'})
        self.receive('expense@ours.example', 'worker@elsewhere.example')

    # The customer, the portal user, strangers

    @sends('mail', "External mail, forwarded to followers", CUSTOMER, TEAM)
    def passed_on(self):
        lead = self.as_odoobot('crm.lead').with_context(mail_auto_subscribe_no_notify=True).create({
            'name': "Lead", 'user_id': self.eve.id})
        message = lead.message_post(body="Hello", message_type='comment', subtype_xmlid='mail.mt_comment')
        self.sink.take()
        type(self).number += 1
        self.as_odoobot('mail.thread').message_process('crm.lead', INCOMING.format(
            sender=CUSTOMER, to=CATCHALL, number=f'{self.number}.{id(self)}').replace(
                "Subject:", f"In-Reply-To: {message.message_id}\nSubject:"))

    @sends('mail_group', "Mail to a mail group, forwarded to its members", CUSTOMER, GROUP)
    def group_mail(self):
        self.group()
        self.receive('list@ours.example')

    @sends('event', "All emails of an event with an external organizer", CUSTOMER)
    def event_of_a_stranger(self):
        self.registration(self.customer)

    @sends('portal', "Comment in the portal", PORTAL)
    def comment(self):
        order = self.order(self.rob)
        order.message_subscribe(partner_ids=self.rob.partner_id.ids)
        self.sink.take()
        order.with_user(self.portal).sudo().message_post(
            body="Hello", author_id=self.portal.partner_id.id, message_type='comment', subtype_xmlid='mail.mt_comment')

    # Addresses of the alias domain

    @sends('im_livechat', "Transcript of a live chat", CATCHALL)
    def transcript(self):
        channel = self.env['im_livechat.channel'].create({'name': "Chat", 'user_ids': [Command.set(self.rob.ids)]})
        self.as_ann('discuss.channel').create({
            'name': "Chat", 'channel_type': 'livechat', 'livechat_channel_id': channel.id,
            'livechat_operator_id': self.rob.partner_id.id})._email_livechat_transcript(CUSTOMER)

    @sends('mail_group', "Notice to the moderators of a mail group", CATCHALL)
    def moderators(self):
        group = self.group(moderation=True)
        self.receive('list@ours.example')
        group.with_env(self.as_odoobot(group._name).env)._notify_moderators()

    @sends('mail', "Reply of the gateway (address not open to the sender)", BOUNCE)
    def gateway_answer(self):
        self.env['mail.alias'].create({
            'alias_name': 'closed', 'alias_model_id': self.env['ir.model']._get('res.partner').id, 'alias_contact': 'partners',
            'alias_domain_id': self.company.alias_domain_id.id})
        self.receive('closed@ours.example', 'stranger@elsewhere.example')

    def test_each_mail_leaves_as_the_table_says(self):
        self.assertGreater(len(ROWS), 40)
        for row in ROWS:
            with self.subTest(app=row.app, what=row.what), closing(self.cr.savepoint()), self.sending(), \
                    mute_logger('odoo.addons.mail.models.mail_thread'):
                self.only_to = None
                row.trigger(self)
                self.as_odoobot('mail.mail').process_email_queue()
                received = [
                    mail for mail in self.sink.take() if not self.only_to or self.only_to in mail.recipients]
                self.assertTrue(received, "nothing was sent")
                self.assertEqual({email_normalize(mail.message['From']) for mail in received}, {row.sender})
                self.assertEqual({email_normalize(mail.message['Reply-To'] or '') for mail in received}, {row.replies})
            self.env.invalidate_all()
            self.sink.take()

    def test_table_of_the_documentation_is_this_one(self):
        rows = re.findall(r'^\| `(\w+)` \| (.+?) \| (.+?) \| (.+?) \|$', DOCUMENT.read_text(), re.MULTILINE)
        self.assertEqual(rows, [(row.app, row.what, WORDS[row.sender], WORDS[row.replies]) for row in ROWS])
