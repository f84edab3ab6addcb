from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests import new_test_user, tagged

from ..checking import announcement
from ..checking.announcing import ACTIVITY_BROKEN
from ..mailauth.tests.dns_server import DnsServer
from ..models import mail_domain_health
from ..texts import announcement as texts
from .common import DKIM_RECORD, DMARC_RECORD, HEALTHY, ODOO_ZONE, SPF_RECORD, DomainHealthCase


class AnnouncingCase(DomainHealthCase):
    """A domain that was looked at, and a user who is told of it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env['res.lang']._activate_lang('fr_FR')
        cls.ann = cls.make_user('ann')
        cls.company.mail_health_user_id = cls.ann

    @classmethod
    def make_user(cls, login, **values):
        return new_test_user(cls.env, login, 'base.group_system', company_id=cls.company.id,
                             company_ids=[(6, 0, cls.company.ids)], **values)

    def setUp(self):
        super().setUp()
        self.publish('ours.example', *HEALTHY)
        self.domain = self.health('ours.example').with_context(active_test=True)
        self.domain.check_now()
        self.before = self.domain.message_ids

    def notes(self):
        return self.domain.message_ids - self.before

    def activities(self):
        return self.domain.activity_ids.filtered(lambda activity: activity.activity_type_id == self.env.ref(ACTIVITY_BROKEN))

    def let_pass(self, **duration):
        """Let time pass for what is announced."""
        announced = self.domain.announced or {}
        for known in announced.values():
            for name in ('pending_since', 'broken_since'):
                if known.get(name):
                    known[name] = (fields.Datetime.to_datetime(known[name].partition('.')[0].replace('T', ' '))
                                   - timedelta(**duration)).isoformat()
        self.domain.announced = announced

    def look_twice(self):
        self.domain.check_now()
        self.let_pass(minutes=11)
        self.domain.check_now()


@tagged('post_install', '-at_install')
class TestAnnouncing(AnnouncingCase):
    """Who is told what, how, and in which language: from a look at DNS to the chatter, activities and notices."""

    def break_spf(self):
        self.publish('ours.example', DKIM_RECORD, DMARC_RECORD)
        self.look_twice()

    def test_a_break_mails_nobody(self):
        """Neither the responsible user who wants emails nor a follower who wants notes: mail is what may be broken."""
        follower = self.make_user('follower', notification_type='email', email='follower@ours.example')
        self.domain.message_subscribe(follower.partner_id.ids, self.env.ref('mail.mt_note').ids)
        self.ann.write({'notification_type': 'email', 'email': 'ann@ours.example'})
        mails = self.env['mail.mail'].search_count([])
        notifications = self.env['mail.notification'].search_count([('notification_type', '=', 'email')])
        self.break_spf()
        self.publish('ours.example', *HEALTHY)
        self.domain.check_now()
        self.assertEqual(len(self.notes()), 2)
        self.assertEqual(self.notes().subtype_id, self.env.ref('mail.mt_note'))
        self.assertEqual(self.env['mail.mail'].search_count([]), mails)
        self.assertEqual(self.env['mail.notification'].search_count([('notification_type', '=', 'email')]), notifications)

    def test_whoever_handles_notifications_in_odoo_has_the_note_there(self):
        self.ann.notification_type = 'inbox'
        self.break_spf()
        self.assertEqual(self.notes().notified_partner_ids, self.ann.partner_id)
        self.assertEqual(self.activities().user_id, self.ann)

    def test_each_responsible_user_is_told_once_in_their_own_language(self):
        jean = self.make_user('jean', lang='fr_FR', notification_type='inbox')
        other = self.make_company("Other", 'other.example')
        other.mail_health_user_id = jean
        jean.company_ids |= other
        self.ann.notification_type = 'inbox'
        self.domain.company_ids |= other
        self.break_spf()
        self.assertEqual(self.activities().user_id, self.ann | jean)
        self.assertEqual(len(self.notes()), 2)
        broken = self.notes()
        self.let_pass(hours=3)
        self.publish('ours.example', *HEALTHY)
        self.domain.check_now()
        by_user = {note.notified_partner_ids: note.body.replace('&nbsp;', ' ').replace('\xa0', ' ') for note in self.notes() - broken}
        self.assertEqual(set(by_user), {self.ann.partner_id, jean.partner_id})
        self.assertIn("3 hours", by_user[self.ann.partner_id])
        self.assertIn("3 heures", by_user[jean.partner_id])

    def test_the_end_says_how_long_it_lasted_from_the_first_look_that_saw_it(self):
        self.break_spf()
        self.let_pass(hours=2, minutes=49)  # after eleven minutes of doubt
        self.publish('ours.example', *HEALTHY)
        self.domain.check_now()
        recovery = self.notes()[:1]
        self.assertIn("3 hours", recovery.body)
        self.assertFalse(self.activities())
        [note] = self.notes() - recovery
        self.assertNotIn("3 hours", note.body)

    def test_where_nobody_is_responsible_the_note_is_written_all_the_same(self):
        with patch.object(self.env.registry['mail.domain.health'], '_get_responsible_users',
                          lambda domain, *_arguments: domain.env['res.users']):  # every administrator is archived
            self.break_spf()
        self.assertEqual(len(self.notes()), 1)

    def test_nothing_is_said_of_somebody_elses_domain_and_nothing_once_it_is_ours(self):
        self.domain.write({'ownership': 'theirs', 'is_foreign': True})
        self.break_spf()
        self.assertFalse(self.notes())
        self.assertFalse(self.activities())
        self.assertFalse(self.domain.announced)
        self.domain.write({'ownership': 'ours', 'is_foreign': False})
        self.domain.check_now()
        self.assertFalse(self.notes())
        self.assertFalse(announcement.is_broken(self.domain.announced))

    def test_other_records_that_are_as_good_are_told_nobody_who_did_not_ask(self):
        self.publish('ours.example', '@ TXT "v=spf1 include:_spf.odoo.com ip4:192.0.2.77 ~all"', DKIM_RECORD, DMARC_RECORD)
        self.domain.check_now()
        self.assertEqual(self.domain.state, 'pass')
        self.assertFalse(self.notes())
        self.assertFalse(self.activities())

    def test_a_domain_that_nothing_uses_any_more_loses_its_activity_and_nothing_is_said(self):
        self.break_spf()
        self.assertTrue(self.activities())
        said = self.notes()
        self.domain._stop_watching()
        self.assertFalse(self.activities())
        self.assertEqual(self.notes(), said)
        self.assertFalse(self.domain.announced)


@tagged('post_install', '-at_install')
class TestUnjudged(AnnouncingCase):
    """What breaks while nobody has said who delivers a part of the mail; and that saying so breaks nothing."""

    def setUp(self):
        super().setUp()
        self.use(False)
        self.domain.check_now()
        self.assertEqual(self.domain.spf_state, 'unknown')

    def use(self, service):
        self.company.mail_sending_service_id = service and self.env.ref(f'mail_domain_health.sending_service_{service}')

    def begin(self):
        """Forget what was announced: the first look is one that cannot judge."""
        self.domain.announced = False
        self.domain.check_now()
        self.assertTrue(announcement.has(self.domain.announced, announcement.UNJUDGED))

    def share(self):
        """Have a second company, which uses the same domain, say who delivers its mail."""
        other = self.make_company("Second", 'second.example')
        other.alias_domain_id = self.company.alias_domain_id
        self.env.cr.flush()

    def test_a_record_that_vanishes_is_told_and_its_return_too_each_time(self):
        self.begin()
        seen = self.notes()
        for _time in range(2):
            self.publish('ours.example', *HEALTHY[1:])
            self.domain.check_now()
            self.assertFalse(self.notes() - seen, "at its first look")
            self.assertTrue(self.domain._awaits_confirmation())
            self.let_pass(minutes=11)
            self.domain.check_now()
            [note] = self.notes() - seen
            self.assertIn("v=spf1 include:_spf.odoo.com", note.body)
            event = announcement.Event('broken', 'spf', 'pass', 'warning', '', '')
            self.assertIn(texts.headline(self.env, self.domain, [event], False), note.body, "it could be looked at before")
            self.assertTrue(self.activities())
            seen = self.notes()
            self.domain.check_now()
            self.assertEqual(self.notes(), seen, "once")
            self.publish('ours.example', *HEALTHY)
            self.domain.check_now()
            [note] = self.notes() - seen
            self.assertFalse(self.activities())
            event = announcement.Event('recovered', 'spf', 'warning', 'open', '', '')
            self.assertIn(texts.changes(self.env, event).striptags(), note.body.striptags(), "that all is OK, nobody knows")
            seen = self.notes()

    def test_instructions_to_receivers_that_vanish_are_told(self):
        self.publish('ours.example', *HEALTHY[:2], '_dmarc TXT "v=DMARC1; p=reject"')
        self.begin()
        self.assertEqual(self.domain.dmarc_state, 'unknown')
        self.publish('ours.example', *HEALTHY[:2])
        self.look_twice()
        self.assertEqual(len(self.notes()), 1)

    def test_what_breaks_for_those_whose_service_is_known_is_told(self):
        self.share()
        for broken in (
            ('@ TXT "v=spf1 ip4:203.0.113.1 -all"', DKIM_RECORD), (SPF_RECORD, 'odoo._domainkey TXT "v=DKIM1; p="'),
            (SPF_RECORD, SPF_RECORD.replace('~', '-'), DKIM_RECORD), ('@ TXT "v=spf1 include:nowhere.example ~all"', DKIM_RECORD),
        ):
            with self.subTest(broken=broken):
                self.publish('ours.example', *HEALTHY)
                self.begin()
                self.assertEqual((self.domain.spf_state, self.domain.dkim_state), ('unknown', 'unknown'))
                seen = self.notes()
                self.publish('ours.example', *broken, DMARC_RECORD)
                self.look_twice()
                self.assertEqual(len(self.notes() - seen), 1)
                self.assertTrue(self.activities())
                self.publish('ours.example', *HEALTHY)
                self.domain.check_now()
                self.assertEqual(len(self.notes() - seen), 2)
                self.assertFalse(self.activities())

    def test_what_a_service_publishes_no_more_is_told(self):
        """The domain's own record is as it was."""
        self.share()
        self.begin()
        self.dns.set_zone('odoo.com', ODOO_ZONE.replace('_spf TXT', '_other TXT'))
        self.look_twice()
        self.assertEqual(len(self.notes()), 1)

    def test_choosing_a_service_is_told_nobody_whatever_it_finds(self):
        for record in (SPF_RECORD, '@ TXT "v=spf1 ip4:203.0.113.1 -all"'):
            with self.subTest(record=record):
                self.use(False)
                self.publish('ours.example', record, DMARC_RECORD)
                self.begin()
                self.use('odoo')
                self.look_twice()
                self.assertNotEqual((self.domain.spf_state, self.domain.dkim_state), ('unknown', 'unknown'))
                self.use(False)
                self.look_twice()
                self.use('odoo')
                self.look_twice()
                self.assertFalse(self.notes())
                self.assertFalse(self.activities())

    def test_silence_is_told_nobody(self):
        self.begin()
        with self.silent_dns():
            self.look_twice()
        self.assertTrue(announcement.has(self.domain.announced, announcement.UNJUDGED))
        self.domain.check_now()
        self.assertFalse(self.notes())

    def test_what_the_zones_own_servers_have_did_not_vanish(self):
        own = DnsServer({}, host='127.0.0.2', authoritative=True).start()
        self.addCleanup(own.stop)
        self.startPatcher(patch.object(mail_domain_health, 'AUTHORITY_PORT', own.address[1]))
        zone = ['@ SOA ns1 hostmaster 1 3600 600 86400 300', '@ NS ns1', 'ns1 A 127.0.0.2', '@ MX 10 mail', 'mail A 192.0.2.10']
        for server in (own, self.dns):
            server.set_zone('ours.example', '\n'.join([*zone, *HEALTHY]))
        self.begin()
        self.dns.set_zone('ours.example', '\n'.join([*zone, DKIM_RECORD, DMARC_RECORD]))
        self.look_twice()
        self.assertFalse(self.notes())
        self.assertFalse(self.domain._awaits_confirmation(), "nor does it wait to be seen again")
        own.set_zone('ours.example', '\n'.join([*zone, DKIM_RECORD, DMARC_RECORD]))
        self.look_twice()
        self.assertEqual(len(self.notes()), 1)

    def test_a_break_is_told_as_bad_as_it_is_while_a_resolver_denies_another_record(self):
        """How much SPF's fault harms is up to the key that the resolver denies and the zone's own servers have."""
        own = DnsServer({}, host='127.0.0.2', authoritative=True).start()
        self.addCleanup(own.stop)
        self.startPatcher(patch.object(mail_domain_health, 'AUTHORITY_PORT', own.address[1]))
        hosts = ['@ SOA ns1 hostmaster 1 3600 600 86400 300', '@ NS ns1', 'ns1 A 127.0.0.2']
        zone = [*hosts, '@ MX 10 mail', 'mail A 192.0.2.10']
        self.use('odoo')
        for server in (own, self.dns):
            server.set_zone('odoo.com', '\n'.join([*hosts, ODOO_ZONE]))
            server.set_zone('ours.example', '\n'.join([*zone, *HEALTHY]))
        self.domain.announced = False
        self.domain.check_now()
        broken = '@ TXT "v=spf1 include:_spf.odoo.com ip4:300.1.1.1 ~all"'
        own.set_zone('ours.example', '\n'.join([*zone, broken, DKIM_RECORD, DMARC_RECORD]))
        self.dns.set_zone('ours.example', '\n'.join([*zone, broken, DMARC_RECORD]))
        self.look_twice()
        self.assertEqual((self.domain.spf_state, self.domain.announced['spf']['state']), ('fail', 'warning'))
        self.assertEqual(len(self.notes()), 1)
        self.assertEqual(announcement.is_broken({'dkim': self.domain.announced['dkim']}), False)
        self.dns.set_zone('ours.example', '\n'.join([*zone, broken, DKIM_RECORD, DMARC_RECORD]))
        self.look_twice()
        self.assertEqual(len(self.notes()), 1, "once")
