import importlib.util
from datetime import timedelta
from pathlib import Path

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.tests import new_test_user, tagged

from ..checking.overview_columns import get_columns
from .common import HEALTHY, SPF_RECORD, DomainHealthCase, mute

MIGRATION = Path(__file__).parent.parent / 'migrations' / '19.0.1.3.0' / 'post-migrate.py'
REJECTING = '_dmarc TXT "v=DMARC1; p=reject"'


class OverviewCase(DomainHealthCase):

    def setUp(self):
        super().setUp()
        self.domain = self.health('ours.example')
        self.Health = self.env['mail.domain.health']

    def check(self, *records):
        """Look at the domain while these records are published."""
        self.publish('ours.example', *records)
        self.domain.check_now()
        self.env.flush_all()

    def found(self, **search):
        """Return the names that a search finds by one field of the search view."""
        [(name, value)] = search.items()
        return self.Health.search([(name, 'ilike', value)]).mapped('name')


@tagged('post_install', '-at_install')
class TestSince(OverviewCase):
    """Since when a verdict lasts: lists show what has been broken longest first."""

    def back_date(self, **ago):
        """Have all that is stored about when the present verdict began be older."""
        since = fields.Datetime.now() - timedelta(**ago)
        self.domain.write({'state_since': since, 'known_since': since})
        return since

    def test_a_domain_that_was_never_checked_waits_since_it_is_watched(self):
        self.assertEqual(self.domain.state, 'unknown')
        self.assertTrue(self.domain.state_since)
        self.assertTrue(self.domain.state_rank, "an unchecked domain has its place in the order")

    def test_the_same_verdict_lasts_and_another_one_begins_anew(self):
        self.check(*HEALTHY)
        since = self.back_date(days=3)
        self.domain.check_now()
        self.assertEqual((self.domain.state, self.domain.state_since), ('pass', since))
        self.check(REJECTING)
        self.assertEqual(self.domain.state, 'fail')
        self.assertGreater(self.domain.state_since, since + timedelta(days=2))

    def test_a_silence_of_dns_does_not_end_a_verdict(self):
        self.check(REJECTING)
        since = self.back_date(days=3)
        with self.silent_dns():
            self.domain.check_now()
        self.assertEqual(self.domain.state, 'unknown')
        self.assertGreater(self.domain.state_since, since + timedelta(days=2), "since when it is silent")
        self.domain.check_now()
        self.assertEqual((self.domain.state, self.domain.state_since), ('fail', since))

    def test_the_worst_comes_first_and_among_equals_the_longest(self):
        names = ('new.example', 'old.example', 'fragile.example', 'fine.example')
        domains = self.Health.create([{'name': name} for name in names])
        now = fields.Datetime.now()
        for domain, state, days in zip(domains, ('fail', 'fail', 'warning', 'pass'), (1, 9, 90, 400), strict=True):
            domain.write({'state': state, 'state_since': now - timedelta(days=days)})
        order = self.env.ref('mail_domain_health.mail_domain_health_view_list').arch.partition('default_order="')[2].partition('"')[0]
        self.assertEqual(
            self.Health.search([('id', 'in', domains.ids)], order=order).mapped('name'),
            ['old.example', 'new.example', 'fragile.example', 'fine.example'])

    def test_an_update_reads_since_when_from_the_history(self):
        spec = importlib.util.spec_from_file_location('overview_migration', MIGRATION)
        migration = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(migration)
        day = fields.Datetime.to_datetime('2026-03-01')
        cases = {  # the states of the history, the present one last; which row the present one began with
            'never.example': ([], None),
            'steady.example': (['fail'], 0),
            'silent.example': (['pass', 'unknown', 'pass'], 0),
            'broken.example': (['pass', 'fail', 'unknown', 'fail'], 1),
            'again.example': (['fail', 'pass', 'unknown', 'fail'], 3),
            'dark.example': (['fail', 'unknown', 'unknown'], 1),
        }
        for name, (history, _began) in cases.items():
            domain = self.Health.create({'name': name, 'state': history[-1] if history else 'unknown', 'state_since': False})
            self.env['mail.domain.health.check'].create([
                {'domain_id': domain.id, 'date': day + timedelta(days=number), 'state': state}
                for number, state in enumerate(history)])
        self.env.flush_all()
        migration.fill_since(self.env.cr)
        self.env.invalidate_all()
        for name, (_history, began) in cases.items():
            with self.subTest(name):
                domain = self.health(name)
                expected = domain.create_date if began is None else day + timedelta(days=began)
                self.assertEqual(domain.state_since, expected)
                self.assertEqual(domain.known_since, expected if domain.state != 'unknown' else False)

    def test_an_update_fills_the_columns_of_the_stored_report(self):
        self.check(REJECTING)
        before = get_columns(self.domain)
        self.domain.write({'records_text': False, 'next_change': False})
        self.assertEqual(get_columns(self.domain), before)
        self.assertIn('p=reject', before['records_text'])
        self.assertEqual(before['next_change']['action'], 'create')


@tagged('post_install', '-at_install')
class TestFirstStep(OverviewCase):
    """What the list says to do first, of what is stored."""

    def test_a_domain_that_was_never_checked_is_to_be_checked(self):
        self.assertEqual(self.domain.first_step, "Check this domain for the first time.")

    def test_the_record_that_is_missing_comes_first(self):
        self.check(REJECTING)
        self.assertRegex(self.domain.first_step, r"^Publish the (TXT|CNAME) record at .*ours\.example\.$")

    def test_a_wrong_record_is_to_be_replaced(self):
        self.check('@ TXT "v=spf1 ip4:203.0.113.7 -all"', REJECTING)
        self.assertEqual(self.domain.first_step, "Replace the TXT record at ours.example.")

    def test_nothing_is_to_be_done_where_all_is_in_order(self):
        self.check(*HEALTHY)
        self.domain.finding_ids.filtered(lambda found: found.severity != 'info').resolved_on = fields.Datetime.now()
        self.assertEqual((self.domain.state, self.domain.first_step), ('pass', ''))

    def test_silence_asks_for_patience_and_takes_no_proposal_away(self):
        with self.silent_dns():
            self.domain.check_now()
        self.assertIn("Wait: DNS did not answer", self.domain.first_step)
        self.check(REJECTING)
        step = self.domain.first_step
        with self.silent_dns():
            self.domain.check_now()
        self.assertEqual((self.domain.state, self.domain.first_step), ('unknown', step))

    def test_a_domain_that_does_not_exist_comes_before_its_records(self):
        self.dns.set_zone('example', '@ SOA ns1 hostmaster 1 3600 600 86400 300')
        self.domain.check_now()
        self.assertEqual(self.domain.state, 'fail')
        self.assertIn("Register or renew the domain", self.domain.first_step)

    def test_what_a_person_muted_is_not_the_first_thing_to_do(self):
        self.check(*HEALTHY)
        self.env['mail.domain.health.finding'].create({
            'domain_id': self.domain.id, 'code': 'spf.void_lookups', 'name': 'ours.example', 'area': 'spf', 'severity': 'warning',
            'first_seen': fields.Datetime.now(), 'last_seen': fields.Datetime.now()})
        self.assertTrue(self.domain.first_step)
        mute(self.domain.finding_ids)
        self.assertEqual(self.domain.first_step, '')

    def test_a_list_reads_its_first_steps_by_a_constant_number_of_queries(self):
        def queries(domains):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            domains.mapped('first_step')
            return self.env.cr.sql_log_count - before

        domains = self.Health.create([{'name': f'd{number}.example', 'last_check': fields.Datetime.now(),
                                       'next_change': {'action': 'create', 'type': 'TXT', 'name': f'd{number}.example'}}
                                      for number in range(40)])
        queries(domains[:1])
        self.assertEqual(queries(domains[:2]), queries(domains))


@tagged('post_install', '-at_install')
class TestOverviewSearch(OverviewCase):

    def test_a_domain_is_found_by_the_content_of_a_record(self):
        self.check('@ TXT "v=spf1 ip4:203.0.113.7 -all"', REJECTING)
        self.assertIn('ours.example', self.found(records_text='203.0.113.7'))
        self.assertIn('ours.example', self.found(records_text='p=reject'))
        self.check(*HEALTHY)
        self.assertNotIn('ours.example', self.found(records_text='203.0.113.7'))

    def test_silence_keeps_what_a_record_is_found_by(self):
        self.check('@ TXT "v=spf1 ip4:203.0.113.7 -all"')
        with self.silent_dns():
            self.domain.check_now()
        self.assertIn('ours.example', self.found(records_text='203.0.113.7'))

    def test_what_is_searched_of_hostile_records_is_bounded(self):
        self.check(*(f'@ TXT "v=spf1 include:{"x" * 50}{number}.example" "{"y" * 200}"' for number in range(90)))
        self.assertTrue(self.domain.records_text)
        self.assertLessEqual(len(self.domain.records_text), 10_000)

    def test_a_domain_is_found_by_its_dns_host(self):
        self.dns.set_zone('ours.example', '@ SOA ns-1.gandi.net. hostmaster 1 3600 600 86400 300\n@ NS ns-1.gandi.net.\n'
                                          '@ MX 10 mail\nmail A 192.0.2.10')
        self.domain.check_now()
        self.assertEqual(self.domain.mail_dns_provider_id.code, 'gandi')
        self.assertIn('ours.example', self.found(mail_dns_provider_id='gandi'))
        with self.silent_dns():
            self.domain.check_now()
        self.assertEqual(self.domain.mail_dns_provider_id.code, 'gandi')

    def test_a_domain_is_found_by_the_service_that_delivers_its_mail(self):
        self.assertEqual(self.domain.mail_sending_service_ids.code, 'odoo')
        found = self.Health.search([('path_ids', 'any', [
            ('is_used', '=', True), ('mail_sending_service_id', 'ilike', self.domain.mail_sending_service_ids.name)])])
        self.assertIn(self.domain, found)

    def test_a_domain_is_found_by_a_finding_that_lasts(self):
        self.check(SPF_RECORD, SPF_RECORD.replace('~', '-'))
        finding = self.domain.finding_ids.filtered(lambda found: found.code == 'spf.several')
        self.assertTrue(finding)
        for words in (finding.title[3:20].upper(), 'spf.several'):
            self.assertIn('ours.example', self.found(finding_text=words), words)
        self.assertNotIn('ours.example', self.found(finding_text='no such words'))
        self.assertFalse(self.found(finding_text=' '))
        self.check(*HEALTHY)
        self.assertNotIn('ours.example', self.found(finding_text='spf.several'))

    def test_findings_are_found_by_words_of_the_readers_language(self):
        self.env['res.lang']._activate_lang('fr_FR')
        self.check(SPF_RECORD, SPF_RECORD.replace('~', '-'))
        Health = self.Health.with_context(lang='fr_FR')
        title = Health.env['mail.domain.health.finding'].search([('code', '=', 'spf.several')], limit=1).title
        self.assertIn(self.domain, Health.search([('finding_text', 'ilike', title)]))


@tagged('post_install', '-at_install')
class TestResponsible(OverviewCase):
    """One domain may have somebody else to be told than its company."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ann, cls.bob = (
            new_test_user(cls.env, name, 'base.group_system', company_id=cls.company.id, company_ids=[(6, 0, cls.company.ids)])
            for name in ('ann', 'bob'))
        cls.company.mail_health_user_id = cls.ann

    def test_the_domains_own_responsible_is_told_instead_of_the_companys(self):
        self.assertEqual(self.domain.responsible_ids, self.ann)
        self.domain.with_user(self.ann).user_id = self.bob
        self.assertEqual(self.domain._get_responsible_users(), self.bob)
        self.assertEqual(self.domain.responsible_ids, self.bob)

    def test_whoever_may_not_look_any_more_is_not_told(self):
        self.domain.user_id = self.bob
        self.bob.write({'group_ids': [(3, self.env.ref('base.group_system').id)]})
        self.assertEqual(self.domain._get_responsible_users(), self.ann)

    def test_only_a_settings_administrator_of_one_of_its_companies_is_responsible(self):
        other = self.make_company("Other", 'other.example')
        outsider = new_test_user(self.env, 'outsider', 'base.group_system', company_id=other.id, company_ids=[(6, 0, other.ids)])
        employee = new_test_user(self.env, 'employee', 'base.group_user', company_id=self.company.id,
                                 company_ids=[(6, 0, self.company.ids)])
        for user in (outsider, employee):
            with self.subTest(user.login), self.assertRaisesRegex(ValidationError, f'{user.login}.* cannot be responsible for ours.example'):
                self.domain.user_id = user

    def test_of_a_shared_domain_nobody_takes_another_companys_alarms_away(self):
        other = self.make_company("Other", 'OURS.example')
        theirs = new_test_user(self.env, 'theirs', 'base.group_system', company_id=other.id, company_ids=[(6, 0, other.ids)])
        other.mail_health_user_id = theirs
        self.domain.user_id = self.bob
        self.assertEqual(self.domain._get_responsible_users(), self.bob | theirs)

    def test_a_domain_is_found_by_who_is_responsible(self):
        view = self.env.ref('mail_domain_health.mail_domain_health_view_search').arch
        self.assertIn("company_ids.mail_health_user_id", view)
        mine = ['|', ('user_id', '=', self.ann.id), '&', ('user_id', '=', False),
                ('company_ids.mail_health_user_id', '=', self.ann.id)]
        self.assertIn(self.domain, self.Health.with_user(self.ann).search(mine))
        self.domain.user_id = self.bob
        self.assertNotIn(self.domain, self.Health.with_user(self.ann).search(mine))


@tagged('post_install', '-at_install')
class TestTags(OverviewCase):

    def test_a_tag_of_one_company_is_seen_by_no_other(self):
        other = self.make_company("Other", 'OURS.example')
        admin = new_test_user(self.env, 'other_admin', 'base.group_system', company_id=other.id, company_ids=[(6, 0, other.ids)])
        Tag = self.env['mail.domain.health.tag']
        shared, secret = Tag.create([{'name': "Brand"}, {'name': "Lawsuit", 'company_id': self.company.id}])
        self.domain.tag_ids = shared | secret
        self.env.invalidate_all()
        seen = self.domain.with_user(admin).with_context(allowed_company_ids=other.ids)
        self.assertEqual(seen.tag_ids, shared)
        self.assertEqual(Tag.with_user(admin).with_context(allowed_company_ids=other.ids).search([]), shared)
