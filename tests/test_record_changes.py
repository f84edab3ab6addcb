from datetime import datetime, timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged
from odoo.tests.common import BaseCase

from ..checking import record_changes
from ..checking.announcing import ACTIVITY_BROKEN, ACTIVITY_CHANGED
from ..mailauth.tests.dns_server import DnsServer
from ..models import mail_domain_health
from ..texts import announcement as texts
from .common import DKIM_RECORD, DMARC_RECORD, HEALTHY, DomainHealthCase, dkim_key

START = datetime(2026, 1, 1)
OTHER_SPF = '@ TXT "v=spf1 ip4:192.0.2.77 include:_spf.odoo.com ~all"'


@tagged('post_install', '-at_install')
class TestStep(BaseCase):
    """When a change is told: after two looks, ten minutes apart, that saw the same new record."""

    def play(self, *looks, said=()):
        """Play ``(minutes since the start, what is seen)``; return what is told at each look."""
        known, told = {}, []
        for minutes, seen in looks:
            known, changes = record_changes.step(known, seen, said, START + timedelta(minutes=minutes))
            told.append(changes)
        return told

    def test_a_first_look_tells_nothing(self):
        self.assertEqual(self.play((0, {'spf': 'a'})), [{}])

    def test_a_change_is_told_once_by_the_second_look_that_sees_it(self):
        self.assertEqual(
            self.play((0, {'spf': 'a'}), (60, {'spf': 'b'}), (69, {'spf': 'b'}), (70, {'spf': 'b'}), (80, {'spf': 'b'})),
            [{}, {}, {}, {'spf': ('a', 'b')}, {}])

    def test_what_is_deleted_and_added_again_is_told_nobody(self):
        self.assertFalse(any(self.play((0, {'mx': 'a'}), (60, {'mx': ''}), (70, {'mx': 'a'}), (80, {'mx': ''}), (90, {'mx': 'a'}))))

    def test_a_third_record_waits_anew(self):
        self.assertEqual(
            self.play((0, {'ns': 'a'}), (60, {'ns': 'b'}), (70, {'ns': 'c'}), (80, {'ns': 'c'})),
            [{}, {}, {}, {'ns': ('a', 'c')}])

    def test_caches_that_take_turns_tell_nothing(self):
        self.assertFalse(any(self.play((0, {'spf': 'a'}), *((60 + 10 * turn, {'spf': 'ba'[turn % 2]}) for turn in range(20)))))

    def test_what_dns_does_not_answer_tells_and_confirms_nothing(self):
        self.assertEqual(
            self.play((0, {'spf': 'a'}), (60, {}), (70, {'spf': 'b'}), (80, {}), (90, {'spf': 'a'}), (100, {})), [{}] * 6)

    def test_what_is_told_with_a_break_or_a_recovery_is_not_told_twice(self):
        self.assertEqual(self.play((0, {'spf': 'a'}), (60, {'spf': 'b'}), (70, {'spf': 'b'}), said={'spf'}), [{}] * 3)

    def test_several_keys_are_told_together(self):
        old, new = {'dkim:one': 'a', 'dkim:two': 'b'}, {'dkim:one': 'c', 'dkim:two': ''}
        self.assertEqual(self.play((0, old), (60, new), (70, new))[2], {'dkim': ('a\nb', 'c')})

    def test_a_key_that_was_never_asked_about_is_no_change(self):
        self.assertFalse(any(self.play((0, {'spf': 'a'}), (60, {'spf': 'a', 'dkim:one': 'k'}), (70, {'spf': 'a', 'dkim:one': 'k'}))))


@tagged('post_install', '-at_install')
class TestRecordChanges(DomainHealthCase):
    """From a change in DNS to whoever asked to be told, and to nobody else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ann = new_test_user(
            cls.env, 'ann', 'base.group_system', company_id=cls.company.id, company_ids=[(6, 0, cls.company.ids)],
            notification_type='inbox')
        cls.company.mail_health_user_id = cls.ann

    def setUp(self):
        super().setUp()
        self.own = None
        self.publish('ours.example', *HEALTHY)
        self.domain = self.health('ours.example').with_context(active_test=True)
        self.domain.check_now()
        self.domain.tells_record_changes = True
        self.before = self.domain.message_ids

    def notes(self):
        return self.domain.message_ids - self.before

    def activities(self, xmlid=ACTIVITY_CHANGED):
        return self.domain.activity_ids.filtered(lambda activity: activity.activity_type_id == self.env.ref(xmlid))

    def let_pass(self, minutes):
        told, announced = self.domain.records_told or {}, self.domain.announced or {}
        for name, places in (('since', told), ('pending_since', announced)):
            for place in places.values():
                if name in place:
                    place[name] = (datetime.fromisoformat(place[name]) - timedelta(minutes=minutes)).isoformat()
        self.domain.write({'records_told': told, 'announced': announced})

    def look_twice(self):
        self.domain.check_now()
        self.let_pass(11)
        self.domain.check_now()

    def test_who_asked_is_told_once_with_both_records_and_mails_nobody(self):
        mails = self.env['mail.mail'].search_count([])
        self.publish('ours.example', OTHER_SPF, DKIM_RECORD, DMARC_RECORD)
        self.domain.check_now()
        self.assertFalse(self.notes())
        self.assertLess(self.domain.next_check, fields.Datetime.now() + timedelta(minutes=11), "the second look is planned")
        self.let_pass(11)
        self.domain.check_now()
        [note] = self.notes()
        self.assertEqual(self.domain.state, 'pass')
        self.assertIn("v=spf1 include:_spf.odoo.com ~all", note.body)
        self.assertIn("v=spf1 ip4:192.0.2.77 include:_spf.odoo.com ~all", note.body)
        self.assertIn("Added: <code>ip4:192.0.2.77</code>.", note.body)
        self.assertEqual(note.notified_partner_ids, self.ann.partner_id)
        self.assertEqual(note.subtype_id, self.env.ref('mail.mt_note'))
        self.assertEqual(self.activities().user_id, self.ann)
        self.assertFalse(self.activities(ACTIVITY_BROKEN))
        self.domain.check_now()
        self.assertEqual(len(self.notes()), 1)
        self.assertEqual(self.env['mail.mail'].search_count([]), mails)

    def test_each_kind_of_record_is_followed(self):
        mine = ['@ SOA ns1 hostmaster 1 3600 600 86400 300', '@ NS ns1', 'ns1 A 192.0.2.53', '@ MX 10 mail', 'mail A 192.0.2.10']
        for old, new, title in (
            ('@ MX 10 mail', '@ MX 20 mail', "(MX)"), ('@ NS ns1', '@ NS ns2\nns2 A 192.0.2.53', "(NS)"),
            (DMARC_RECORD, '_dmarc TXT "v=DMARC1; p=none; pct=100"', "(DMARC)"),
            (DKIM_RECORD, f'odoo._domainkey TXT {dkim_key()}', "(DKIM)"),
        ):
            with self.subTest(title):
                self.dns.set_zone('ours.example', '\n'.join([*mine, *HEALTHY]))
                self.look_twice()
                said = self.notes()
                self.dns.set_zone('ours.example', '\n'.join(new if line == old else line for line in [*mine, *HEALTHY]))
                self.look_twice()
                [note] = self.notes() - said
                self.assertIn(title, note.body)

    def test_the_key_behind_a_cname_is_the_services_own(self):
        self.dns.set_zone('odoo.com', f'_spf TXT "v=spf1 ip4:192.0.2.0/24 ~all"\nodoo._domainkey TXT {dkim_key()} "; n=new"')
        self.look_twice()
        self.assertFalse(self.notes())

    def test_nobody_is_told_who_did_not_ask_or_no_longer_does(self):
        self.publish('ours.example', OTHER_SPF, DKIM_RECORD, DMARC_RECORD)
        self.domain.check_now()
        self.domain.tells_record_changes = False
        self.let_pass(11)
        self.domain.check_now()
        self.domain.tells_record_changes = True
        self.look_twice()
        self.assertFalse(self.notes())

    def test_a_break_is_told_once_and_not_as_a_change_too(self):
        self.publish('ours.example', '@ TXT "v=spf1 -all"', DKIM_RECORD, DMARC_RECORD)
        self.look_twice()
        self.assertEqual(len(self.notes()), 1)
        self.assertTrue(self.activities(ACTIVITY_BROKEN))
        self.assertFalse(self.activities())
        self.publish('ours.example', *HEALTHY)
        self.look_twice()
        self.assertEqual(len(self.notes()), 2)
        self.assertFalse(self.activities())

    def test_a_silent_server_tells_nothing(self):
        with self.silent_dns():
            self.look_twice()
            self.look_twice()
        self.look_twice()
        self.assertFalse(self.notes())

    def test_of_somebody_elses_domain_who_asked_is_told(self):
        self.domain.write({'ownership': 'theirs', 'is_foreign': True})
        self.domain.check_now()
        self.publish('ours.example', OTHER_SPF, DKIM_RECORD, DMARC_RECORD)
        self.look_twice()
        self.assertEqual(len(self.notes()), 1)
        self.domain.tells_record_changes = False
        self.publish('ours.example', *HEALTHY)
        self.look_twice()
        self.assertEqual(len(self.notes()), 1)

    def test_another_order_alone_is_told_as_such(self):
        self.publish('ours.example', OTHER_SPF, DKIM_RECORD, DMARC_RECORD)
        self.look_twice()
        said = self.notes()
        self.publish('ours.example', '@ TXT "v=spf1  include:_spf.odoo.com ip4:192.0.2.77 ~all"', DKIM_RECORD, DMARC_RECORD)
        self.look_twice()
        [note] = self.notes() - said
        self.assertIn(texts.difference(self.env, 'TXT v=spf1 a mx', 'TXT v=spf1 mx a'), note.body)

    def test_what_dns_says_is_escaped(self):
        self.publish('ours.example', *HEALTHY[:2], '_dmarc TXT "v=DMARC1; p=none; x=<script>alert(1)</script>"')
        self.look_twice()
        [note] = self.notes()
        self.assertNotIn("<script", note.body)

    def serve_own(self, *records):
        """Have the zone's own server answer with these, at an address where it may be asked."""
        zone = ['@ SOA ns1 hostmaster 1 3600 600 86400 300', '@ NS ns1', 'ns1 A 127.0.0.2', '@ MX 10 mail', 'mail A 192.0.2.10']
        if not self.own:
            self.own = DnsServer({}, host='127.0.0.2', authoritative=True).start()
            self.addCleanup(self.own.stop)
            self.startPatcher(patch.object(mail_domain_health, 'AUTHORITY_PORT', self.own.address[1]))
        self.own.set_zone('ours.example', '\n'.join([*zone, *records]))
        return zone

    def test_what_the_zones_own_servers_do_not_have_is_told_nobody(self):
        for theirs in (False, True):
            with self.subTest(theirs=theirs):
                self.domain.write({'ownership': 'theirs' if theirs else 'ours', 'is_foreign': theirs, 'tells_record_changes': False})
                self.domain.tells_record_changes = True
                zone = self.serve_own(*HEALTHY)
                self.dns.set_zone('ours.example', '\n'.join([*zone, *HEALTHY]))
                self.look_twice()
                said = self.notes()
                self.dns.set_zone('ours.example', '\n'.join([*zone, OTHER_SPF, DKIM_RECORD, DMARC_RECORD]))
                self.look_twice()
                self.assertFalse(self.notes() - said, "a cache has what the zone does not")
                self.own.script('ours.example', 'TXT', 'servfail')
                self.let_pass(11)
                self.domain.check_now()
                self.assertFalse(self.notes() - said, "what they leave open they do not bear out")
                self.own.clear_scripts()
                self.serve_own(OTHER_SPF, DKIM_RECORD, DMARC_RECORD)
                self.let_pass(11)
                self.domain.check_now()
                self.assertEqual(len(self.notes() - said), 1)
                self.assertFalse(self.domain.report.get('own'), "it is not stored")

    def test_where_the_zones_own_servers_cannot_be_reached_the_second_look_is_enough(self):
        zone = self.serve_own(*HEALTHY)
        self.dns.set_zone('ours.example', '\n'.join([*zone, *HEALTHY]))
        self.look_twice()
        said = self.notes()
        self.own.stop()
        self.dns.set_zone('ours.example', '\n'.join([*zone, OTHER_SPF, DKIM_RECORD, DMARC_RECORD]))
        self.look_twice()
        self.assertEqual(len(self.notes() - said), 1)

    def test_a_domain_that_nothing_uses_is_looked_at_daily_for_whoever_asked_and_soon_after_they_did(self):
        lonely = self.env['mail.domain.health'].create({'name': 'ours.test', 'watched_company_ids': self.company.ids})
        self.publish('ours.test', *HEALTHY)
        for asked, days in ((False, 7), (True, 1)):
            lonely.tells_record_changes = asked
            self.assertEqual(lonely.next_check <= fields.Datetime.now(), asked or not lonely.last_check)
            lonely.check_now()
            waits = lonely.next_check - fields.Datetime.now()
            self.assertGreater(waits, timedelta(days=days / 2 - 0.1))
            self.assertLessEqual(waits, timedelta(days=days))
        following = lonely.next_check
        lonely.tells_record_changes = True
        self.assertEqual(lonely.next_check, following, "who asks twice changes nothing")

    def test_it_is_asked_for_many_domains_at_once(self):
        wizard = self.env['mail.domain.health.assign'].with_user(self.ann).with_context(
            active_model='mail.domain.health', active_ids=self.domain.ids)
        wizard.create({'record_changes': 'not_told'}).action_apply()
        self.assertFalse(self.domain.tells_record_changes)
        wizard.create({'record_changes': 'told'}).action_apply()
        self.assertTrue(self.domain.tells_record_changes)
        self.domain.check_now()
        self.assertTrue(self.domain.records_told)
        self.domain.with_user(self.ann).tells_record_changes = False
        self.assertFalse(self.domain.records_told, "who asks again begins anew")
        with self.assertRaises(AccessError):
            self.domain.with_user(new_test_user(self.env, 'eve')).tells_record_changes = False
