from odoo.tests import new_test_user, tagged

from ..contacts.relaying_findings import CODE
from .common import HEALTHY, mute
from .test_contact_badges import ContactsCase


@tagged('post_install', '-at_install')
class TestRelayingCard(ContactsCase):
    """How messages of contacts fare, said once in Settings and in the report, for the company that is looked at."""

    def setUp(self):
        super().setUp()
        self.admin = new_test_user(
            self.env, 'relaying_admin', 'base.group_system', company_id=self.company.id, company_ids=[(6, 0, self.company.ids)])
        self.domain('rejects.example', 'reject', contact_count=3)
        self.refresh()

    def refresh(self):
        self.env.cr.flush()
        self.env['mail.domain.health']._refresh()
        self.health('ours.example').check_now()
        self.env.flush_all()

    def card(self, company=None):
        company = (company or self.company).with_user(self.admin)
        company.invalidate_recordset()
        return company._get_mail_domain_health_box()['relaying']

    def facts(self):
        return {fact['key']: fact['value'] for fact in self.card()['facts']}

    def counts(self):
        facts = self.env['mail.partner.domain'].with_user(self.admin).read_progress()['facts']
        return {fact['key']: fact['value'] for fact in facts}

    def test_unsafe_company_is_told_with_its_counts_and_the_way_to_what_helps(self):
        card = self.card()
        self.assertEqual((card['verdict'], card['state']), ('unsafe', 'warning'), "nothing was forwarded: not red")
        self.assertEqual(self.facts(), {'contacts': 3, 'domains': 1, 'mails': 0, 'refused': 0})
        finding = self.env['mail.domain.health.finding'].browse(card['finding_id'])
        self.assertEqual((finding.code, card['sentence']), (CODE, finding.title))
        self.assertEqual(finding.with_user(self.admin).action_remedy()['res_model'], 'mail.contact.relaying')

    def test_red_is_for_mail_that_really_leaves(self):
        finding = self.env['mail.domain.health.finding'].browse(self.card()['finding_id'])
        finding.write({'severity': 'error', 'params': {**finding.params, 'mails': 1234, 'refused': 2}})
        self.assertEqual(self.card()['state'], 'fail')
        self.assertEqual((self.facts()['mails'], self.facts()['refused']), (1234, 2))

    def test_company_whose_users_read_contacts_messages_in_odoo_is_not_alarmed(self):
        finding = self.env['mail.domain.health.finding'].browse(self.card()['finding_id'])
        finding.write({'severity': 'info', 'params': {**finding.params, 'reason': 'in_odoo', 'in_odoo': 2}})
        card = self.card()
        self.assertEqual((card['verdict'], card['state'], card['finding_id']), ('in_odoo', 'pass', finding.id))
        problems = self.company.with_user(self.admin)._get_mail_domain_health_box()['problems'] or {'ids': ()}
        self.assertNotIn(finding.id, problems['ids'])

    def test_muted_finding_stays_visible_without_its_color(self):
        mute(self.env['mail.domain.health.finding'].browse(self.card()['finding_id']))
        card = self.card()
        self.assertEqual((card['verdict'], card['state'], card['is_muted']), ('unsafe', 'unknown', True))

    def test_domains_without_policy_are_told_as_fragile(self):
        self.env['mail.partner.domain'].search([('name', '=', 'rejects.example')]).policy = 'monitor'
        self.refresh()
        card = self.card()
        self.assertEqual((card['verdict'], card['state']), ('fragile', 'warning'))

    def test_safe_company_is_told_once_as_which_address_and_nothing_on_contacts(self):
        self.set_filter('ours.example')
        self.refresh()
        card = self.card()
        self.assertEqual((card['verdict'], card['state'], card['finding_id']), ('safe', 'pass', None))
        self.assertIn('notifications@ours.example', card['sentence'])
        self.assertEqual(self.facts(), {'mails': 0})
        self.domain('ours.example', 'reject', contact_count=20)
        self.assertEqual(self.counts(), {'contacts': 3, 'domains': 1}, "ours are no contacts' domains")
        path = self.env['mail.domain.health.path'].browse(card['path_id'])
        self.assertEqual((path.kind, path.is_rewritten), ('outsider', True))
        notes = [use['note'] for use in self.health('ours.example').with_user(self.admin).uses if use['note']]
        self.assertEqual(notes, [card['sentence']])
        self.assertFalse(self.contact('jane@rejects.example').mail_notice)

    def test_safe_company_whose_own_mail_fails_is_told_that_in_one_place_only(self):
        self.set_filter('ours.example')
        self.refresh()
        self.env['mail.domain.health.path'].browse(self.card()['path_id']).state = 'fail'
        card = self.card()
        self.assertEqual((card['verdict'], card['label']), ('safe', ''), "red is said above, of the company's mail")

    def test_internal_users_own_addresses_are_no_contacts(self):
        colleague = new_test_user(
            self.env, 'colleague', 'base.group_user', email='me@rejects.example', company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)])
        customer = new_test_user(self.env, 'customer', 'base.group_portal', email='jane@rejects.example')
        self.domain('xn--bcher-kva.example', 'reject', contact_count=1, written_as='bücher.example')
        self.env['res.users'].browse(self.admin.id).partner_id.email = 'admin@bücher.example'
        self.assertEqual((colleague.partner_id.partner_share, customer.partner_id.partner_share), (False, True))
        self.env['mail.domain.health']._refresh()
        self.env['mail.domain.health'].search([('name', 'in', ('rejects.example', 'xn--bcher-kva.example'))]).write({'ownership': 'theirs', 'is_foreign': True})
        self.refresh()
        self.assertEqual((self.facts()['contacts'], self.facts()['domains']), (2, 1))
        self.assertEqual(self.counts(), {'contacts': 2, 'domains': 1})
        colleague.active = False
        self.refresh()
        self.assertEqual((self.facts()['contacts'], self.counts()['contacts']), (3, 3), "now they are")

    def test_safe_is_as_safe_as_the_path_that_it_leaves_on(self):
        self.set_filter('ours.example')
        self.publish('ours.example')
        self.refresh()
        self.assertEqual((self.card()['verdict'], self.card()['state']), ('safe', 'fail'))
        self.assertNotEqual(self.card()['label'], "Safe")

    def test_report_of_an_unsafe_company_says_nothing_of_safety(self):
        self.assertFalse([use for use in self.health('ours.example').with_user(self.admin).uses if use['note']])

    def test_policies_that_are_not_known_make_nothing_safe_or_unsafe(self):
        self.env['mail.partner.domain'].search([('name', '=', 'rejects.example')]).policy = 'unknown'
        self.refresh()
        card = self.card()
        self.assertEqual((card['verdict'], card['state'], card['finding_id']), ('unknown', 'unknown', None))

    def test_account_that_replaces_every_sender_is_safe(self):
        self.env['mail.partner.domain'].search([('name', '=', 'rejects.example')]).policy = 'unknown'
        self.env['ir.mail_server'].create({
            'name': "Gmail", 'smtp_host': 'smtp.gmail.com', 'smtp_user': 'desk@ours.example', 'smtp_pass': 'x'})
        self.company.alias_domain_id.default_from = False
        self.refresh()
        self.assertEqual(self.card()['verdict'], 'safe')
        self.assertIn("its own account", self.card()['sentence'])

    def test_card_is_the_one_of_the_company_that_is_looked_at(self):
        other = self.make_company("Other", 'other.example')
        self.publish('other.example', *HEALTHY)
        self.admin.company_ids += other
        self.env['ir.mail_server'].create({'name': "Relay", 'smtp_host': 'smtp.test'})
        self.company.alias_domain_id.default_from = False
        self.refresh()
        self.assertEqual((self.card()['verdict'], self.card(other)['verdict']), ('unsafe', 'safe'))
