import ast
from datetime import timedelta

from odoo import fields
from odoo.tests import new_test_user, tagged
from odoo.tools.mail import email_normalize

from ..checking import extra_mail
from ..sending.counting import PENDING
from ..sending.measuring import UNCOUNTED
from .common import DKIM_RECORD, DMARC_RECORD, HEALTHY, DomainHealthCase
from .sink import SinkCase, needs_sink


class ExtraMailCase(DomainHealthCase):
    """Two companies with a healthy domain each; whoever is responsible for the one that breaks reads mail elsewhere."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.backup = cls.make_company("Backup", 'backup.example')
        cls.ann = new_test_user(
            cls.env, 'ann', 'base.group_system', company_id=cls.company.id, company_ids=[(6, 0, cls.company.ids)],
            email='ann@ours.example')
        cls.company.mail_health_user_id = cls.ann

    def setUp(self):
        super().setUp()
        for name in ('ours.example', 'backup.example'):
            self.publish(name, *HEALTHY)
        self.domain, self.other = (
            self.health(name).with_context(active_test=True) for name in ('ours.example', 'backup.example'))
        (self.domain | self.other).check_several()
        self.known = self.env['mail.mail'].search([])

    def mails(self):
        return self.env['mail.mail'].search([]) - self.known

    def look_twice(self, domain=None):
        """Look, let eleven minutes pass for what is announced, and look again."""
        domain = domain or self.domain
        domain.check_now()
        announced = domain.announced or {}
        for known in announced.values():
            if 'pending_since' in known:
                known['pending_since'] = (fields.Datetime.now() - timedelta(minutes=11)).isoformat()
        domain.announced = announced
        domain.check_now()

    def break_it(self, domain=None):
        self.publish((domain or self.domain).name, DKIM_RECORD, DMARC_RECORD)
        self.look_twice(domain)


@tagged('post_install', '-at_install')
class TestExtraMail(ExtraMailCase):
    """Beside what is told in Odoo: a mail on a way that works, and on no other."""

    def test_a_break_and_its_end_are_one_mail_each_from_the_domain_that_works(self):
        self.break_it()
        [mail] = self.mails()
        self.assertEqual(email_normalize(mail.email_from), 'notifications@backup.example')
        self.assertEqual(email_normalize(mail.email_to), 'ann@ours.example')
        self.assertEqual(mail.record_alias_domain_id, self.backup.alias_domain_id)
        self.assertFalse(mail.model, "an answer joins no chatter")
        self.assertFalse(mail.recipient_ids)
        self.assertTrue(mail.auto_delete)
        self.assertEqual(ast.literal_eval(mail.headers)['Auto-Submitted'], 'auto-generated')
        self.assertIn('ours.example', mail.subject)
        self.assertIn('v=spf1 include:_spf.odoo.com ~all', mail.body_html)
        self.domain.check_now()
        self.assertEqual(len(self.mails()), 1)
        self.publish('ours.example', *HEALTHY)
        self.look_twice()
        self.assertEqual(len(self.mails()), 2)

    def test_where_no_path_works_nothing_is_mailed(self):
        for spoil in (
            lambda: (self.publish('backup.example'), self.other.check_now()),
            lambda: self.other.write({'last_check': fields.Datetime.now() - timedelta(days=4)}),
            lambda: self.other.path_ids.write({'state': 'unknown'}),
            lambda: self.other.path_ids.write({'envelope_from': 'bounce@ours.example'}),
            lambda: self.other.path_ids.write({'from_email': 'notifications@sub.ours.example'}),
            lambda: self.backup.write({'active': False}),
        ):
            with self.subTest(spoil=spoil), self.env.cr.savepoint() as savepoint:
                spoil()
                self.env.flush_all()
                self.known = self.env['mail.mail'].search([])
                self.break_it()
                self.assertTrue(self.domain.activity_ids)
                self.assertFalse(self.mails())
                savepoint.rollback()
                self.env.invalidate_all()
                self.publish('ours.example', *HEALTHY)
                self.publish('backup.example', *HEALTHY)

    def test_a_path_that_core_would_not_choose_now_is_no_way(self):
        """The configuration changed since the verdict: what would leave is not what was judged."""
        self.env['ir.mail_server'].create({
            'name': "New", 'smtp_host': 'smtp.other.example', 'from_filter': 'ours.example', 'smtp_encryption': 'none'})
        self.assertIsNone(extra_mail.find_way(self.env, {'ours.example'}, self.company))

    def test_who_cannot_receive_mail_any_more_is_not_mailed_there(self):
        self.dns.set_zone('ours.example', '\n'.join(('@ SOA ns1 hostmaster 1 3600 600 86400 300', '@ NS ns1', 'ns1 A 192.0.2.53',
                                                     '@ MX 0 .', *HEALTHY)))
        self.look_twice()
        self.assertEqual(self.domain._get_report().areas['gate'].state, 'fail')
        self.assertTrue(self.domain.activity_ids)
        self.assertFalse(self.mails())
        self.ann.email = 'ann@elsewhere.example'
        self.known = self.env['mail.mail'].search([])  # core tells that it was changed
        extra_mail.tell(self.domain, self.ann, "Subject", "Body", True)
        self.assertEqual(len(self.mails()), 1)

    def test_nothing_is_mailed_where_settings_say_so_or_by_a_copy_of_the_database(self):
        self.company.mail_health_also_mails = False
        self.break_it()
        self.assertFalse(self.mails())
        self.company.mail_health_also_mails = True
        self.env['ir.config_parameter'].set_param('database.is_neutralized', 'true')
        extra_mail.tell(self.domain, self.ann, "Subject", "Body", False)
        self.assertFalse(self.mails())

    def test_ones_own_company_is_preferred(self):
        third = self.make_company("Third", 'a-third.example')
        self.publish('a-third.example', *HEALTHY)
        self.health('a-third.example').with_context(active_test=True).check_now()
        for companies, name in ((third, 'a-third.example'), (self.backup, 'backup.example')):
            way = extra_mail.find_way(self.env, {'ours.example'}, companies)
            self.assertEqual(way.from_email, f'notifications@{name}')


@needs_sink
@tagged('post_install', '-at_install')
class TestExtraMailLeaves(SinkCase, ExtraMailCase):
    """Two servers, one for each domain, and that of the configuration file: what really leaves."""

    ports = 3

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        service = cls.env.ref('mail_domain_health.sending_service_odoo')
        for port, name in enumerate(('ours.example', 'backup.example')):
            cls.make_server(name, port, from_filter=name, mail_sending_service_id=service.id)
        cls.env.cr.flush()

    def test_it_leaves_through_the_server_that_works_as_its_domain_and_is_not_counted(self):
        self.break_it()
        with self.sending():
            self.env['mail.mail'].process_email_queue(self.mails().ids)
        [mail] = self.sink.take()
        self.assertEqual(mail.port, self.sink.addresses[1][1])
        self.assertEqual(mail.envelope_from, 'bounce@backup.example')
        self.assertEqual(mail.recipients, ('ann@ours.example',))
        self.assertEqual(email_normalize(mail.message['From']), 'notifications@backup.example')
        self.assertEqual(mail.message['Auto-Submitted'], 'auto-generated')
        self.assertTrue(mail.message[UNCOUNTED])
        self.assertFalse(self.mails().exists(), "nothing of it stays")
        noted = self.env.cr.postcommit.data.get(PENDING)
        self.assertFalse(noted and noted.counts, "it brings no path into use")
