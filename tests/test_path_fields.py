from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from ..models.mail_domain_health_path import MEASURED_SINCE
from .common import HEALTHY, DomainHealthCase


@tagged('post_install', '-at_install')
class TestPathFields(DomainHealthCase):
    """What a way of mail says of itself."""

    zones = {**DomainHealthCase.zones}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = cls.env['res.users'].create({
            'name': 'Jane', 'login': 'jane_path', 'email': 'Jane@Ours.example',
            'company_id': cls.company.id, 'company_ids': [(6, 0, cls.company.ids)],
        })
        cls.env['mail.domain.health']._refresh()

    def path(self, kind, **values):
        return self.env['mail.domain.health.path'].search([
            ('company_id', '=', self.company.id), ('kind', '=', kind),
            *((name, '=', value) for name, value in values.items())])

    def test_says_who_sends(self):
        self.assertEqual(self.path('notifications')._who(), "Notifications from Ours")
        self.assertEqual(self.path('user')._who(), "Users of Ours with addresses at ours.example (1)")

    def test_opens_the_people(self):
        action = self.path('user').action_open_authors()
        self.assertEqual(self.env[action['res_model']].search(action['domain']), self.user)

    def test_notifications_are_always_in_use_and_users_until_something_was_measured(self):
        self.assertTrue(self.path('notifications').is_used)
        self.assertTrue(self.path('user').is_used)
        self.env['ir.config_parameter'].set_param(
            MEASURED_SINCE, fields.Datetime.to_string(fields.Datetime.now() - timedelta(days=31)))
        self.env['mail.domain.health']._refresh()
        self.assertTrue(self.path('notifications').is_used)
        self.assertFalse(self.path('user').is_used)
        self.path('user').sent_count = 1
        self.assertTrue(self.path('user').is_used)

    def test_path_that_nothing_uses_does_not_count_for_its_domain(self):
        self.publish('ours.example', *HEALTHY)
        self.path('user').mail_sending_service_id = self.env.ref('mail_domain_health.sending_service_sendgrid')
        self.health('ours.example').check_now()
        self.assertNotEqual(self.health('ours.example').state, 'pass')
        self.env['ir.config_parameter'].set_param(
            MEASURED_SINCE, fields.Datetime.to_string(fields.Datetime.now() - timedelta(days=31)))
        self.path('user').kind = 'template'
        self.health('ours.example').check_now()
        self.assertEqual(self.health('ours.example').state, 'pass')

    def test_who_uses_a_domain_begins_with_what_is_used_and_refused(self):
        self.path('user').state = 'fail'
        self.path('notifications').state = 'pass'
        uses = self.health('ours.example').uses
        self.assertEqual(uses[0]['path_id'], self.path('user').id)
        used = [self.env['mail.domain.health.path'].browse(use['path_id']).is_used for use in uses]
        self.assertEqual(used, sorted(used, reverse=True))
        self.assertEqual([use['is_used'] for use in uses], used, "a screen colors only what is used")

    def test_verdict_tells_what_each_protocol_comes_to(self):
        self.publish('ours.example', *HEALTHY)
        self.health('ours.example').check_now()
        self.assertEqual(self.path('user').verdict, {
            'spf': {'result': 'pass', 'domain': 'ours.example', 'aligned': True},
            'dkim': {'status': 'published', 'domain': 'ours.example', 'selectors': ['odoo']},
            'dmarc': {'result': 'pass', 'policy': 'none'},
        })

    def test_mail_that_left_is_matched_to_its_path(self):
        match = self.env['mail.domain.health.path']._match_id
        company = self.company.id
        self.assertEqual(
            match(company, False, 'jane@ours.example', 'ours.example', 'ours.example'), self.path('user').id)
        self.assertEqual(
            match(company, False, 'notifications@ours.example', 'ours.example', 'ours.example'),
            self.path('notifications').id)
        self.assertIsNone(match(company, False, 'jane@ours.example', 'ours.example', 'other.example'))
        self.assertIsNone(match(company, 7, 'jane@ours.example', 'ours.example', 'ours.example'))
