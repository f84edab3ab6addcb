from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged

from ..contacts import passed_on
from ..contacts.relaying_findings import CODE
from ..contacts.remedies import read_concerned, recent_documents
from ..sending.rules import FROM_FILTER
from .common import HEALTHY
from .test_contact_badges import ContactsCase


@tagged('post_install', '-at_install')
class TestContactRelaying(ContactsCase):
    """From the finding about contacts whose messages cannot be passed on to each remedy, and back to silence."""

    def setUp(self):
        super().setUp()
        self.row = self.domain('rejects.example', 'reject', contact_count=2)
        self.jane = self.contact('jane@rejects.example')
        self.sales = new_test_user(
            self.env, 'sales', 'base.group_user', email='sales@ours.example', notification_type='email',
            company_id=self.company.id, company_ids=[(6, 0, self.company.ids)])
        self.document = self.env['res.partner'].create({'name': "An order", 'company_id': self.company.id})
        self.document.message_subscribe(partner_ids=(self.sales.partner_id | self.jane).ids)

    def write_in(self, partner, count=1):
        """The contact answers, which Odoo passes on to the followers."""
        for _number in range(count):
            self.document.with_context(mail_notify_force_send=True).message_post(
                body="Hello", author_id=partner.id, email_from=partner.email_formatted, message_type='email',
                subtype_xmlid='mail.mt_comment')
        self.env['mail.notification'].search([  # as the queue leaves it: core's tests hand nothing to a server
            ('mail_message_id', 'in', self.document.message_ids.ids), ('notification_type', '=', 'email'),
            ('notification_status', '!=', 'bounce')]).notification_status = 'sent'
        self.env.flush_all()

    def sync(self, company=None):
        self.env['mail.domain.health']._refresh()
        self.env.cr.flush()
        return self.env['mail.domain.health.finding'].search([
            ('code', '=', CODE), ('company_id', '=', (company or self.company).id), ('resolved_on', '=', False)])

    def card(self, finding):
        action = finding.action_remedy()
        return Form(self.env[action['res_model']].with_context(**action['context'])).save()

    def test_finding_counts_contacts_mails_refusals_and_users(self):
        self.domain('spam.example', 'quarantine', contact_count=1)
        self.domain('fine.example', 'monitor', contact_count=50)
        other = self.contact('joe@fine.example')
        self.document.message_subscribe(partner_ids=other.ids)
        self.write_in(self.jane, 3)
        self.write_in(other)
        refused = self.env['mail.notification'].search([('res_partner_id', '=', self.sales.partner_id.id)])[:1]
        refused.search([('mail_message_id.author_id', '=', self.jane.id), ('res_partner_id', '=', self.sales.partner_id.id)])[:1].write({
            'notification_status': 'bounce', 'failure_reason': "550 5.7.26 unauthenticated email from rejects.example"})
        finding = self.sync()
        self.assertEqual(finding.severity, 'error')
        self.assertEqual(
            {name: finding.params[name] for name in ('contacts', 'domains', 'examples', 'mails', 'refused', 'users', 'reason')},
            {'contacts': 3, 'domains': 2, 'examples': ['rejects.example', 'spam.example'], 'mails': 3, 'refused': 1, 'users': 1,
             'reason': 'policy'})
        self.assertIn("reject that or file it as spam", finding.explanation)

    def test_what_was_written_long_ago_or_to_nobody_by_email_is_not_counted(self):
        self.write_in(self.jane)
        self.document.message_ids.date = '2001-01-01'
        self.sales.notification_type = 'inbox'
        self.write_in(self.jane)
        finding = self.sync()
        self.assertEqual((finding.params['mails'], finding.params['users'], finding.severity), (0, 0, 'info'))
        self.document.message_unsubscribe(partner_ids=self.sales.partner_id.ids)
        self.assertEqual(self.sync().severity, 'warning', "the next document may have a follower")

    def test_what_a_colleague_writes_from_such_a_domain_is_not_passed_on_for_a_contact(self):
        colleague = new_test_user(
            self.env, 'colleague', 'base.group_user', email='me@rejects.example', company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)])
        self.env['mail.domain.health']._refresh()
        self.env['mail.domain.health'].search([('name', 'in', ('rejects.example',))]).write({'ownership': 'theirs', 'is_foreign': True})
        self.document.message_unsubscribe(partner_ids=self.jane.ids)
        self.write_in(colleague.partner_id, 2)
        self.env['mail.notification'].search([
            ('mail_message_id.author_id', '=', colleague.partner_id.id), ('res_partner_id', '=', self.sales.partner_id.id),
        ])[:1].write({'notification_status': 'bounce', 'failure_reason': "550 5.7.26 unauthenticated email from rejects.example"})
        concerned = read_concerned(self.env, self.company)
        self.assertEqual((concerned.passed_on.mails, concerned.passed_on.refused, concerned.passed_on.users), ({}, {}, {}))
        self.assertEqual(recent_documents(self.env(su=True), self.company, concerned), {})
        self.document.message_unsubscribe(partner_ids=colleague.partner_id.ids)
        self.write_in(self.jane)
        found = read_concerned(self.env, self.company).passed_on
        self.assertEqual((found.mails, found.users), ({'rejects.example': 1}, {self.sales.id: 1}))

    def test_who_follows_is_read_of_the_newest_followers_only(self):
        self.assertEqual(read_concerned(self.env, self.company).passed_on.users, {self.sales.id: 1})
        self.patch(passed_on, 'MAX_FOLLOWERS', 0)
        self.assertFalse(read_concerned(self.env, self.company).passed_on.users)

    def test_contacts_of_domains_without_policy_are_told_as_fragile(self):
        self.row.policy = 'monitor'
        finding = self.sync()
        self.assertEqual((finding.severity, finding.params['reason']), ('warning', 'tolerated'))
        self.assertIn("do not ask receivers to reject", finding.explanation)
        action = self.card(finding).action_show_contacts()
        found = self.env['res.partner'].with_context(**action['context']).search(action['domain'])
        self.assertIn(self.jane, found)

    def test_what_lies_in_our_own_settings_is_told_once_and_offers_no_other_address_of_a_contact(self):
        self.domain('fine.example', 'monitor', contact_count=50)
        self.publish('ours.example')  # our bounce domain permits nobody
        self.health('ours.example').check_now()
        finding = self.sync()
        self.assertEqual((finding.params['reason'], finding.params['contacts']), ('own_envelope', 52), "not policies alone")
        self.assertIn("nothing shows receivers", finding.explanation)
        self.assertNotIn("another address", finding.remedy)
        self.assertTrue(self.card(finding).is_ours)
        self.publish('ours.example', *HEALTHY)
        self.health('ours.example').check_now()
        finding = self.sync()
        self.assertEqual((finding.params['reason'], finding.params['contacts']), ('policy', 2))
        self.assertIn("another address", finding.remedy)
        self.assertFalse(self.card(finding).is_ours)

    def test_policy_that_dns_did_not_tell_is_no_finding(self):
        self.row.policy = 'unknown'
        self.assertFalse(self.sync())

    def test_one_finding_stands_for_the_one_that_names_nobody(self):
        found = self.env['mail.domain.health.finding'].search([
            ('company_id', '=', self.company.id), ('resolved_on', '=', False)])
        self.sync()
        found = self.env['mail.domain.health.finding'].search([
            ('company_id', '=', self.company.id), ('resolved_on', '=', False)])
        self.assertIn(CODE, found.mapped('code'))
        self.assertNotIn('path.plain_server', found.mapped('code'))
        self.row.contact_count = 0
        self.assertFalse(self.sync())
        self.assertIn('path.plain_server', self.env['mail.domain.health.finding'].search([
            ('company_id', '=', self.company.id), ('resolved_on', '=', False)]).mapped('code'))

    def test_sender_is_replaced_in_one_click_after_core_was_asked(self):
        self.write_in(self.jane)
        finding = self.sync()
        wizard = self.card(finding)
        self.assertTrue(wizard.can_replace_sender, wizard.sender_text)
        self.assertEqual(wizard.domain_ids.mapped('name'), ['rejects.example'])
        self.assertEqual((wizard.domain_ids.contact_count, wizard.domain_ids.mail_count), (2, 1))
        self.assertIn('ours.example', wizard.change_ids.new_value)
        self.assertIn("rejected", wizard.effect_ids.old_value)
        self.assertIn("notifications@ours.example", wizard.effect_ids.new_value)
        self.assertFalse(self.env['ir.config_parameter'].get_param(FROM_FILTER), "tried, and not done")
        wizard.action_replace_sender()
        self.assertIn('ours.example', self.env['ir.config_parameter'].get_param(FROM_FILTER))
        self.assertFalse(self.sync())
        self.jane.invalidate_recordset()
        self.assertFalse(self.jane.mail_notice)

    def test_filter_that_names_the_contacts_domain_loses_it(self):
        server = self.env['ir.mail_server'].create({
            'name': "Relay", 'smtp_host': 'smtp.test', 'from_filter': 'ours.example, rejects.example'})
        wizard = self.card(self.sync())
        self.assertEqual((wizard.change_ids.old_value, wizard.change_ids.new_value), ('ours.example, rejects.example', 'ours.example'))
        wizard.action_replace_sender()
        self.assertEqual(server.from_filter, 'ours.example')
        self.assertFalse(self.sync())

    def test_filter_loses_every_domain_of_contacts_that_it_names_and_keeps_ours(self):
        self.domain('spam.example', 'quarantine', contact_count=1)
        server = self.env['ir.mail_server'].create({
            'name': "Relay", 'smtp_host': 'smtp.test', 'from_filter': 'ours.example, Spam.example, rejects.example'})
        wizard = self.card(self.sync())
        self.assertEqual(wizard.change_ids.new_value, 'ours.example')
        wizard.action_replace_sender()
        self.assertEqual(server.from_filter, 'ours.example')
        self.assertFalse(self.sync())

    def test_company_without_a_default_sender_gets_one(self):
        self.env['ir.mail_server'].create({'name': "Relay", 'smtp_host': 'smtp.test'})
        self.company.alias_domain_id.default_from = False
        wizard = self.card(self.sync())
        self.assertEqual((wizard.change_ids.old_value, wizard.change_ids.new_value), ('—', 'notifications'))
        wizard.action_replace_sender()
        self.assertEqual(self.company.default_from_email, 'notifications@ours.example')
        self.assertFalse(self.sync())

    def test_remedy_that_no_longer_helps_is_refused(self):
        wizard = self.card(self.sync())
        wizard.finding_id.remedy_action = {'kind': 'contacts', 'changes': []}
        with self.assertRaises(UserError):
            wizard.action_replace_sender()
        self.assertFalse(self.env['ir.config_parameter'].get_param(FROM_FILTER))

    def test_sender_that_would_be_refused_as_well_is_no_remedy(self):
        self.publish('ours.example')  # nothing published: mail as the default sender is refused
        self.health('ours.example').check_now()
        wizard = self.card(self.sync())
        self.assertFalse(wizard.can_replace_sender)
        self.assertFalse(wizard.change_ids | wizard.effect_ids)
        self.assertIn("tested", wizard.sender_text)
        with self.assertRaises(UserError):
            wizard.action_replace_sender()

    def test_users_are_notified_in_odoo_after_core_was_asked_whom_it_would_write_to(self):
        self.write_in(self.jane)
        finding = self.sync()
        wizard = self.card(finding)
        self.assertEqual(wizard.user_line_ids.user_id, self.sales)
        self.assertIn("now 1, afterwards 0.", wizard.inbox_text)
        self.assertEqual(self.sales.notification_type, 'email', "tried, and not done")
        wizard.action_notify_in_odoo()
        self.assertEqual(self.sales.notification_type, 'inbox')
        self.assertIn('sales', self.health('ours.example').message_ids[0].body)
        self.assertEqual((finding.params['users'], finding.params['in_odoo'], finding.severity), (0, 1, 'info'))
        self.jane.invalidate_recordset()
        self.assertFalse(self.jane.mail_notice, "nothing is sent that could be rejected")
        self.assertNotIn(self.jane, self.env['res.partner'].search([('mail_relaying', '=', 'unsafe')]))
        action = self.card(finding).action_show_contacts()
        self.assertIn(self.jane, self.env['res.partner'].search(action['domain']))
        self.sales.notification_type = 'email'
        self.assertEqual(self.sync().severity, 'error', "whoever goes back to email is told of again")
        self.jane.invalidate_recordset()
        self.assertTrue(self.jane.mail_notice)

    def test_documents_of_contacts_whose_domain_is_written_in_unicode_are_found(self):
        self.domain('xn--bcher-kva.example', 'reject', contact_count=1, written_as='bücher.example')
        reader = self.contact('reader@bücher.example')
        self.assertEqual(reader.email_normalized, 'reader@bücher.example')
        letter = self.env['res.partner'].create({'name': "A letter", 'company_id': self.company.id})
        letter.message_subscribe(partner_ids=(self.sales.partner_id | reader).ids)
        documents = recent_documents(self.env(su=True), self.company, read_concerned(self.env, self.company))
        self.assertIn(letter.id, documents['res.partner'])
        self.assertIn(self.document.id, documents['res.partner'])

    def test_documents_that_contacts_wrote_on_count_though_they_do_not_follow_them(self):
        letter = self.env['res.partner'].create({'name': "A letter", 'company_id': self.company.id})
        letter.message_subscribe(partner_ids=self.sales.partner_id.ids)
        letter.message_post(
            body="Hello", author_id=self.jane.id, email_from=self.jane.email_formatted, message_type='email',
            subtype_xmlid='mail.mt_comment')
        letter.message_unsubscribe(partner_ids=self.jane.ids)
        documents = recent_documents(self.env(su=True), self.company, read_concerned(self.env, self.company))
        self.assertEqual(documents['res.partner'][0], letter.id)
        self.assertEqual(len(documents['res.partner']), len(set(documents['res.partner'])))
        other = self.make_company("Other", 'other.example')
        self.assertNotIn(letter.id, recent_documents(
            self.env(su=True), other, read_concerned(self.env, self.company)).get('res.partner', ()))

    def test_another_address_is_entered_by_hand_with_what_it_means_said(self):
        self.domain('fine.example', 'monitor')
        wizard = Form(self.env['mail.contact.address'].with_context(default_partner_id=self.jane.id))
        self.assertIn("invoices", wizard.consequence)
        wizard.email = 'jane@elsewhere.example'
        self.assertIn("do not know elsewhere.example yet", wizard.follows)
        wizard.email = 'jane@ours.example'
        self.assertIn("your own domain", wizard.follows)
        wizard.email = 'jane@rejects.example'
        self.assertIn("rejected", wizard.follows)
        wizard.email = 'jane@fine.example'
        self.assertIn("fragile", wizard.follows)
        wizard.save().action_apply()
        self.assertEqual(self.jane.email, 'jane@fine.example')
        self.assertIn('jane@rejects.example', self.jane.message_ids[0].body)

    def test_address_that_is_none_and_address_of_a_login_are_refused_in_words(self):
        wizard = self.env['mail.contact.address'].create({'partner_id': self.jane.id, 'email': 'nonsense'})
        with self.assertRaisesRegex(UserError, "New Address"):
            wizard.action_apply()
        wizard = self.env['mail.contact.address'].create({'partner_id': self.sales.partner_id.id, 'email': 'a@fine.example'})
        with self.assertRaisesRegex(UserError, "logs in"):
            wizard.action_apply()

    def test_who_may_not_write_the_contact_may_not_give_it_another_address(self):
        wizard = self.env['mail.contact.address'].with_user(self.sales).create({
            'partner_id': self.jane.id, 'email': 'a@fine.example'})
        with self.assertRaises(AccessError):
            wizard.action_apply()
        with self.assertRaises(AccessError):
            self.env['mail.contact.relaying'].with_user(self.sales).create({})

    def test_card_of_another_company_is_not_opened(self):
        finding, other = self.sync(), self.make_company("Other", 'other.example')
        admin = new_test_user(
            self.env, 'other_admin', 'base.group_system', company_id=other.id, company_ids=[(6, 0, other.ids)])
        Wizard = self.env['mail.contact.relaying'].with_user(admin).with_context(allowed_company_ids=other.ids)
        with self.assertRaises(AccessError):
            Wizard.with_context(
                default_finding_id=finding.id).default_get(['finding_id', 'domain_ids'])
        with self.assertRaises(AccessError):
            Wizard.create({'finding_id': finding.id})

    def test_safe_company_asks_nothing_of_its_messages(self):
        self.env['ir.config_parameter'].set_param(FROM_FILTER, 'ours.example')
        self.assertFalse(self.sync())
