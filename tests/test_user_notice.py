from odoo.tests import Form, new_test_user, tagged

from .test_contact_badges import ContactsCase


@tagged('post_install', '-at_install')
class TestUserNotice(ContactsCase):
    """Users whose mail leaves as somebody else's domain, with what that asks of receivers; nothing where it is replaced."""

    def setUp(self):
        super().setUp()
        self.yan = self.user('yan', 'yan@yahoo.com')
        self.admin = self.user('users_admin', 'admin@ours.example', 'base.group_system')

    def user(self, login, email, groups='base.group_user', company=None):
        company = company or self.company
        user = new_test_user(
            self.env, login, groups, name=login.title(), email=email, company_id=company.id, company_ids=[(6, 0, company.ids)])
        self.env.cr.flush()
        return user

    def notice(self, user, reader=None):
        user = user.with_user(reader or self.admin)
        user.invalidate_recordset()
        return user.mail_address_policy, user.mail_address_notice, user.mail_address_remedy

    def assertSilent(self, user, reader=None):
        self.assertEqual(self.notice(user, reader), (False, False, False))

    def test_policy_in_force_is_told_with_what_it_means_and_what_helps(self):
        self.domain('yahoo.com', 'reject')
        policy, text, remedy = self.notice(self.yan)
        self.assertEqual(policy, "Policy of yahoo.com: Reject")
        self.assertIn("Most large providers will reject mail sent from @yahoo.com (Yan)", text)
        self.assertIn("Let Odoo replace the sender", remedy)
        self.domain('yahoo.com').policy = 'quarantine'
        policy, text, _remedy = self.notice(self.yan)
        self.assertEqual(policy, "Policy of yahoo.com: File as spam")
        self.assertIn("as spam", text)

    def domain(self, name, policy=None, **values):
        if policy is None:
            return self.env['mail.partner.domain'].sudo().search([('name', '=', name)])
        return super().domain(name, policy, **values)

    def test_policy_is_not_guessed_of_a_list_of_freemail_domains(self):
        policy, text, _remedy = self.notice(self.yan)
        self.assertEqual(policy, "Policy of yahoo.com: Unknown")
        self.assertIn("could not be read yet", text)
        self.domain('yahoo.com', 'monitor')
        policy, text, _remedy = self.notice(self.yan)
        self.assertEqual(policy, "Policy of yahoo.com: Monitoring only")
        self.assertNotIn("Most large providers", text)

    def test_check_of_the_domain_itself_tells_its_policy(self):
        self.env['mail.domain.health']._refresh()
        self.publish('yahoo.com', '@ TXT "v=spf1 ip4:203.0.113.0/24 -all"', '_dmarc TXT "v=DMARC1; p=reject"')
        self.health('yahoo.com').check_now()
        self.assertFalse(self.domain('yahoo.com'))
        self.assertEqual(self.notice(self.yan)[0], "Policy of yahoo.com: Reject")

    def test_finding_of_the_report_tells_the_policy_that_contacts_domains_are_known_to_have(self):
        self.domain('yahoo.com', 'reject')
        self.env['mail.domain.health']._refresh()
        finding = self.env['mail.domain.health.finding'].search([
            ('code', '=', 'path.foreign_author'), ('company_id', '=', self.company.id), ('resolved_on', '=', False)])
        self.assertEqual((finding.name, finding.params['policy']), ('yahoo.com', 'reject'))
        self.assertIn("Most large providers will reject", finding.explanation)

    def test_nothing_is_said_where_the_address_is_replaced(self):
        self.domain('yahoo.com', 'reject')
        self.assertTrue(self.notice(self.yan)[1])
        self.set_filter('ours.example')
        self.assertSilent(self.yan)

    def test_nothing_is_said_of_addresses_at_domains_of_ours(self):
        self.domain('brand.example', 'reject')
        self.assertSilent(self.user('ann', 'ann@ours.example'))
        ben = self.user('ben', 'ben@brand.example')
        self.assertSilent(ben)
        self.env['mail.domain.health']._refresh()
        self.health('brand.example').action_disclaim()
        self.assertEqual(self.notice(ben)[0], "Policy of brand.example: Reject")

    def test_nothing_is_said_where_the_providers_own_servers_send(self):
        self.domain('gmail.com', 'reject')
        gil = self.user('gil', 'gil@gmail.com')
        self.assertTrue(self.notice(gil)[1])
        self.env['ir.mail_server'].create({
            'name': "Gmail", 'smtp_host': 'smtp.gmail.com', 'smtp_user': 'gil@gmail.com', 'smtp_pass': 'x',
            'from_filter': 'gil@gmail.com', 'owner_user_id': gil.id})
        self.assertSilent(gil)

    def test_company_of_the_user_decides(self):
        other = self.make_company("Other", 'other.example')
        self.domain('yahoo.com', 'reject')
        self.env['ir.mail_server'].create({'name': "Relay", 'smtp_host': 'smtp.test'})
        self.company.alias_domain_id.default_from = False
        self.env.cr.flush()
        self.admin.company_ids += other
        self.assertTrue(self.notice(self.yan)[1])
        self.assertSilent(self.user('yara', 'yara@yahoo.com', company=other))

    def test_portal_users_and_archived_ones_have_no_notice(self):
        self.domain('yahoo.com', 'reject')
        self.assertSilent(self.user('pia', 'pia@yahoo.com', 'base.group_portal'))
        self.yan.active = False
        self.assertSilent(self.yan)

    def test_who_administers_users_reads_it_and_everybody_else_their_own_only(self):
        self.domain('yahoo.com', 'reject')
        colleague = self.user('colleague', 'colleague@ours.example')
        manager = self.user('manager', 'manager@ours.example', 'base.group_erp_manager')
        self.assertSilent(self.yan, colleague)
        self.assertTrue(self.notice(self.yan, manager)[1])
        self.assertTrue(self.notice(self.yan, self.yan)[1])
        own = self.yan.with_user(self.yan).read(['mail_address_policy', 'mail_address_notice'])[0]
        self.assertEqual(own['mail_address_policy'], "Policy of yahoo.com: Reject")
        # What the superuser's environment knows does not stay behind for somebody else.
        self.assertTrue(self.yan.sudo().mail_address_notice)
        self.assertFalse(self.yan.with_user(colleague).mail_address_notice)

    def test_both_forms_show_it(self):
        self.domain('yahoo.com', 'reject')
        form = Form(self.yan.with_user(self.admin), 'base.view_users_form')
        self.assertIn("@yahoo.com", form.mail_address_notice)
        form.email = 'yan@ours.example'
        self.assertFalse(form.mail_address_notice)
        form.email = 'Yan <YAN@yahoo.com>'
        self.assertTrue(form.mail_address_notice)
        own = Form(self.yan.with_user(self.yan), 'base.view_users_form_simple_modif')
        self.assertIn("@yahoo.com", own.mail_address_notice)

    def test_button_opens_what_the_finding_offers_and_silence_follows(self):
        self.domain('yahoo.com', 'reject')
        self.env['mail.domain.health']._refresh()
        action = self.yan.with_user(self.admin).action_mail_address_remedy()
        self.assertEqual(action['res_model'], 'mail.domain.health.remedy')
        self.env[action['res_model']].with_user(self.admin).with_context(**action['context']).create({}).action_apply()
        self.assertSilent(self.yan)

    def test_list_of_users_costs_as_many_queries_as_one_and_asks_dns_nothing(self):
        self.domain('yahoo.com', 'reject')
        more = self.yan
        for number in range(20):
            more |= self.user(f'more{number}', f'more{number}@yahoo.com')

        def queries(users):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            users.with_user(self.admin).mapped('mail_address_notice')
            return self.env.cr.sql_log_count - before

        queries(more)
        self.dns.log.clear()
        self.assertLessEqual(queries(more), queries(self.yan))
        self.assertFalse(self.dns.log)
