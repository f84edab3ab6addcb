from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.base.tests.common import MockSmtplibCase

from ..sending.counting import update_paths
from .common import DMARC_RECORD, HEALTHY, SPF_RECORD
from .test_evidence import DMARC_REFUSAL, EvidenceCase


@tagged('post_install', '-at_install')
class TestMailingRejections(MockSmtplibCase, EvidenceCase):
    """Mass mailings are paths of their own: counted and heard of by themselves. Needs dev/suite_mass_mailing.py."""

    def setUp(self):
        super().setUp()
        if 'mailing.mailing' not in self.env:
            self.skipTest("mass_mailing is not installed")
        self.env['ir.config_parameter'].set_param('web.base.url', 'https://odoo.ours.example')
        self.author.group_ids |= self.env.ref('mass_mailing.group_mass_mailing_user')
        self.mailing = self.env['mailing.mailing'].with_company(self.company).create({
            'subject': 'News', 'email_from': '"News" <news@ours.example>', 'user_id': self.author.id,
            'mailing_model_id': self.env['ir.model']._get('res.partner').id, 'state': 'done',
        })
        self.env['mail.domain.health']._refresh(self.company)

    def mailing_path(self):
        return self.env['mail.domain.health.path'].search([('company_id', '=', self.company.id), ('kind', '=', 'mailing')])

    def test_bounces_of_a_mailing_are_said_of_its_path(self):
        self.assertTrue(self.mailing_path())
        self.env['mailing.trace'].create([
            {'mass_mailing_id': self.mailing.id, 'model': 'res.partner', 'res_id': self.customer.id, 'email': 'c@elsewhere.example',
             'trace_status': status, 'failure_reason': reason}
            for status, reason in (('bounce', DMARC_REFUSAL), ('bounce', DMARC_REFUSAL), ('sent', False))
        ])
        self.assertEqual(self.heard(), {}, "nothing is said of the author's other mail")
        self.assertEqual([(row['cause'], row['count']) for row in self.mailing_path().evidence['heard']], [('dmarc', 2)])

    def test_mails_of_a_mailing_are_counted_on_its_path(self):
        """Even if its sender writes mails as the same address."""
        self.mailing.email_from = '"Jim" <jim@ours.example>'
        self.env['mail.domain.health']._refresh(self.company)
        values = {'subject': 'News', 'body_html': '<p>News</p>', 'email_from': '"Jim" <jim@ours.example>',
                  'email_to': 'c@elsewhere.example', 'record_company_id': self.company.id,
                  'record_alias_domain_id': self.company.alias_domain_id.id}
        mails = self.env['mail.mail'].create([{**values, 'mailing_id': self.mailing.id}, values, values])
        with self.mock_smtplib_connection(), mute_logger('odoo.addons.mail.models.mail_mail'):
            mails.send()
        self.write_sent()
        update_paths(self.env)
        self.assertEqual((self.mailing_path().sent_count, self.path().sent_count), (1, 2))

    def test_unsigned_mailing_cannot_be_unsubscribed_with_one_click(self):
        self.domain.check_now()
        self.assertEqual(self.lasting(), set())
        self.publish('ours.example', SPF_RECORD, DMARC_RECORD)
        self.domain.check_now()
        self.assertEqual(self.lasting(), {'mailing.one_click_void'})
        self.publish('ours.example', *HEALTHY)
        self.domain.check_now()
        self.assertEqual(self.lasting(), set())
