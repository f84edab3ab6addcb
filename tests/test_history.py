from datetime import timedelta

from odoo import fields
from odoo.tests import TransactionCase, new_test_user, tagged


@tagged('post_install', '-at_install')
class TestHistory(TransactionCase):
    """How many domains were in which state, week by week."""

    def watch(self, name, **looks):
        """Return a domain with history: ``fail=20`` is a look that found it failing 20 days ago."""
        domain = self.env['mail.domain.health'].create({'name': name})
        self.env['mail.domain.health.check'].create([
            {'domain_id': domain.id, 'state': state, 'date': fields.Datetime.now() - timedelta(days=days)}
            for state, days in looks.items()])
        return domain

    def states(self, domain):
        """Return the verdicts of a domain by week, the present week first."""
        self.env.flush_all()
        return self.env['mail.domain.health.history'].search([('domain_id', '=', domain.id)], order='date desc').mapped('state')

    def test_a_verdict_holds_until_another_one_is_seen(self):
        states = self.states(self.watch('steady.example', fail=70, **{'pass': 35}))
        self.assertEqual(states[:5], ['pass'] * 5)
        self.assertEqual(set(states[6:]), {'fail'})
        self.assertIn(len(states), (10, 11))

    def test_the_present_week_is_as_it_is_now(self):
        self.assertEqual(self.states(self.watch('now.example', fail=0)), ['fail'])

    def test_nothing_is_told_of_the_time_before_the_first_look_or_of_more_than_a_year(self):
        self.assertFalse(self.states(self.watch('new.example')))
        self.assertEqual(len(self.states(self.watch('old.example', warning=800))), 53)

    def test_what_is_not_watched_any_more_is_not_counted(self):
        domain = self.watch('gone.example', fail=10)
        domain.active = False
        self.assertFalse(self.states(domain))

    def test_each_domain_has_one_row_a_week_and_each_row_an_id_of_its_own(self):
        domains = self.watch('a.example', fail=30) | self.watch('b.example', **{'pass': 400, 'fail': 3})
        self.env.flush_all()
        rows = self.env['mail.domain.health.history'].search([('domain_id', 'in', domains.ids)])
        self.assertEqual(len(set(rows.ids)), len(rows))
        self.assertEqual(len({(row.domain_id, row.date) for row in rows}), len(rows))

    def test_domains_are_counted_once_however_long_the_time(self):
        domain = self.watch('month.example', fail=100)
        self.env.flush_all()
        groups = self.env['mail.domain.health.history'].formatted_read_group(
            [('domain_id', '=', domain.id)], ['date:year', 'state'], ['domain_count:count_distinct'])
        self.assertEqual({group['domain_count:count_distinct'] for group in groups}, {1})

    def test_another_companys_domains_are_not_counted(self):
        ours, theirs = self.env['res.company'].create([{'name': "Ours"}, {'name': "Theirs"}])
        domain = self.watch('secret.example', fail=10)
        for company, seen in ((ours, False), (theirs, True)):
            admin = new_test_user(self.env, f'admin{company.id}', 'base.group_system', company_id=company.id,
                                  company_ids=[(6, 0, company.ids)])
            domain.write({'active': True, 'company_ids': [(6, 0, theirs.ids)]})  # nothing uses it
            self.env.flush_all()
            found = self.env['mail.domain.health.history'].with_user(admin).with_context(
                allowed_company_ids=company.ids).search_count([('domain_id', '=', domain.id)])
            self.assertEqual(bool(found), seen)
