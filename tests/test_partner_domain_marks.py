from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.tests import BaseCase, tagged

from ..contacts import decisions, marks, schedule, storing
from ..contacts.marks import Known, step
from ..mailauth.contact import Opinion, Reception
from .contacts_common import ContactChecksCase

NOW = datetime(2026, 5, 1, 12)
DAY = timedelta(days=1)
FAULTS = [reception for reception in Reception if reception.is_fault]


@tagged('post_install', '-at_install')
class TestMarkStep(BaseCase):
    """The rule itself: seen twice, a day apart, confirmed, and never against mail that was exchanged."""

    def test_first_look_only_suspects_and_asks_for_a_second_one_a_day_later(self):
        for reception in FAULTS:
            after = step(Known(), reception, NOW)
            self.assertEqual(after[:4], (reception.value, 'suspected', NOW, None))
            self.assertGreaterEqual(after.next_check - NOW, DAY)
            self.assertLess(after.next_check - NOW, 2 * DAY)

    def test_second_look_marks_only_what_another_source_confirms(self):
        suspected = Known('no_domain', 'suspected', NOW - DAY)
        self.assertTrue(marks.needs_second_source(suspected, Reception.NO_DOMAIN, NOW))
        self.assertEqual(step(suspected, Reception.NO_DOMAIN, NOW, Opinion.CONFIRMED)[:4], ('no_domain', 'marked', NOW - DAY, NOW))
        for opinion in (Opinion.UNKNOWN, None):
            after = step(suspected, Reception.NO_DOMAIN, NOW, opinion)
            self.assertEqual((after.mark, after.unreachable_since), ('suspected', NOW - DAY))
            self.assertGreaterEqual(after.next_check - NOW, DAY)
        after = step(suspected, Reception.NO_DOMAIN, NOW, Opinion.CONTRADICTED)
        self.assertEqual((after.mark, after.unreachable_since), (None, None))

    def test_two_looks_within_a_day_are_one(self):
        suspected = Known('no_domain', 'suspected', NOW - DAY + timedelta(minutes=1))
        self.assertFalse(marks.needs_second_source(suspected, Reception.NO_DOMAIN, NOW))
        after = step(suspected, Reception.NO_DOMAIN, NOW, Opinion.CONFIRMED)
        self.assertEqual((after.mark, after.next_check), ('suspected', suspected.unreachable_since + DAY))

    def test_exchanged_mail_speaks_for_a_domain_for_ninety_days(self):
        suspected = Known('no_domain', 'suspected', NOW - DAY)
        for days, mark in ((0, 'suspected'), (90, 'suspected'), (91, 'marked')):
            after = step(suspected, Reception.NO_DOMAIN, NOW, Opinion.CONFIRMED, NOW - days * DAY)
            self.assertEqual(after.mark, mark, days)

    def test_what_dns_does_not_answer_changes_nothing(self):
        for known in (Known(), Known('ok'), Known('no_domain', 'suspected', NOW - DAY), Known('null_mx', 'marked', NOW - 9 * DAY, NOW - DAY),
                      Known('null_mx', 'held', NOW - 9 * DAY, NOW - DAY)):
            self.assertEqual(step(known, Reception.UNKNOWN, NOW), known)

    def test_mark_keeps_its_date_while_the_fault_lasts_and_goes_with_it(self):
        for mark in ('marked', 'held'):
            known = Known('null_mx', mark, NOW - 9 * DAY, NOW - 8 * DAY)
            self.assertFalse(marks.needs_second_source(known, Reception.NO_DOMAIN, NOW))
            self.assertEqual(step(known, Reception.NO_DOMAIN, NOW), known._replace(reception='no_domain'))
            self.assertEqual(step(known, Reception.OK, NOW), Known('ok'))

    def test_more_than_two_percent_are_too_many_and_one_never_is(self):
        for new, looked_at, expected in ((1, 1, False), (2, 100, False), (3, 100, True), (2, 99, True), (20, 1000, False), (21, 1000, True)):
            self.assertEqual(marks.too_many(new, looked_at), expected, (new, looked_at))

    def test_looks_are_spread_over_weeks_and_silence_waits_twice_as_long_each_time(self):
        times = {schedule.regular(NOW) for _time in range(50)}
        self.assertGreater(len(times), 40)
        self.assertGreater(min(times) - NOW, timedelta(weeks=2))
        self.assertLess(max(times) - NOW, timedelta(weeks=4))
        self.assertGreaterEqual(schedule.after_silence(NOW, NOW) - NOW, DAY)
        self.assertGreaterEqual(schedule.after_silence(NOW, NOW - 8 * DAY) - NOW, 8 * DAY)
        self.assertLess(schedule.after_silence(NOW, NOW - 900 * DAY) - NOW, timedelta(weeks=4))


@tagged('post_install', '-at_install')
class TestPartnerDomainMarks(ContactChecksCase):
    """Domains that cannot receive mail, from DNS packets to the mark."""

    def setUp(self):
        super().setUp()
        self.serve('gone-host.test', '@ MX 10 nowhere.test.')
        self.serve('null.test', '@ MX 0 .')
        self.serve('text.test', '@ TXT "nothing else"')
        self.serve('inside.test', '@ MX 10 mail\nmail A 10.0.0.1')
        self.make_fine()

    def make_fine(self):
        """Many domains in order, so that some that are not are no mass of new marks."""
        for number in range(300):
            self.env['mail.partner.domain'].create({
                'name': f'fine{number}.test', 'contact_count': 1, 'mailable_count': 1, 'reception': 'ok', 'policy': 'none',
                'last_check': fields.Datetime.now(), 'next_check': fields.Datetime.now() + timedelta(weeks=3)})

    def suspect(self, *names):
        """Create contacts at these domains and look twice, a day apart, within the caller's frozen time."""
        for name in names:
            self.contact(f'a@{name}')
        now = fields.Datetime.now()
        domains = self.env['mail.partner.domain'].create([
            {'name': name, 'contact_count': 1, 'mailable_count': 1, 'next_check': now} for name in names])
        self.look()
        return domains

    def later(self, clock, domains):
        clock.move_to(max(domains.mapped('next_check')) + timedelta(minutes=1))
        self.look()

    def test_every_fault_is_marked_after_a_second_look_and_source(self):
        faults = {'gone-host.test': 'dangling', 'null.test': 'null_mx', 'text.test': 'no_host', 'inside.test': 'not_public',
                  'missing.test': 'no_domain'}
        with freeze_time(fields.Datetime.now(), tick=True) as clock:
            domains = self.suspect(*faults)
            self.assertEqual({domain.name: domain.reception for domain in domains}, faults)
            self.assertEqual(set(domains.mapped('mark')), {'suspected'})
            since = {domain: domain.unreachable_since for domain in domains}
            self.asked(self.authority)
            self.later(clock, domains)
            self.assertEqual(set(domains.mapped('mark')), {'marked'})
            self.assertTrue(self.asked(self.authority) & set(faults), "the second source was asked")
            self.assertEqual({domain: domain.unreachable_since for domain in domains}, since)
            self.assertGreaterEqual(min(domains.mapped('marked_on')) - max(since.values()), DAY)
            for domain in domains:
                self.assertGreater(domain.next_check, fields.Datetime.now() + timedelta(weeks=2))

    def test_odd_addresses_have_their_right_answer_from_what_was_written_to_the_badge(self):
        self.serve('target.test', self.REACHABLE)
        self.serve('alias.test', 'www CNAME target.test.\nlost CNAME gone.target.test.')
        self.serve('wild.test', '* MX 10 mail\nmail A 198.51.100.9')
        self.serve('parked.test', '@ A 198.51.100.20\n* A 198.51.100.20')
        self.serve('loop.test', '@ MX 10 localhost.')
        self.serve('noaddress.test', '@ MX 10 text\ntext TXT "nothing else"')
        self.serve('xn--mller-kva.test', '@ MX 0 .')
        told, long = "Cannot receive mail", '.'.join(['abcdefgh'] * 34)
        self.assertGreater(len(long), 300)
        expected = {  # what was written: (domain, whether mail can go there, badge)
            'no domain at all': (None, None, ''),
            'a@': (None, None, ''),
            'a@localhost': (None, None, ''),
            'a@[192.0.2.1]': (None, None, ''),
            'a@[IPv6:2001:db8::1]': (None, None, ''),
            'a@192.0.2.1': (None, None, ''),
            f'a@{long}': (None, None, ''),
            'a@target.test, b@loop.test': ('target.test', 'ok', ''),  # Odoo takes the first one for the contact's own
            'b@loop.test; a@target.test': ('loop.test', 'not_public', told),
            '"two words"@target.test': ('target.test', 'ok', ''),
            '"a@null.test"@target.test': ('target.test', 'ok', ''),
            'CAPITALS@NoAddress.TEST': ('noaddress.test', 'dangling', told),
            'dot@noaddress.test.': ('noaddress.test', 'dangling', told),
            'umlaut@MÜLLER.test': ('xn--mller-kva.test', 'null_mx', told),
            'encoded@xn--mller-kva.test': ('xn--mller-kva.test', 'null_mx', told),
            'alias@www.alias.test': ('www.alias.test', 'ok', ''),
            'alias@lost.alias.test': ('lost.alias.test', 'no_host', told),
            'wild@any.thing.wild.test': ('any.thing.wild.test', 'ok', ''),
            'parked@parked.test': ('parked.test', 'ok', ''),  # an address takes mail where there is no MX (RFC 5321 §5.1)
            'parked@anything.parked.test': ('anything.parked.test', 'ok', ''),
        }
        partners = {email: self.contact(email) for email in expected}
        self.refresh()
        self.make_fine()
        domains = self.env['mail.partner.domain'].search([('last_check', '=', False)])
        with freeze_time(fields.Datetime.now(), tick=True) as clock:
            domains.next_check = fields.Datetime.now()
            self.look()
            self.later(clock, domains.filtered('unreachable_since'))
        for email, (name, reception, badge) in expected.items():
            with self.subTest(email=email[:60]):
                partner = partners[email]
                partner.invalidate_recordset()
                self.assertEqual(partner.mail_notice, badge)
                self.assertEqual(partner in partner.search([('mail_cannot_receive', '=', True)]), bool(badge))
                if name:
                    self.assertEqual(self.domain(name).reception, reception)
        names = {name for name, *_rest in expected.values() if name}
        self.assertEqual(set(domains.mapped('name')) - {'ours.example'}, names, "nothing else was taken for a domain")

    def test_mark_goes_once_the_domain_receives_mail(self):
        with freeze_time(fields.Datetime.now(), tick=True) as clock:
            domain = self.suspect('null.test')
            self.later(clock, domain)
            self.assertEqual(domain.mark, 'marked')
            self.serve('null.test', self.REACHABLE)
            self.later(clock, domain)
            self.assertEqual((domain.mark, domain.unreachable_since, domain.marked_on, domain.reception), (False, False, False, 'ok'))

    def test_resolver_that_denies_a_domain_which_its_own_servers_have_marks_nothing(self):
        self.serve('there.test', self.REACHABLE)
        for rdtype in ('MX', 'A', 'AAAA'):
            self.dns.script('there.test', rdtype, 'nodata')
        with freeze_time(fields.Datetime.now(), tick=True) as clock:
            domain = self.suspect('there.test')
            self.assertEqual(domain.mark, 'suspected')
            self.later(clock, domain)
            self.assertFalse(domain.mark)

    def test_where_known_names_do_not_resolve_nothing_is_marked(self):
        with freeze_time(fields.Datetime.now(), tick=True) as clock:
            domain = self.suspect('null.test')
            self.remove('gmail.com')
            self.later(clock, domain)
            self.assertEqual(domain.mark, 'suspected')

    def test_second_source_that_does_not_answer_marks_nothing(self):
        with freeze_time(fields.Datetime.now(), tick=True) as clock:
            domain = self.suspect('null.test')
            self.authority.set_silent('null.test')
            self.later(clock, domain)
            self.assertEqual(domain.mark, 'suspected')

    def test_week_without_dns_marks_nothing_and_a_mark_from_before_keeps_its_date(self):
        with freeze_time(fields.Datetime.now(), tick=True) as clock:
            marked = self.suspect('null.test')
            self.later(clock, marked)
            suspected = self.suspect('text.test')
            fine = self.domain('fine0.test')
            before = [(domain.mark, domain.unreachable_since, domain.marked_on, domain.reception) for domain in marked | suspected | fine]
            start = fields.Datetime.now()
            with self.silent_dns():
                for hours in range(0, 7 * 24, 12):
                    clock.move_to(start + timedelta(hours=hours))
                    self.make_due(marked, suspected, fine)
                    self.look()
            self.assertEqual(before, [
                (domain.mark, domain.unreachable_since, domain.marked_on, domain.reception) for domain in marked | suspected | fine])
            # servers that fail instead of being silent
            self.dns.script('*', '*', 'servfail')
            for hours in range(0, 7 * 24, 12):
                clock.move_to(start + timedelta(days=7, hours=hours))
                self.make_due(marked, suspected, fine)
                self.look()
            self.assertEqual(before, [
                (domain.mark, domain.unreachable_since, domain.marked_on, domain.reception) for domain in marked | suspected | fine])

    def test_mark_touches_no_contact(self):
        with freeze_time(fields.Datetime.now(), tick=True) as clock:
            domain = self.suspect('null.test')
            contact = self.env['res.partner'].search([('email_normalized', '=', 'a@null.test')])
            before = contact.read(['email', 'active', 'message_bounce', 'write_date'])
            self.later(clock, domain)
            self.assertEqual(domain.mark, 'marked')
            self.assertEqual(contact.read(['email', 'active', 'message_bounce', 'write_date']), before)
            self.assertFalse(self.env['mail.blacklist'].search([('email', '=', 'a@null.test')]))

    # Mail that was exchanged

    def look_twice(self, clock, exchange):
        domain = self.suspect('null.test')
        contact = self.env['res.partner'].search([('email_normalized', '=', 'a@null.test')])
        exchange(contact)
        self.later(clock, domain)
        return domain

    def message(self, **values):
        return self.env['mail.message'].create({'body': "Hello", 'message_type': 'email', **values})

    def notify(self, contact, status, **values):
        return self.env['mail.notification'].create({
            'mail_message_id': self.message(message_type='comment', **values).id, 'res_partner_id': contact.id,
            'notification_type': 'email', 'notification_status': status})

    def test_mail_that_was_exchanged_keeps_a_domain_from_being_marked(self):
        for name, exchange in (
            ("received", lambda contact: self.message(email_from='"A" <A@Null.test>')),
            ("received, bare", lambda contact: self.message(email_from='b@null.test')),
            ("delivered", lambda contact: self.notify(contact, 'sent')),
            ("delivered to an address", lambda contact: self.env['mail.notification'].create({
                'mail_message_id': self.message(message_type='email_outgoing').id, 'mail_email_address': 'b@null.test',
                'notification_type': 'email', 'notification_status': 'sent'})),
        ):
            with self.subTest(name), self.env.cr.savepoint(), freeze_time(fields.Datetime.now(), tick=True) as clock:
                domain = self.look_twice(clock, exchange)
                self.assertEqual(domain.mark, 'suspected')
                self.assertTrue(domain.last_exchange)
                self.env['mail.notification'].search([('mail_email_address', '=', 'b@null.test')]).unlink()
                self.env['mail.message'].search([('body', 'ilike', "Hello")]).unlink()
                domain.unlink()
                self.env['res.partner'].search([('email_normalized', '=', 'a@null.test')]).unlink()

    def test_what_failed_bounced_or_is_long_ago_was_not_exchanged(self):
        for name, exchange in (
            ("bounced", lambda contact: self.notify(contact, 'bounce')),
            ("failed", lambda contact: self.notify(contact, 'exception')),
            ("not sent yet", lambda contact: self.notify(contact, 'ready')),
            ("in Odoo only", lambda contact: self.message(message_type='comment', email_from='a@null.test')),
            ("of another domain", lambda contact: self.message(email_from='a@not-null.test')),
            ("of a domain below", lambda contact: self.message(email_from='a@sub.null.test')),
            ("long ago", lambda contact: self.message(email_from='a@null.test', date=fields.Datetime.now() - timedelta(days=100))),
        ):
            with self.subTest(name), freeze_time(fields.Datetime.now(), tick=True) as clock:
                domain = self.look_twice(clock, exchange)
                self.assertEqual(domain.mark, 'marked')
                domain.unlink()
                self.env['res.partner'].search([('email_normalized', '=', 'a@null.test')]).unlink()

    def test_mail_that_arrives_from_a_marked_domain_takes_the_mark_back(self):
        with freeze_time(fields.Datetime.now(), tick=True) as clock:
            domain = self.suspect('null.test')
            self.later(clock, domain)
            self.assertEqual(domain.mark, 'marked')
            self.message(email_from='a@null.test', date=fields.Datetime.now())
            self.refresh_as_scheduled()
            self.assertEqual(domain.mark, 'suspected')

    # Typing mistakes

    def test_listed_typing_mistake_is_told_at_once_and_whether_it_receives_mail_or_not(self):
        self.serve('gmial.com', self.REACHABLE)
        self.gather('a@gmial.com', 'a@gmail.com', 'a@ymail.com', 'a@customer.test')
        self.assertEqual(self.domain('gmial.com').suggestion, 'gmail.com')
        self.look()
        self.assertEqual((self.domain('gmial.com').reception, self.domain('gmial.com').suggestion), ('ok', 'gmail.com'))
        for name in ('gmail.com', 'ymail.com', 'customer.test'):
            self.assertFalse(self.domain(name).suggestion, name)

    def test_slip_of_one_key_is_told_only_of_a_marked_domain(self):
        with freeze_time(fields.Datetime.now(), tick=True) as clock:
            domain = self.suspect('outlpok.com')
            self.assertFalse(domain.suggestion)
            self.later(clock, domain)
            self.assertEqual((domain.mark, domain.suggestion), ('marked', 'outlook.com'))
            self.serve('outlpok.com', self.REACHABLE)
            self.later(clock, domain)
            self.assertFalse(domain.suggestion)

    def test_domain_with_which_mail_was_exchanged_is_no_typing_mistake(self):
        self.serve('gmial.com', self.REACHABLE)
        domain = self.gather('a@gmial.com')
        self.assertEqual(domain.suggestion, 'gmail.com')
        self.message(email_from='a@gmial.com', date=fields.Datetime.now())
        self.refresh_as_scheduled()
        self.assertEqual((domain.suggestion, domain.mark), (False, False))
        self.look()
        self.assertFalse(domain.suggestion)

    # Too many at once

    def held_activities(self):
        return self.env['mail.activity'].search([('activity_type_id', '=', self.env.ref(decisions.ACTIVITY_HELD).id)])

    def mark_many(self, clock, count=12):
        domains = self.suspect(*(f'missing{number}.test' for number in range(count)))
        self.later(clock, domains)
        return domains

    def test_many_new_marks_are_held_all_of_them_and_the_administrator_is_told_once(self):
        self.company.mail_health_user_id = admin = self.env.ref('base.user_admin')
        admin.company_ids |= self.company
        with freeze_time(fields.Datetime.now(), tick=True) as clock:
            few = self.suspect('null.test', 'text.test')
            self.later(clock, few)
            self.assertEqual(set(few.mapped('mark')), {'marked'})
            self.assertFalse(self.held_activities())
            many = self.suspect(*(f'missing{number}.test' for number in range(6)))
            many.unreachable_since = few[0].unreachable_since  # seen at the same time as the others, and looked at later
            self.make_due(many)
            self.look()
            self.assertEqual(set((few | many).mapped('mark')), {'held'}, "also those of this run that were marked before")
            told = self.held_activities()
            self.assertIn(admin, told.user_id)
            more = self.suspect('later.test')
            self.later(clock, more)
            self.assertEqual(more.mark, 'held')
            self.assertEqual(self.held_activities(), told)

    def test_old_marks_are_none_of_this_run(self):
        with freeze_time(fields.Datetime.now(), tick=True) as clock:
            old = self.suspect(*(f'missing{number}.test' for number in range(4)))
            self.later(clock, old)
            self.assertEqual(set(old.mapped('mark')), {'marked'})
            clock.move_to(fields.Datetime.now() + 2 * DAY)
            new = self.suspect(*(f'other{number}.test' for number in range(4)))
            self.later(clock, new)
            self.assertEqual(set((old | new).mapped('mark')), {'marked'})

    def test_administrator_decides_what_held_marks_are(self):
        with freeze_time(fields.Datetime.now(), tick=True) as clock:
            domains = self.mark_many(clock)
            self.assertEqual(set(domains.mapped('mark')), {'held'})
            self.assertTrue(self.held_activities())
            decisions.look_again(self.env)
            self.assertEqual(set(domains.mapped('mark')), {'suspected'})
            self.assertFalse(self.held_activities())
            self.later(clock, domains)
            self.assertEqual(set(domains.mapped('mark')), {'held'})
            decisions.accept(self.env)
            self.assertEqual(set(domains.mapped('mark')), {'marked'})
            self.assertFalse(self.held_activities())
            more = self.suspect('null.test', 'text.test')
            self.later(clock, more)
            self.assertEqual(set(more.mapped('mark')), {'marked'}, "what was accepted is not counted again")

    def test_decision_is_not_undone_by_a_look_that_was_under_way(self):
        with freeze_time(fields.Datetime.now(), tick=True) as clock:
            domains = self.mark_many(clock)
            store = self.patched_store(lambda: decisions.accept(self.env))
            self.make_due(domains)
            self.look()
            self.assertTrue(store)
            self.assertEqual(set(domains.mapped('mark')), {'marked'})

    def patched_store(self, before):
        real, called = storing.store, []

        def store(env, looks, now):
            if not called:
                called.append(True)
                before()
            return real(env, looks, now)

        self.patch(storing, 'store', store)
        return called

    def test_activity_goes_with_what_it_is_about(self):
        with freeze_time(fields.Datetime.now(), tick=True) as clock:
            domains = self.mark_many(clock)
            self.assertTrue(self.held_activities())
            for domain in domains:
                self.serve(domain.name, self.REACHABLE)
            self.make_due(domains)
            self.look()
            self.assertFalse(any(domains.mapped('mark')))
            self.refresh_as_scheduled()
            self.assertFalse(self.held_activities())
