from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common import DomainHealthCase


@tagged('post_install', '-at_install')
class TestAccess(DomainHealthCase):

    def test_settings_administrators_only(self):
        domain = self.health('ours.example')
        user = new_test_user(
            self.env, 'plain', 'base.group_user,base.group_erp_manager', company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)])
        for call in ('check_now', 'read_box', 'read_fix_it', 'look_at_records'):
            with self.subTest(call=call), self.assertRaises(AccessError):
                getattr(domain.with_user(user), call)()
        for model in ('', '.check', '.record', '.finding', '.path', '.sent'):
            with self.subTest(model=model), self.assertRaises(AccessError):
                self.env[f'mail.domain.health{model}'].with_user(user).search([])
        for model in ('mail.sending.service', 'mail.dns.provider', 'mail.sending.observation'):
            with self.subTest(model=model), self.assertRaises(AccessError):
                self.env[model].with_user(user).search([])
        for model in ('mail.sender.address', 'mail.domain.health.arrival', 'mail.domain.health.remedy'):
            with self.subTest(model=model), self.assertRaises(AccessError):
                self.env[model].with_user(user).create({})
        for call in ('honor_parameters', 'remove_parameters', 'action_convert_parameters', 'action_open'):
            with self.subTest(call=call), self.assertRaises(AccessError):
                getattr(self.env['mail.sender.address'].with_user(user), call)()
        domain.check_now()
        with self.assertRaises(AccessError):
            domain.with_user(user).propose_spf([])

    def test_nobody_reads_or_writes_the_counts_of_sent_mail(self):
        admin = self.env.ref('base.user_admin')
        with self.assertRaises(AccessError):
            self.env['mail.domain.health.sent'].with_user(admin).search([])
        with self.assertRaises(AccessError):
            self.env['mail.domain.health.sent'].with_user(admin).create(
                {'path_id': 0, 'mail_server_id': 0, 'messages': 1, 'sent_on': '2026-01-01'})

    def test_administrator_of_one_company_sees_no_other(self):
        other = self.make_company("Other", 'other.example')
        admin = new_test_user(
            self.env, 'other_admin', 'base.group_system', company_id=other.id, company_ids=[(6, 0, other.ids)])
        seen = self.env['mail.domain.health'].with_user(admin).with_company(other).search([])
        self.assertIn('other.example', seen.mapped('name'))
        self.assertNotIn('ours.example', seen.mapped('name'))
        paths = self.env['mail.domain.health.path'].with_user(admin).with_company(other).search([])
        self.assertEqual(paths.company_id, other)

    def test_what_a_mail_taught_about_one_company_is_told_to_no_other(self):
        other = self.make_company("Other", 'other.example')
        admin = new_test_user(
            self.env, 'other_admin', 'base.group_system', company_id=other.id, company_ids=[(6, 0, other.ids)])
        Observation = self.env['mail.sending.observation']
        theirs, ours = Observation.create([
            {'company_id': company.id, 'from_domain': 'shared.example'} for company in (other, self.company)])
        seen = Observation.with_user(admin).with_company(other).search([])
        self.assertIn(theirs, seen)
        self.assertNotIn(ours, seen)

    def test_domain_of_two_companies_names_only_the_people_of_those_allowed(self):
        other = self.make_company("Other", 'OURS.example')
        admin = new_test_user(
            self.env, 'other_admin', 'base.group_system', company_id=other.id, company_ids=[(6, 0, other.ids)])
        domain = self.health('ours.example').with_user(admin).with_context(allowed_company_ids=other.ids)
        self.assertIn("Other", str(domain.uses))
        self.assertNotIn(self.company.name, str(domain.uses).replace("Other", ""))

    def test_what_others_save_still_keeps_the_domains_up_to_date(self):
        """Whoever may change the configuration need not be allowed to see the health of domains."""
        user = new_test_user(self.env, 'manager', 'base.group_erp_manager,base.group_partner_manager', company_id=self.company.id,
                             company_ids=[(6, 0, self.company.ids)])
        self.company.with_user(user).write({'name': "Renamed", 'active': True})
        self.assertTrue(self.health('ours.example').active)
