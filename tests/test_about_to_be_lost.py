from datetime import datetime, timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests import new_test_user, tagged
from odoo.tests.common import BaseCase
from odoo.tools import mute_logger

from ..checking import about_to_be_lost, quieting
from ..checking.about_to_be_lost import (
    A_DAY,
    ACTIVITY_LOST,
    follow_names,
    follow_registered,
    follow_zone,
    get_findings,
    get_next_look,
)
from ..checking.announcing import ACTIVITY_UNSEEN
from ..checking.stored_report import StoredReport
from ..mailauth.registration import Registered
from ..mailauth.tests.dns_server import DnsServer
from ..models import mail_domain_health
from .common import DKIM_RECORD, DMARC_RECORD, HEALTHY, ODOO_ZONE, mute
from .test_cron import CronCase

START = datetime(2026, 1, 1)
HOUR = timedelta(hours=1)
DEAD = {'kind': 'spf', 'domain': 'gone.example', 'name': 'spf.gone.example', 'at': 'ours.example', 'term': 'include:spf.gone.example'}
MISSING, EXISTS, UNKNOWN, NOT_FOR_SALE = Registered.MISSING, Registered.EXISTS, Registered.UNKNOWN, Registered.NOT_FOR_SALE
SPF_DEAD = '@ TXT "v=spf1 include:_spf.odoo.com include:spf.gone.example ~all"'


@tagged('post_install', '-at_install')
class TestSightings(BaseCase):
    """What is known after each look, and what of it is a finding: pure."""

    def play(self, *looks):
        """Play ``(hours since the start, what the parent said)``; return whether each made, or kept, a finding."""
        sightings, confirmed = follow_names({}, {'found': [DEAD], 'left_open': []}, START), []
        for hours, said in looks:
            sightings = follow_registered(sightings, {'gone.example': said}, START + hours * HOUR)
            confirmed.append(bool(get_findings('ours.example', sightings)))
        return confirmed

    def test_two_denials_a_day_apart_make_a_finding_and_nothing_less(self):
        for looks, confirmed in (
            ([(0, MISSING)], [False]),
            ([(0, MISSING), (23, MISSING)], [False, False]),
            ([(0, MISSING), (24, MISSING)], [False, True]),
            ([(0, MISSING), (12, MISSING), (24, MISSING)], [False, False, True]),
            ([(0, MISSING), (24, UNKNOWN), (48, UNKNOWN)], [False, False, False]),
            ([(0, UNKNOWN), (24, MISSING)], [False, False]),
            ([(0, MISSING), (12, UNKNOWN), (25, MISSING)], [False, False, True]),
            ([(0, MISSING), (12, EXISTS), (24, MISSING)], [False, False, False]),
            ([(0, MISSING), (12, EXISTS), (24, MISSING), (48, MISSING)], [False, False, False, True]),
            ([(0, NOT_FOR_SALE), (24, NOT_FOR_SALE)], [False, False]),
            ([(0, MISSING), (24, MISSING), (48, UNKNOWN)], [False, True, True]),
            ([(0, MISSING), (24, MISSING), (48, EXISTS)], [False, True, False]),
        ):
            with self.subTest(looks):
                self.assertEqual(self.play(*looks), confirmed)

    def test_what_dns_left_open_is_kept_and_what_no_record_names_is_forgotten(self):
        known = {'spf gone.example': {**DEAD, 'since': START.isoformat(), 'confirmed': True}}
        self.assertEqual(follow_names(known, {'found': [], 'left_open': ['spf']}, START), known)
        self.assertEqual(follow_names(known, {'found': [], 'left_open': ['mx']}, START), {})
        mended = {**DEAD, 'name': 'other.gone.example'}
        (seen,) = follow_names(known, {'found': [mended], 'left_open': []}, START).values()
        self.assertEqual((seen['name'], seen['since'], seen['confirmed']), ('other.gone.example', START.isoformat(), True))

    def test_a_report_of_an_older_version_leaves_all_open(self):
        known = {'spf gone.example': {**DEAD, 'since': START.isoformat()}}
        self.assertEqual(follow_names(known, StoredReport.from_dict({}).dead_names, START), known)

    def test_parents_are_asked_at_once_about_what_is_new_and_never_without_names(self):
        later, now = START + A_DAY, START + HOUR
        self.assertFalse(get_next_look({'servfail': {'since': START.isoformat()}}, later, now))
        self.assertEqual(get_next_look({'spf gone.example': DEAD}, later, now), now)
        self.assertEqual(get_next_look({'spf gone.example': {**DEAD, 'asked': START.isoformat()}}, later, now), later)

    def test_parked_counts_only_where_it_was_not_and_at_the_second_look(self):
        parked = StoredReport.from_dict({
            'zone': {'name': 'ours.example', 'nameservers': ['ns1.sedoparking.com', 'ns2.sedoparking.com']}})
        first = follow_zone({}, ['ns1.ours.example'], parked, START)
        self.assertFalse(get_findings('ours.example', first))
        self.assertFalse(get_findings('ours.example', follow_zone(first, ['ns1.ours.example'], parked, START + HOUR / 12)))
        second = follow_zone(first, ['ns1.ours.example'], parked, START + HOUR)
        self.assertEqual(get_findings('ours.example', second), {
            ('registration.parking', 'ours.example'): {'since': '2026-01-01', 'service': 'Sedo'}})
        self.assertFalse(follow_zone({}, ['ns3.sedoparking.com'], parked, START))
        self.assertFalse(follow_zone({}, [], parked, START))
        self.assertEqual(follow_zone(second, [], StoredReport.from_dict({}), START), second, "nobody said who serves it")


class LostCase(CronCase):
    """ours.example below example, whose own servers are asked."""

    zones = {'odoo.com': ODOO_ZONE, 'gmail.com': '@ MX 10 mail', 'example': '@ NS ns\nns A 127.0.0.3'}

    def setUp(self):
        super().setUp()
        self.parent = DnsServer({'example': '@ NS ns\nours NS ns1.ours'}, host='127.0.0.3', authoritative=True).start()
        self.addCleanup(self.parent.stop)
        self.startPatcher(patch.object(mail_domain_health, 'AUTHORITY_PORT', self.parent.address[1]))
        self.publish('ours.example', *HEALTHY)
        self.domain = self.health('ours.example').with_context(active_test=True)
        self.domain.check_now()
        self.before = self.domain.message_ids

    def lost(self):
        """The findings that last, by code and name."""
        found = self.domain.finding_ids.filtered(lambda found: found.area == 'registration' and not found.resolved_on)
        return {(one.code, one.name) for one in found}

    def activities(self, xmlid=ACTIVITY_LOST):
        return self.domain.activity_ids.filtered(lambda activity: activity.activity_type_id == self.env.ref(xmlid))

    def told(self):
        """How many notes and activities there are."""
        return len(self.domain.message_ids - self.before), len(self.activities())

    def ask_parents(self):
        about_to_be_lost.look_at_due(self.env, self.env.flush_all)

    def let_pass(self, **duration):
        """Let time pass for what is known of this domain."""
        sightings = self.domain.lost_sightings or {}
        for seen in sightings.values():
            for name in ('since', 'asked'):
                if name in seen:
                    seen[name] = (datetime.fromisoformat(seen[name]) - timedelta(**duration)).isoformat()
        self.domain.lost_sightings = sightings
        if self.domain.next_registration_look:
            self.domain.next_registration_look -= timedelta(**duration)

    def look(self, **pass_before):
        """Check the domain, and ask parent zones if it is time."""
        self.let_pass(**pass_before)
        self.domain.check_now()
        self.ask_parents()


@tagged('post_install', '-at_install')
class TestAboutToBeLost(LostCase):

    def lose_include(self):
        self.publish('ours.example', SPF_DEAD, DKIM_RECORD, DMARC_RECORD)
        self.look()
        self.look(days=1)

    def test_a_name_that_its_parent_denies_twice_a_day_apart_is_one_finding_and_is_told_once(self):
        self.publish('ours.example', SPF_DEAD, DKIM_RECORD, DMARC_RECORD)
        self.look()
        self.assertEqual((self.lost(), self.told()), (set(), (0, 0)))
        state = self.domain.state
        self.look(hours=23)
        self.assertEqual(self.lost(), set())
        self.look(hours=2)
        self.assertEqual(self.lost(), {('registration.spf', 'gone.example')})
        self.assertEqual(self.told(), (1, 1))
        for _day in range(3):
            self.look(days=1)
        self.assertEqual(self.told(), (1, 1), "once")
        finding = self.domain.finding_ids.filtered(lambda found: found.code == 'registration.spf')
        self.assertEqual((finding.severity, bool(finding.security_mark)), ('error', True))
        self.assertEqual(self.domain.state, state, "the verdict is what check_host says")
        self.assertIn('gone.example', self.domain.first_step, "before any record")
        self.assertIn('gone.example', (self.domain.message_ids - self.before)[:1].body)
        self.assertFalse(self.domain.finding_ids.filtered(
            lambda found: found.code == 'spf.include_unregistered' and not found.resolved_on), "the same, said twice")

    def test_every_kind_of_name_is_a_finding_of_its_own(self):
        self.publish(
            'ours.example', '@ NS ns.ns-gone.example.', '@ MX 20 mx.mx-gone.example.', SPF_DEAD,
            'odoo._domainkey CNAME key.dkim-gone.example.', '_dmarc TXT "v=DMARC1; p=none; rua=mailto:a@rua-gone.example"')
        self.look()
        self.look(days=1)
        self.assertEqual(self.lost(), {
            ('registration.spf', 'gone.example'), ('registration.mx', 'mx-gone.example'), ('registration.ns', 'ns-gone.example'),
            ('registration.dkim', 'dkim-gone.example'), ('registration.reports', 'rua-gone.example')})
        self.assertEqual(len(self.activities()), 1)
        for finding in self.domain.finding_ids.filtered(lambda found: found.area == 'registration'):
            for text in (finding.title, finding.explanation, finding.remedy):
                self.assertNotIn('—', text, "every parameter is there")

    def test_the_domain_itself_is_lost_where_its_parent_does_not_know_it_any_more(self):
        self.dns.remove_zone('ours.example')
        self.parent.set_zone('example', '@ NS ns')
        self.look()
        self.look(days=1)
        self.assertEqual(self.lost(), {('registration.domain', 'ours.example')})

    def test_what_is_no_denial_of_the_parents_servers_makes_no_finding(self):
        self.publish('ours.example', SPF_DEAD, DKIM_RECORD, DMARC_RECORD)
        for behaviour in ('drop', 'servfail', 'refused', 'truncate-always', 'referral'):
            with self.subTest(behaviour):
                self.parent.clear_scripts()
                self.parent.script('*', '*', behaviour)
                self.look(days=1)
                self.look(days=1)
                self.assertEqual((self.lost(), self.told()[1]), (set(), 0))
                self.assertTrue(self.domain.next_registration_look, "it is asked again")

    def test_one_existence_ends_it_and_says_nothing(self):
        self.lose_include()
        self.parent.set_zone('example', '@ NS ns\nours NS ns1.ours\ngone NS ns1.ours')
        self.look(days=1)
        self.assertEqual((self.lost(), self.told()), (set(), (1, 0)))

    def test_silence_of_the_parents_servers_or_of_the_resolver_ends_nothing(self):
        self.lose_include()
        self.parent.script('*', '*', 'drop')
        self.look(days=1)
        self.assertEqual(len(self.lost()), 1)
        with self.silent_dns():
            self.look(days=1)
        self.dns.script('spf.gone.example', '*', 'servfail')
        self.look(days=1)
        self.assertEqual((len(self.lost()), self.told()[1]), (1, 1))

    def test_a_mended_record_ends_it(self):
        self.lose_include()
        self.publish('ours.example', *HEALTHY)
        self.domain.check_now()
        self.assertEqual((self.lost(), self.told()[1]), (set(), 0))
        self.assertFalse(self.domain.next_registration_look)

    def test_nothing_is_noted_or_said_of_somebody_elses_domain(self):
        self.domain.action_disclaim()
        self.lose_include()
        self.assertEqual((self.lost(), self.told(), self.domain.lost_sightings), (set(), (0, 0), False))

    def test_whoever_says_that_a_domain_is_somebody_elses_is_not_reminded_of_it(self):
        self.lose_include()
        self.domain.action_disclaim()
        self.domain.check_now()
        self.assertEqual((self.lost(), self.told()[1]), (set(), 0))

    def test_a_muted_finding_that_begins_again_is_not_told(self):
        self.lose_include()
        mute(self.domain.finding_ids.filtered(lambda found: found.area == 'registration'))
        self.publish('ours.example', *HEALTHY)
        self.domain.check_now()
        notes = self.told()[0]
        self.lose_include()
        self.assertEqual((len(self.lost()), self.told()), (1, (notes, 0)))

    def test_it_stands_in_settings_and_first_in_what_is_to_be_done_and_the_verdict_keeps_its_color(self):
        def said():
            return self.company._get_mail_domain_health_box(), self.domain.read_fix_it()

        before, to_do = said()
        self.assertFalse(before['danger'] or to_do['dangers'])
        self.assertTrue(to_do['done'])
        self.lose_include()
        box, fix_it = said()
        self.assertEqual(box['headline'], before['headline'])
        self.assertEqual(box['danger'], {'domain_id': self.domain.id, 'title': self.finding().title})
        [danger] = fix_it['dangers']
        self.assertEqual((danger['title'], danger['severity'], bool(danger['mark'])), (self.finding().title, 'error', True))
        self.assertIn('gone.example', danger['remedy'])
        self.assertFalse(fix_it['done'])
        self.assertNotEqual(fix_it['sentence'], to_do['sentence'])
        mute(self.finding())
        box, fix_it = said()
        self.assertFalse(box['danger'] or fix_it['dangers'])
        self.assertTrue(fix_it['done'])

    def test_settings_show_that_of_their_own_domain_first_and_none_of_another_company(self):
        other = self.make_company("Other", 'other.example')
        self.lose_include()
        self.assertFalse(other._get_mail_domain_health_box()['danger'])
        first = self.finding()
        second = first.copy({'domain_id': self.health('other.example').id, 'code': 'registration.mx'})
        self.assertEqual(other._get_mail_domain_health_box()['danger']['title'], second.title)
        second.domain_id.company_ids |= self.company
        self.assertEqual(self.company._get_mail_domain_health_box()['danger']['title'], first.title)

    def finding(self):
        return self.domain.finding_ids.filtered(lambda found: found.area == 'registration')

    def test_muting_takes_the_activity_and_taking_that_back_returns_it_without_another_message(self):
        self.lose_include()
        mute(self.finding())
        self.assertEqual(self.told(), (1, 0))
        self.look(days=1)
        self.assertEqual(self.told(), (1, 0))
        quieting.unmute(self.finding())
        self.assertEqual(self.told(), (1, 1))

    def test_a_mute_until_it_changes_ends_where_another_record_names_the_domain_and_the_activity_returns_once(self):
        self.lose_include()
        quieting.mute(self.finding(), False, "Known.")
        self.look()
        self.assertTrue(self.finding().is_muted, "nothing has changed")
        self.publish(
            'ours.example', '@ TXT "v=spf1 include:_spf.odoo.com a:other.gone.example ~all"', DKIM_RECORD, DMARC_RECORD)
        self.look()
        self.assertEqual((self.lost(), self.finding().is_muted), ({('registration.spf', 'gone.example')}, False))
        self.assertEqual(self.told(), (1, 1))
        self.assertEqual(self.domain.event_ids.sorted('id').mapped('kind'), ['muted', 'mute_ended'])
        self.activities().unlink()
        self.look(days=1)
        self.assertEqual(self.told(), (1, 0), "once")

    def test_a_mute_until_it_changes_ends_when_the_record_is_mended_and_what_begins_again_is_told(self):
        self.lose_include()
        quieting.mute(self.finding(), False, "Known.")
        self.publish('ours.example', *HEALTHY)
        self.domain.check_now()
        self.assertFalse(self.finding().is_muted)
        self.lose_include()
        self.assertEqual(self.told(), (2, 1))

    def test_when_the_day_of_a_mute_has_come_whoever_was_told_has_the_activity_again_and_others_are_told(self):
        self.lose_include()
        mute(self.finding(), days=1)
        self.finding().muted_until = fields.Datetime.now() - timedelta(minutes=1)
        for _look in range(2):
            self.look()
            self.assertEqual(self.told(), (1, 1), "it was told before it was muted")
        mute(self.finding(), days=1)
        self.publish('ours.example', *HEALTHY)
        self.domain.check_now()
        self.lose_include()
        self.assertEqual(self.told(), (1, 0))
        # Both in the same second here.
        self.finding().write({'muted_on': fields.Datetime.now() - timedelta(hours=1),
                              'muted_until': fields.Datetime.now() - timedelta(minutes=1)})
        for _look in range(2):
            self.look()
            self.assertEqual(self.told(), (2, 1), "what began while it was muted was told nobody")

    def test_each_user_is_told_in_their_own_language_and_nobody_by_mail(self):
        self.env['res.lang']._activate_lang('fr_FR')
        users = {lang: new_test_user(
            self.env, f'lost_{lang}', 'base.group_system', lang=lang, company_id=self.company.id, notification_type='email',
            company_ids=[(6, 0, self.company.ids)], email=f'{lang}@ours.example') for lang in ('en_US', 'fr_FR')}
        mails = self.env['mail.mail'].search_count([])
        with patch.object(self.env.registry['mail.domain.health'], '_get_responsible_users',
                          lambda self, by_company=None: self.env['res.users'].browse([user.id for user in users.values()])):
            self.lose_include()
        self.assertEqual(self.told(), (2, 2))
        self.assertEqual(len(set((self.domain.message_ids - self.before).mapped('body'))), 2, "a date is written otherwise at least")
        self.assertEqual(self.env['mail.mail'].search_count([]), mails)

    def test_what_dns_says_is_escaped_in_the_message(self):
        self.publish('ours.example', '@ MX 20 <script>x</script>.gone.example.', *HEALTHY)
        self.look()
        self.look(days=1)
        self.assertEqual(self.lost(), {('registration.mx', 'gone.example')})
        self.assertIn('&lt;script&gt;', self.domain.message_ids[:1].body)
        self.assertNotIn('<script', self.domain.message_ids[:1].body)

    def test_the_scheduled_run_asks_the_parents_in_the_run_that_sees_the_name_and_a_day_later(self):
        self.publish('ours.example', SPF_DEAD, DKIM_RECORD, DMARC_RECORD)
        self.domain.next_check = fields.Datetime.now()
        self.run_cron()
        self.assertIn('since', self.domain.lost_sightings['spf gone.example'])
        asked = len(self.parent.log)
        self.run_cron()
        self.assertEqual(len(self.parent.log), asked, "a day has not passed")
        self.let_pass(days=1)
        self.run_cron()
        self.assertEqual((self.lost(), self.told()), ({('registration.spf', 'gone.example')}, (1, 1)))

    def test_what_cannot_be_stored_of_one_domain_is_stored_of_the_others(self):
        self.make_domains(2)
        domains = self.env['mail.domain.health'].search([('name', '=like', 'd_.example')])
        later = fields.Datetime.now() + timedelta(days=1)
        domains.write({'next_check': later, 'next_registration_look': fields.Datetime.now() - timedelta(minutes=1),
                       'lost_sightings': {'spf gone.example': DEAD}})
        follow = about_to_be_lost._follow

        def fail(domain, *arguments):
            follow(domain, *arguments)
            if domain.name == 'd0.example':
                raise ValueError("broken")

        with patch.object(about_to_be_lost, '_follow', fail), mute_logger(about_to_be_lost.__name__):
            self.run_cron()
        asked = {domain.name: 'asked' in domain.lost_sightings['spf gone.example'] for domain in domains}
        self.assertEqual(asked, {'d0.example': False, 'd1.example': True})
        self.assertGreater(min(domains.mapped('next_registration_look')), fields.Datetime.now())

    def test_one_piece_asks_about_a_bounded_number_of_names_and_always_about_one_domain(self):
        self.make_domains(3)
        domains = self.env['mail.domain.health'].search([('name', '=like', 'd_.example')], order='id')
        for number, domain in enumerate(domains):
            domain.lost_sightings = {
                f'spf n{n}-{number}.example': {**DEAD, 'domain': f'n{n}-{number}.example'}
                for n in range((about_to_be_lost.MAX_NAMES + 1, about_to_be_lost.MAX_NAMES, 1)[number])}
        for rest in range(3):
            due, names = about_to_be_lost._take(domains[rest:])
            self.assertEqual(due, domains[rest], "the first whatever it names; the next would be too many")
        self.assertEqual(names, {'n0-2.example'})

    def test_a_killed_worker_leaves_what_it_had_begun_to_a_later_run(self):
        self.publish('ours.example', SPF_DEAD, DKIM_RECORD, DMARC_RECORD)
        self.domain.check_now()
        with patch.object(about_to_be_lost, '_follow', side_effect=KeyboardInterrupt), self.assertRaises(KeyboardInterrupt):
            self.ask_parents()
        self.assertLessEqual(self.domain.next_registration_look, fields.Datetime.now() + about_to_be_lost.CLAIM)


@tagged('post_install', '-at_install')
class TestZoneAboutToBeLost(LostCase):

    def park(self):
        self.dns.set_zone('ours.example', '@ SOA ns1.sedoparking.com. h 1 2 3 4 5\n@ NS ns1.sedoparking.com.\n'
                                          '@ NS ns2.sedoparking.com.\n@ A 192.0.2.1')

    def test_a_domain_that_moves_to_a_parking_service_is_told_once_at_the_second_look(self):
        self.park()
        self.look()
        self.assertEqual(self.lost(), set())
        for _look in range(3):
            self.look(minutes=15)
        self.assertEqual(self.lost(), {('registration.parking', 'ours.example')})
        self.assertEqual(len(self.activities()), 1)
        self.publish('ours.example', *HEALTHY)
        self.look()
        self.assertEqual((self.lost(), len(self.activities())), (set(), 0))

    def have_zone_fail(self, behaviour='servfail'):
        self.dns.script('ours.example', '*', behaviour)
        for name in ('_dmarc', 'odoo._domainkey', '_domainkey', '_mta-sts', '_smtp._tls'):
            self.dns.script(f'{name}.ours.example', '*', behaviour)

    def test_a_zone_that_fails_for_a_day_is_told_as_that_and_not_as_unseen(self):
        self.have_zone_fail()
        self.look()
        self.look(hours=23)
        self.assertEqual((self.lost(), self.told()), (set(), (0, 0)))
        self.domain.unanswered_since = fields.Datetime.now() - timedelta(hours=25)
        self.look(hours=2)
        self.look(days=1)
        self.assertEqual(self.lost(), {('registration.servfail', 'ours.example')})
        self.assertEqual((self.told(), len(self.activities(ACTIVITY_UNSEEN))), ((1, 1), 0))
        self.assertEqual(self.domain.state, 'unknown', "the verdict is not touched")
        self.dns.clear_scripts()
        self.look()
        self.assertEqual((self.lost(), len(self.activities())), (set(), 0))

    def test_a_silent_zone_is_unseen_and_does_not_fail(self):
        self.dns.set_silent('ours.example')
        self.look()
        self.domain.unanswered_since = fields.Datetime.now() - timedelta(hours=25)
        self.look(days=1)
        self.assertEqual((self.lost(), len(self.activities(ACTIVITY_UNSEEN))), (set(), 1))

    def test_a_zone_that_answers_about_spf_alone_neither_fails_nor_is_unseen(self):
        """How much two SPF records harm is up to DKIM: the state is open, and yet they were seen."""
        self.publish('ours.example', *HEALTHY, '@ TXT "v=spf1 -all"')
        self.dns.script('odoo._domainkey.ours.example', '*', 'servfail')
        self.dns.script('_dmarc.ours.example', '*', 'servfail')
        for _look in range(3):
            self.look(days=1)
        self.assertEqual((self.domain.spf_state, self.domain.dmarc_state), ('unknown', 'unknown'))
        self.assertFalse(self.domain.unanswered_since)
        self.assertEqual((self.lost(), self.told()[1], len(self.activities(ACTIVITY_UNSEEN))), (set(), 0, 0))

    def test_a_zone_that_answers_about_a_key_alone_neither_fails_nor_is_unseen(self):
        self.dns.script('ours.example', 'TXT', 'servfail')
        self.dns.script('_dmarc.ours.example', '*', 'servfail')
        for _look in range(3):
            self.look(days=1)
        self.assertEqual((self.domain.spf_state, self.domain.dkim_state, self.domain.dmarc_state), ('unknown', 'pass', 'unknown'))
        self.assertFalse(self.domain.unanswered_since)
        self.assertEqual((self.lost(), len(self.activities(ACTIVITY_UNSEEN))), (set(), 0))

    def test_a_resolver_that_fails_at_everything_says_nothing_of_the_zone(self):
        self.dns.script('*', '*', 'servfail')
        self.look()
        self.look(days=2)
        self.assertEqual((self.lost(), self.told()[1]), (set(), 0))

    def run_due(self, **pass_before):
        self.let_pass(**pass_before)
        self.domain.next_check = fields.Datetime.now() - timedelta(minutes=1)
        self.run_cron()

    def test_a_day_of_failing_begins_when_dns_answers_here_and_outlasts_silence_once_told(self):
        self.dns.script('*', '*', 'servfail')
        self.run_due()
        self.dns.clear_scripts()
        self.have_zone_fail()
        self.run_due(hours=25)
        self.assertEqual(self.lost(), set(), "for a day nothing was known of it")
        self.run_due(hours=25)
        self.assertEqual(self.lost(), {('registration.servfail', 'ours.example')})
        self.dns.script('*', '*', 'servfail')
        self.run_due()
        self.assertEqual(self.lost(), {('registration.servfail', 'ours.example')}, "silence ends nothing")
