import time
from datetime import timedelta
from unittest.mock import patch

from psycopg2.errors import SerializationFailure, UniqueViolation

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..checking import announcement
from ..checking.announcement import CONFIRM_AFTER
from ..checking.query import domain_query
from ..texts import announcement as announcement_texts
from .common import DKIM_RECORD, DMARC_RECORD, HEALTHY, SPF_RECORD, DomainHealthCase, mute


@tagged('post_install', '-at_install')
class TestCheck(DomainHealthCase):
    """Given this zone and this configuration, the administrator sees that."""

    def setUp(self):
        super().setUp()
        self.publish('ours.example', *HEALTHY)
        self.domain = self.health('ours.example').with_context(active_test=True)
        self.admin = self.env.ref('base.user_admin')
        self.admin.company_ids |= self.company
        self.admin.notification_type = 'inbox'
        self.company.mail_health_user_id = self.admin

    def states(self):
        return tuple(self.domain[f'{area}_state'] for area in ('spf', 'dkim', 'dmarc'))

    def later(self):
        """Let the time pass after which a worse state counts as confirmed."""
        announced = self.domain.announced
        for known in announced.values():
            if known.get('pending_since'):
                known['pending_since'] = (fields.Datetime.now() - CONFIRM_AFTER).isoformat()
        self.domain.announced = announced

    def messages(self):
        return self.domain.message_ids.filtered(lambda message: message.message_type != 'auto_comment')

    def values(self):
        return [(change['action'], change['type'], change['host'], change['value'])
                for change in self.domain.publication['changes']]

    def test_what_is_seen_at_last_is_told_as_bad_as_it_is(self):
        def told(state):
            event = announcement.Event('broken', 'spf', 'unknown', state, '', 'ours.example TXT v=spf1')
            return announcement_texts.headline(self.env, self.domain, [event], False)

        self.assertIn("cannot verify your mail", told('fail'))
        self.assertNotIn("cannot verify", told('warning'))
        self.assertIn("Your mail still arrives", told('warning'))

    def test_healthy_domain_passes_with_nothing_to_publish(self):
        result = self.domain.check_now()
        self.assertFalse(result['busy'])
        self.assertEqual(self.domain.state, 'pass', self.domain.report)
        self.assertEqual(self.states(), ('pass', 'pass', 'pass'))
        self.assertEqual(self.values(), [])

    def test_domain_without_records_gets_all_three(self):
        self.publish('ours.example')
        self.domain.check_now()
        self.assertEqual(self.domain.state, 'fail')
        self.assertEqual(self.values(), [
            ('create', 'TXT', '@', 'v=spf1 include:_spf.odoo.com ~all'),
            ('create', 'CNAME', 'odoo._domainkey', 'odoo._domainkey.odoo.com'),
            ('create', 'TXT', '_dmarc', 'v=DMARC1; p=none'),
        ])
        self.assertIn('odoo._domainkey.ours.example', self.domain.publication['text'])

    def test_spf_of_another_service_is_replaced_and_never_doubled(self):
        self.dns.set_zone('google.com', '_spf TXT "v=spf1 ip4:198.51.100.0/24 ~all"')
        self.publish('ours.example', '@ TXT "v=spf1 include:_spf.google.com ~all"', '@ TXT "site=1"', DKIM_RECORD,
                     DMARC_RECORD)
        self.domain.check_now()
        [change] = self.domain.publication['changes']
        self.assertEqual(change['action'], 'replace')
        self.assertEqual(change['old_value'], 'v=spf1 include:_spf.google.com ~all')
        self.assertEqual(change['value'], 'v=spf1 include:_spf.odoo.com include:_spf.google.com ~all')

    def test_two_spf_records_become_one(self):
        self.publish('ours.example', '@ TXT "v=spf1 ip4:203.0.113.1 ~all"', SPF_RECORD, DKIM_RECORD, DMARC_RECORD)
        self.domain.check_now()
        self.assertEqual([change[0] for change in self.values()], ['replace', 'delete'])

    def test_enforced_policy_with_nothing_in_order_fails_and_says_so(self):
        self.publish('ours.example', '@ TXT "v=spf1 ip4:203.0.113.1 -all"', '_dmarc TXT "v=DMARC1; p=reject"')
        self.domain.check_now()
        self.assertEqual(self.domain.state, 'fail')
        self.assertEqual(self.domain.dmarc_state, 'fail')
        self.assertIn("reject", self.domain.overview['areas'][2]['sentence'])

    def test_policy_none_is_no_failure(self):
        self.domain.check_now()
        self.assertEqual(self.domain.dmarc_state, 'pass')

    def test_no_snippet_before_it_is_known_who_sends(self):
        self.publish('ours.example')
        self.company.mail_sending_service_id = False
        self.domain.check_now()
        self.assertEqual(self.values(), [])
        self.assertTrue(self.domain.publication['sender_unknown'])

    def test_account_specific_values_are_never_invented(self):
        self.dns.set_zone('google.com', '_spf TXT "v=spf1 ip4:198.51.100.0/24 ~all"')
        self.publish('ours.example', DMARC_RECORD)
        self.company.mail_sending_service_id = self.env.ref('mail_domain_health.sending_service_google')
        self.domain.check_now()
        self.assertEqual(self.values(), [('create', 'TXT', '@', 'v=spf1 include:_spf.google.com ~all')])
        self.assertTrue(self.domain.publication['to_copy'][0]['url'].startswith('https://'))

    def test_relay_of_ones_own_is_looked_up_by_its_address(self):
        self.company.mail_sending_service_id = self.env['mail.sending.service'].create({
            'name': "Our relay", 'spf_term': 'ip4:192.0.2.10',
        })
        self.publish('ours.example', '@ TXT "v=spf1 ip4:192.0.2.10 -all"', DMARC_RECORD)
        self.domain.check_now()
        self.assertEqual(self.domain.spf_state, 'pass')
        self.assertIn('reverse.none', self.domain.finding_ids.mapped('code'))
        self.dns.set_zone('2.0.192.in-addr.arpa', '10 PTR mail.ours.example.')
        self.domain.check_now()
        self.assertTrue(self.domain.finding_ids.filtered(lambda finding: finding.code == 'reverse.none').resolved_on)

    def test_records_and_address_that_a_person_enters_are_read_strictly(self):
        for field, text in (
            ('dmarc_report_address', 'x;p=reject@ours.example'), ('dmarc_report_address', 'a b@ours.example'),
            ('dmarc_report_address', 'me@else..where'), ('dmarc_report_address', 'ours.example'),
            ('dkim_selectors', 's1._domainkey.ours.example'), ('dkim_selectors', 'a..b'), ('dkim_selectors', 'x' * 70),
        ):
            with self.subTest(text=text), self.assertRaises(ValidationError) as refused:
                self.domain[field] = text
            self.assertIn("DMARC Reports" if 'dmarc' in field else "DKIM Selectors", str(refused.exception))
        self.domain.write({'dmarc_report_address': 'dmarc@ours.example', 'dkim_selectors': 's1, s2'})

    def test_null_mx_and_missing_domain_fail_whatever_the_rest(self):
        self.dns.set_zone('ours.example', '\n'.join(('@ SOA ns1 h 1 1 1 1 1', '@ MX 0 .', *HEALTHY)))
        self.domain.check_now()
        self.assertEqual(self.domain.state, 'fail')
        self.assertEqual([area['state'] for area in self.domain.overview['areas']], ['unknown'] * 3, "no green under red")
        self.assertFalse([area for area in self.domain.overview['areas'] if area['known']])
        self.assertIn("no mail here", self.domain.publication['gate']['explanation'] + self.domain.publication['gate']['title'])
        self.assertTrue(self.domain.publication['gate']['remedy'])
        gone = self.make_company("Gone", 'gone.example').alias_domain_id.mail_domain_health_id
        gone.check_now()
        self.assertEqual(gone.state, 'fail')
        self.assertIn("does not exist", gone.overview['sentence'])
        self.assertTrue(gone.publication['gate']['remedy'])
        self.publish('ours.example', *HEALTHY)
        self.domain.check_now()
        self.assertIsNone(self.domain.publication['gate'])
        self.assertEqual(self.states(), ('pass', 'pass', 'pass'))

    def test_silent_dns_is_unknown_keeps_what_was_known_and_says_nothing(self):
        self.domain.check_now()
        messages, records = self.messages(), self.domain.records_seen
        with self.silent_dns():
            for _attempt in range(2):
                self.domain.check_now()
                self.later()
        self.assertEqual(self.states(), ('unknown', 'unknown', 'unknown'))
        spf = self.domain.overview['areas'][0]
        self.assertEqual(spf['known']['state'], 'pass')
        self.assertIn('127.0.0.1', spf['sentence'])
        self.assertEqual(self.messages(), messages)
        self.assertFalse(self.domain.activity_ids)
        self.assertEqual(
            [record['value'] for record in self.domain.records_seen if record['area'] == 'spf'],
            [record['value'] for record in records if record['area'] == 'spf'])
        self.domain.check_now()
        self.assertEqual(self.messages(), messages, "coming back from unknown is no recovery")

    def test_broken_record_is_announced_once_and_so_is_its_recovery(self):
        self.domain.check_now()
        before = self.messages()
        self.publish('ours.example')
        self.domain.check_now()
        self.assertEqual(self.messages(), before, "seen once is not confirmed")
        self.assertLessEqual(self.domain.next_check, fields.Datetime.now() + CONFIRM_AFTER)
        self.later()
        self.domain.check_now()
        message = self.messages() - before
        self.assertEqual(len(message), 1)
        self.assertIn('v=spf1 include:_spf.odoo.com ~all', message.body)
        self.assertIn("now missing", message.body)
        self.assertIn(self.admin.partner_id, message.notified_partner_ids)
        self.assertEqual(message.author_id, self.env.ref('base.partner_root'))
        self.assertEqual(self.domain.activity_ids.user_id, self.admin)
        self.domain.check_now()
        self.assertEqual(len(self.messages() - before), 1, "nothing new, nothing said")

        self.publish('ours.example', *HEALTHY)
        self.domain.check_now()
        recovery = self.messages() - before - message
        self.assertEqual(len(recovery), 1)
        self.assertIn("OK again", recovery.body)
        self.assertFalse(self.domain.activity_ids)

    def test_what_was_never_in_order_is_not_in_order_again(self):
        self.publish('ours.example')
        self.domain.check_now()
        before = self.messages()
        self.publish('ours.example', *HEALTHY)
        self.domain.check_now()
        self.assertIn("OK now", (self.messages() - before).body)

    def test_message_tells_each_record_in_one_line_of_words_and_shortens_keys(self):
        event = announcement.Event(
            'broken', 'dkim', 'pass', 'fail', f'a._domainkey.x TXT v=DKIM1; p={"A" * 30}{"B" * 400}\nb._domainkey.x CNAME b.y',
            'a._domainkey.x TXT v=DKIM1; p=\nb._domainkey.x CNAME b.y\nc._domainkey.x CNAME c.y')
        body = announcement_texts.changes(self.env, event)
        self.assertEqual(body.count('<li>'), 2)
        self.assertNotIn('b._domainkey.x', body, "what did not change is not told")
        self.assertIn('c._domainkey.x: was missing, now <code>CNAME c.y</code>', body)
        self.assertIn(f'p={"A" * 12}…{"B" * 12}</code>, now <code>TXT v=DKIM1; p=</code>', body)
        second = announcement.Event('broken', 'spf', 'pass', 'fail', 'x TXT a', 'x TXT a\nx TXT b')
        self.assertIn('another record was added, <code>TXT b</code>', announcement_texts.changes(self.env, second))
        removed = second._replace(old_record=second.new_record, new_record=second.old_record)
        self.assertIn('one of several records was removed, <code>TXT b</code>', announcement_texts.changes(self.env, removed))
        same = event._replace(new_record=event.old_record)
        self.assertIn("the record has not changed", announcement_texts.changes(self.env, same))

    def test_line_in_a_record_starts_no_line_in_letter_or_chatter(self):
        self.domain.check_now()
        forged = r'v=DMARC1\010\010Delete this record:\013\226\128\168  ours.example. 3600 IN MX 1 evil.example.'
        self.publish('ours.example', SPF_RECORD, DKIM_RECORD, f'_dmarc TXT "{forged}"')
        self.domain.check_now()
        self.later()
        self.domain.check_now()
        letter = self.domain.publication['text']
        self.assertIn('evil.example', letter, "the old record is quoted")
        body = ''.join(self.messages().mapped('body'))
        self.assertIn('evil.example', body)
        for text in (letter, body, *self.domain.check_ids.mapped('records_text')):
            lines = [line.strip() for line in text.replace('\u2028', '\n').splitlines()]
            self.assertFalse([line for line in lines if line.startswith(('Delete this', 'ours.example. 3600 IN MX'))])
            self.assertFalse([character for character in text if ord(character) < 32 and character != '\n'])

    def test_what_the_zones_own_servers_do_not_bear_out_is_not_announced(self):
        """The cache in use still has the broken record; the zone itself is whole again."""
        self.domain.check_now()
        before = self.messages()
        self.publish('ours.example')
        self.domain.check_now()
        self.later()
        self.assertTrue(domain_query(self.domain, set()).confirm)
        report = next(self.domain._check())[1]
        for confirmed, announced in (({'spf': 'pass', 'dkim': 'unknown', 'dmarc': 'pass'}, 0), ({'spf': 'fail'}, 1)):
            self.domain._apply_report({**report, 'confirmed': confirmed, 'started': time.time()})
            self.assertEqual(len(self.messages() - before), announced)

    def test_muted_finding_stays_quiet_and_visible(self):
        self.publish('ours.example', SPF_RECORD, DKIM_RECORD)
        self.domain.check_now()
        finding = self.domain.finding_ids.filtered(lambda finding: finding.code == 'dmarc.missing')
        self.assertFalse(finding.resolved_on)
        mute(finding)
        self.domain.announced = {**self.domain.announced, 'dmarc': {'state': 'pass', 'record': 'v=DMARC1; p=none'}}
        before = self.messages()
        self.domain.check_now()
        self.later()
        self.domain.check_now()
        self.assertEqual(self.messages(), before)
        self.assertTrue(finding.is_muted)

    def test_finding_lives_from_first_seen_to_resolved(self):
        self.publish('ours.example', SPF_RECORD, DKIM_RECORD)
        self.domain.check_now()
        finding = self.domain.finding_ids.filtered(lambda finding: finding.code == 'dmarc.missing')
        with self.silent_dns():
            self.domain.check_now()
        self.assertFalse(finding.resolved_on, "unknown resolves nothing")
        self.publish('ours.example', *HEALTHY)
        self.domain.check_now()
        self.assertTrue(finding.resolved_on)

    def test_history_has_a_row_for_a_change_only(self):
        for _look in range(3):
            self.domain.check_now()
        self.assertEqual(len(self.domain.check_ids), 1)
        self.publish('ours.example', SPF_RECORD, DKIM_RECORD)
        self.domain.check_now()
        self.assertEqual(len(self.domain.check_ids), 2)

    def test_markup_in_a_record_is_text_wherever_it_is_shown(self):
        self.domain.check_now()
        hostile = 'v=spf1 include:<script>alert(1)</script> -all'
        self.publish('ours.example', f'@ TXT "{hostile}"', DKIM_RECORD, DMARC_RECORD)
        self.domain.check_now()
        self.later()
        self.domain.check_now()
        self.assertNotIn('<script', ''.join(self.messages().mapped('body')))
        self.assertIn('&lt;script', ''.join(self.messages().mapped('body')))

    def test_huge_and_control_characters_are_stored_and_shown(self):
        strings = ' '.join('"%s"' % ('x' * 250) for _number in range(230))
        self.publish('ours.example', f'@ TXT "v=spf1 \\000\\007 " {strings}', DKIM_RECORD, DMARC_RECORD)
        self.domain.check_now()
        self.assertIn(self.domain.spf_state, ('warning', 'fail'))
        self.assertLess(len(str(self.domain.report)), 100_000)

    def test_zone_that_is_silent_for_a_day_gets_one_activity(self):
        with self.silent_dns():
            self.domain.check_now()
            self.assertFalse(self.domain.activity_ids)
            self.domain.unanswered_since = fields.Datetime.now() - timedelta(hours=25)
            self.domain.check_now()
            self.domain.check_now()
            self.assertEqual(len(self.domain.activity_ids), 0, "no control question answers either")
        self.dns.set_silent('ours.example')
        self.domain.check_now()
        self.domain.unanswered_since = fields.Datetime.now() - timedelta(hours=25)
        self.domain.check_now()
        self.domain.check_now()
        self.assertEqual(len(self.domain.activity_ids), 1)
        self.dns.set_silent('ours.example', False)
        self.domain.check_now()
        self.assertFalse(self.domain.activity_ids, "the zone answers again")

    def test_that_a_zone_is_silent_is_told_once_whatever_becomes_of_the_activity(self):
        def be_silent():
            self.dns.set_silent('ours.example')
            self.domain.check_now()
            self.domain.unanswered_since = fields.Datetime.now() - timedelta(hours=25)
            self.domain.check_now()

        for end in ('action_done', 'unlink'):
            with self.subTest(end):
                be_silent()
                self.assertEqual(self.domain.activity_ids.user_id, self.admin)
                getattr(self.domain.activity_ids, end)()
                self.domain.check_now()
                self.assertFalse(self.domain.activity_ids, "who was told is not told again")
                self.dns.set_silent('ours.example', False)
                self.domain.check_now()
        be_silent()
        self.assertEqual(len(self.domain.activity_ids), 1, "silent for another time")

    def test_zone_of_an_author_alone_that_is_silent_for_a_day_is_told_too(self):
        """SPF is judged by the company's domain, whose servers answer."""
        self.publish('author.example', *HEALTHY)
        new_test_user(self.env, 'jim', 'base.group_user', email='jim@author.example', company_id=self.company.id,
                      company_ids=[(6, 0, self.company.ids)])
        self.env.cr.flush()
        author = self.health('author.example').with_context(active_test=True)
        author.check_now()
        self.dns.set_silent('author.example')
        author.check_now()
        self.assertTrue(author.unanswered_since)

    def test_domain_that_no_check_gets_to_the_end_of_for_a_day_is_told_as_that(self):
        """Its servers answer, one after the other and slowly: no state changes, and nobody would know."""
        self.domain.check_now()
        get_resolver = self.env.registry['mail.domain.health']._get_resolver
        hasty = patch.object(
            self.env.registry['mail.domain.health'], '_get_resolver', lambda model, deadline=0.5: get_resolver(model, deadline))
        self.dns.script('_spf.odoo.com', 'TXT', 'delay:0.9')
        with hasty:
            self.domain.check_now()
            self.assertFalse(self.domain.activity_ids)
            self.domain.unanswered_since -= timedelta(hours=25)
            for _look in range(2):
                self.domain.check_now()
                [activity] = self.domain.activity_ids
                self.assertIn("too long", activity.summary)
            self.assertEqual(self.domain.state, 'pass')
        self.dns.clear_scripts()
        self.domain.check_now()
        self.assertFalse(self.domain.activity_ids or self.domain.unanswered_since)

    def test_resolver_that_reaches_nothing_is_no_fault_of_the_domain(self):
        """It still has the root at hand."""
        self.domain.check_now()
        self.dns.script('*', '*', 'servfail')
        self.dns.script('.', 'NS', 'nodata')
        self.domain.check_now()
        self.domain.unanswered_since = fields.Datetime.now() - timedelta(hours=25)
        self.domain.check_now()
        self.assertFalse(self.domain.activity_ids)

    def test_silence_behind_who_sends_is_neither_a_recovery_nor_a_break(self):
        dead, healthy = '@ MX 10 mail', '@ TXT "v=spf1 ip4:198.51.100.0/24 -all"'
        self.publish('ours.example', '@ TXT "v=spf1 include:_spf.odoo.com include:behind.example ~all"', *HEALTHY[1:])
        for zone, state in ((dead, 'warning'), (healthy, 'pass')):
            with self.subTest(zone=zone):
                self.publish('behind.example', zone)
                self.domain.check_now()
                self.assertEqual(self.domain.spf_state, state)
                before = self.messages()
                for _time in range(2):
                    self.dns.script('behind.example', 'TXT', 'servfail')
                    self.domain.check_now()
                    self.assertEqual(self.domain.spf_state, 'pass', "our mail passes, whatever stands behind")
                    self.dns.clear_scripts()
                    for _look in range(2):
                        self.domain.check_now()
                        self.later()
                    self.assertEqual(self.domain.spf_state, state)
                self.assertEqual(self.messages(), before)
        self.publish('behind.example', dead)
        self.domain.check_now()
        self.later()
        self.domain.check_now()
        self.assertEqual(len(self.messages() - before), 1, "what stands behind broke: that is seen, and said")

    def test_partial_recovery_does_not_say_in_order(self):
        self.domain.check_now()
        self.publish('ours.example')
        self.domain.check_now()
        self.later()
        self.domain.check_now()
        before = self.messages()
        self.publish('ours.example', SPF_RECORD)
        self.domain.check_now()
        self.assertIn("improved", (self.messages() - before).body)
        self.assertTrue(self.domain.activity_ids)

    def test_muted_hint_silences_no_real_break(self):
        self.publish('ours.example', '@ TXT "v=spf1 include:_spf.odoo.com ptr ~all"', DKIM_RECORD, DMARC_RECORD)
        self.domain.check_now()
        mute(self.domain.finding_ids.filtered(lambda finding: finding.code == 'spf.ptr'))
        self.domain.announced = {**self.domain.announced, 'spf': {'state': 'pass', 'record': 'before'}}
        before = self.messages()
        self.publish('ours.example', '@ TXT "v=spf1 ptr -all"', DKIM_RECORD, DMARC_RECORD)
        self.domain.check_now()
        self.later()
        self.domain.check_now()
        self.assertEqual(len(self.messages() - before), 1)
        self.assertIn('spf.not_authorised', self.domain.finding_ids.mapped('code'))

    def test_check_is_kept_where_another_one_writes_the_same_findings(self):
        """Or DNS would be asked again, up to five times."""
        Finding = self.env.registry['mail.domain.health.finding']
        for error in (UniqueViolation("twice"), SerializationFailure("at once")):
            with patch.object(Finding, '_sync_paths', side_effect=error), mute_logger(
                    'odoo.addons.mail_domain_health.models.mail_domain_health'):
                attempts = self.domain.attempts
                self.domain.check_now()
            self.assertEqual((self.domain.attempts, self.domain.state), (attempts + 1, 'pass'))

    def test_silence_about_a_report_address_does_not_resolve_what_was_found_about_it(self):
        self.publish('ours.example', SPF_RECORD, DKIM_RECORD, '_dmarc TXT "v=DMARC1; p=none; rua=mailto:r@odoo.com"')
        self.domain.check_now()
        finding = self.domain.finding_ids.filtered(lambda finding: finding.code == 'dmarc.external_not_authorised')
        self.assertTrue(finding)
        self.dns.script('ours.example._report._dmarc.odoo.com', 'TXT', 'servfail')
        self.domain.check_now()
        self.assertFalse(finding.resolved_on)
        self.dns.clear_scripts()
        self.publish('ours.example', *HEALTHY)
        self.domain.check_now()
        self.assertTrue(finding.resolved_on)

    def test_older_report_never_overwrites_a_newer_one(self):
        self.publish('ours.example')
        older = next(self.domain._check())[1]
        self.publish('ours.example', *HEALTHY)
        self.domain.check_now()
        self.domain.last_check = fields.Datetime.now() + timedelta(seconds=2)
        self.domain._apply_report(older)
        self.assertEqual(self.domain.state, 'pass')

    def test_deadline_keeps_state_and_confirmation(self):
        self.domain.check_now()
        self.publish('ours.example')
        self.domain.check_now()
        report = {**next(self.domain._check())[1], 'deadline_passed': True, 'state': 'unknown', 'started': time.time() + 5}
        self.domain._apply_report(report)
        self.assertEqual(self.domain.state, 'fail')
        self.assertLessEqual(self.domain.next_check, fields.Datetime.now() + CONFIRM_AFTER)

    def test_silence_resolves_no_finding_of_any_area(self):
        self.domain.check_now()
        open_findings = self.domain.finding_ids.filtered(lambda finding: not finding.resolved_on)
        self.assertIn('zone', open_findings.mapped('area'))
        with self.silent_dns():
            self.domain.check_now()
        self.assertFalse(any(open_findings.mapped('resolved_on')))

    def test_archived_domain_leaves_nothing_to_do(self):
        self.domain.check_now()
        self.publish('ours.example')
        self.domain.check_now()
        self.later()
        self.domain.check_now()
        self.assertTrue(self.domain.activity_ids)
        self.company.alias_domain_id = self.env['mail.alias.domain'].search([('name', '=', 'first.example')])
        self.domain.unanswered_since = fields.Datetime.now() - timedelta(days=9)
        self.env.cr.flush()
        self.assertFalse(self.domain.active)
        self.assertFalse(self.domain.activity_ids)
        self.assertFalse(self.domain.unanswered_since, "or its first silence would be one of all the time that nobody looked")

    def test_neutralized_copy_checks_and_notifies_nothing(self):
        self.env['ir.config_parameter'].set_param('database.is_neutralized', 'True')
        self.dns.log.clear()
        result = self.domain.check_now()
        self.env['mail.domain.health']._cron_check()
        self.assertTrue(result['notice'])
        self.assertFalse(self.dns.log)
        self.assertFalse(self.domain.last_check)
