import itertools
import time
from datetime import timedelta
from unittest.mock import patch

from psycopg2.errors import SerializationFailure

from odoo import api, fields
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..checking import changes, claiming, learning
from ..checking.announcement import CONFIRM_AFTER
from ..checking.announcing import ACTIVITY_BROKEN
from ..checking.claiming import BATCH, CLAIM
from ..checking.isolation import isolated
from ..checking.scheduled_run import ACTIVITY_STUCK, Clock, ScheduledRun
from ..contacts import asking
from ..models.mail_domain_health_run import STUCK_AFTER
from .common import DKIM_RECORD, HEALTHY, SPF_RECORD, DomainHealthCase

PART = 'odoo.addons.mail_domain_health.sending.parts.'
CRON_LOGGER = 'odoo.addons.mail_domain_health.checking.scheduled_run'
CLAIM_LOGGER = 'odoo.addons.mail_domain_health.checking.claiming'
ISOLATION_LOGGER = 'odoo.addons.mail_domain_health.checking.isolation'


class Killed(BaseException):
    """As a worker ends that is killed: nothing catches it."""


class CronCase(DomainHealthCase):

    def setUp(self):
        super().setUp()
        self.cron = self.env.ref('mail_domain_health.ir_cron_mail_domain_health_check')
        self.Health = self.env.registry['mail.domain.health']

    def run_cron(self):
        """Run the scheduled check with time enough, whatever else this machine does."""
        return self.run_for(300)

    def run_for(self, seconds):
        """Run the scheduled check once as core does, with so many seconds left; return its progress."""
        self.env.cr.flush()
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            env = api.Environment(cr, api.SUPERUSER_ID, {
                'cron_id': self.cron.id, 'cron_end_time': time.monotonic() + seconds})
            cron, progress = env['ir.cron'].browse(self.cron.id)._add_progress()
            cr.commit()  # pylint: disable=invalid-commit
            try:
                cron.env['mail.domain.health']._cron_check()
                cr.commit()  # pylint: disable=invalid-commit
            finally:
                self.env.invalidate_all()
        return self.env['ir.cron.progress'].browse(progress.id)

    def run_and_kill_in(self, method, place=ScheduledRun):
        """Run the scheduled check, and kill its worker where it calls this method."""
        try:
            with patch.object(place, method, side_effect=Killed):
                self.run_cron()
        except Killed:  # assertRaises would undo what was committed before
            return
        self.fail(f"{method} was not called")

    def forget_learning(self):
        """Have the next run read again what was read and worked out lately, as a later one does."""
        self.runs().write({'learned_on': False, 'refreshed_on': False})

    def runs(self, count=1):
        return self.env['mail.domain.health.run'].search([], limit=count)

    def make_domains(self, count):
        domains = self.env['mail.domain.health']
        for number in range(count):
            self.publish(f'd{number}.example', *HEALTHY)
            company = self.make_company(f'Company {number}', f'd{number}.example')
            domains |= company.alias_domain_id.mail_domain_health_id
        return domains

    def make_users(self, count, domain='people%d.example'):
        return self.env['res.users'].create([{
            'name': f'User {number}', 'login': f'user{number}@{domain % number}', 'email': f'user{number}@{domain % number}',
            'company_id': self.company.id, 'company_ids': [(6, 0, self.company.ids)],
        } for number in range(count)])


@tagged('post_install', '-at_install')
class TestCron(CronCase):
    """Every domain in use is looked at, each one on its own."""

    def test_every_due_domain_is_checked_and_none_before_its_time(self):
        domains = self.make_domains(3)
        domains[2].next_check = fields.Datetime.add(fields.Datetime.now(), hours=1)
        self.run_cron()
        self.assertEqual(domains.mapped('state'), ['pass', 'pass', 'unknown'])
        self.assertGreater(min(domains.mapped('next_check')), fields.Datetime.now())

    def test_domain_whose_servers_drop_every_packet_delays_nobody(self):
        """The others are stored long before the silent one gives up."""
        domains = self.make_domains(5)
        silent = self.make_company("Silent", 'silent.example').alias_domain_id.mail_domain_health_id
        self.dns.set_silent('silent.example')
        stored = {}
        apply_report = self.Health._apply_report

        def note_time(record, *arguments, **options):
            stored[record.name] = time.monotonic()
            return apply_report(record, *arguments, **options)

        with patch.object(self.Health, '_apply_report', note_time):
            self.run_cron()
        self.assertEqual(set(domains.mapped('state')), {'pass'})
        self.assertEqual(silent.state, 'unknown')
        others = max(stored[name] for name in domains.mapped('name'))
        self.assertGreater(stored['silent.example'] - others, 1.0)

    def test_domain_that_fails_to_be_stored_stops_no_other(self):
        domains = self.make_domains(3)
        apply_report = self.Health._apply_report

        def fail_for_one(record, *arguments, **options):
            if record.name == 'd1.example':
                raise ValueError("cannot store this one")
            return apply_report(record, *arguments, **options)

        with patch.object(self.Health, '_apply_report', fail_for_one), \
                self.assertLogs(CLAIM_LOGGER, 'ERROR'):
            self.run_cron()
        self.assertEqual(domains.mapped('state'), ['pass', 'unknown', 'pass'])

    def test_shared_include_is_asked_once_for_all_domains(self):
        self.make_domains(4)
        self.dns.log.clear()
        self.run_cron()
        asked = [(name.rstrip('.'), rdtype) for name, rdtype in self.dns.log]
        self.assertEqual(asked.count(('_spf.odoo.com', 'TXT')), 1)

    def test_look_together_stores_what_a_single_one_does(self):
        """History, findings, verdicts of the ways and findings about them, whoever looks."""
        [domain, other] = self.make_domains(2)
        self.publish('d0.example', SPF_RECORD)
        self.publish('d1.example', SPF_RECORD)
        self.run_cron()
        domain.check_now()
        for field in ('state', 'spf_state', 'dkim_state', 'dmarc_state'):
            self.assertEqual(domain[field], other[field])
        self.assertEqual(len(other.check_ids), 1)
        self.assertEqual(set(domain.finding_ids.mapped('code')), set(other.finding_ids.mapped('code')))
        self.assertIn('dmarc.missing', other.finding_ids.mapped('code'))
        self.assertEqual(other.path_ids.mapped('state'), domain.path_ids.mapped('state'))

    def test_no_domain_is_looked_at_later_than_the_schedule_promises(self):
        """What was looked at is due again before the next daily run, so that this one takes it."""
        [domain] = self.make_domains(1)
        self.run_cron()
        interval = timedelta(days=1)
        self.assertLess(domain.next_check, domain.last_check + interval)
        self.assertGreater(domain.next_check, domain.last_check + 0.5 * interval)
        self.cron.write({'interval_number': 2, 'interval_type': 'hours'})
        domain.next_check = fields.Datetime.now()
        self.run_cron()
        self.assertLess(domain.next_check, domain.last_check + timedelta(hours=2))

    def test_domains_not_reached_in_time_are_freed_at_once(self):
        domains = self.make_domains(3)
        for name in domains[1:].mapped('name'):
            self.dns.set_silent(name)
        before = fields.Datetime.now()
        with patch.object(Clock, 'is_over', lambda clock: True):
            self.run_cron()
        self.assertTrue(domains[0].last_attempt, "some are looked at whatever the time")
        for domain in domains[1:]:
            self.assertFalse(domain.last_attempt)
            self.assertLessEqual(domain.next_check, fields.Datetime.now())
            self.assertGreaterEqual(domain.next_check, before - timedelta(seconds=1))

    def test_dead_dns_is_held_against_no_domain_and_the_rest_waits_for_it(self):
        """Not one batch after the other, each until its deadline."""
        domains = self.make_domains(4)
        self.env['ir.cron.trigger'].search([('cron_id', '=', self.cron.id)]).unlink()
        with self.silent_dns(), patch.object(claiming, 'BATCH', 2):
            progress = self.run_cron()
        self.assertEqual(progress.remaining, 0, "or core would begin again at once")
        looked = domains.filtered('last_attempt')
        self.assertLessEqual(len(looked), 2)
        self.assertEqual(set(domains.mapped('silences')), {0})
        self.assertFalse(any(domains.mapped('unanswered_since')), "or a silence of its own, later, would be one of all that time")
        now = fields.Datetime.now()
        for domain in looked:
            self.assertGreater(domain.next_check, now + timedelta(minutes=9))
            self.assertLess(domain.next_check, now + timedelta(minutes=21))
        wakes = self.env['ir.cron.trigger'].search([('cron_id', '=', self.cron.id)]).mapped('call_at')
        self.assertTrue(any(wake <= now + timedelta(minutes=11) for wake in wakes), wakes)
        self.run_cron()
        self.assertTrue(all((domains - looked).mapped('last_check')))

    def test_resolver_that_reaches_nothing_is_dead_dns_though_it_has_the_root_at_hand(self):
        domains = self.make_domains(2)
        self.dns.script('*', '*', 'servfail')
        self.dns.script('.', 'NS', 'nodata')
        self.run_cron()
        self.assertEqual(set(domains.mapped('silences')), {0})

    def test_silent_domain_is_asked_less_often_each_time(self):
        [domain, other] = self.make_domains(2)
        self.dns.set_silent('d0.example')
        waited = []
        for number in range(1, 4):
            domain.next_check = fields.Datetime.now()
            self.run_cron()
            self.assertEqual(domain.silences, number)
            waited.append(domain.next_check - domain.last_attempt)
        self.assertLess(2 * waited[0], waited[1] + timedelta(seconds=2))
        self.assertLess(2 * waited[1], waited[2] + timedelta(seconds=2))
        self.assertEqual(other.silences, 0)
        self.dns.set_silent('d0.example', False)
        domain.next_check = fields.Datetime.now()
        self.run_cron()
        self.assertEqual((domain.state, domain.silences), ('pass', 0))

    def test_domain_is_looked_at_as_often_as_its_situation_asks_for(self):
        used, broken, publishing = self.make_domains(3)
        self.publish('d1.example', '@ TXT "v=spf1 -all"', '_dmarc TXT "v=DMARC1; p=reject"')
        unused = self.env['mail.domain.health'].create({
            'name': 'unused.example', 'watched_company_ids': self.company.ids, 'company_ids': self.company.ids})
        self.publish('unused.example', *HEALTHY)
        self.env['mail.domain.health.record'].create({
            'domain_id': publishing.id, 'key': 'key', 'sequence': 1, 'change': {'name': 'd2.example'},
            'next_look': fields.Datetime.now() + timedelta(hours=2)})
        self.run_cron()
        hours = {
            domain: (domain.next_check - domain.last_attempt) / timedelta(hours=1) for domain in used + broken + publishing + unused}
        self.assertGreaterEqual(hours[used], 11.9)
        self.assertLessEqual(hours[used], 24)
        self.assertEqual(broken.state, 'fail')
        self.assertLessEqual(hours[broken], 1.1, "an hour, which is the TTL of its records too")
        self.assertLessEqual(hours[publishing], 1)
        self.assertGreater(hours[unused], 24)
        self.assertLessEqual(hours[unused], 7 * 24)

    def test_what_is_broken_is_not_asked_about_before_resolvers_forget_what_they_keep_of_it(self):
        """Neither a record that is wrong nor that one is missing; of a time to live of days three hours are waited for."""
        hours = {}
        for ttl, zone in (
            (0, ('@ 300 SOA ns1 hostmaster 1 3600 600 86400 300', '@ 300 TXT "v=spf1 -all"')),
            (2, ('@ 300 SOA ns1 hostmaster 1 3600 600 86400 300', '@ 7200 TXT "v=spf1 -all"')),
            (2.5, ('@ 9000 SOA ns1 hostmaster 1 3600 600 86400 9000', '@ 300 TXT "v=spf1 -all"')),
            (3, ('@ 300 SOA ns1 hostmaster 1 3600 600 86400 300', '@ 86400 TXT "v=spf1 -all"')),
        ):
            [domain] = self.make_company(f'TTL {ttl}', f'ttl{ttl * 10:.0f}.example').alias_domain_id.mail_domain_health_id
            self.dns.set_zone(domain.name, '\n'.join((
                *zone, '@ NS ns1', '@ MX 10 mail', 'mail A 192.0.2.10', 'ns1 A 192.0.2.53', '_dmarc 300 TXT "v=DMARC1; p=reject"')))
            hours[ttl] = domain
        self.run_cron()
        for ttl, domain in hours.items():
            waits = (domain.next_check - domain.last_attempt) / timedelta(hours=1)
            with self.subTest(ttl):
                self.assertEqual(domain.state, 'fail')
                self.assertGreaterEqual(waits, max(ttl, 0.9) - 0.001, "times are stored in whole seconds")
                self.assertLessEqual(waits, 1.1 * max(ttl, 1))

    def test_run_wakes_the_next_one_for_what_is_due_then_by_one_trigger_however_many_domains_wait(self):
        domains = self.make_domains(6)
        self.run_cron()
        triggers = self.env['ir.cron.trigger'].search([('cron_id', '=', self.cron.id)])
        triggers.unlink()
        for domain in domains:
            self.publish(domain.name, DKIM_RECORD)
        domains.next_check = fields.Datetime.now()
        self.run_cron()
        now = fields.Datetime.now()
        wakes = self.env['ir.cron.trigger'].search([('cron_id', '=', self.cron.id), ('call_at', '>', now)])
        self.assertLessEqual(len(wakes), 3, "one should the worker be killed, one for the second look")
        self.assertLessEqual(min(wakes.mapped('call_at')), now + CONFIRM_AFTER)
        self.assertTrue(all(domain.next_check <= now + CONFIRM_AFTER for domain in domains))

    def test_claim_of_a_killed_worker_ends(self):
        """A worker that is killed between question and answer leaves the domains due again, and the cron woken for them."""
        domains = self.make_domains(2)
        self.env['ir.cron.trigger'].search([('cron_id', '=', self.cron.id)]).unlink()

        # What is killed does nothing any more, not even what would free the domains.
        self.run_and_kill_in('check_claimed', claiming)
        now = fields.Datetime.now()
        for domain in domains:
            self.assertGreater(domain.next_check, now + CLAIM - timedelta(minutes=1))
            self.assertLessEqual(domain.next_check, now + CLAIM)
        wakes = self.env['ir.cron.trigger'].search([('cron_id', '=', self.cron.id)]).mapped('call_at')
        self.assertTrue(any(domains[0].next_check - timedelta(minutes=1) <= wake <= now + CLAIM + timedelta(minutes=1)
                            for wake in wakes), wakes)
        domains.next_check = now
        self.run_cron()
        self.assertEqual(set(domains.mapped('state')), {'pass'})

    def test_changed_configuration_makes_its_domains_due_at_once(self):
        [domain] = self.make_domains(1)
        self.run_cron()
        self.assertGreater(domain.next_check, fields.Datetime.now())
        self.env['ir.cron.trigger'].search([('cron_id', '=', self.cron.id)]).unlink()
        domain.company_ids.mail_sending_service_id = self.env.ref('mail_domain_health.sending_service_google')
        self.env.cr.flush()
        self.assertTrue(domain.is_outdated)
        self.assertLessEqual(domain.next_check, fields.Datetime.now())
        self.assertLessEqual(
            min(self.env['ir.cron.trigger'].search([('cron_id', '=', self.cron.id)]).mapped('call_at')), fields.Datetime.now())

    def test_scheduled_run_reads_counts_and_rejections(self):
        [domain] = self.make_domains(1)
        self.run_cron()
        company, path = domain.company_ids, domain.path_ids.filtered(lambda path: path.kind == 'notifications')
        self.env['mail.domain.health.sent'].create({
            'path_id': path.id, 'mail_server_id': 0, 'sent_on': fields.Datetime.now(), 'messages': 7})
        for number in range(3):
            mail = self.env['mail.mail'].create({
                'email_from': path.author_email, 'email_to': f'c{number}@elsewhere.example', 'body_html': 'Hello',
                'state': 'exception', 'auto_delete': False,
                'failure_reason': f'550 5.7.26 Unauthenticated mail from {domain.name} is not accepted: DMARC policy. {number}'})
            mail.mail_message_id.record_company_id = company
        domain.next_check = fields.Datetime.now()
        self.forget_learning()
        self.run_cron()
        self.assertEqual(path.sent_count, 7)
        self.assertEqual([found['count'] for found in path.evidence['heard']], [3])
        self.assertEqual(domain.state, 'fail', "what was read counts in the same run")

    def test_alarm_comes_with_the_scheduled_run_and_its_activity_sends_no_mail(self):
        [domain] = self.make_domains(1)
        admin = self.env.ref('base.user_admin')
        admin.company_ids |= domain.company_ids
        admin.notification_type = 'email'
        domain.company_ids.mail_health_user_id = admin
        self.run_cron()
        self.publish('d0.example', DKIM_RECORD)
        domain.next_check = fields.Datetime.now()
        self.run_cron()
        self.assertFalse(domain.activity_ids, "seen once")
        self.assertLessEqual(domain.next_check, fields.Datetime.now() + CONFIRM_AFTER)
        announced = domain.announced
        for known in announced.values():
            if known.get('pending_since'):
                known['pending_since'] = (fields.Datetime.now() - CONFIRM_AFTER).isoformat()
        domain.write({'announced': announced, 'next_check': fields.Datetime.now()})
        mails = self.env['mail.mail'].search_count([])
        messages = len(domain.message_ids)
        with patch.object(self.env.registry['mail.activity'], 'action_notify') as notified:
            self.run_cron()
        self.assertEqual(domain.activity_ids.activity_type_id, self.env.ref(ACTIVITY_BROKEN))
        self.assertEqual(len(domain.message_ids), messages + 1)
        self.assertFalse(notified.called, "an activity assigned by the scheduled check would send a mail")
        self.assertEqual(self.env['mail.mail'].search_count([]), mails)

    def test_recovery_of_a_muted_break_is_silent(self):
        [domain] = self.make_domains(1)
        self.run_cron()
        before = domain.message_ids
        for announced in (
            {'state': 'fail', 'record': '', 'broken_from': 'pass', 'standing': 'untold'},
            {'state': 'fail', 'record': '', 'broken_from': 'pass', 'standing': 'muted'},
            {'state': 'fail', 'record': '', 'broken_from': 'pass'},
        ):
            domain.announced = {**domain.announced, 'spf': announced}
            domain.check_now()
            self.assertEqual(len(domain.message_ids - before), 0 if announced.get('standing') else 1)


@tagged('post_install', '-at_install')
class TestRun(CronCase):
    """The scheduled check cannot die: bounded pieces, each committed; none starves or stops another."""

    def test_what_remains_is_told_before_the_first_slow_step(self):
        """Core takes a run that was killed, or out of time, without that for a complete one."""
        self.make_domains(3)
        told = []

        def note(scheduled, processed=0, remaining=None):
            told.append(remaining)
            return 0

        with patch.object(ScheduledRun, '_commit_progress', note):
            self.env['mail.domain.health']._cron_check()  # commits nothing
        self.assertGreaterEqual(told[0], 3)
        self.assertEqual(len(told), 1, "no time is left: nothing is begun")

    def test_run_that_is_out_of_time_leaves_the_rest_to_the_next(self):
        self.make_domains(3)
        progress = self.run_for(0)
        self.assertEqual(progress.done, 0)
        self.assertGreaterEqual(progress.remaining, 3)
        self.assertFalse(self.runs())

    def test_slow_steps_never_keep_domains_from_being_looked_at(self):
        """Following and learning take longer than the whole run, run after run: domains are looked at in each."""
        domains = self.make_domains(3)
        spent = patch.object(Clock, 'is_over', lambda clock: True)
        with spent:
            progress = self.run_cron()
        self.assertGreaterEqual(progress.done, 1)
        with spent:
            for _run in range(3):
                self.run_cron()
        self.assertTrue(all(domains.mapped('last_check')))

    def test_each_step_gets_its_share(self):
        clock = Clock(10.0)
        start = time.monotonic()
        clock.share(0.3)
        self.assertAlmostEqual(clock.step_end - start, 3.0, delta=0.5)
        clock.share(1.0)
        self.assertAlmostEqual(clock.step_end - start, 10.0, delta=0.5)
        clock = Clock(float('inf'))
        clock.share(0.3)
        self.assertFalse(clock.is_over())

    def test_step_that_fails_stops_no_other(self):
        [domain] = self.make_domains(1)
        for place, step in (
            (ScheduledRun, '_tell_step'), (ScheduledRun, '_follow_changes'),
            (learning, 'learn_numbers'), (learning, 'learn_rejections'),
        ):
            before = self.runs()
            with self.subTest(step=step), patch.object(place, step, side_effect=RuntimeError("broken")), \
                    mute_logger(CRON_LOGGER, ISOLATION_LOGGER):
                domain.next_check = fields.Datetime.now()
                self.forget_learning()
                attempts = domain.attempts
                self.run_cron()
                self.assertEqual(domain.attempts, attempts + 1)
                self.assertNotEqual(self.runs(), before, "the run itself is remembered, whatever failed in it")
                self.assertTrue(self.runs().ended)

    def test_step_that_a_worker_was_killed_in_comes_last_the_next_time(self):
        [domain] = self.make_domains(1)
        self.run_and_kill_in('_follow_changes')
        self.assertEqual((self.runs().step, self.runs().ended), ('_follow_step', False))
        self.run_and_kill_in('_follow_changes')
        self.assertEqual(domain.state, 'pass', "looked at before the step that kills")

    def test_complete_run_is_known_and_shown_in_settings(self):
        self.make_domains(2)
        self.run_cron()
        run = self.runs()
        self.assertEqual(run.remaining, 0)
        self.assertGreaterEqual(run.done, 2)
        box = self.company._get_mail_domain_health_box()
        self.assertEqual(box['last_run'], fields.Datetime.to_string(run.ended))
        self.assertFalse(box['is_run_overdue'])
        self.assertEqual(box['stuck_runs'], 0)
        domains = self.env['mail.domain.health'].search([])
        self.assertEqual(box['oldest_check'], fields.Datetime.to_string(min(domains.mapped('last_attempt'))))

    def watch_for_admin(self):
        """Have a domain looked at whose responsible user is the administrator; return both."""
        admin = self.env.ref('base.user_admin')
        admin.company_ids |= self.company
        self.company.mail_health_user_id = admin
        domain = self.health('ours.example')
        self.publish('ours.example', *HEALTHY)
        self.run_cron()
        return admin, domain

    def test_two_runs_without_progress_are_an_activity_that_goes_with_the_next_one(self):
        admin, domain = self.watch_for_admin()
        stuck = self.env.ref(ACTIVITY_STUCK)
        found = self.env['mail.activity'].search
        run_nothing = patch.object(ScheduledRun, '_take_step', lambda scheduled, step: (
            scheduled._tell_step() if step == '_tell_step' else None))
        for number in range(4):
            domain.next_check = fields.Datetime.now()
            with run_nothing:
                self.run_cron()
            self.runs().started -= STUCK_AFTER
            self.assertEqual(self.company._get_mail_domain_health_box()['stuck_runs'], number + 1)
            activities = found([('activity_type_id', '=', stuck.id), ('user_id', '=', admin.id), ('res_id', '=', domain.id)])
            self.assertEqual(len(activities), 0 if number < 2 else 1, f"run {number}")
        self.run_cron()
        self.assertFalse(found([('activity_type_id', '=', stuck.id)]))

    def test_check_that_no_longer_runs_is_told_by_another_scheduled_action_until_it_runs_again(self):
        """As where core has deactivated it, because it failed for a week: no run tells that."""
        admin, domain = self.watch_for_admin()
        Run = self.env['mail.domain.health.run']

        def told_after(**rows_older):
            for run in Run.search([('id', '!=', False)]):
                run.started -= timedelta(**rows_older)
            with patch.object(asking.ContactsRun, 'work'):
                self.env['mail.partner.domain']._cron_check()
            return self.env['mail.activity'].search([
                ('activity_type_id', '=', self.env.ref(ACTIVITY_STUCK).id), ('user_id', '=', admin.id), ('res_id', '=', domain.id)])

        self.cron.active = False
        self.assertFalse(told_after(days=2))
        mails = self.env['mail.mail'].search_count([])
        with patch.object(self.env.registry['mail.domain.health'], '_is_neutralized', lambda model: True):
            self.assertFalse(told_after(days=1), "a copy of the database")
        self.assertEqual(len(told_after()), 1)
        self.assertEqual(len(told_after(hours=1)), 1)
        self.assertEqual(self.env['mail.mail'].search_count([]), mails)
        self.run_cron()
        self.assertFalse(told_after(), "over")
        Run.search([('id', '!=', False)]).unlink()
        self.assertFalse(told_after(), "it never ran, and nothing was due for long")
        domain.next_check = fields.Datetime.now() - timedelta(days=2)
        self.assertTrue(told_after())

    def test_settings_count_the_runs_without_progress_as_the_activity_does(self):
        Run, now = self.env['mail.domain.health.run'], fields.Datetime.now()
        before = now - timedelta(hours=1)
        rows = {
            'killed': {'started': before}, 'under way': {'started': now}, 'nothing left': {'started': before, 'ended': before},
            'left': {'started': before, 'ended': before, 'remaining': 3}, 'done': {'started': before, 'done': 2},
            'failed': {'started': before, 'ended': before, 'failed': 1},
        }
        for kinds in itertools.product(rows, repeat=3):
            Run.search([('id', '!=', False)]).unlink()
            Run.create([rows[kind] for kind in kinds])
            self.assertEqual(self.company._get_mail_domain_health_box()['stuck_runs'], len(Run._get_stuck()), kinds)

    def test_runs_that_store_nothing_count_as_without_progress(self):
        [domain] = self.make_domains(1)
        self.run_cron()
        with patch.object(self.Health, '_apply_report', side_effect=ValueError("never stored")), \
                mute_logger(CLAIM_LOGGER):
            for number in range(3):
                domain.next_check = fields.Datetime.now()
                self.run_cron()
                self.assertTrue(self.runs()._is_stuck())
                self.runs().started -= STUCK_AFTER
                told = self.env['mail.activity'].search([('activity_type_id', '=', self.env.ref(ACTIVITY_STUCK).id)])
                self.assertEqual(bool(told), number == 2)

    def test_runs_that_were_killed_count_as_without_progress(self):
        Run = self.env['mail.domain.health.run']
        for _killed in range(2):
            Run.create({'started': fields.Datetime.now() - STUCK_AFTER})
        self.assertTrue(Run._are_stuck())
        self.assertTrue(all(run._is_stuck() for run in self.runs(2)))
        self.run_cron()
        self.assertFalse(self.env['mail.activity'].search([('activity_type_id', '=', self.env.ref(ACTIVITY_STUCK).id)]),
                         "told, and over with the progress of this one")

    def test_domain_that_waits_for_too_long_is_an_activity_and_makes_the_run_overdue(self):
        admin, domain = self.watch_for_admin()
        told = [('activity_type_id', '=', self.env.ref(ACTIVITY_STUCK).id), ('user_id', '=', admin.id)]
        later = fields.Datetime.now() + timedelta(days=400)
        for neglect in ({'next_check': fields.Datetime.now() - timedelta(days=2)},
                        {'last_attempt': fields.Datetime.now() - timedelta(days=60), 'next_check': later}):
            with self.subTest(neglect):
                domain.write(neglect)
                self.assertTrue(self.company._get_mail_domain_health_box()['is_run_overdue'])
                with patch.object(ScheduledRun, '_check_step'):
                    self.run_cron()
                self.assertTrue(self.env['mail.activity'].search(told))
                domain.next_check = fields.Datetime.now()
                self.run_cron()
                self.assertFalse(self.env['mail.activity'].search(told))
                self.assertFalse(self.company._get_mail_domain_health_box()['is_run_overdue'])

    def test_that_no_dns_answers_here_is_told_after_a_day_until_it_does_and_is_no_complete_run(self):
        """Nothing is said of any domain then: without that, nobody would know that nothing is watched any more."""
        admin, domain = self.watch_for_admin()
        Run = self.env['mail.domain.health.run']

        def told_after(**older):
            for run in Run.search([('id', '!=', False)]):
                run.started -= timedelta(**older)
            domain.next_check = fields.Datetime.now()
            self.run_cron()
            return self.env['mail.activity'].search([
                ('activity_type_id', '=', self.env.ref(ACTIVITY_STUCK).id), ('user_id', '=', admin.id), ('res_id', '=', domain.id)])

        Run.search([('id', '!=', False)]).ended -= timedelta(hours=2)
        seen = self.company._get_mail_domain_health_box()['last_run']
        with self.silent_dns():
            self.assertFalse(told_after())
            self.assertFalse(told_after(hours=23))
            domain.next_check = fields.Datetime.now() + timedelta(days=1)
            self.run_cron()
            self.assertTrue(self.runs().is_blind, "whoever looks at nothing sees no DNS either")
            self.assertEqual(self.company._get_mail_domain_health_box()['last_run'], seen)
            self.assertEqual(len(told_after(hours=2)), 1)
            activity = told_after(hours=1)
            self.assertIn("name server", activity.summary)
            activity.action_done()
            self.assertFalse(told_after(), "not with each run")
            activity.date_done -= timedelta(days=1)
            self.assertTrue(told_after(), "once a day, as long as it lasts")
        self.assertFalse(told_after())
        self.assertNotEqual(self.company._get_mail_domain_health_box()['last_run'], seen)
        with self.silent_dns():
            self.assertFalse(told_after(days=3), "the day begins anew")
            Run.search([('is_blind', '=', False)]).unlink()
            self.assertTrue(told_after(days=1), "none has ever seen any")

    def test_batches_are_of_fifty_domains_at_most(self):
        self.assertLessEqual(BATCH, 50)
        self.make_domains(4)
        sizes = []
        store = claiming._Look._store_together

        def note(scheduled, reports):
            sizes.append(len(reports))
            return store(scheduled, reports)

        with patch.object(claiming, 'BATCH', 2), patch.object(claiming._Look, '_store_together', note):
            self.run_cron()
        self.assertLessEqual(max(sizes), 2)
        self.assertGreaterEqual(sum(sizes), 4)

    def test_rows_are_locked_for_two_seconds_at_most(self):
        """What takes long to store is committed in between."""
        domains = self.make_domains(4)
        apply_report = self.Health._apply_report
        together, store = [], claiming._Look._store_together

        def slow(record, *arguments, **options):
            time.sleep(0.06)
            return apply_report(record, *arguments, **options)

        def note(scheduled, reports):
            together.append(store(scheduled, reports))
            return together[-1]

        with patch.object(claiming, 'MAX_LOCKED', 0.1), patch.object(self.Health, '_apply_report', slow), \
                patch.object(claiming._Look, '_store_together', note):
            self.run_cron()
        self.assertEqual(set(domains.mapped('state')), {'pass'})
        self.assertLessEqual(max(together), 2)
        self.assertGreaterEqual(sum(together), 4)

    def test_client_cannot_keep_a_look_from_being_written(self):
        [domain] = self.make_domains(1)
        domain.with_context(mail_domain_health_rows={}).check_now()
        self.assertEqual(len(domain.check_ids), 1)


@tagged('post_install', '-at_install')
class TestNotes(CronCase):
    """Whoever changes an address only notes it; the ways of mail are right within one run of the scheduled check."""

    follows_at_once = False

    def setUp(self):
        super().setUp()
        self.env.cr.flush()
        self.env['mail.domain.health.note'].search([])._forget()  # of making the company, and of installing

    def notes(self):
        self.env.cr.flush()
        return self.env['mail.domain.health.note'].search([('scope', '!=', 'findings')])

    def users_paths(self):
        return self.env['mail.domain.health.path'].search([('company_id', '=', self.company.id), ('kind', '=', 'user')])

    def create_what_is_there(self, *_arguments):
        """What another transaction has created meanwhile, which this one does not see."""
        self.env['mail.domain.health'].create([{'name': 'twice.example'}, {'name': 'twice.example'}])

    def test_what_another_transaction_creates_meanwhile_is_repeated_and_not_left_out(self):
        with mute_logger('odoo.sql_db'), self.assertRaises(SerializationFailure), isolated(self.env):
            self.create_what_is_there()
        self.assertFalse(self.env['mail.domain.health'].search([('name', '=', 'twice.example')]))

    def test_change_that_another_transaction_follows_meanwhile_is_left_to_the_scheduled_check_without_a_complaint(self):
        with mute_logger('odoo.sql_db'), self.assertNoLogs(changes._logger, 'WARNING'), \
                patch.object(self.env.registry['mail.domain.health'], '_refresh', self.create_what_is_there):
            changes.refresh_or_log(self.env, self.company)
        self.assertEqual(self.notes().mapped('scope'), ['everything'])

    def test_changed_address_is_noted_and_followed_within_one_run(self):
        [user] = self.make_users(1)
        self.assertEqual(set(self.notes().mapped('company_id')), set(self.company.ids))
        self.run_cron()
        self.assertFalse(self.notes())
        self.assertEqual(self.users_paths().author_domain, 'people0.example')
        self.env['ir.cron.trigger'].search([('cron_id', '=', self.cron.id)]).unlink()
        user.email = 'jane@new.example'
        self.assertEqual(self.notes().mapped('scope'), ['users'])
        self.assertTrue(self.env['ir.cron.trigger'].search([
            ('cron_id', '=', self.cron.id), ('call_at', '<=', fields.Datetime.now())]), "the scheduled check is woken")
        self.assertEqual(self.users_paths().author_domain, 'people0.example', "not by whoever writes")
        self.run_cron()
        self.assertEqual(self.users_paths().author_domain, 'new.example')
        self.assertFalse(self.notes())

    def test_being_worked_out_is_shown_until_then(self):
        self.assertFalse(self.company._get_mail_domain_health_box()['working_out'])
        self.make_users(1)
        self.env.cr.flush()
        self.assertTrue(self.company._get_mail_domain_health_box()['working_out'])
        other = self.env['res.company'].create({'name': "Other"})
        self.env.cr.flush()
        self.assertFalse(other._get_mail_domain_health_box()['working_out'])
        self.run_cron()
        self.assertFalse(self.company._get_mail_domain_health_box()['working_out'])

    def test_many_changes_in_one_transaction_are_one_note(self):
        users = self.make_users(20)
        self.run_cron()
        for user in users:
            user.email = f'new-{user.email}'
        self.assertEqual(len(self.notes()), 1)

    def test_partner_who_is_no_user_is_on_no_path(self):
        partner = self.env['res.partner'].create({'name': "Customer", 'email': 'c@elsewhere.example'})
        partner.email = 'd@elsewhere.example'
        self.env['res.users'].with_context(no_reset_password=True).create({
            'name': "Portal", 'login': 'portal', 'partner_id': partner.id,
            'group_ids': [(6, 0, self.env.ref('base.group_portal').ids)]})
        partner.email = 'e@elsewhere.example'
        self.assertFalse(self.notes())
        changes.notice_addresses(self.env)
        self.assertNotIn(self.company.id, self.notes().mapped('company_id'))

    def company_path(self):
        return self.env['mail.domain.health.path'].search([('company_id', '=', self.company.id), ('kind', '=', 'company')])

    def test_address_that_is_written_where_contacts_are_is_followed_by_the_next_run(self):
        """Whether a run works out everything or only what changed."""
        [user] = self.make_users(1)
        for number, many in enumerate((False, True)):
            with self.subTest(many=many), patch.object(changes, 'MAX_PATHS_AT_ONCE', 1 if many else 10_000):
                self.run_cron()
                self.assertFalse(self.notes())
                user.partner_id.email = f'jane@new{number}.example'
                self.company.partner_id.email = f'hello{number}@ours.example'
                self.assertFalse(self.notes(), "nothing is done where they are written")
                self.assertNotEqual(self.users_paths().author_domain, f'new{number}.example')
                self.run_cron()
                self.assertEqual(self.users_paths().author_domain, f'new{number}.example')
                self.assertEqual(self.company_path().author_email, f'hello{number}@ours.example')
                self.company.partner_id.email = False
                self.run_cron()
                self.assertFalse(self.company_path())

    def test_it_is_noticed_each_hour_and_wakes_the_scheduled_check(self):
        [user] = self.make_users(1)
        self.run_cron()
        user.partner_id.email = 'jane@new.example'
        self.env['ir.cron.trigger'].search([('cron_id', '=', self.cron.id)]).unlink()
        check = self.env.ref('mail_domain_health.ir_cron_mail_partner_domain_check')
        self.assertEqual((check.interval_number, check.interval_type), (1, 'hours'))
        with patch.object(asking.ContactsRun, 'work'):
            self.env['mail.partner.domain']._cron_check()
        self.assertEqual(self.notes().mapped(lambda note: (note.scope, note.company_id)), [('users', self.company.id)])
        self.assertTrue(self.env['ir.cron.trigger'].search([('cron_id', '=', self.cron.id)]))
        self.run_cron()
        self.assertEqual(self.users_paths().author_domain, 'new.example')

    def test_what_is_followed_is_not_noticed_again(self):
        """Nor what has a path of its own: addresses that a filter names, users with a server of their own, odd addresses."""
        users = self.make_users(5)
        self.env['ir.mail_server'].create({
            'name': "Named", 'smtp_host': 'smtp.test', 'from_filter': f'{users[0].email}, people1.example'})
        self.env['ir.mail_server'].create({
            'name': "Own", 'smtp_host': 'smtp.test', 'owner_user_id': users[2].id, 'from_filter': users[2].email})
        users[3].email = '"odd@name"@people3.example'
        users[4].email = 'nothing'
        self.run_cron()
        self.assertFalse(changes.notice_addresses(self.env))
        self.assertFalse(self.notes())

    def test_noticing_takes_as_many_queries_however_many_companies_and_users_there_are(self):
        def queries():
            self.env.cr.flush()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            changes.notice_addresses(self.env)
            return self.env.cr.sql_log_count - before

        self.make_users(1)
        self.run_cron()
        few = queries()
        self.make_users(10, 'more%d.example')
        for number in range(3):
            self.env['res.company'].create({'name': f"Company {number}", 'email': f'info@company{number}.example'})
        self.run_cron()
        self.assertLessEqual(queries(), few)

    def test_user_who_leaves_takes_the_path_along(self):
        users = self.make_users(2)
        self.run_cron()
        self.assertEqual(len(self.users_paths()), 2)
        users[0].active = False
        self.run_cron()
        self.assertEqual(self.users_paths().author_domain, 'people1.example')

    def test_user_who_moves_turns_to_the_portal_or_is_deleted_takes_the_path_along(self):
        moved, turned, deleted, stays = self.make_users(4)
        other = self.make_company("Other", 'other.example')
        self.run_cron()
        self.assertEqual(len(self.users_paths()), 4)
        self.env['mail.domain.health.note'].search([]).unlink()
        moved.write({'company_ids': [(4, other.id)], 'company_id': other.id})
        self.assertEqual(set(self.notes().mapped('company_id')), {self.company.id, other.id})
        turned.group_ids = self.env.ref('base.group_portal')
        deleted.unlink()
        self.env.cr.flush()
        with patch.object(changes, 'MAX_PATHS_AT_ONCE', 1):  # only what was noted is followed
            self.run_cron()
        self.assertEqual(self.users_paths().author_domain, stays.email.partition('@')[2])

    def test_configuration_of_a_large_database_is_followed_by_the_scheduled_check(self):
        self.make_users(3)
        self.run_cron()
        with patch.object(changes, 'MAX_PATHS_AT_ONCE', 1), patch.object(self.env.registry['mail.domain.health.path'], '_refresh') as refreshed:
            self.company.alias_domain_id.default_from = 'news'
            self.assertEqual(self.notes().mapped('scope'), ['everything'])
            self.assertFalse(refreshed.called)
        with patch.object(changes, 'MAX_PATHS_AT_ONCE', 1):
            self.run_cron()
        self.assertFalse(self.notes())

    def test_parts_come_to_the_same_as_all_at_once(self):
        """Two domains at a time, with a template that names a server, a fixed sender and a user who is named by a filter."""
        self.make_users(7)
        server = self.env['ir.mail_server'].create({
            'name': "Relay", 'smtp_host': 'smtp.test', 'from_filter': 'ours.example, user3@people3.example'})
        for values in ({'mail_server_id': server.id}, {'email_from': 'sales@people2.example'}, {}):
            self.env['mail.template'].create({'name': "T", 'model_id': self.env.ref('base.model_res_partner').id, **values})
        self.env['mail.domain.health.note'].search([]).unlink()
        self.env['mail.domain.health']._refresh()
        Path = self.env['mail.domain.health.path']
        paths = Path.search([('company_id', '=', self.company.id)])
        expected = {path._key(): (path.author_email, path.author_count, path.reply_to) for path in paths}
        self.assertGreater(len(expected), 12)
        for paths_before in (paths, Path):
            (paths - paths_before).unlink()
            self.env['mail.domain.health.note']._add('everything', self.company.ids)
            with patch.object(changes, 'MAX_PATHS_AT_ONCE', 1), patch(PART + 'PART_SIZE', 2):
                progress = self.run_cron()
            self.assertGreater(progress.done, 4)
            found = Path.search([('company_id', '=', self.company.id)])
            self.assertEqual({path._key(): (path.author_email, path.author_count, path.reply_to) for path in found}, expected)
            if paths_before:
                self.assertEqual(found, paths, "the same ways, not new ones")

    def test_part_that_was_done_is_not_done_again_after_a_kill(self):
        self.make_users(5)
        self.env.cr.flush()
        self.env['mail.domain.health.note'].search([]).unlink()
        self.env['mail.domain.health.note']._add('everything', self.company.ids)
        note = self.notes()
        with patch(PART + 'PART_SIZE', 2):
            changes.follow_note(note)
            self.assertEqual(note.position, 'people1.example')
            self.assertEqual(len(self.users_paths()), 2)
            changes.follow_note(note)
        self.assertEqual(len(self.users_paths()), 4)

    def test_note_that_cannot_be_followed_is_logged_and_keeps_nobody_waiting(self):
        for error in (ValueError, IndexError, TypeError, UserError):
            self.make_users(1, domain=f'{error.__name__}%d.example')
            with self.subTest(error=error.__name__), patch.object(changes, 'MAX_PATHS_AT_ONCE', 1), \
                    patch.object(self.env.registry['mail.domain.health.path'], '_collect', side_effect=error("broken")), \
                    self.assertLogs(ISOLATION_LOGGER, 'ERROR'):
                self.run_cron()
                self.assertFalse(self.notes())

    def test_whoever_writes_an_address_writes_no_row_that_others_write(self):
        [user] = self.make_users(1)
        self.run_cron()
        self.env.flush_all()
        queries = []
        execute = type(self.env.cr).execute

        def note(cursor, query, *arguments, **options):
            queries.append(str(getattr(query, 'code', query)))
            return execute(cursor, query, *arguments, **options)

        with patch.object(type(self.env.cr), 'execute', note):
            user.email = 'jane@new.example'
            self.env.cr.flush()
        written = [query for query in queries if 'mail_domain_health' in query
                   and query.lstrip().upper().startswith(('UPDATE', 'INSERT', 'DELETE'))]
        self.assertEqual(len(written), 1, written)
        self.assertIn('INSERT INTO mail_domain_health_note', written[0])
        self.assertFalse([query for query in queries if 'ir_config_parameter' in query and 'SELECT' not in query.upper()])
