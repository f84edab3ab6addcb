from odoo.tests import tagged

from .common import DKIM_RECORD, HEALTHY, SPF_RECORD, DomainHealthCase


@tagged('post_install', '-at_install')
class TestDmarcLadder(DomainHealthCase):
    """Where a domain stands on the way from ``none`` to ``reject``, and what the next step needs."""

    def setUp(self):
        super().setUp()
        self.domain = self.health('ours.example')

    def ladder(self, *records):
        """Return what the report shows while these records are published."""
        self.publish('ours.example', *records)
        self.domain.check_now()
        return self.domain.dmarc_ladder

    def stands(self, ladder):
        return [step['policy'] for step in ladder['steps'] if step['place']]

    def test_without_a_record_the_first_step_is_the_record_to_publish(self):
        ladder = self.ladder(SPF_RECORD, DKIM_RECORD)
        self.assertEqual((self.stands(ladder), ladder['change']), ([], None))
        self.assertIn("To Do", ladder['sentence'])

    def test_where_all_mail_passes_the_next_record_is_shown(self):
        for policy, following in (('none', 'quarantine'), ('quarantine', 'reject')):
            with self.subTest(policy):
                ladder = self.ladder(SPF_RECORD, DKIM_RECORD, f'_dmarc TXT "v=DMARC1; p={policy}"')
                self.assertEqual(self.stands(ladder), [policy])
                self.assertEqual(ladder['change']['value'], f'v=DMARC1; p={following}')
                self.assertEqual(ladder['sentence'], ladder['change']['why'])

    def test_at_the_end_there_is_no_further_step(self):
        ladder = self.ladder(SPF_RECORD, DKIM_RECORD, '_dmarc TXT "v=DMARC1; p=reject"')
        self.assertEqual((self.stands(ladder), ladder['change'], ladder['paths']), (['reject'], None, []))
        self.assertEqual(ladder['sentence'], "There is no further step.")

    def test_a_test_is_not_the_end(self):
        ladder = self.ladder(SPF_RECORD, DKIM_RECORD, '_dmarc TXT "v=DMARC1; p=reject; t=y"')
        self.assertEqual(ladder['change']['value'], 'v=DMARC1; p=reject')
        self.assertEqual([step['place'] for step in ladder['steps']], [None, None, "You are here, as a test (t=y)"])

    def test_records_that_are_missing_come_before_the_next_step(self):
        ladder = self.ladder(SPF_RECORD, '_dmarc TXT "v=DMARC1; p=none"')
        self.assertIsNone(ladder['change'])
        self.assertIn("publish the records", ladder['sentence'])

    def test_silence_is_no_place_on_the_ladder_and_proposes_nothing(self):
        self.ladder(*HEALTHY)
        with self.silent_dns():
            self.domain.check_now()
        ladder = self.domain.dmarc_ladder
        self.assertEqual((self.stands(ladder), ladder['change']), ([], None))
        self.assertIn("did not answer", ladder['sentence'])

    def test_somebody_elses_domain_has_no_ladder(self):
        self.ladder(*HEALTHY)
        self.domain.action_disclaim()
        self.assertFalse(self.domain.dmarc_ladder)


@tagged('post_install', '-at_install')
class TestReportButtons(DomainHealthCase):
    """The numbers on a report's buttons are those of the lists that they open."""

    def test_each_button_opens_as_many_rows_as_it_says(self):
        domain = self.health('ours.example')
        self.publish('ours.example', SPF_RECORD)
        domain.check_now()
        self.env['res.partner'].create({'name': "Jane", 'email': 'jane@ours.example'})
        self.env['mail.partner.domain'].create({'name': 'ours.example', 'contact_count': 1})
        domain.invalidate_recordset()
        for count, method in (
            ('path_count', 'action_open_paths'), ('finding_count', 'action_open_findings'), ('check_count', 'action_open_checks'),
        ):
            with self.subTest(count):
                action = getattr(domain, method)()
                shown = self.env[action['res_model']].search_count(action['domain'])
                self.assertEqual(domain[count], shown)
                self.assertTrue(shown)
        self.assertEqual(domain.contact_count, 1)
        self.assertEqual(domain.action_open_contacts()['res_model'], 'res.partner')

    def test_a_finding_is_named_in_words(self):
        domain = self.health('ours.example')
        self.publish('ours.example', SPF_RECORD)
        domain.check_now()
        self.assertTrue(domain.finding_ids)
        for finding in domain.finding_ids:
            self.assertEqual(finding.display_name, finding.title)

    def test_a_row_of_history_is_named_in_words(self):
        check = self.env['mail.domain.health.check'].create({
            'domain_id': self.health('ours.example').id, 'date': '2026-03-01 23:30:00', 'state': 'pass'})
        self.assertIn("ours.example", check.display_name)
        self.assertIn("03/02/2026", check.with_context(tz='Asia/Tokyo').display_name)
