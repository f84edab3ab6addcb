from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common import DomainHealthCase


@tagged('post_install', '-at_install')
class TestPartnerDomain(DomainHealthCase):

    def make(self, name, **values):
        return self.env['mail.partner.domain'].create({'name': name, **values})

    def test_domain_is_shown_as_people_write_it(self):
        self.assertEqual(self.make('xn--mller-kva.example').display_name, 'müller.example')
        self.assertEqual(self.make('plain.example').display_name, 'plain.example')

    def test_domains_of_contacts_are_settings_administrators_and_nobody_writes_them(self):
        domain = self.make('customer.example')
        for groups in ('base.group_user', 'base.group_user,base.group_erp_manager', 'base.group_portal'):
            user = new_test_user(self.env, f'user_{groups[-7:]}', groups)
            for call in ('read', 'search'):
                with self.subTest(groups=groups, call=call), self.assertRaises(AccessError):
                    domain.with_user(user).read(['name']) if call == 'read' else domain.with_user(user).search([])
        admin = new_test_user(self.env, 'admin_of_settings', 'base.group_system')
        self.assertEqual(domain.with_user(admin).read(['name'])[0]['name'], 'customer.example')
        for act in (lambda: domain.with_user(admin).write({'mark': 'marked'}), lambda: domain.with_user(admin).unlink(),
                    lambda: domain.with_user(admin).create({'name': 'other.example'})):
            with self.assertRaises(AccessError):
                act()

    def test_administrator_of_one_company_sees_no_domain_that_only_another_ones_contacts_have(self):
        other = self.make_company("Other", 'other.example')
        admin = new_test_user(
            self.env, 'other_admin', 'base.group_system', company_id=other.id, company_ids=[(6, 0, other.ids)])
        self.make('theirs.example', company_ids=[(6, 0, other.ids)])
        self.make('ours.customer.example', company_ids=[(6, 0, self.company.ids)])
        self.make('shared.example')
        seen = self.env['mail.partner.domain'].with_user(admin).with_company(other).search([('name', '=like', '%.example')])
        self.assertEqual(set(seen.mapped('name')), {'theirs.example', 'shared.example'})
