from unittest.mock import patch

from odoo.tests import tagged

from ..checking import watch_list
from .common import HEALTHY, DomainHealthCase


@tagged('post_install', '-at_install')
class TestDomain(DomainHealthCase):
    """Which domains are watched, and why."""

    def test_alias_domain_is_watched_where_it_is_made(self):
        domain = self.health('ours.example')
        self.assertEqual(domain.company_ids, self.company)
        self.assertEqual(self.company.alias_domain_id.mail_domain_health_id, domain)

    def test_capitals_and_final_dots_are_one_domain(self):
        other = self.make_company("Capitals", 'OURS.Example')
        self.assertEqual(other.alias_domain_id.mail_domain_health_id, self.health('ours.example'))
        self.assertEqual(self.health('ours.example').company_ids, self.company | other)

    def test_domain_that_nothing_uses_any_more_is_archived_with_its_history(self):
        domain = self.health('ours.example')
        self.company.alias_domain_id = False
        self.env.cr.flush()
        self.assertFalse(domain.active)
        self.company.alias_domain_id = self.env['mail.alias.domain'].search([('name', '=', 'ours.example')])
        self.env.cr.flush()
        self.assertTrue(domain.active)

    def test_default_from_on_another_domain_is_watched_too(self):
        self.company.alias_domain_id.default_from = 'sales@elsewhere.example'
        self.assertEqual(self.health('elsewhere.example').company_ids, self.company)

    def test_international_domain_of_a_user_is_watched_as_a_label_and_shown_decoded(self):
        self.env['res.users'].create({
            'name': 'Jürgen', 'login': 'idn', 'email': 'info@bücher.example',
            'company_id': self.company.id, 'company_ids': [(6, 0, self.company.ids)],
        })
        self.env['mail.domain.health']._refresh()
        self.assertEqual(self.health('xn--bcher-kva.example').display_name, 'bücher.example')

    def test_freemail_domain_of_a_user_is_watched_as_somebody_elses_while_mail_leaves_as_it(self):
        self.env['res.users'].create({
            'name': 'Free', 'login': 'free', 'email': 'free@gmail.com',
            'company_id': self.company.id, 'company_ids': [(6, 0, self.company.ids)],
        })
        self.env['mail.domain.health']._refresh()
        self.assertTrue(self.health('gmail.com').is_foreign)
        self.assertFalse(self.health('ours.example').is_foreign)
        self.env['ir.mail_server'].create({'name': 'Relay', 'smtp_host': 'smtp.test'})  # from here on Odoo rewrites
        self.env.cr.flush()
        self.assertFalse(self.health('gmail.com').active)

    def test_domains_of_dead_parameters_are_checked_and_explained(self):
        self.publish('old.example', *HEALTHY)
        set_param = self.env['ir.config_parameter'].set_param
        set_param('mail.catchall.domain', 'Old.Example')
        set_param('mail.force.smtp.from', '"Us" <us@forced.example>')
        self.assertTrue(self.health('old.example').active)
        self.assertTrue(self.health('forced.example').active)
        self.health('old.example').check_now()
        parameters = {row['key']: row for row in self.health('ours.example').parameters}
        self.assertEqual(parameters['mail.catchall.domain']['domain']['state'], 'warning')  # no selector known
        self.assertIn("no effect", parameters['mail.force.smtp.from']['effect'])
        self.env['ir.config_parameter'].search([('key', '=', 'mail.catchall.domain')]).unlink()
        self.assertFalse(self.health('old.example').active)

    def test_what_cannot_be_a_mail_domain_gets_a_verdict_and_no_question(self):
        for name in ('localhost', 'under_score.example', '-leading.example', f'{"a" * 80}.example'):
            with self.subTest(name=name):
                company = self.make_company(f'Company at {name[:20]}', name)
                self.dns.log.clear()
                domain = company.alias_domain_id.mail_domain_health_id
                domain.check_now()
                self.assertEqual(domain.state, 'fail')
                self.assertIn(name, domain.overview['sentence'])
                self.assertFalse([question for question in self.dns.log if name in question[0]])

    def test_domain_under_odoo_com_has_nothing_to_publish(self):
        company = self.make_company("Online", 'ours.odoo.com')
        domain = company.alias_domain_id.mail_domain_health_id
        domain.check_now()
        self.assertEqual(domain.state, 'not_needed')
        self.assertFalse(domain.publication['changes'])

    def test_adopting_the_parameter_shows_and_does_what_core_does(self):
        self.env['mail.alias.domain'].search([]).unlink()
        self.env['ir.config_parameter'].set_param('mail.catchall.domain', 'adopted.example')
        box = self.company._get_mail_domain_health_box()
        self.assertEqual((box['domain'], box['adopt']), (None, 'adopted.example'))
        adoption = self.env['mail.alias.domain.adopt'].with_company(self.company).create({})
        self.assertEqual((adoption.name, adoption.is_first), ('adopted.example', True))
        self.assertIn(self.company.name, adoption.company_names)
        adoption.action_create()
        self.assertEqual(self.company.alias_domain_id.name, 'adopted.example')

    def test_name_that_is_too_long_for_dns_breaks_nothing(self):
        user = self.env['res.users'].create({
            'name': 'Long', 'login': 'long', 'email': f'me@{"x" * 3000}.example',
            'company_id': self.company.id, 'company_ids': [(6, 0, self.company.ids)],
        })
        self.env['ir.config_parameter'].set_param('mail.catchall.domain', 'y' * 20_000)
        self.company.alias_domain_id.default_from = 'sales'
        self.env['mail.domain.health']._refresh()
        self.assertTrue(self.health('ours.example').active)
        self.assertFalse(self.env['mail.domain.health'].search([('name', '=like', 'xxx%')]))
        user.unlink()

    def test_what_goes_wrong_with_us_stops_nobody_from_saving(self):
        with patch.object(watch_list, 'domains_in_use', side_effect=ValueError), \
                self.assertLogs('odoo.addons.mail_domain_health.checking.changes', 'ERROR'):
            self.company.alias_domain_id.default_from = 'sales'
            self.env.cr.flush()
        self.assertEqual(self.company.alias_domain_id.default_from, 'sales')

    def test_another_person_at_the_same_domain_changes_no_verdict(self):
        domain = self.health('ours.example')
        for number, login in enumerate(('m', 'a')):
            self.env['res.users'].create({
                'name': login, 'login': f'{login}_same', 'email': f'{login}@ours.example',
                'company_id': self.company.id, 'company_ids': [(6, 0, self.company.ids)],
            })
            self.env['mail.domain.health']._refresh()
            if not number:
                domain.check_now()
        self.assertFalse(domain.is_outdated)
        path = domain.path_ids.filtered(lambda path: path.kind == 'user')
        self.assertEqual((path.author_count, path.from_email), (2, 'a@ours.example'))
        self.assertNotEqual(path.state, 'unknown')

    def test_service_that_changes_makes_its_domains_outdated_and_recognizes_servers(self):
        domain = self.health('ours.example')
        domain.check_now()
        self.env.ref('mail_domain_health.sending_service_odoo').spf_term = 'include:other.example'
        self.env.cr.flush()
        self.assertTrue(domain.is_outdated)
        server = self.env['ir.mail_server'].create({'name': 'Own', 'smtp_host': 'relay.ours.example'})
        self.assertFalse(server.mail_sending_service_id)
        service = self.env['mail.sending.service'].create({
            'name': 'Own relay', 'smtp_host_patterns': 'relay.ours.example', 'spf_term': 'ip4:192.0.2.10'})
        self.assertEqual(server.mail_sending_service_id, service)

    def test_company_is_not_alarmed_by_another_ones_mail(self):
        self.publish('ours.example', *HEALTHY[:2], '_dmarc TXT "v=DMARC1; p=reject"')
        self.make_company("Other", 'OURS.example', service='sendgrid')
        self.health('ours.example').check_now()
        self.assertEqual(self.health('ours.example').state, 'fail')
        box = self.company._get_mail_domain_health_box()
        self.assertEqual(box['domain']['state'], 'pass')
        self.assertEqual([area['state'] for area in box['domain']['areas']], ['pass', 'pass', 'pass'])
        self.assertIn("Odoo", box['domain']['areas'][0]['sentence'])
        fix_it = self.health('ours.example').read_fix_it(self.company.id)
        self.assertEqual((fix_it['rows'], fix_it['record_count']), ([], 0))
        self.assertIn("another company", box['domain']['sentence'])

    def test_verdict_is_outdated_when_mail_leaves_another_way(self):
        domain = self.health('ours.example')
        domain.check_now()
        self.assertFalse(domain.is_outdated)
        self.company.mail_sending_service_id = self.env.ref('mail_domain_health.sending_service_google')
        self.env.cr.flush()
        self.assertTrue(domain.overview['outdated'])
        domain.check_now()
        self.assertFalse(domain.is_outdated)
