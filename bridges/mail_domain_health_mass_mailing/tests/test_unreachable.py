import random
from unittest.mock import patch

from odoo import SUPERUSER_ID
from odoo.tests import Form, new_test_user, tagged

from .. import recipients
from .common import UnreachableCase

NOTICE = "Addresses at domains that cannot receive mail: %s of %s."


class SendingCase(UnreachableCase):

    def send(self, mailing):
        """Send as the scheduled job does; return the addresses that were sent to."""
        mailing.action_launch()
        with self.mock_mail_gateway(mail_unlink_sent=False), self.enter_registry_test_mode():
            self.env.ref('mass_mailing.ir_cron_mass_mailing_queue').method_direct_trigger()
            self.env['mail.mail'].with_user(SUPERUSER_ID).process_email_queue()
        self.env.invalidate_all()
        self.assertEqual(mailing.state, 'done')
        return sorted(mailing.mailing_trace_ids.filtered(lambda trace: trace.trace_status == 'sent').mapped('email'))

    def notice(self, mailing):
        mailing.invalidate_recordset()
        return mailing.unreachable_notice


@tagged('post_install', '-at_install')
class TestUnreachable(SendingCase):

    def test_only_addresses_at_marked_domains_count(self):
        mailing = self.make_mailing(self.make_list(
            'a@dead.example', 'B@DEAD.example', 'c@töt.example', 'd@xn--tt-fka.example', 'e@suspected.example', 'f@held.example',
            'g@fine.example', 'h@unknown.example', 'i@sub.dead.example', 'no address', ''))
        self.assertEqual(self.notice(mailing), NOTICE % (4, 9))
        self.assertEqual(mailing.unreachable_count, 4)

    def test_nothing_is_said_where_nothing_follows(self):
        mailing = self.make_mailing(self.make_list('a@fine.example', 'b@suspected.example'))
        self.assertFalse(self.notice(mailing))
        self.assertFalse(self.notice(self.make_mailing(self.env['mailing.list'])))
        self.env['mail.partner.domain'].search([]).mark = False
        self.assertFalse(self.notice(self.make_mailing(self.make_list('a@dead.example'))))

    def test_one_address_is_told_in_the_singular(self):
        mailing = self.make_mailing(self.make_list('a@dead.example', 'b@fine.example'))
        self.assertEqual(self.notice(mailing), NOTICE % (1, 2))

    def test_whom_core_leaves_out_is_not_counted(self):
        mailing_list = self.make_list(
            'twice@dead.example', 'Twice@dead.example', 'blacklisted@dead.example', 'out@dead.example', 'b2@fine.example', 'a@dead.example')
        other = self.make_list('out@dead.example', 'in@dead.example')
        self.env['mail.blacklist'].create([{'email': 'blacklisted@dead.example'}, {'email': 'b2@fine.example'}])
        for subscription in (mailing_list | other).subscription_ids:
            subscription.opt_out = subscription.contact_id.email == 'out@dead.example'
        mailing = self.make_mailing(mailing_list | other)
        self.assertEqual(self.notice(mailing), NOTICE % (3, 3))
        mailing.use_exclusion_list = False
        self.assertEqual(self.notice(mailing), NOTICE % (4, 5))
        other.subscription_ids.filtered(lambda one: one.contact_id.email == 'out@dead.example').opt_out = False
        self.assertEqual(self.notice(mailing), NOTICE % (5, 6), "who opted in on another list is sent to")

    def test_address_of_a_lead_is_its_customers_as_core_sends(self):
        if 'crm.lead' not in self.env:
            self.skipTest("crm is not installed here")
        alive, dead = self.env['res.partner'].create([
            {'name': "Alive", 'email': 'alive@fine.example'}, {'name': "Dead", 'email': 'dead@dead.example'}])
        leads = self.env['crm.lead'].create([
            {'name': "own", 'email_from': '"Own" <own@dead.example>'}, {'name': "of dead", 'partner_id': dead.id},
            {'name': "of alive", 'partner_id': alive.id}, {'name': "none"}])
        leads.flush_recordset()  # crm keeps the two the same; what was imported or is older may differ
        self.env.cr.execute(
            "UPDATE crm_lead SET email_from = 'old@dead.example', email_normalized = 'old@dead.example' WHERE id = %s", [leads[2].id])
        self.env.invalidate_all()
        mailing = self.make_mailing(leads)
        self.assertEqual(self.notice(mailing), NOTICE % (2, 3))
        mailing.unreachable_handling = 'leave_out'
        self.assertEqual(self.send(mailing), ['alive@fine.example'])
        self.assertEqual(mailing.left_out_count, 2)

    def test_what_is_counted_and_left_out_is_what_core_would_send_for_every_kind_of_recipient(self):
        """In each model that mailings are made for, with addresses on the record, on its customer, on both, nowhere."""
        rng = random.Random(10)
        emails = [False, 'a@dead.example', '"B" <B@dead.example>', 'c@fine.example', 'd@töt.example', 'e@fine.example, f@dead.example']
        partners = self.env['res.partner'].create([{'name': f'P{n}', 'email': email} for n, email in enumerate(emails)])
        values_of = {
            'mailing.contact': lambda: {'name': "C", 'email': rng.choice(emails)},
            'res.partner': lambda: {'name': "P", 'email': rng.choice(emails)},
            'crm.lead': lambda: {'name': "L", 'email_from': rng.choice(emails), 'partner_id': rng.choice((False, *partners.ids))},
        }
        if 'event.registration' in self.env:
            event = self.env['event.event'].create({
                'name': "Fair", 'date_begin': '2030-01-01 08:00:00', 'date_end': '2030-01-01 18:00:00', 'event_mail_ids': False})
            values_of['event.registration'] = lambda: {
                'name': "R", 'event_id': event.id, 'email': rng.choice(emails), 'partner_id': rng.choice((False, *partners.ids))}
        for model, values in values_of.items():
            if model not in self.env:
                continue
            records = self.env[model].create([values() for _number in range(40)])
            self.env.flush_all()
            self.env.invalidate_all()
            for handling in ('send', 'leave_out'):
                with self.subTest(model=model, handling=handling):
                    mailing = self.make_mailing(records, unreachable_handling=handling)
                    counted = recipients.count(mailing, mailing._get_all_recipients_domain())
                    self.assertGreater(counted.unreachable, 0)
                    self.send(mailing)
                    sent = set(mailing.mailing_trace_ids.filtered(lambda trace: trace.trace_status != 'cancel').mapped('email'))
                    unreachable = [email for email in sent if email.endswith(('@dead.example', '@töt.example', '@xn--tt-fka.example'))]
                    self.assertEqual(len(unreachable), counted.unreachable if handling == 'send' else 0)
                    self.assertEqual(len(sent), counted.addresses - (counted.unreachable if handling == 'leave_out' else 0))

    def test_mailing_by_text_message_is_none_of_this(self):
        if self.env['ir.module.module']._get('mass_mailing_sms').state != 'installed':
            self.skipTest("mass_mailing_sms is not installed here")
        partner = self.env['res.partner'].create({'name': "A", 'email': 'a@dead.example', 'phone': '+32455001122'})
        mailing = self.make_mailing(
            partner, mailing_type='sms', body_plaintext="Hello", unreachable_handling='leave_out', sms_force_send=False)
        self.assertEqual((mailing.unreachable_count, mailing.unreachable_notice), (0, False))
        self.assertEqual(mailing._get_recipients(), partner.ids, "a telephone has no domain")
        mailing.action_put_in_queue()
        mailing.action_send_sms()
        self.assertEqual(mailing.mailing_trace_ids.mapped('trace_type'), ['sms'])
        mailing.state = 'done'
        self.assertEqual(mailing.left_out_count, 0)

    def test_default_sends_to_all(self):
        mailing = self.make_mailing(self.make_list('a@dead.example', 'b@fine.example'))
        self.assertEqual(self.send(mailing), ['a@dead.example', 'b@fine.example'])
        self.assertEqual(mailing.left_out_count, 0)

    def test_left_out_is_counted_afterwards_and_neither_mailed_nor_traced_nor_blacklisted(self):
        mailing_list = self.make_list('a@dead.example', 'b@fine.example', 'c@töt.example', 'no address')
        mailing = self.make_mailing(mailing_list, unreachable_handling='leave_out')
        self.assertEqual(self.notice(mailing), NOTICE % (2, 3), "the choice does not hide what it is about")
        self.assertEqual(self.send(mailing), ['b@fine.example'])
        self.assertEqual(mailing.left_out_count, 2)
        self.assertEqual(
            set(mailing.mailing_trace_ids.mapped('trace_status')), {'sent', 'cancel'}, "core itself says of whom it has no address")
        self.assertEqual(len(mailing.mailing_trace_ids), 2)
        self.assertFalse(mailing.unreachable_notice, "it was sent")
        self.assertEqual(len(mailing_list.contact_ids), 4)
        self.assertFalse(self.env['mail.blacklist'].search([('email', 'in', ('a@dead.example', 'c@töt.example'))]))

    def test_mailing_with_nobody_left_ends_as_sent(self):
        mailing = self.make_mailing(self.make_list('a@dead.example'), unreachable_handling='leave_out')
        self.assertEqual(self.send(mailing), [])
        self.assertEqual(mailing.left_out_count, 1)

    def test_domain_that_is_found_to_receive_before_a_scheduled_mailing_leaves_is_sent_to(self):
        mailing = self.make_mailing(self.make_list('a@dead.example', 'b@fine.example'), unreachable_handling='leave_out')
        self.env['mail.partner.domain'].search([('name', '=', 'dead.example')]).mark = False
        self.assertEqual(self.send(mailing), ['a@dead.example', 'b@fine.example'])
        self.assertEqual(mailing.left_out_count, 0)

    def test_test_group_is_picked_from_the_reachable_and_the_winner_leaves_them_out_too(self):
        dead = [f'd{number}@dead.example' for number in range(50)]
        mailing = self.make_mailing(
            self.make_list(*dead, *(f'f{number}@fine.example' for number in range(50))), unreachable_handling='leave_out',
            ab_testing_enabled=True, ab_testing_pc=20, ab_testing_winner_selection='manual')
        self.assertIn("Addresses that this test picks from: 100. At domains that cannot receive mail: 50.", self.notice(mailing))
        sent = self.send(mailing)
        self.assertEqual((len(sent), [email for email in sent if 'dead' in email]), (10, []))
        self.assertEqual(mailing.left_out_count, 50)
        winner = self.env['mailing.mailing'].browse(mailing.action_select_as_winner()['res_id'])
        self.assertEqual(winner.unreachable_handling, 'leave_out')
        rest = self.send(winner)
        self.assertEqual((len(rest), set(rest) & set(sent), [email for email in rest if 'dead' in email]), (40, set(), []))
        self.assertEqual(winner.left_out_count, 50)

    def test_copy_starts_without_what_was_left_out(self):
        mailing = self.make_mailing(self.make_list('a@dead.example', 'b@fine.example'), unreachable_handling='leave_out')
        self.send(mailing)
        self.assertEqual(mailing.copy().left_out_count, 0)

    def test_who_was_reached_already_is_not_counted_again(self):
        mailing_list = self.make_list('a@dead.example', 'b@fine.example')
        mailing = self.make_mailing(mailing_list)
        self.send(mailing)
        mailing_list.contact_ids = [(0, 0, {'name': "New", 'email': 'new@dead.example'})]
        mailing.state = 'draft'
        self.assertEqual(self.notice(mailing), NOTICE % (1, 1))

    def test_favorite_filter_chooses_the_recipients(self):
        partners = self.env['res.partner'].create([
            {'name': name, 'email': f'{name}@dead.example', 'function': 'chosen' if name == 'a' else 'other'} for name in 'abc'])
        model = self.env['ir.model']._get('res.partner')
        chosen = self.env['mailing.filter'].create({
            'name': "Chosen", 'mailing_model_id': model.id, 'mailing_domain': "[('function', '=', 'chosen')]"})
        mailing = self.make_mailing(partners)
        self.assertEqual(mailing.unreachable_count, 3)
        mailing.mailing_filter_id = chosen
        self.assertEqual(mailing.unreachable_count, 1)

    def test_show_them_opens_exactly_them(self):
        mailing_list = self.make_list('a@dead.example', 'A@dead.example', 'b@fine.example', 'blacklisted@dead.example')
        self.env['mail.blacklist'].create({'email': 'blacklisted@dead.example'})
        action = self.make_mailing(mailing_list).action_view_unreachable()
        shown = self.env[action['res_model']].search(action['domain'])
        self.assertEqual(sorted(shown.mapped('email')), ['A@dead.example', 'a@dead.example'])

    def test_form_tells_when_the_recipients_change_and_not_while_the_text_does(self):
        dead, fine = self.make_list('a@dead.example', 'b@dead.example'), self.make_list('c@fine.example')
        with Form(self.env['mailing.mailing'].with_user(self.user_marketing)) as form:
            form.subject = "News"
            form.contact_list_ids.add(fine)
            self.assertFalse(form.unreachable_notice)
            form.contact_list_ids.add(dead)
            self.assertEqual(form.unreachable_notice, NOTICE % (2, 3))
            with patch.object(recipients, 'count', side_effect=AssertionError("asked once more")):
                form.subject = "Other news"
            form.unreachable_handling = 'leave_out'
        self.assertEqual(form.record.unreachable_handling, 'leave_out')

    def test_broken_filter_keeps_no_mailing_from_opening(self):
        partners = self.env['res.partner'].create({'name': "A", 'email': 'a@dead.example'})
        for broken in ("[('gone_field', '=', 1)]", "[(", "nonsense", "[('id', '=', 'x')]", "[('create_date', '>', 'x')]"):
            with self.subTest(domain=broken):
                self.assertFalse(self.notice(self.make_mailing(partners, mailing_domain=broken)))

    def test_number_is_written_as_people_read_it(self):
        mailing = self.make_mailing(self.make_list('a@dead.example'))
        self.assertEqual(mailing._get_unreachable_notice(recipients.Counted(12000, 340)), NOTICE % ('340', '12,000'))

    def test_check_is_as_many_queries_for_many_as_for_few(self):
        def queries(number):
            mailing = self.make_mailing(self.make_list(
                *(f'c{count}@{"dead" if count % 30 == 0 else "fine"}.example' for count in range(number))))
            self.env.flush_all()
            self.env.invalidate_all()
            mailing.mapped('mailing_domain')
            before = self.env.cr.sql_log_count
            self.assertEqual(mailing.unreachable_count, -(-number // 30))
            return self.env.cr.sql_log_count - before

        queries(31)
        self.assertEqual(queries(400), queries(31))


@tagged('post_install', '-at_install')
class TestUnreachableRights(SendingCase):

    def test_mailing_user_sees_the_number_and_no_list_of_domains(self):
        mailing = self.make_mailing(self.make_list('a@dead.example', 'b@fine.example')).with_user(self.user_marketing)
        self.assertEqual(mailing.unreachable_count, 1)
        self.assertFalse(self.env['mail.partner.domain'].with_user(self.user_marketing).has_access('read'))
        action = mailing.action_view_unreachable()
        self.assertEqual(len(self.env[action['res_model']].with_user(self.user_marketing).search(action['domain'])), 1)

    def test_recipients_of_another_company_are_not_counted(self):
        other = self.env['res.company'].create({'name': "Other"})
        partners = self.env['res.partner'].create([
            {'name': "Shared", 'email': 'a@dead.example'}, {'name': "Theirs", 'email': 'b@dead.example', 'company_id': other.id}])
        mailing = self.make_mailing(partners).with_user(self.user_marketing)
        self.assertEqual(mailing.with_context(allowed_company_ids=self.env.company.ids).unreachable_count, 1)
        self.user_marketing.company_ids |= other
        self.assertEqual(mailing.with_context(allowed_company_ids=(self.env.company | other).ids).unreachable_count, 2)

    def test_who_may_not_read_the_recipients_opens_the_mailing_all_the_same(self):
        if 'crm.lead' not in self.env:
            self.skipTest("crm is not installed here")
        lead = self.env['crm.lead'].create({'name': "L", 'email_from': 'a@dead.example'})
        mailing = self.make_mailing(lead)
        self.assertEqual(mailing.unreachable_count, 1)
        mailer = new_test_user(self.env, 'mailer', 'base.group_user,mass_mailing.group_mass_mailing_user')
        self.assertEqual(mailing.with_user(mailer).unreachable_count, 0)
