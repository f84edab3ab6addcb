from odoo.tests import tagged

from .common import DMARC_RECORD, HEALTHY, SPF_RECORD
from .test_evidence import DMARC_REFUSAL, EvidenceCase


@tagged('post_install', '-at_install')
class TestMailing(EvidenceCase):
    """With mass mailings: their senders are ways of their own, and their bounces are read."""

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

    def test_bounces_of_a_mailing_are_said_of_its_way(self):
        self.assertTrue(self.mailing_path())
        self.env['mailing.trace'].create([
            {'mass_mailing_id': self.mailing.id, 'model': 'res.partner', 'res_id': self.customer.id, 'email': 'c@elsewhere.example',
             'trace_status': status, 'failure_reason': reason}
            for status, reason in (('bounce', DMARC_REFUSAL), ('bounce', DMARC_REFUSAL), ('sent', False))
        ])
        self.assertEqual(self.heard(), {}, "nothing is said of the author's other mail")
        self.assertEqual([(row['cause'], row['count']) for row in self.mailing_path().evidence['heard']], [('dmarc', 2)])

    def test_unsigned_mailing_cannot_be_unsubscribed_with_one_click(self):
        self.domain.check_now()
        self.assertEqual(self.lasting(), set())
        self.publish('ours.example', SPF_RECORD, DMARC_RECORD)
        self.domain.check_now()
        self.assertEqual(self.lasting(), {'mailing.one_click_void'})
        self.publish('ours.example', *HEALTHY)
        self.domain.check_now()
        self.assertEqual(self.lasting(), set())
