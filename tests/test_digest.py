from datetime import timedelta

from odoo import fields
from odoo.tests import new_test_user, tagged

from ..checking import digest, quieting
from .common import DKIM_RECORD, DMARC_RECORD, HEALTHY, mute
from .test_extra_mail import ExtraMailCase

CRON = 'mail_domain_health.ir_cron_mail_domain_health_digest'


@tagged('post_install', '-at_install')
class TestDigest(ExtraMailCase):
    """One mail a week to whoever is responsible, only where something is broken or changed."""

    def setUp(self):
        super().setUp()
        self.backup.mail_health_user_id = self.ann
        self.ann.company_ids |= self.backup
        self.company.mail_health_also_mails = self.backup.mail_health_also_mails = False
        # Nothing but what a test does happened this week.
        self.env['mail.domain.health.check'].search([]).date = fields.Datetime.now() - timedelta(days=30)

    def digests(self):
        """Return the mails that one more run sends."""
        known = self.env['mail.mail'].search([])
        self.env.cr.flush()
        with self.enter_registry_test_mode():
            self.env.ref(CRON).method_direct_trigger()
        self.env.invalidate_all()
        return self.env['mail.mail'].search([]) - known

    def later(self):
        self.ann.mail_health_digest_on = fields.Datetime.now() - timedelta(days=7)

    def break_records(self):
        """Have mail fail for good."""
        self.publish('ours.example')
        self.look_twice()
        self.assertEqual(self.domain.state, 'fail')

    def test_where_nothing_is_broken_or_changed_nothing_is_mailed(self):
        self.assertFalse(self.digests())

    def test_what_is_broken_is_mailed_once_a_week_from_the_domain_that_works(self):
        self.break_records()
        [mail] = self.digests()
        self.assertIn('notifications@backup.example', mail.email_from)
        self.assertIn('ours.example', mail.body_html)
        self.assertNotIn('backup.example</a>', mail.body_html)
        self.assertFalse(self.digests(), "whatever number of times it runs")
        self.later()
        self.assertEqual(len(self.digests()), 1)

    def test_what_changed_this_week_is_told_once_and_what_changed_before_is_not(self):
        self.publish('ours.example', '@ TXT "v=spf1 ip4:192.0.2.77 include:_spf.odoo.com ~all"', DKIM_RECORD, DMARC_RECORD)
        self.domain.check_now()
        [mail] = self.digests()
        self.assertIn('notifications@', mail.email_from)
        self.env['mail.domain.health.check'].search([], limit=1).date = fields.Datetime.now() - timedelta(days=8)
        self.later()
        self.assertFalse(self.digests())

    def test_silence_is_no_change(self):
        with self.silent_dns():
            self.domain.check_now()
        self.domain.check_now()
        self.assertFalse(self.digests())

    def test_what_was_broken_and_is_whole_again_is_told(self):
        self.break_records()
        self.publish('ours.example', *HEALTHY)
        self.domain.check_now()
        [mail] = self.digests()
        before, worst, after, _others = digest.get_change(self.domain, fields.Datetime.now() - digest.WEEK)
        self.assertEqual((before, worst, after), ('pass', 'fail', 'pass'))
        self.assertIn('ours.example', mail.body_html)

    def test_what_is_acknowledged_or_muted_is_no_reason_to_mail(self):
        self.break_records()
        self.env['mail.domain.health.check'].search([]).date = fields.Datetime.now() - timedelta(days=30)
        quieting.acknowledge(self.domain, fields.Datetime.now() + timedelta(days=3), "Known.")
        self.assertFalse(self.digests())
        quieting.withdraw(self.domain)
        mute(self.domain.finding_ids)
        self.assertFalse(self.digests())
        quieting.unmute(self.domain.finding_ids)
        self.assertEqual(len(self.digests()), 1)

    def test_what_is_muted_or_acknowledged_stands_in_it_with_its_end(self):
        self.break_records()
        quieting.acknowledge(self.domain, fields.Datetime.now() + timedelta(days=3), "The host moves it")
        self.publish('backup.example', DKIM_RECORD, DMARC_RECORD)
        self.other.check_now()
        mute(self.other.finding_ids.filtered(lambda found: not found.resolved_on)[:1])
        found = digest.gather(self.env, fields.Datetime.now())[self.ann]
        body = digest.render(self.env(context={'lang': 'en_US'}), found, fields.Datetime.now())
        self.assertIn("The host moves it", body)
        self.assertIn(self.domain.acknowledged_text, body)
        self.assertIn("Known.", body)

    def test_each_part_is_bounded(self):
        found = digest.Digest(broken=[self.domain.id] * 23)
        body = digest.render(self.env, found, fields.Datetime.now())
        self.assertEqual(body.count('ours.example</a>'), digest.MAX_ROWS)
        self.assertIn('3', body.partition('…')[2])

    def test_it_is_in_the_language_of_its_reader(self):
        self.env['res.lang']._activate_lang('fr_FR')
        self.break_records()
        english = self.digests()
        self.later()
        self.ann.lang = 'fr_FR'
        [french] = self.digests()
        self.assertNotEqual(english.subject, french.subject)
        self.assertNotEqual(english.body_html, french.body_html)

    def wakes(self):
        """When the digest is tried again, besides its weekly time."""
        return self.env['ir.cron.trigger'].search([('cron_id', '=', self.env.ref(CRON).id)]).mapped('call_at')

    def test_a_digest_that_no_domain_could_carry_is_tried_again_a_day_later_and_not_before(self):
        self.break_records()
        self.other.path_ids.state = 'fail'
        self.env['ir.cron.trigger'].search([]).unlink()
        self.assertFalse(self.digests())
        self.assertFalse(self.ann.mail_health_digest_on, "whoever had none is not marked as if they had one")
        [at] = self.wakes()
        self.assertGreater(at, fields.Datetime.now() + timedelta(hours=23))
        self.assertLess(at, fields.Datetime.now() + timedelta(hours=25))
        self.assertFalse(self.digests())
        self.assertEqual(len(self.wakes()), 1, "it does not wake itself again and again")
        self.other.path_ids.state = 'pass'
        self.assertEqual(self.digests().mapped('email_to'), [self.ann.email_formatted])
        self.assertTrue(self.ann.mail_health_digest_on)
        self.assertFalse(self.digests())

    def test_a_run_in_between_is_for_those_who_wait_only(self):
        bob = new_test_user(
            self.env, 'bob', 'base.group_system', company_id=self.backup.id, company_ids=[(6, 0, self.backup.ids)],
            email='bob@ours.example')
        bob.company_ids |= self.company
        self.company.mail_health_user_id = self.backup.mail_health_user_id = bob
        self.ann.mail_health_digest_waits = True
        self.break_records()
        self.assertFalse(self.digests().mapped('email_to'), "nothing of hers is broken any more")
        self.assertFalse(self.ann.mail_health_digest_waits)
        self.assertEqual(self.digests().mapped('email_to'), [bob.email_formatted])

    def test_the_weekly_run_is_for_everybody_though_somebody_waits(self):
        self.break_records()
        waiting = new_test_user(self.env, 'carl', 'base.group_system', email='carl@elsewhere.example')
        waiting.mail_health_digest_waits = True
        self.env.ref(CRON).nextcall = fields.Datetime.now() - timedelta(minutes=1)
        self.assertEqual(self.digests().mapped('email_to'), [self.ann.email_formatted])

    def test_whoever_has_no_address_is_neither_marked_nor_waited_for(self):
        self.break_records()
        self.ann.partner_id.email = False
        self.env['ir.cron.trigger'].search([]).unlink()
        self.assertFalse(self.digests())
        self.assertFalse(self.ann.mail_health_digest_on or self.ann.mail_health_digest_waits or self.wakes())

    def test_whoever_cannot_receive_mail_just_now_has_it_once_they_can(self):
        self.ann.email = 'ann@ours.example'
        self.dns.set_zone('ours.example', '@ MX 0 .')
        self.look_twice()
        self.assertFalse(self.digests())
        self.assertTrue(self.ann.mail_health_digest_waits)
        self.ann.email = 'ann@elsewhere.example'
        self.assertEqual(len(self.digests()), 1)

    def test_nothing_is_mailed_where_it_is_turned_off_where_no_domain_works_or_by_a_copy_of_the_database(self):
        self.break_records()
        self.company.mail_health_sends_digest = False
        self.assertFalse(self.digests())
        self.company.mail_health_sends_digest = True
        self.other.path_ids.state = 'fail'
        self.assertFalse(self.digests())
        self.other.path_ids.state = 'pass'
        self.env['ir.config_parameter'].set_param('database.is_neutralized', 'true')
        self.assertFalse(self.digests())
        self.env['ir.config_parameter'].set_param('database.is_neutralized', False)
        self.assertEqual(len(self.digests()), 1)

    def test_each_is_told_of_their_own_domains(self):
        bob = new_test_user(
            self.env, 'bob', 'base.group_system', company_id=self.backup.id, company_ids=[(6, 0, self.backup.ids)],
            email='bob@elsewhere.example')
        self.backup.mail_health_user_id = bob
        self.break_records()
        self.assertEqual(self.digests().mapped('email_to'), [self.ann.email_formatted])

    def test_of_somebody_elses_domain_only_changes_that_were_asked_for_are_told(self):
        self.domain.write({'ownership': 'theirs', 'is_foreign': True})
        self.fail_foreign()
        self.assertFalse(self.digests())
        self.domain.tells_record_changes = True
        [mail] = self.digests()
        self.assertIn('ours.example', mail.body_html)

    def fail_foreign(self):
        self.domain.check_now()
        self.env['mail.domain.health.check'].search([]).date = fields.Datetime.now() - timedelta(days=30)
        self.publish('ours.example', *HEALTHY[1:])
        self.domain.check_now()

    def test_it_is_sent_by_a_weekly_cron_that_begins_a_week_after_the_installation(self):
        cron = self.env.ref(CRON)
        self.assertEqual((cron.interval_number, cron.interval_type, cron.active), (1, 'weeks', True))
        self.assertGreater(cron.nextcall, cron.create_date + timedelta(days=6))
