from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ..checking import quieting
from ..checking.announcing import ACTIVITY_BROKEN, get_muted_codes
from .common import DKIM_RECORD, DMARC_RECORD, HEALTHY, DomainHealthCase

BROKEN = (DKIM_RECORD, DMARC_RECORD)  # the SPF record is missing
BROKEN_OTHERWISE = ('@ TXT "v=spf1 ip4:203.0.113.7 -all"', *BROKEN)


@tagged('post_install', '-at_install')
class TestQuieting(DomainHealthCase):
    """Muting a finding and being on what broke: what is said, what is noted, and how both end."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ann = new_test_user(
            cls.env, 'ann', 'base.group_system', name="Ann", company_id=cls.company.id, company_ids=[(6, 0, cls.company.ids)])
        cls.company.mail_health_user_id = cls.ann
        cls.Finding = cls.env['mail.domain.health.finding']

    def setUp(self):
        super().setUp()
        self.publish('ours.example', *HEALTHY)
        self.domain = self.health('ours.example').with_context(active_test=True)
        self.look()
        self.before = self.domain.message_ids

    def look(self, *records, **later):
        """Have the domain looked at some time later, with these records published."""
        if records:
            self.publish('ours.example', *records)
        if later:
            announced = self.domain.announced or {}
            for known in announced.values():
                if known.get('pending_since'):
                    known['pending_since'] = '2026-01-01T00:00:00'
            self.domain.announced = announced
        self.domain.check_now()

    def break_spf(self, *records):
        self.look(*(records or BROKEN))
        self.look(later=True)

    def said(self):
        return len(self.domain.message_ids - self.before)

    def activities(self):
        return self.domain.activity_ids.filtered(lambda activity: activity.activity_type_id == self.env.ref(ACTIVITY_BROKEN))

    def finding(self, code='spf.missing'):
        return self.domain.finding_ids.filtered(lambda finding: finding.code == code)

    def mute(self, findings, **values):
        wizard = self.env['mail.domain.health.mute'].with_user(self.ann).with_context(
            active_model=findings._name, active_ids=findings.ids)
        wizard.create({'reason': "The shop moves", **values}).action_apply()

    def acknowledge(self, domains=None, **values):
        domains = domains or self.domain
        wizard = self.env['mail.domain.health.acknowledge'].with_user(self.ann).with_context(
            active_model=domains._name, active_ids=domains.ids)
        wizard.create(values).action_apply()

    def events(self):
        return [(event.kind, event.user_id, event.reason) for event in self.domain.event_ids.sorted('id')]

    def day(self, days):
        return fields.Date.today() + timedelta(days=days)

    # a mute

    def test_a_muted_break_is_told_nobody_until_its_day_comes_and_then_once(self):
        self.look(*BROKEN)
        self.mute(self.finding(), date=self.day(10))
        self.look(later=True)
        self.assertEqual(self.said(), 0)
        self.assertFalse(self.activities())
        self.finding().muted_until = fields.Datetime.now() - timedelta(hours=1)
        self.look()
        self.assertEqual(self.said(), 1)
        self.assertEqual(self.activities().user_id, self.ann)
        self.look()
        self.assertEqual(self.said(), 1)

    def test_muting_what_was_told_takes_its_activity_and_unmuting_gives_it_back_without_another_message(self):
        self.break_spf()
        self.assertEqual((self.said(), len(self.activities())), (1, 1))
        self.mute(self.finding())
        self.assertFalse(self.activities())
        self.finding().with_user(self.ann).action_unmute()
        self.assertEqual((self.said(), len(self.activities())), (1, 1))
        self.mute(self.finding())
        self.look(*HEALTHY)
        self.assertEqual(self.said(), 1, "nothing about what a person muted, its recovery included")

    def test_a_mute_until_it_changes_ends_when_it_is_resolved_and_the_next_break_is_told(self):
        self.look(*BROKEN)
        self.mute(self.finding(), ends='change')
        self.look(later=True)
        self.assertTrue(self.finding().is_muted)
        self.assertEqual(self.said(), 0)
        self.look(*HEALTHY)
        self.assertFalse(self.finding().is_muted)
        self.assertEqual(self.said(), 0, "nobody was told that it broke")
        self.break_spf()
        self.assertEqual((self.said(), len(self.activities())), (1, 1))
        self.assertEqual(self.events(), [
            ('muted', self.ann, "The shop moves"), ('mute_ended', self.env['res.users'], False)])

    def test_a_mute_until_it_changes_ends_with_each_thing_that_tells_of_it_and_with_nothing_else(self):
        self.look(*BROKEN_OTHERWISE)
        finding = self.finding('spf.not_authorised')
        for name, value in (('severity', 'info'), ('params', {'other': 1}), ('record', 'v=spf1 other -all')):
            with self.subTest(name=name):
                self.mute(finding, ends='change')
                self.look()
                self.assertTrue(finding.is_muted, "it is the same")
                finding[name] = value  # as another look had it
                self.look()
                self.assertFalse(finding.is_muted)
                self.assertFalse(finding.mute_reason)

    def test_a_mute_until_a_day_outlives_a_change_and_a_resolution(self):
        self.look(*BROKEN)
        self.mute(self.finding())
        self.look(*HEALTHY)
        self.look(*BROKEN)
        self.look(later=True)
        self.assertTrue(self.finding().is_muted)
        self.assertEqual(self.said(), 0)

    def test_silence_of_dns_ends_no_mute_and_tells_nothing(self):
        self.look(*BROKEN)
        self.mute(self.finding(), ends='change')
        self.look(later=True)
        with self.silent_dns():
            self.look()
            self.assertTrue(self.finding().is_muted)
            self.finding().with_user(self.ann).action_unmute()
            self.assertEqual(self.said(), 0)
            self.look()
            self.assertEqual(self.said(), 0)
        self.look()
        self.assertEqual(self.said(), 1, "it is seen that it is broken still")

    def test_one_muted_finding_of_several_alike_mutes_no_break(self):
        self.look(*BROKEN)
        other = self.finding().copy_data()[0]
        self.Finding.create({**other, 'name': 'other.ours.example', 'ordinal': 2})
        self.mute(self.finding()[0])
        self.assertNotIn('spf.missing', get_muted_codes(self.domain))
        self.mute(self.finding())
        self.assertIn('spf.missing', get_muted_codes(self.domain))

    def test_what_no_finding_is_named_after_is_muted_with_all_findings_of_its_area(self):
        """That receivers are asked to refuse mail which fails is the state of DMARC; the finding says that they refuse ours."""
        quarantine = '_dmarc TXT "v=DMARC1; p=quarantine"'
        self.look(*HEALTHY[:2], quarantine)
        self.look(quarantine)
        self.look(later=True)
        self.assertEqual(self.domain.announced['dmarc']['cause'], 'dmarc.quarantine')
        self.assertTrue(self.activities())
        self.mute(self.domain)
        self.assertFalse(self.activities())
        self.look()
        self.assertFalse(self.activities())
        self.assertIn('dmarc.quarantine', get_muted_codes(self.domain))
        with self.silent_dns():
            self.look()
        self.assertFalse(self.activities())
        self.look()
        quieting.unmute(self.finding('dmarc.refuses_own_mail'))
        self.assertNotIn('dmarc.quarantine', get_muted_codes(self.domain))
        self.assertTrue(self.activities())

    def test_a_muted_finding_says_who_until_when_and_why(self):
        self.look(*BROKEN)
        self.mute(self.finding(), date=self.day(10))
        finding = self.finding()
        self.assertIn("Ann", finding.mute_text)
        self.assertEqual(finding.mute_reason, "The shop moves")
        self.mute(finding, ends='change')
        self.assertIn("Ann", finding.mute_text)
        finding.muted_by_id = False
        self.assertTrue(finding.mute_text, "whoever it was is gone")

    def test_a_day_ends_where_the_user_is(self):
        self.ann.tz = 'Asia/Tokyo'
        self.look(*BROKEN)
        self.env.invalidate_all()
        wizard = self.env['mail.domain.health.mute'].with_user(self.ann).with_context(
            tz='Asia/Tokyo', active_model='mail.domain.health.finding', active_ids=self.finding().ids)
        wizard.create({'reason': "x", 'date': '2099-06-10'}).action_apply()
        self.assertEqual(self.finding().muted_until, fields.Datetime.to_datetime('2099-06-09 15:00:00'))
        self.assertIn("10", self.finding().with_context(tz='Asia/Tokyo').mute_text)

    def test_no_reason_and_no_day_to_come_are_asked_for_in_words(self):
        self.look(*BROKEN)
        for values in ({'reason': " "}, {'date': False}, {'date': fields.Date.today()}, {'date': '2020-01-01'}):
            with self.subTest(**values), self.assertRaises(UserError):
                self.mute(self.finding(), **values)
        self.assertFalse(self.finding().is_muted)

    def test_all_that_last_of_chosen_domains_are_muted_and_unmuted(self):
        self.look(*BROKEN_OTHERWISE)
        lasting = self.domain.finding_ids.filtered(lambda finding: not finding.resolved_on)
        self.assertGreater(len(lasting), 1)
        self.mute(self.domain, ends='change')
        self.assertTrue(all(lasting.mapped('is_muted')))
        found = self.Finding.search([('domain_id', '=', self.domain.id), ('resolved_on', '=', False), ('is_muted', '=', False)])
        self.assertFalse(found)
        self.domain.with_user(self.ann).action_unmute_findings()
        self.assertFalse(any(lasting.mapped('is_muted')))
        self.assertEqual(self.Finding.search_count([('id', 'in', lasting.ids), ('is_muted', '=', False)]), len(lasting))
        self.assertEqual(len(self.domain.event_ids), 2 * len(lasting))

    # being on it

    def test_who_is_on_it_is_left_alone_and_told_when_it_is_whole(self):
        self.break_spf()
        self.assertTrue(self.domain.is_reminding)
        self.acknowledge(reason="The host is asked")
        self.assertFalse(self.activities())
        self.assertFalse(self.domain.is_reminding)
        self.assertIn("Ann", self.domain.acknowledged_text)
        for _look in range(3):
            self.look()
        self.assertEqual((self.said(), len(self.activities())), (1, 0))
        self.look(*HEALTHY)
        self.assertEqual(self.said(), 2, "recovery is told")
        self.assertFalse(self.domain.acknowledged_on)
        self.assertFalse(self.domain.acknowledged_text)
        self.assertEqual(self.events(), [('acknowledged', self.ann, "The host is asked")])

    def test_the_activity_returns_once_when_the_day_has_come_and_it_is_broken_still(self):
        self.break_spf()
        self.acknowledge(ends='date', date=self.day(3))
        self.look()
        self.assertFalse(self.activities())
        self.domain.acknowledged_until = fields.Datetime.now() - timedelta(minutes=1)
        with self.silent_dns():
            self.look()
            self.assertFalse(self.activities(), "nothing because DNS is silent")
        self.look()
        self.assertEqual((self.said(), len(self.activities())), (1, 1))
        self.assertFalse(self.domain.acknowledged_on)
        self.activities().unlink()
        self.look()
        self.assertFalse(self.activities(), "once")

    def test_the_domain_is_looked_at_when_a_day_comes_at_the_latest(self):
        self.break_spf()
        self.domain.next_check = fields.Datetime.now() + timedelta(days=30)
        self.acknowledge(ends='date', date=self.day(3))
        self.assertEqual(self.domain.next_check, self.domain.acknowledged_until)
        self.domain.acknowledged_until = fields.Datetime.now() + timedelta(minutes=5)
        self.look()
        self.assertEqual(self.domain.next_check, self.domain.acknowledged_until)
        self.mute(self.finding(), date=self.day(3))
        self.domain.next_check = fields.Datetime.now() + timedelta(days=30)
        self.mute(self.finding(), date=self.day(2))
        self.assertEqual(self.domain.next_check, self.finding().muted_until)
        soon = self.domain.next_check = fields.Datetime.now().replace(microsecond=0) + timedelta(hours=1)
        self.mute(self.finding(), date=self.day(2))
        self.assertEqual(self.domain.next_check, soon, "what is due before that stays so")

    def test_a_day_that_has_passed_makes_no_domain_due_for_ever(self):
        self.break_spf()
        self.mute(self.finding(), date=self.day(3))
        self.finding().muted_until = fields.Datetime.now() - timedelta(days=1)
        for _look in range(2):
            self.look()
            self.assertGreater(self.domain.next_check, fields.Datetime.now())

    def test_what_is_resolved_cannot_be_muted(self):
        self.look(*BROKEN)
        self.look(*HEALTHY)
        quieting.mute(self.finding(), False, "Late.")
        self.assertFalse(self.finding().muted_on or self.domain.event_ids)

    def test_what_is_whole_when_the_day_comes_is_no_reminder(self):
        self.break_spf()
        self.acknowledge(ends='date', date=self.day(3))
        self.domain.acknowledged_until = fields.Datetime.now() - timedelta(minutes=1)
        self.look(*HEALTHY)
        self.assertEqual((self.said(), len(self.activities())), (2, 0))

    def test_another_break_of_a_domain_that_somebody_is_on_is_told(self):
        self.break_spf()
        self.acknowledge()
        self.look(DKIM_RECORD)
        self.look(later=True)
        self.assertEqual((self.said(), len(self.activities())), (2, 1))
        self.assertTrue(self.domain.acknowledged_on, "of the other one")

    def test_taken_back_the_activity_is_there_again_for_each_who_is_responsible(self):
        self.break_spf()
        self.acknowledge()
        self.domain.with_user(self.ann).action_withdraw_acknowledgement()
        self.assertEqual(self.activities().user_id, self.ann)
        self.assertFalse(self.domain.acknowledged_on)
        self.assertEqual([kind for kind, _user, _reason in self.events()], ['acknowledged', 'withdrawn'])
        self.assertEqual(self.said(), 1)

    def test_a_later_word_takes_the_place_of_an_earlier_one(self):
        self.break_spf()
        self.acknowledge(ends='date', date=self.day(3))
        self.acknowledge(reason="It takes longer")
        self.assertFalse(self.domain.acknowledged_until)
        self.assertEqual(len(self.domain.event_ids), 2)

    def test_of_many_domains_those_that_are_broken_are_taken_and_without_any_it_is_said(self):
        self.break_spf()
        fine = self.make_company("Fine", 'fine.example').alias_domain_id.mail_domain_health_id
        fine.company_ids = self.company
        self.acknowledge(self.domain | fine)
        self.assertTrue(self.domain.acknowledged_on)
        self.assertFalse(fine.acknowledged_on)
        with self.assertRaises(UserError):
            self.acknowledge(fine)

    def test_what_is_done_about_many_domains_at_once_is_noted_at_each_with_who_and_when(self):
        other = self.make_company("Other", 'other.example').alias_domain_id.mail_domain_health_id.with_context(active_test=True)
        other.company_ids = self.company
        self.publish('other.example', *HEALTHY)
        other.check_now()
        self.publish('other.example', *BROKEN)
        other.check_now()
        self.look(*BROKEN)
        for domain in (self.domain, other):
            domain.announced = {area: {**known, **({'pending_since': '2026-01-01T00:00:00'} if 'pending_since' in known else {})}
                                for area, known in domain.announced.items()}
            domain.check_now()
        both = self.domain | other
        self.acknowledge(both, reason="The host is asked")
        both.with_user(self.ann).action_withdraw_acknowledgement()
        self.mute(both, ends='change')
        both.with_user(self.ann).action_unmute_findings()
        for domain in both:
            events = domain.event_ids.sorted('id')
            lasting = domain.finding_ids.filtered(  # of another company's ways of sending she sees none
                lambda finding: not finding.resolved_on and finding.company_id in (self.company, self.env['res.company']))
            self.assertEqual(events.mapped('kind'), [
                'acknowledged', 'withdrawn', *len(lasting) * ['muted'], *len(lasting) * ['unmuted']])
            self.assertEqual(events.user_id, self.ann)
            self.assertTrue(all(events.mapped('date')))
            self.assertEqual(set(events.mapped('reason')), {"The host is asked", "The shop moves", False})
            self.assertEqual(len(domain.activity_ids), 1, "broken still, and nobody is on it")

    def test_a_domain_that_nothing_uses_any_more_has_nobody_on_it(self):
        self.break_spf()
        self.acknowledge()
        self.domain._stop_watching()
        self.assertFalse(self.domain.acknowledged_on)
        self.assertEqual(self.said(), 1)

    def test_what_is_muted_after_somebody_was_on_it_is_quiet(self):
        self.break_spf()
        self.acknowledge()
        self.mute(self.finding())
        self.assertFalse(self.domain.acknowledged_on)
        self.look(*HEALTHY)
        self.assertEqual(self.said(), 1)

    # who may

    def test_what_was_done_about_a_companys_own_finding_is_read_in_that_company_only(self):
        elsewhere = self.make_company("Elsewhere", 'elsewhere.example')
        stranger = new_test_user(
            self.env, 'stranger', 'base.group_system', company_id=elsewhere.id, company_ids=[(6, 0, elsewhere.ids)])
        self.domain.company_ids |= elsewhere
        self.break_spf()
        self.acknowledge()
        now = fields.Datetime.now()
        own = self.Finding.create({
            'domain_id': self.domain.id, 'company_id': self.company.id, 'code': 'path.no_replies', 'name': 'x', 'area': 'path',
            'severity': 'warning', 'first_seen': now, 'last_seen': now})
        self.mute(own | self.finding())
        Event = self.env['mail.domain.health.event'].with_user(stranger).with_context(allowed_company_ids=elsewhere.ids)
        seen = Event.search([('domain_id', '=', self.domain.id)])
        self.assertEqual(seen.mapped('kind'), ['muted', 'acknowledged'])
        self.assertEqual(seen.finding_id.mapped('code'), ['spf.missing'])
        self.assertEqual(len(self.domain.event_ids.with_user(self.ann).search([('domain_id', '=', self.domain.id)])), 3)
        with self.assertRaises(AccessError):
            Event.create({'domain_id': self.domain.id, 'kind': 'muted'})
        with self.assertRaises(AccessError):
            seen.unlink()

    def test_what_was_done_is_kept_as_long_as_the_rest_of_history(self):
        self.break_spf()
        self.acknowledge()
        event = self.domain.event_ids
        with freeze_time(fields.Datetime.now() + timedelta(days=360)):
            event._gc_events()
            self.assertTrue(event.exists())
        with freeze_time(fields.Datetime.now() + timedelta(days=370)):
            event._gc_events()
            self.assertFalse(event.exists())
