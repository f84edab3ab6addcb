from odoo.tests import HttpCase, new_test_user, tagged

from ..contacts.refreshing import refresh
from .common import HEALTHY, DnsServerCase
from .sender_common import configuration_file


class PassedOnCase(DnsServerCase, HttpCase):
    """A company whose mail is in order, and contacts at a domain that asks receivers to reject what others send."""

    def setUp(self):
        super().setUp()
        self.env['ir.mail_server'].search([('id', '!=', False)]).unlink()
        self.enterContext(configuration_file(smtp_server='file', from_filter=False, email_from=False))
        self.publish('ours.example', *HEALTHY)
        self.admin = self.env.ref('base.user_admin')
        self.admin.write({'email': 'admin@ours.example', 'notification_type': 'inbox'})
        self.company = self.admin.company_id
        self.company.write({
            'email': 'info@ours.example',
            'alias_domain_id': self.env['mail.alias.domain'].create({'name': 'ours.example', 'default_from': False}).id,
            'mail_sending_service_id': self.ref('mail_domain_health.sending_service_odoo')})
        self.env['res.partner'].search([('partner_share', '=', True), ('email', '!=', False)]).email = False

    def pass_on(self):
        """Contacts wrote, and that was passed on to a user by email: as their own addresses, which their domains refuse."""
        # No default sender, and a filter that lets a contact's domain through.
        self.server = self.env['ir.mail_server'].create({
            'name': "Relay", 'smtp_host': 'smtp.test', 'from_filter': 'ours.example, rejects.example'})
        sally = new_test_user(
            self.env, 'sally', name="Sally", email='sally@ours.example', notification_type='email', company_id=self.company.id)
        self.jane, joe = self.env['res.partner'].create([
            {'name': "Jane", 'email': 'jane@rejects.example'}, {'name': "Joe", 'email': 'joe@rejects.example'}])
        refresh(self.env)
        self.row = self.env['mail.partner.domain'].search([('name', '=', 'rejects.example')])
        self.row.policy = 'reject'
        document = self.env['res.partner'].create({'name': "An order", 'company_id': self.company.id})
        document.message_subscribe(partner_ids=sally.partner_id.ids)
        for _number in range(3):
            document.message_post(
                body="Hello", author_id=self.jane.id, email_from=self.jane.email_formatted, message_type='email',
                subtype_xmlid='mail.mt_comment')
        notices = self.env['mail.notification'].search([('res_partner_id', '=', sally.partner_id.id)])
        notices.notification_status = 'sent'
        notices[:1].write({
            'notification_status': 'bounce', 'failure_reason': "550 5.7.26 unauthenticated email from rejects.example"})
        self.sally, self.joe = sally, joe
        self.check_paths()
        self.assertTrue(self.notice())

    def check_paths(self):
        """What the scheduled check does."""
        self.env.cr.flush()
        self.env['mail.domain.health']._refresh()
        self.health('ours.example').check_now()
        self.env.cr.flush()

    def verdict(self):
        return self.company.with_user(self.admin)._get_mail_domain_health_box()['relaying']['verdict']

    def notice(self):
        self.env.invalidate_all()
        return self.jane.with_user(self.admin).mail_notice

    def write_from_yahoo(self):
        """Return a user whose address is at a domain that asks receivers to reject what others send."""
        self.company.alias_domain_id.default_from = 'notifications'
        user = new_test_user(self.env, 'yan', name="Yan", email='yan@yahoo.com', company_id=self.company.id)
        refresh(self.env)
        self.env['mail.partner.domain'].search([('name', '=', 'yahoo.com')]).policy = 'reject'
        self.check_paths()
        return user


@tagged('post_install', '-at_install')
class TestContactTours(PassedOnCase):
    """From the warning about contacts' messages, or about a user's address, to each remedy in the browser and back to silence."""

    def test_contacts_messages_are_safe_once_the_default_sender_and_the_filter_are_set_in_one_click(self):
        self.pass_on()
        self.start_tour('/odoo/settings', 'mail_domain_health_contacts_sender', login='admin')
        self.assertEqual(self.company.default_from_email, 'notifications@ours.example')
        self.assertEqual(self.server.from_filter, 'ours.example')
        self.assertFalse(self.notice())

    def test_nothing_is_sent_that_could_be_rejected_once_users_are_notified_in_odoo(self):
        self.pass_on()
        self.start_tour('/odoo/settings', 'mail_domain_health_contacts_inbox', login='admin')
        self.assertEqual(self.sally.notification_type, 'inbox')
        self.assertFalse(self.notice())

    def test_contact_is_silent_once_another_address_was_entered_by_hand(self):
        self.pass_on()
        self.start_tour('/odoo/settings', 'mail_domain_health_contacts_address', login='admin')
        self.assertEqual(self.jane.email, 'jane@ours.example')
        self.assertFalse(self.notice())
        self.assertEqual(self.verdict(), 'unsafe', "Joe is still at a domain that refuses")
        self.joe.email = 'joe@ours.example'
        refresh(self.env)
        self.check_paths()
        self.assertEqual(self.verdict(), 'unknown')

    def test_from_the_notice_on_a_user_to_a_replaced_sender_to_silence(self):
        yan = self.write_from_yahoo()
        self.start_tour(f'/odoo/users/{yan.id}', 'mail_domain_health_user_notice', login='admin')
        self.assertIn('ours.example', self.env['ir.config_parameter'].get_param('mail.default.from_filter'))
        self.assertFalse(yan.with_user(self.admin).mail_address_notice)
