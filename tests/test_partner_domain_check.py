import contextlib
import json
import time
from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.tests import tagged

from ..contacts import asking, consent, pausing, storing
from ..mailauth.contact import QUESTIONS
from ..mailauth.contact.pace import PAUSE
from ..mailauth.tests.dns_server import DnsServer
from .contacts_common import ContactChecksCase


@tagged('post_install', '-at_install')
class TestPartnerDomainCheck(ContactChecksCase):
    """DNS is asked about what is due, the most used first, and what it does not say replaces nothing."""

    def test_policy_and_reception_are_stored(self):
        self.serve('customer.test', self.REACHABLE + '_dmarc TXT "v=DMARC1; p=reject; sp=quarantine"')
        self.serve('plain.test', '@ A 198.51.100.9')
        self.gather('a@customer.test', 'a@sub.customer.test', 'a@plain.test')
        customer, sub, plain = map(self.domain, ('customer.test', 'sub.customer.test', 'plain.test'))
        progress = self.look()
        self.assertEqual((customer.policy, customer.reception, customer.policy_domain), ('reject', 'ok', 'customer.test'))
        self.assertEqual((sub.policy, sub.policy_domain, sub.reception), ('quarantine', 'customer.test', 'no_domain'))
        self.assertEqual((plain.policy, plain.reception, plain.mark), ('none', 'ok', False))
        self.assertEqual((progress.done, progress.remaining), (3, 0))
        for domain in customer | plain:
            self.assertGreater(domain.next_check, fields.Datetime.now() + timedelta(weeks=2))
            self.assertLess(domain.next_check, fields.Datetime.now() + timedelta(weeks=4))

    def test_what_is_not_due_is_not_asked(self):
        domains = self.gather('a@one.test', 'a@two.test', 'a@bounced.test')
        self.env['res.partner'].search([('email', '=', 'a@bounced.test')]).message_bounce = 1
        self.refresh()
        self.domain('two.test').next_check = fields.Datetime.now() + timedelta(hours=1)
        self.asked()
        self.look()
        self.assertEqual({name for name in self.asked() if name in domains.mapped('name')}, {'one.test'})
        self.asked()
        self.look()
        self.assertFalse(self.asked())

    def test_many_contacts_are_one_question(self):
        self.serve('freemail.test', self.REACHABLE)
        self.gather(*(f'c{number}@freemail.test' for number in range(20)))
        self.look()
        self.assertEqual([name.rstrip('.') for name, rdtype in self.dns.log if rdtype == 'MX'].count('freemail.test'), 1)

    def test_no_more_is_asked_in_a_second_than_is_agreed(self):
        self.env['ir.config_parameter'].set_param(consent.PARAMETER_RATE, '40')
        for number in range(12):
            self.serve(f'paced{number}.test', self.REACHABLE)
        self.gather(*(f'a@paced{number}.test' for number in range(12)))
        began = time.monotonic()
        self.look()
        took = time.monotonic() - began
        self.assertEqual(len([name for name, rdtype in self.dns.log if rdtype == 'MX']), 12)
        self.assertLessEqual(len(self.dns.log) - QUESTIONS, 40 * took)
        self.assertGreaterEqual(took, 11 * QUESTIONS / 40)

    def test_run_that_leaves_something_wakes_a_cron_worker(self):
        """Core would have the rest wait for up to a minute after every ten seconds of asking."""
        self.gather(*(f'a@d{number}.test' for number in range(30)))
        self.patch(asking.ContactsRun, '_take', lambda run, found: setattr(run.clock, 'end', 0))
        copy = self.cron.copy()
        for cron in (self.cron, copy):
            triggers = self.env['ir.cron.trigger'].search([('cron_id', '=', cron.id)])
            triggers.unlink()
            self.assertTrue(self._run(cron, '_cron_check', 300).remaining)
            self.assertTrue(triggers.search([('cron_id', '=', cron.id), ('call_at', '<=', fields.Datetime.now())]))
        triggers.search([('cron_id', '=', self.cron.id)]).unlink()
        self.look(0)
        self.assertFalse(triggers.search([('cron_id', '=', self.cron.id)]), "core calls it again in a run whose time is up")

    def test_most_used_come_first(self):
        for number, count in (('one', 1), ('three', 3), ('two', 2)):
            for contact in range(count):
                self.contact(f'{contact}@{number}.test')
        self.refresh()
        now = fields.Datetime.now()
        rows = storing.claim(self.env, 2, now + asking.CLAIM, now)
        self.assertEqual([row['name'] for row in rows], ['three.test', 'two.test'])
        self.assertEqual([row['name'] for row in storing.claim(self.env, 2, now + asking.CLAIM, now)], ['one.test'])

    def test_what_dns_does_not_answer_replaces_nothing_and_is_asked_again_later_and_later(self):
        self.serve('customer.test', self.REACHABLE + '_dmarc TXT "v=DMARC1; p=reject"')
        domain = self.gather('a@customer.test')
        self.look()
        self.dns.script('_dmarc.customer.test', 'TXT', 'servfail')
        self.dns.script('customer.test', 'MX', 'servfail')
        waits = []
        with freeze_time(fields.Datetime.now(), tick=True) as clock:
            for _look in range(5):
                clock.move_to(domain.next_check + timedelta(seconds=1))
                self.look()
                self.assertEqual((domain.policy, domain.policy_domain, domain.reception), ('reject', 'customer.test', 'ok'))
                waits.append(domain.next_check - fields.Datetime.now())
            self.assertTrue(domain.unanswered_since)
            self.assertLess(waits[0], timedelta(days=1.3))
            self.assertGreater(waits[-1], timedelta(days=7))
            self.dns.clear_scripts()
            clock.move_to(domain.next_check + timedelta(seconds=1))
            self.look()
            self.assertFalse(domain.unanswered_since)

    def test_run_that_is_killed_loses_nothing(self):
        """What was stored stays, what was claimed is due again after a while."""
        for number in range(30):
            self.contact(f'a@d{number}.test')
        self.refresh()

        class Killed(BaseException):
            pass

        stored = []

        def store(run):
            if stored:
                raise Killed
            stored.extend(run.results)
            return real(run)

        real = asking.ContactsRun._store
        self.patch(asking, 'STORED_AT_ONCE', 10)
        self.patch(asking.ContactsRun, '_store', store)
        self.patch(asking.ContactsRun, '_free', lambda run: None)
        with contextlib.suppress(Killed):  # assertRaises would undo what was committed before
            self.look()
        domains = self.env['mail.partner.domain'].search([])
        done = domains.filtered('last_check')
        self.assertEqual(len(done), len(stored))
        self.assertGreaterEqual(len(done), 10)
        claimed = (domains - done).filtered(lambda domain: domain.next_check > fields.Datetime.now())
        self.assertTrue(claimed)
        self.assertLessEqual(max(claimed.mapped('next_check')), fields.Datetime.now() + asking.CLAIM)

    def test_run_that_is_out_of_time_frees_what_it_did_not_get_to(self):
        domains = self.gather(*(f'a@d{number}.test' for number in range(30)))
        progress = self.look(0)
        self.assertEqual((progress.done, progress.remaining), (0, 30))
        self.patch(asking.Clock, 'is_over', lambda clock: True)
        progress = self.look()
        self.assertEqual(progress.remaining, 30)
        self.patch(asking.ContactsRun, '_take', lambda run, found: setattr(run.clock, 'end', 0))
        progress = self.look()
        self.assertEqual((progress.done, progress.remaining), (0, 30))
        self.assertLessEqual(max(domains.mapped('next_check')), fields.Datetime.now())

    def test_dead_dns_is_not_held_against_domains_and_is_left_alone_for_a_while(self):
        domains = self.gather(*(f'a@d{number}.test' for number in range(30)))
        with self.silent_dns():
            progress = self.look()
        self.assertEqual(progress.remaining, 0, "or core would begin again at once")
        self.assertFalse(domains.filtered('last_check'))
        self.assertLessEqual(max(domains.mapped('next_check')), fields.Datetime.now())
        self.assertGreater(self.next_wake(), fields.Datetime.now() + timedelta(seconds=PAUSE / 2))

    def next_wake(self):
        return max(self.env['ir.cron.trigger'].search([('cron_id', '=', self.cron.id)]).mapped('call_at'))

    def test_pauses_grow_while_name_servers_fail_ask_about_no_domain_and_start_anew_with_an_answer(self):
        domains = self.gather(*(f'a@d{number}.test' for number in range(15)))
        names = set(domains.mapped('name'))
        with freeze_time(fields.Datetime.now(), tick=True) as clock:
            for behaviour, count in (('servfail', 9), ('refused', 3), ('drop', 2)):
                with self.subTest(behaviour):
                    self.dns.script('*', '*', behaviour)
                    pauses = []
                    for _pause in range(count):
                        self.asked()
                        self.look()
                        # the first run has to find out, the others ask whether anything answers at all
                        self.assertEqual(bool(self.asked() & names), not pauses)
                        pauses.append(round((self.next_wake() - fields.Datetime.now()).total_seconds() / 60))
                        self.look()
                        self.assertFalse(self.asked(), "it waits, whatever woke it")
                        self.assertIn("do not answer", self.env['mail.partner.domain'].read_progress()['sentence'])
                        clock.move_to(self.next_wake() + timedelta(seconds=1))
                    self.assertEqual(pauses, [10, 20, 40, 80, 160, 320, 360, 360, 360][:count])
                    self.assertFalse(domains.filtered('last_check'))
                    self.dns.clear_scripts()
                    progress = self.look()
                    self.assertEqual((progress.done, progress.remaining), (15, 0))
                    self.assertEqual(pausing.get_pause(self.env), pausing.Pause(), "and is forgotten")
                    self.assertNotIn("do not answer", self.env['mail.partner.domain'].read_progress()['sentence'])
                    self.env.cr.execute("UPDATE mail_partner_domain SET last_check = NULL")
                    domains.invalidate_recordset()
                    self.make_due(*domains)

    def test_domains_whose_own_servers_fail_pause_nothing(self):
        """Many of them in a row: all were due again at the same time."""
        for number in range(25):
            self.dns.script(f'broken{number}.test', '*', 'servfail')
            self.dns.script(f'_dmarc.broken{number}.test', '*', 'servfail')
        domains = self.gather(*(f'{who}@broken{number}.test' for number in range(25) for who in 'ab'), 'a@fine.test')
        self.dns.log.clear()
        progress = self.look()
        self.assertEqual((progress.done, progress.remaining), (26, 0))
        self.assertEqual(len(domains.filtered('unanswered_since')), 25)
        self.assertEqual(self.domain('fine.test').reception, 'no_domain')
        self.assertEqual(pausing.get_pause(self.env).number, 0)
        self.assertTrue([name for name in self.asked() if name.endswith('.gmail.com')], "it was made sure that DNS is there")

    def test_other_name_servers_are_asked_at_once(self):
        self.gather(*(f'a@d{number}.test' for number in range(15)))
        self.dns.script('*', '*', 'refused')
        self.look()
        self.assertEqual(pausing.get_pause(self.env).number, 1)
        other = DnsServer({'.': self.ROOT}).start()
        self.addCleanup(other.stop)
        self.env['ir.config_parameter'].set_param('mail_domain_health.nameservers', '%s:%s' % other.address)
        self.assertEqual(self.look().done, 15)

    def test_what_was_answered_before_name_servers_fell_silent_is_kept(self):
        domains = self.gather(*(f'{who}@first{number}.test' for number in range(5) for who in 'ab'),
                              *(f'a@later{number}.test' for number in range(20)))
        for number in range(5):
            self.serve(f'first{number}.test', self.REACHABLE)
        for number in range(20):
            self.dns.script(f'later{number}.test', '*', 'drop')
        self.dns.script('*', 'A', 'drop')
        for number in range(5):
            self.dns.script(f'mail.first{number}.test', 'A', 'delay:0')
        self.look()
        self.assertEqual(set(domains.filtered('last_check').mapped('name')), {f'first{number}.test' for number in range(5)})
        self.assertEqual(pausing.get_pause(self.env).number, 1)

    def test_pause_that_somebody_wrote_by_hand_is_none(self):
        for text in ('rubbish', '[]', '3', '{"number": 1}', '{"number": "x", "until": "never", "servers": []}'):
            self.env['ir.config_parameter'].set_param(pausing.PARAMETER, text)
            self.assertEqual(pausing.get_pause(self.env), pausing.Pause(), text)

    def test_watched_domains_come_first(self):
        self.gather('a@customer.test')
        watched = self.env.ref('mail_domain_health.ir_cron_mail_domain_health_check')
        self.health('ours.example').next_check = fields.Datetime.now() - timedelta(minutes=1)
        self.env['ir.cron.trigger'].search([]).unlink()
        watched.nextcall = fields.Datetime.now() + timedelta(hours=20)
        self.look()
        self.assertIn('customer.test', self.asked(), "nobody waits: their check is at its own time")
        self.make_due(self.domain('customer.test'))
        watched.nextcall = fields.Datetime.now() - timedelta(minutes=1)
        self.look()
        self.assertNotIn('customer.test', self.asked())
        self.assertTrue(self.env['ir.cron.trigger'].search([('cron_id', '=', self.cron.id)]))
        watched.active = False
        self.look()
        self.assertIn('customer.test', self.asked(), "a check that never runs is not waited for")

    def test_copy_of_a_database_asks_nothing(self):
        self.gather('a@customer.test')
        self.env['ir.config_parameter'].set_param('database.is_neutralized', 'True')
        self.asked()
        self.look()
        self.assertFalse(self.asked())

    def test_each_domain_costs_few_queries(self):
        self.gather(*(f'a@d{number}.test' for number in range(200)))
        self.env.flush_all()
        before = self.env.cr.sql_log_count
        progress = self.look()
        self.assertEqual(progress.done, 200)
        self.assertLess(self.env.cr.sql_log_count - before, 2 * 200)


@tagged('post_install', '-at_install')
class TestPartnerDomainConsent(ContactChecksCase):
    """Many domains are asked about only once an administrator agreed."""

    def setUp(self):
        super().setUp()
        self.patch(consent, 'WITHOUT_CONSENT', 3)

    def test_few_domains_are_asked_about_without_asking(self):
        self.gather(*(f'a@d{number}.test' for number in range(3)))
        self.assertEqual(self.look().done, 3)

    def test_many_domains_wait_for_an_answer_and_no_is_one(self):
        self.gather(*(f'a@d{number}.test' for number in range(4)))
        self.asked()
        for answer in (None, False):
            if answer is not None:
                consent.set_answer(self.env, answer)
            progress = self.look()
            self.assertEqual((progress.done, progress.remaining), (0, 0))
            self.assertFalse(self.asked())
        consent.set_answer(self.env, True)
        self.assertEqual(self.look().done, 4)

    def test_who_answered_and_when_is_kept(self):
        consent.set_answer(self.env(user=self.env.ref('base.user_admin')), True)
        kept = json.loads(self.env['ir.config_parameter'].get_param(consent.PARAMETER_CONSENT))
        self.assertEqual((kept['answer'], kept['user_id']), ('agreed', self.env.ref('base.user_admin').id))
        self.assertLess(fields.Datetime.now() - fields.Datetime.to_datetime(kept['on']), timedelta(minutes=1))
        self.env['ir.config_parameter'].set_param(consent.PARAMETER_CONSENT, 'rubbish')
        self.assertIsNone(consent.get_answer(self.env))

    def as_admin(self):
        return self.env['mail.partner.domain'].with_user(self.env.ref('base.user_admin'))

    def test_administrator_sees_first_how_much_is_asked_how_long_it_takes_and_what_leaves(self):
        self.env['ir.config_parameter'].set_param(consent.PARAMETER_RATE, '2')
        self.gather(*(f'a@d{number}.test' for number in range(100)))
        progress = self.as_admin().read_progress()
        for said in ('addresses at: 100.', '400 questions', '2 a second', '4 minutes'):
            self.assertIn(said, progress['request']['text'])
        self.assertIn('127.0.0.1:%d' % self.dns.address[1], progress['request']['leaves'])
        self.assertEqual((progress['domains'], progress['done']), (100, 0))
        progress = self.as_admin().answer_request(False)
        self.assertIn(self.env.ref('base.user_admin').name, progress['request']['declined'])
        self.env['ir.cron.trigger'].search([]).unlink()
        progress = self.as_admin().answer_request(True)
        self.assertIsNone(progress['request'])
        self.assertTrue(self.env['ir.cron.trigger'].search([('cron_id', '=', self.cron.id)]), "it begins at once")

    def test_progress_moves_with_what_is_stored(self):
        self.gather(*(f'a@d{number}.test' for number in range(3)))
        self.assertEqual(self.as_admin().read_progress()['done'], 0)
        self.env['mail.partner.domain'].search([], limit=2).next_check = fields.Datetime.now() + timedelta(days=1)
        self.look()
        self.assertEqual(self.as_admin().read_progress()['done'], 1)
        self.make_due(*self.env['mail.partner.domain'].search([]))
        self.look()
        progress = self.as_admin().read_progress()
        self.assertEqual((progress['done'], progress['domains'], progress['held']), (3, 3, None))
