from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import format_date

from ..sending.rules import FROM_FILTER
from .common import HEALTHY, DomainHealthCase


class ContactsCase(DomainHealthCase):
    """Contacts at domains of which DNS was asked already; contacts' messages leave as their own address."""

    def setUp(self):
        super().setUp()
        self.publish('ours.example', *HEALTHY)
        self.health('ours.example').check_now()
        self.env['mail.partner.domain'].search([]).unlink()
        self.env = self.env(context={**self.env.context, 'allowed_company_ids': self.company.ids})

    def domain(self, name, policy='none', **values):
        return self.env['mail.partner.domain'].sudo().create({'name': name, 'policy': policy, **values})

    def contact(self, email, **values):
        return self.env['res.partner'].create({'name': email, 'email': email, **values})

    def set_filter(self, value):
        self.env['ir.config_parameter'].set_param(FROM_FILTER, value)


@tagged('post_install', '-at_install')
class TestContactBadges(ContactsCase):

    def assertBadges(self, partner, *labels):
        partner.invalidate_recordset()
        self.assertEqual(partner.mail_notice, ' · '.join(labels))

    def test_contact_of_whom_nothing_follows_has_no_badge(self):
        self.domain('fine.example')
        for email in ('a@fine.example', 'b@unknown.example', 'no address', 'a@b@c', ''):
            self.assertBadges(self.contact(email))

    def test_contact_whose_messages_cannot_be_passed_on_is_told_with_the_policy_in_words(self):
        self.domain('rejects.example', 'reject')
        self.domain('child.spam.example', 'quarantine', policy_domain='spam.example')
        self.domain('watches.example', 'monitor')
        self.assertBadges(self.contact('a@rejects.example'), "Cannot be forwarded")
        self.assertIn("rejects.example asks receivers to reject", self.contact('a@rejects.example').mail_notice_text)
        self.assertIn("spam.example asks receivers to file", self.contact('a@child.spam.example').mail_notice_text)
        self.assertBadges(self.contact('a@watches.example'))

    def test_policy_that_is_not_known_gives_no_badge(self):
        self.domain('silent.example', 'unknown')
        self.domain('new.example', False)
        for name in ('silent', 'new'):
            self.assertBadges(self.contact(f'a@{name}.example'))

    def test_replaced_sender_leaves_no_badge_anywhere(self):
        self.domain('rejects.example', 'reject')
        partner = self.contact('a@rejects.example')
        self.set_filter('ours.example')
        self.assertBadges(partner)
        self.assertNotIn(partner, self.env['res.partner'].search([('mail_relaying', '=', 'unsafe')]))

    def test_domain_that_cannot_receive_is_told_only_once_it_is_marked(self):
        marked = self.domain('dead.example', reception='no_domain', mark='suspected', unreachable_since='2026-11-01')
        partner = self.contact('a@dead.example')
        self.assertBadges(partner)
        marked.mark = 'held'
        self.assertBadges(partner)
        marked.mark = 'marked'
        self.assertBadges(partner, "Cannot receive mail")
        self.assertIn("does not exist", partner.mail_notice_text)

    def test_since_when_mail_cannot_arrive_is_said_only_where_it_is_known(self):
        domain = self.domain('dead.example', reception='no_domain', mark='marked')
        partner = self.contact('a@dead.example')
        undated = partner.mail_notice_text
        self.assertTrue(undated.strip().endswith("dead.example does not exist."), undated)
        domain.unreachable_since = '2026-11-01'
        partner.invalidate_recordset()
        self.assertTrue(partner.mail_notice_text.startswith(undated.strip()))
        self.assertIn(format_date(self.env, '2026-11-01'), partner.mail_notice_text)

    def test_typing_mistake_is_corrected_for_one_contact_and_the_old_address_stays_in_the_chatter(self):
        self.domain('gmial.com', suggestion='gmail.com')
        partner, other = self.contact('"Jane Doe" <Jane@Gmial.com>'), self.contact('joe@gmial.com')
        self.assertBadges(partner, "Typing mistake?")
        self.assertEqual(partner.mail_suggestion, 'jane@gmail.com')
        partner.action_correct_email()
        self.assertEqual((partner.email, partner.email_normalized), ('"Jane Doe" <Jane@gmail.com>', 'jane@gmail.com'))
        self.assertIn('Jane@Gmial.com', partner.message_ids[0].body)
        self.assertEqual(other.email, 'joe@gmial.com')
        self.assertBadges(partner)
        with self.assertRaises(ValueError):
            (other | self.contact('jim@gmial.com')).action_correct_email()

    def test_address_of_a_user_is_never_corrected(self):
        self.domain('gmial.com', suggestion='gmail.com')
        for groups in ('base.group_user', 'base.group_portal'):
            user = new_test_user(self.env, f'jane_{groups[-4:]}', groups, email='jane@gmial.com')
            user.active = groups != 'base.group_portal'  # whoever may come back
            self.assertBadges(user.partner_id)
            user.partner_id.action_correct_email()
            self.assertEqual(user.partner_id.email, 'jane@gmial.com')
            self.assertNotIn(user.partner_id, self.env['res.partner'].with_context(active_test=False).search(
                [('mail_is_mistyped', '=', True)]))

    def test_who_may_not_write_the_contact_may_not_correct_it(self):
        self.domain('gmial.com', suggestion='gmail.com')
        partner = self.contact('jane@gmial.com')
        reader = new_test_user(self.env, 'reader', 'base.group_user', company_id=self.company.id,
                               company_ids=[(6, 0, self.company.ids)])
        self.assertEqual(partner.with_user(reader).mail_notice, "Typing mistake?")
        with self.assertRaises(AccessError):
            partner.with_user(reader).action_correct_email()
        self.assertEqual(partner.email, 'jane@gmial.com')

    def test_salesperson_sees_badges_of_contacts_and_nothing_else(self):
        self.domain('rejects.example', 'reject')
        other = self.make_company("Other", 'other.example')
        salesperson = new_test_user(self.env, 'sales', 'base.group_user', company_id=self.company.id,
                                    company_ids=[(6, 0, self.company.ids)])
        seen, hidden = self.contact('a@rejects.example'), self.contact('b@rejects.example', company_id=other.id)
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(seen.with_user(salesperson).mail_notice, "Cannot be forwarded")
        found = self.env['res.partner'].with_user(salesperson).search([('mail_relaying', '=', 'unsafe')])
        self.assertEqual((seen in found, hidden in found), (True, False))
        with self.assertRaises(AccessError):
            _notice = hidden.with_user(salesperson).mail_notice
        with self.assertRaises(AccessError):
            self.env['mail.partner.domain'].with_user(salesperson).search([])
        portal = new_test_user(self.env, 'portal', 'base.group_portal')
        with self.assertRaises(AccessError):
            portal.partner_id.with_user(portal).read(['mail_notice'])

    def test_contact_of_one_company_is_judged_by_that_companys_mail(self):
        self.domain('rejects.example', 'reject')
        other = self.make_company("Other", 'other.example')
        self.env['ir.mail_server'].create({'name': "Relay", 'smtp_host': 'smtp.test'})  # replaces senders
        other.alias_domain_id.default_from = False  # and has nothing to put in their place
        companies = self.company | other
        for company, label in ((self.company, ''), (other, "Cannot be forwarded"), (other.browse(), "Cannot be forwarded")):
            partner = self.contact('a@rejects.example', company_id=company.id).with_context(allowed_company_ids=companies.ids)
            self.assertBadges(partner, *filter(None, [label]))
            self.assertEqual(bool(label), partner in partner.search([('mail_relaying', '=', 'unsafe')]))

    def test_contact_who_is_fragile_in_one_company_and_unsafe_in_another_is_found_as_unsafe(self):
        self.domain('watches.example', 'monitor', spf='fail')
        other = self.make_company("Other", 'other.example')
        self.publish('other.example', *HEALTHY)
        # Our bounce address may not pass here, and the contact's own refuses our server; theirs may.
        self.env['ir.mail_server'].create({
            'name': "Relay", 'smtp_host': 'smtp.test', 'from_filter': 'notifications@ours.example, other.example, watches.example'})
        self.env.flush_all()
        self.health('other.example').check_now()
        partner = self.contact('a@watches.example').with_context(allowed_company_ids=(other | self.company).ids)
        self.assertEqual([partner.with_context(allowed_company_ids=company.ids).mail_relaying for company in (other, self.company)],
                         ['fragile', 'unsafe'])
        self.assertEqual(partner.mail_relaying, 'unsafe')
        self.assertIn(partner, partner.search([('mail_relaying', '=', 'unsafe')]))
        self.assertNotIn(partner, partner.search([('mail_relaying', '=', 'fragile')]))

    def test_what_lies_in_our_own_configuration_is_told_of_no_contact(self):
        names = {'rejects.example': {'policy': 'reject', 'spf': 'softfail'}, 'monitor.example': {'policy': 'monitor'}, 'none.example': {},
                 'strict.example': {'spf': 'fail'}, 'lax.example': {'spf': 'softfail'}, 'gmail.com': {'policy': 'none'}}
        for name, values in names.items():
            self.domain(name, **values)
        partners = self.env['res.partner'].union(*(self.contact(f'a@{name}') for name in names))
        relay = self.env['ir.mail_server'].create({
            'name': "Office", 'smtp_host': 'smtp.office365.com', 'smtp_user': 'desk@ours.example',
            'from_filter': ','.join(['ours.example', *names])})
        relay.active = False
        for way, unsafe, fragile in (
            ("our bounce domain permits nobody", {'rejects'}, set()),
            ("the relay only takes its account", set(), set()),
            ("no bounce domain of ours", {'rejects', 'strict'}, set()),
        ):
            if way.startswith("our bounce"):
                self.publish('ours.example')
                self.health('ours.example').check_now()
            relay.active = way.startswith("the relay")
            if way.startswith("no bounce"):
                self.env['res.company'].search([]).alias_domain_id = False
                self.env['mail.alias.domain'].search([]).unlink()
            self.env.flush_all()
            with self.subTest(way=way):
                partners.invalidate_recordset()
                for verdict, expected in (('unsafe', unsafe), ('fragile', fragile)):
                    told = partners.browse(one.id for one in partners if one.mail_relaying == verdict)
                    self.assertEqual({one.email[2:].split('.')[0] for one in told}, expected)
                    self.assertEqual(
                        told, partners.search([('mail_relaying', '=', verdict), ('id', 'in', partners.ids)], order='id'))
                self.assertEqual({one.mail_notice for one in partners}, {'', "Cannot be forwarded"} if unsafe else {''})

    def test_company_of_which_all_is_our_own_doing_leaves_another_companys_verdict(self):
        self.domain('watches.example', 'monitor')
        broken = self.make_company("Broken", 'broken.example')
        self.publish('broken.example')  # its bounce domain permits nobody
        self.health('broken.example').check_now()
        partner = self.contact('a@watches.example').with_context(allowed_company_ids=(self.company | broken).ids)
        self.assertEqual([partner.with_context(allowed_company_ids=company.ids).mail_relaying for company in (self.company, broken)],
                         ['fragile', False])
        self.assertEqual(partner.mail_relaying, 'fragile')
        self.assertIn(partner, partner.search([('mail_relaying', '=', 'fragile')]))
        self.assertNotIn(partner, partner.search([('mail_relaying', '=', 'unsafe')]))

    def test_filters_take_every_operator_that_a_person_may_choose(self):
        self.domain('rejects.example', 'reject')
        self.domain('monitor.example', 'monitor')
        self.domain('dead.example', 'unknown', mark='marked')
        self.domain('gmial.com', 'unknown', suggestion='gmail.com')
        partners = self.env['res.partner'].union(*(self.contact(email) for email in (
            'a@rejects.example', 'a@monitor.example', 'a@dead.example', 'a@gmial.com', 'a@unknown.example', 'no address')))
        partners |= partners.create({'name': "Without"})
        internal = new_test_user(self.env, 'internal', email='b@ours.example').partner_id
        partners |= internal
        rejects, monitor, dead, mistyped, *_others = partners
        relayed = rejects | monitor
        for domain, expected in (
            ([('mail_relaying', '=', 'unsafe')], rejects),
            ([('mail_relaying', '!=', 'unsafe')], partners - rejects),
            ([('mail_relaying', 'in', ['unsafe', 'fragile'])], relayed),
            ([('mail_relaying', 'not in', ['unsafe', 'fragile'])], partners - relayed),
            ([('mail_relaying', '=', False)], partners - relayed),
            ([('mail_relaying', '!=', False)], relayed),
            ([('mail_relaying', 'in', ['fragile', False])], partners - rejects),
            ([('mail_relaying', 'not in', ['fragile', False])], rejects),
            ([('mail_relaying', 'in', [])], partners.browse()),
            ([('mail_relaying', '=', 'nonsense')], partners.browse()),
            (['!', ('mail_relaying', '=', 'fragile')], partners - monitor),
            (['|', ('mail_relaying', '=', 'unsafe'), ('mail_cannot_receive', '=', True)], rejects | dead),
            ([('mail_relaying', '=', False), ('mail_cannot_receive', '=', False), ('mail_is_mistyped', '=', False)],
             partners - relayed - dead - mistyped),
            *(case for field, flagged in (('mail_cannot_receive', dead), ('mail_is_mistyped', mistyped)) for case in (
                ([(field, '=', True)], flagged),
                ([(field, '!=', False)], flagged),
                ([(field, '=', False)], partners - flagged),
                ([(field, '!=', True)], partners - flagged),
                ([(field, 'in', [True, False])], partners),
                ([(field, 'not in', [True, False])], partners.browse()),
                (['!', (field, '=', True)], partners - flagged),
            )),
        ):
            with self.subTest(domain=domain):
                self.assertEqual(partners.search([*domain, ('id', 'in', partners.ids)], order='id'), expected.sorted('id'))
        for operator, value in (('ilike', 'uns'), ('>', 'fragile'), ('=like', 'u%')):
            with self.subTest(operator=operator), self.assertRaises(UserError):
                partners.search([('mail_relaying', operator, value)])
        # What the field filters in memory is what it finds.
        self.assertEqual(partners.filtered_domain([('mail_relaying', '!=', 'unsafe')]), partners - rejects)

    def test_filters_find_the_contacts_that_have_the_badge_and_no_others(self):
        names = {
            'rejects.example': {'policy': 'reject'}, 'spam.example': {'policy': 'quarantine'}, 'monitor.example': {'policy': 'monitor'},
            'gmail.com': {'policy': 'quarantine'}, 'dead.example': {'mark': 'marked'}, 'held.example': {'mark': 'held'},
            'gmial.com': {'suggestion': 'gmail.com'}, 'xn--mller-kva.example': {'policy': 'reject', 'written_as': 'müller.example'},
            'ours.example': {'policy': 'reject'}, 'named.example': {'policy': 'reject'}, 'sub.named.example': {'policy': 'reject'},
            'partner.example': {'policy': 'reject'},
        }
        for name, values in names.items():
            self.domain(name, **values)
        partners = self.env['res.partner'].union(*(
            self.contact(f'{local}@{name}') for name in (*names, 'müller.example', 'nowhere.example') for local in ('a', 'boss')))
        for from_filter in ('', 'ours.example', 'ours.example, named.example', 'ours.example, boss@partner.example, *.spam.example'):
            self.set_filter(from_filter)
            for field, value in (('mail_relaying', 'unsafe'), ('mail_relaying', 'fragile'), ('mail_cannot_receive', True),
                                 ('mail_is_mistyped', True)):
                with self.subTest(from_filter=from_filter, field=field, value=value):
                    partners.invalidate_recordset()
                    found = self.env['res.partner'].search([(field, '=', value), ('id', 'in', partners.ids)])
                    self.assertEqual(
                        set(found.mapped('email')), {one.email for one in partners if one[field] == value})
                    others = self.env['res.partner'].search([(field, '!=', value), ('id', 'in', partners.ids)])
                    self.assertEqual(others, partners - found)
        self.set_filter('ours.example, named.example')
        partners.invalidate_recordset()
        self.assertEqual(set(partners.filtered(lambda one: one.mail_relaying == 'unsafe').mapped('email')), {'a@named.example', 'boss@named.example'})

    def test_domain_opens_its_contacts_however_they_write_it_and_no_others(self):
        row = self.domain('xn--bcher-kva.example', written_as='bücher.example')
        like = self.domain('a_b.example')
        found = [self.contact(f'{name}@bücher.example') for name in ('ann', 'bob')] + [self.contact('c@xn--bcher-kva.example')]
        apart = self.contact('d@sub.bücher.example') + self.contact('e@axb.example')
        own = self.contact('f@a_b.example')
        for domain, expected in ((row, found), (like, [own])):
            action = domain.action_open_contacts()
            partners = self.env[action['res_model']].search(action['domain'])
            self.assertEqual(set(partners.ids), {partner.id for partner in expected})
            self.assertFalse(partners & apart)

    def test_list_of_eighty_contacts_costs_as_many_queries_as_one_of_two(self):
        for number in range(80):
            self.domain(f'c{number}.example', 'reject', mark='marked', suggestion='gmail.com')
        partners = self.env['res.partner'].union(*(self.contact(f'a@c{number}.example') for number in range(80)))

        def read(some):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            some.web_read({'email': {}, 'mail_notice': {}})
            return self.env.cr.sql_log_count - before

        read(partners)
        few, many = read(partners[:2]), read(partners)
        self.assertEqual(many, few)
        self.assertLess(many, 30)

    def test_form_shows_the_badge_of_the_address_that_is_being_entered(self):
        self.domain('dead.example', mark='marked', reception='null_mx')
        form = Form(self.env['res.partner'])
        form.name, form.email = "Jane", 'jane@dead.example'
        self.assertEqual(form.mail_notice, "Cannot receive mail")
        form.email = 'jane@fine.example'
        self.assertFalse(form.mail_notice)
