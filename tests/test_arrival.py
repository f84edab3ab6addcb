import base64
import re
from email import message_from_bytes, policy

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged

from ..mailauth.tests import bounce_layouts, mails
from ..sending.engine_path import engine_path
from .common import DomainHealthCase

POLICY = 'v=DMARC1; p=reject'


@tagged('post_install', '-at_install')
class TestArrival(DomainHealthCase):
    """A received mail turns what nobody can know from DNS into facts, for the server that it left through."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.mail_sending_service_id = False
        cls.server = cls.env['ir.mail_server'].create({'name': "Our relay", 'smtp_host': 'relay.ours.example'})
        cls.env['res.users'].create({
            'name': "Jane", 'login': 'arrival_jane', 'email': 'jane@ours.example',
            'company_id': cls.company.id, 'company_ids': [(6, 0, cls.company.ids)]})
        cls.server.from_filter = 'ours.example'
        cls.env.cr.flush()

    def setUp(self):
        super().setUp()
        for name, zone in mails.zones(dmarc=POLICY).items():
            self.dns.set_zone(name, zone)
        self.dns.set_zone('odoo.com', '_spf TXT "v=spf1 ip4:198.51.100.0/24 ~all"')
        self.domain = self.health('ours.example')
        self.domain.check_now()

    def sent(self, mail=None):
        """Make the mail one that this Odoo sent."""
        message_id = '<123456789012345.1793620000.123-openerp-42-sale.order@odoo-host>'
        self.env['mail.message'].create({'message_id': message_id, 'body': "Quotation"})
        return mail or mails.arrived()

    def read_mail(self, mail, **values):
        wizard = self.env['mail.domain.health.arrival'].create({
            'domain_id': self.domain.id, 'mail_text': mail.decode() if isinstance(mail, bytes) else mail, **values})
        wizard.action_read()
        return wizard

    def paths(self):
        return self.domain.path_ids.filtered(lambda path: path.is_used and path.company_id == self.company)

    def test_unknown_becomes_pass_by_one_mail(self):
        self.assertEqual(self.domain.state, 'unknown')
        self.assertEqual(self.domain.report['spf']['code'], 'spf.sender_unknown')
        self.assertEqual(self.domain.report['dkim']['code'], 'dkim.sender_unknown')
        wizard = self.read_mail(self.sent())
        self.assertEqual(wizard.egress_found, '192.0.2.10')
        self.assertEqual(wizard.path_id.mail_server_id, self.server)
        self.assertTrue(wizard.keep_egress and wizard.keep_signature and wizard.keep_envelope)
        action = wizard.action_keep()
        self.assertEqual((action['res_model'], action['res_id']), ('mail.domain.health', self.domain.id))
        self.assertTrue(self.domain.is_outdated)
        self.domain.check_now()
        self.assertEqual(self.domain.report['spf']['code'], 'spf.ok')
        self.assertEqual(self.domain.report['dkim']['code'], 'dkim.ok', "a signature was seen")
        self.assertEqual(self.domain.state, 'pass')
        kept = self.server.observation_ids
        self.assertEqual(
            (kept.egress, kept.signing_domain, kept.selectors, kept.envelope, kept.receiver),
            ('192.0.2.10', 'ours.example', 's1', 'keep', 'mx.google.com'))
        self.assertEqual(self.domain.observation_ids, kept)
        kept.action_forget()
        self.domain.check_now()
        self.assertEqual(self.domain.report['spf']['code'], 'spf.sender_unknown')

    def test_the_address_is_proposed_where_the_record_lacks_it(self):
        self.dns.set_zone('ours.example', mails.zones('v=spf1 mx -all', POLICY)['ours.example'].replace(
            mails.EGRESS, '192.0.2.99'))
        self.domain.check_now()
        self.assertFalse([change for change in self.domain.report['changes'] if 'spf1' in change['value']])
        wizard = self.read_mail(self.sent())
        self.assertIn('does not permit', str(wizard.summary))
        wizard.action_keep()
        self.domain.check_now()
        self.assertEqual(self.domain.report['spf']['code'], 'spf.not_authorised')
        (change,) = [change for change in self.domain.report['changes'] if 'spf1' in change['value']]
        self.assertEqual(change['value'], 'v=spf1 ip4:192.0.2.10 mx -all')

    def test_a_key_becomes_a_seen_signature(self):
        """A service whose keys differ by account: published is not proven, until a mail shows it."""
        service = self.env['mail.sending.service'].create({
            'name': "Account Mail", 'spf_term': 'ip4:192.0.2.10', 'dkim_account_specific': True})
        self.server.mail_sending_service_id = service
        self.domain.dkim_selectors = 's1'
        self.env.cr.flush()
        self.domain.check_now()
        self.assertEqual(self.domain.report['dkim']['code'], 'dkim.ok_unproven')
        self.read_mail(self.sent()).action_keep()
        self.domain.check_now()
        self.assertEqual(self.domain.report['dkim']['code'], 'dkim.ok')

    def test_a_replaced_envelope_is_a_fact(self):
        mail = self.sent(mails.arrived(mails.GMAIL.replace('bounce@ours.example', 'b-1@bounces.service.example')))
        self.dns.set_zone('service.example', f'bounces {mails.txt("v=spf1 ip4:192.0.2.0/24 -all")}')
        wizard = self.read_mail(mail)
        self.assertIn('so the service replaces it', str(wizard.summary))
        wizard.action_keep()
        self.domain.check_now()
        self.assertEqual(self.server.observation_ids.envelope, 'replace')
        self.assertEqual(self.domain.report['spf']['code'], 'spf.own_envelope')
        self.assertEqual(self.domain.state, 'pass', "the signature aligns")

    def test_an_envelope_at_a_name_of_ones_own_still_aligns(self):
        mail = self.sent(mails.arrived(mails.GMAIL.replace('bounce@ours.example', 'b-1@em.ours.example')))
        zone = mails.zones(dmarc=POLICY)['ours.example'] + (
            f'\nem MX 10 mail\nem {mails.txt("v=spf1 ip4:192.0.2.10 -all")}')
        self.dns.set_zone('ours.example', zone)
        self.read_mail(mail).action_keep()
        self.domain.check_now()
        self.assertEqual(self.domain.state, 'pass')
        self.assertEqual(set(self.paths().mapped('state')), {'pass'})

    def test_the_service_is_recognized_by_the_address(self):
        self.dns.set_zone('odoo.com', '_spf TXT "v=spf1 ip4:192.0.2.0/24 ~all"')
        wizard = self.read_mail(self.sent())
        self.assertEqual(wizard.service_found, self.env.ref('mail_domain_health.sending_service_odoo').name)
        wizard.action_keep()
        self.assertEqual(self.server.mail_sending_service_id.code, 'odoo')

    def test_the_server_of_the_configuration_file_learns_for_its_company(self):
        self.server.unlink()
        self.env.cr.flush()
        wizard = self.read_mail(self.sent())
        self.assertFalse(wizard.path_id.mail_server_id)
        wizard.action_keep()
        kept = self.env['mail.sending.observation'].search([])
        self.assertEqual((kept.mail_server_id.id, kept.company_id), (False, self.company))
        other = self.make_company("Other", 'other.example', service=None)
        path = self.env['mail.domain.health.path'].search([('company_id', '=', other.id)], limit=1)
        self.assertIsNone(engine_path(path).service, "what one company saw is no fact about another's")

    def test_what_is_kept_bears_the_date_on_which_the_mail_arrived(self):
        for date, kept in (('Mon, 02 Nov 2026', '2026-11-02'), ('Tue, 03 Feb 2026', '2026-02-03')):
            self.read_mail(self.sent(mails.arrived(re.sub('Mon, 0?2 Nov 2026', date, mails.GMAIL)))).action_keep()
            self.assertIn(kept, self.server.observation_ids.mapped(lambda row: str(row.date.date())))
        self.assertEqual(self.server.observation_ids[0].date, fields.Datetime.to_datetime('2026-11-02 12:05:06'), "the newest counts first")
        self.server.observation_ids.unlink()
        for date in ('Mon, 02 Nov 2099', 'Fri, 31 Dec 9999', 'Mon, 99 Nov 2026'):
            self.read_mail(self.sent(mails.arrived(re.sub('Mon, 0?2 Nov 2026', date, mails.GMAIL)))).action_keep()
        self.assertTrue(all(row.date <= fields.Datetime.now() for row in self.server.observation_ids), "none comes from the future")

    def test_nothing_is_ticked_of_a_mail_that_odoo_does_not_know(self):
        wizard = self.read_mail(mails.arrived())
        self.assertFalse(wizard.keep_egress or wizard.keep_signature or wizard.keep_envelope)
        self.assertIn('cannot find this email', str(wizard.summary))
        with self.assertRaisesRegex(UserError, "Keep: tick at least one"):
            wizard.action_keep()

    def test_only_what_is_ticked_is_kept(self):
        wizard = self.read_mail(self.sent())
        wizard.keep_envelope = wizard.keep_signature = False
        wizard.action_keep()
        kept = self.server.observation_ids
        self.assertEqual((kept.egress, kept.selectors, kept.envelope), ('192.0.2.10', False, False))

    def test_bad_input_names_the_field_and_the_mend_and_keeps_nothing(self):
        for values, title, mend in (
            ({'mail_text': "Dear customer,\n\nhere is your quotation."}, "Email: Only the text", "show its source"),
            ({'mail_text': "<html></html>"}, "Email: This is not an email", "show its source"),
            ({'mail_file': base64.b64encode(b'\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1' + bytes(600))},
             "File: This is an Outlook file", "Internet headers"),
            ({'mail_text': mails.arrived().decode().replace('ours.example', 'theirs.example')},
             "Email: This email is not from your Odoo", "Use an email that Odoo sent"),
        ):
            with self.subTest(title), self.assertRaises(UserError) as raised, self.env.cr.savepoint():
                self.env['mail.domain.health.arrival'].create(values)
            self.assertIn(title, str(raised.exception))
            self.assertIn(mend, str(raised.exception))
        wizard = self.env['mail.domain.health.arrival'].create({})
        with self.assertRaisesRegex(UserError, "paste the email here"):
            wizard.action_read()

    def test_a_report_about_a_mail_says_what_it_is_and_what_the_other_server_said(self):
        for title, layouts in (
            ("This is a notice that an email was not delivered", bounce_layouts.FAILED),
            ("This is a notice that an email is delayed", bounce_layouts.DELAYED),
        ):
            for name in ('OpenSMTPD', 'sendmail, old'):
                with self.subTest(title, layout=name), self.assertRaises(UserError) as raised, self.env.cr.savepoint():
                    self.env['mail.domain.health.arrival'].create({'mail_text': layouts[name].decode()})
                self.assertIn(f"Email: {title}", str(raised.exception))
                said = bounce_layouts.SAID if layouts is bounce_layouts.FAILED else bounce_layouts.SAID_LATER
                self.assertIn(f"The other server's answer: “{said}", str(raised.exception))

    def test_without_a_dmarc_record_a_verified_mail_is_called_that(self):
        self.dns.set_zone('ours.example', '\n'.join(
            line for line in mails.zones()['ours.example'].splitlines() if not line.startswith('_dmarc')))
        self.domain.check_now()
        summary = str(self.read_mail(self.sent()).summary)
        self.assertIn('alert-warning', summary)
        self.assertIn('Receivers can verify this email, but no instructions (DMARC record)', summary)
        unsigned = mails.arrived(mail=mails.plain()).replace(b'192.0.2.10', b'192.0.2.77')
        self.assertIn('Receivers cannot verify this email, and no instructions', str(self.read_mail(unsigned).summary))

    def test_what_the_domain_asks_for_is_said_in_words(self):
        unsigned = mails.arrived(mail=mails.plain()).replace(b'192.0.2.10', b'192.0.2.77')
        summary = str(self.read_mail(unsigned).summary)
        self.assertIn("instructions to receivers about such mail: reject what fails (p=reject).", summary)

    def test_a_dropped_file_counts(self):
        wizard = self.env['mail.domain.health.arrival'].create({
            'mail_file': base64.b64encode(self.sent()), 'mail_filename': 'mail.eml'})
        self.assertEqual(wizard.egress_found, '192.0.2.10')

    def test_the_mail_is_not_stored(self):
        wizard = self.read_mail(self.sent())
        self.env.flush_all()
        wizard.invalidate_recordset()
        self.assertFalse(wizard.mail_text or wizard.mail_file)
        self.env.cr.execute("SELECT to_jsonb(w)::text FROM mail_domain_health_arrival w WHERE id = %s", [wizard.id])
        (stored,) = self.env.cr.fetchone()
        self.assertNotIn('here is your quotation', stored)
        self.assertNotIn(self.subject(), stored)
        self.assertNotIn('customer@', stored)
        self.assertFalse(self.env['ir.attachment'].search_count([('res_model', '=', wizard._name)]))

    def subject(self):
        subject = message_from_bytes(self.sent(), policy=policy.default)['Subject']
        self.assertTrue(subject)
        return subject

    def test_the_name_of_the_file_is_not_kept(self):
        """Mail programs name the file after the subject."""
        wizard = self.env['mail.domain.health.arrival'].create({
            'mail_file': base64.b64encode(self.sent()), 'mail_filename': f'{self.subject()}.eml'})
        self.assertTrue(wizard.is_read)
        self.assertFalse(wizard.mail_filename)

    def test_what_the_mail_says_is_escaped(self):
        own = mails.OWN.replace('jane@ours.example', '"<img/src=x>"@ours.example')
        receiver = mails.GMAIL.replace('mx.google.com;', 'mx.google.com<script>;').replace(
            'dkim=pass', 'dkim=pass header.d=<script>alert(1)</script>')
        wizard = self.read_mail(receiver.encode() + mails.sign(mails.plain(own)))
        self.assertNotIn('<img', str(wizard.summary))
        self.assertNotIn('<script', str(wizard.summary))

    def test_silence_of_dns_is_said_as_such(self):
        self.dns.set_silent('ours.example')
        wizard = self.read_mail(self.sent())
        self.assertIn('DNS did not answer', str(wizard.summary))
        self.assertEqual((wizard.egress_found, wizard.signature_found), ('192.0.2.10', False))

    def test_opened_from_a_server_its_own_path_comes_first(self):
        other = self.env['ir.mail_server'].create({
            'name': "Second relay", 'smtp_host': 'second.ours.example', 'from_filter': 'ours.example', 'sequence': 5})
        self.env.cr.flush()
        action = self.server.action_check_received_mail()
        self.assertEqual(action['context'], {'default_server_id': self.server.id})
        for server in (self.server, other):
            wizard = self.read_mail(self.sent() if server == self.server else mails.arrived(), server_id=server.id)
            if self.env['mail.domain.health.path'].search_count([('mail_server_id', '=', server.id)]):
                self.assertEqual(wizard.path_id.mail_server_id, server)

    def test_the_form_goes_from_paste_to_result_and_back(self):
        self.sent()
        form = Form(self.env['mail.domain.health.arrival'].with_context(default_domain_id=self.domain.id))
        form.mail_text = mails.arrived().decode()
        wizard = form.save()
        self.assertTrue(wizard.is_read)
        wizard.action_read_another()
        self.assertFalse(wizard.is_read or wizard.path_id or wizard.summary)

    def test_only_administrators_and_only_their_companies(self):
        user = new_test_user(self.env, 'arrival_user', groups='base.group_user')
        with self.assertRaises(AccessError):
            self.env['mail.domain.health.arrival'].with_user(user).create({'mail_text': "x"})
        self.env['mail.sending.observation'].create({'from_domain': 'ours.example', 'company_id': self.company.id})
        with self.assertRaises(AccessError):
            self.env['mail.sending.observation'].with_user(user).search([])
        elsewhere = self.env['res.company'].create({'name': "Elsewhere"})
        administrator = new_test_user(
            self.env, 'arrival_admin', groups='base.group_system', company_id=elsewhere.id,
            company_ids=[(6, 0, elsewhere.ids)])
        self.assertFalse(self.env['mail.sending.observation'].with_user(administrator).search([]))

    def test_a_copy_of_the_database_reads_nothing(self):
        self.env['ir.config_parameter'].set_param('database.is_neutralized', True)
        asked = len(self.dns.log)
        with self.assertRaisesRegex(UserError, "copy of your database"), self.env.cr.savepoint():
            self.env['mail.domain.health.arrival'].create({'mail_text': mails.arrived().decode()})
        self.assertEqual(len(self.dns.log), asked)

    def test_why_a_signature_does_not_verify_is_said_in_words(self):
        wizard = self.read_mail(self.sent().replace(b'Quotation', b'Invoice__', 1))
        self.assertIn('has changed since the email was signed', str(wizard.summary))
        self.assertNotIn('altered', str(wizard.summary))
