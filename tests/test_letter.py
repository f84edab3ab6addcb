from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import config

from ..checking import looking
from ..models.mail_domain_health_link import ROUTE, WAITING
from .common import HEALTHY, DomainHealthCase

SPF = 'v=spf1 include:_spf.odoo.com ~all'


@tagged('post_install', '-at_install')
class TestLetter(DomainHealthCase):
    """The mail with the records for whoever runs the DNS, and its link."""

    def setUp(self):
        super().setUp()
        self.publish('ours.example')
        self.admin = new_test_user(
            self.env, 'letter_admin', 'base.group_system', company_id=self.company.id, email='admin@ours.example',
            company_ids=[(6, 0, self.company.ids)])
        self.domain = self.health('ours.example').with_user(self.admin).with_context(allowed_company_ids=self.company.ids)
        self.domain.check_now()
        self.env['ir.config_parameter'].set_param('web.base.url', 'https://odoo.ours.example')

    def letter(self, **values):
        """Return the wizard, filled in as a person does it."""
        action = self.domain.action_write_hostmaster()
        form = Form(self.domain.env[action['res_model']].with_context(**action['context']))
        for name, value in {'email': 'Dana <dns@host.example>', **values}.items():
            form[name] = value
        return form.save()

    def compose(self, letter):
        """Return what Odoo's composer opens with."""
        action = letter.action_write()
        return Form(self.domain.env[action['res_model']].with_context(**action['context'])).save()

    def send(self, composer):
        """Send it; return the mails that leave, as text, and the message that is kept."""
        before = self.env['mail.mail'].search([('id', '!=', False)])
        composer.action_send_mail()
        mails = self.env['mail.mail'].search([('id', '!=', False)]) - before
        return mails, self.domain.message_ids[0]

    def test_letter_has_the_records_themselves(self):
        composer = self.compose(self.letter())
        self.assertEqual(composer.subject, "DNS records for ours.example")
        self.assertEqual(composer.partner_ids.mapped('email'), ['dns@host.example'])
        self.assertEqual(composer.partner_ids.name, 'Dana')
        for shown in ('Hello', SPF, 'odoo._domainkey', '_dmarc', 'Add this record:'):
            self.assertIn(shown, composer.body)

    def test_link_is_made_when_the_letter_leaves_and_kept_nowhere(self):
        composer = self.compose(self.letter())
        self.assertIn(f'https://odoo.ours.example{ROUTE}/', composer.body)
        link = self.env['mail.domain.health.link'].search([('domain_id', '=', self.domain.id)])
        self.assertFalse(link.token_hash)
        mails, message = self.send(composer)
        [mail] = mails
        self.assertTrue(link.token_hash)
        self.assertNotIn(WAITING, mail.body_html)
        [address] = [part.split('"')[0] for part in mail.body_html.split('href="') if part.startswith(f'https://odoo.ours.example{ROUTE}/')]
        token = address.rpartition('/')[2]
        self.assertEqual(self.env['mail.domain.health.link']._find(link.id, token), link)
        self.assertIn(WAITING, message.body)
        self.assertNotIn(token, message.body)
        self.assertIn(SPF, mail.body_html)
        self.assertEqual((link.email, link.lang), ('dns@host.example', 'en_US'))

    def test_letter_of_another_domain_opens_no_link(self):
        link = self.env['mail.domain.health.link'].create({'domain_id': self.domain.id, 'email': 'dns@host.example'})
        other = self.health('first.example')
        self.make_company("Other", 'other.example')
        other = self.health('other.example')
        other.message_post(body=link._get_waiting_address(), partner_ids=self.env['res.partner'].create(
            {'name': 'x', 'email': 'x@elsewhere.example'}).ids, subtype_xmlid='mail.mt_comment')
        self.assertFalse(link.token_hash)

    def test_letter_without_a_link(self):
        composer = self.compose(self.letter(has_link=False))
        self.assertNotIn(ROUTE, composer.body)
        self.assertFalse(self.env['mail.domain.health.link'].search([('domain_id', '=', self.domain.id)]))

    def test_after_a_letter_left_the_records_are_looked_at_by_themselves(self):
        """As if somebody watched: at growing distances, and for two days."""
        for has_link in (True, False):
            with self.subTest(has_link=has_link):
                records = self.env['mail.domain.health.record'].search([('domain_id', '=', self.domain.id)])
                records.write({'next_look': False, 'followed_on': False})
                composer = self.compose(self.letter(has_link=has_link))
                records = self.env['mail.domain.health.record'].search([('domain_id', '=', self.domain.id)])
                self.assertFalse(any(records.mapped('next_look')), "it has not left yet")
                questions = len(self.dns.log)
                self.send(composer)
                records = self.env['mail.domain.health.record'].search([('domain_id', '=', self.domain.id)])
                self.assertEqual(len(records), 3)
                for record in records:
                    self.assertAlmostEqual(
                        record.next_look, fields.Datetime.now() + looking.DISTANCES[0], delta=timedelta(seconds=30))
                    self.assertTrue(record.followed_on)
                self.assertEqual(len(self.dns.log), questions, "sending asks no DNS")

    def test_note_or_message_about_a_domain_starts_no_looks(self):
        self.domain.message_post(body="Hello", partner_ids=self.env['res.partner'].create(
            {'name': 'x', 'email': 'x@elsewhere.example'}).ids, subtype_xmlid='mail.mt_comment')
        self.assertFalse(any(self.env['mail.domain.health.record'].search([]).mapped('next_look')))

    def test_letter_is_in_the_language_of_its_reader(self):
        self.env['res.lang']._activate_lang('fr_FR')
        template = self.env.ref('mail_domain_health.mail_template_records')
        template.with_context(lang='fr_FR').subject = "Enregistrements DNS de {{ object.display_name }}"
        self.env['ir.ui.view'].search([('key', '=', 'mail_domain_health.letter_records')]).update_field_translations(
            'arch_db', {'fr_FR': {"Value": "Valeur"}})
        self.env['res.partner'].create({'name': "Dana", 'email': 'dns@host.example', 'lang': 'fr_FR'})
        letter = self.letter()
        self.assertEqual(letter.lang, 'fr_FR')
        composer = self.compose(letter)
        self.assertEqual(composer.subject, "Enregistrements DNS de ours.example")
        self.assertIn("Valeur", composer.body)
        self.send(composer)
        self.assertEqual(self.env['mail.domain.health.link'].search([('domain_id', '=', self.domain.id)]).lang, 'fr_FR')
        self.assertEqual(self.letter(lang='en_US').lang, 'en_US', "a person may choose another one")

    def test_markup_in_a_record_is_text_in_the_letter(self):
        self.publish('ours.example', '@ TXT "v=spf1 x=<b>bold</b> ip4:198.51.100.1 ~all"')
        self.domain.check_now()
        composer = self.compose(self.letter())
        self.assertIn('&lt;b&gt;', composer.body)
        self.assertNotIn('<b>bold', composer.body)

    def test_record_that_is_replaced_is_shown_with_what_was(self):
        self.publish('ours.example', '@ TXT "v=spf1 ip4:198.51.100.1 ~all"')
        self.domain.check_now()
        body = self.compose(self.letter()).body
        for shown in ('Replace this record (do not add a second one):', 'Old value', 'v=spf1 ip4:198.51.100.1 ~all', 'New value'):
            self.assertIn(shown, body)

    # what a person may enter

    def test_address_that_is_none_is_refused_in_words(self):
        for email in ('', '  ', 'dana', 'dana@', '@host.example', 'a@host.example, b@host.example', 'a@host.example b@host.example'):
            with self.subTest(email), self.assertRaisesRegex(UserError, "enter a single email address"):
                self.letter(email=email).action_write()
        with self.assertRaisesRegex(UserError, "is an address of this Odoo"):
            self.letter(email='catchall@ours.example').action_write()
        self.assertFalse(self.env['mail.domain.health.link'].search([('domain_id', '=', self.domain.id)]))

    def test_address_of_a_contact_makes_no_second_contact(self):
        dana = self.env['res.partner'].create({'name': "Dana", 'email': 'DNS@host.example'})
        self.assertEqual(self.compose(self.letter()).partner_ids, dana)

    def test_nothing_to_publish_is_said(self):
        self.publish('ours.example', *HEALTHY)
        self.domain.check_now()
        with self.assertRaisesRegex(UserError, "nothing to publish for ours.example"):
            self.letter().action_write()

    def test_template_that_was_deleted_is_said(self):
        self.env.ref('mail_domain_health.mail_template_records').unlink()
        with self.assertRaisesRegex(UserError, "was deleted"):
            self.letter().action_write()

    # whether a link can be opened

    def test_host_name_that_leads_to_several_databases_takes_no_link(self):
        with patch.dict(config.options, {'db_name': [self.env.cr.dbname, 'another'], 'dbfilter': ''}):
            letter = self.letter()
            self.assertFalse(letter.can_link)
            self.assertFalse(letter.has_link)
            self.assertIn("odoo.ours.example leads to 2 databases", letter.obstacle)
            letter.has_link = True
            with self.assertRaisesRegex(UserError, "leads to 2 databases"):
                letter.action_write()
            letter.has_link = False
            self.assertNotIn(ROUTE, self.compose(letter).body)

    def test_host_name_that_leads_elsewhere_takes_no_link(self):
        with patch.dict(config.options, {'db_name': ['another'], 'dbfilter': ''}):
            letter = self.letter()
            self.assertFalse(letter.can_link)
            self.assertIn("odoo.ours.example does not", letter.obstacle)

    def test_filter_of_databases_is_taken_into_account(self):
        with patch.dict(config.options, {'dbfilter': f'^{self.env.cr.dbname}$'}):
            self.assertFalse(self.letter().obstacle)
        with patch.dict(config.options, {'dbfilter': '^%d$'}):
            self.assertFalse(self.letter().can_link, "no database is called odoo")

    def test_name_that_works_on_this_computer_only_is_pointed_out(self):
        for url in ('http://localhost:8069', 'http://127.0.0.1:8069'):
            self.env['ir.config_parameter'].set_param('web.base.url', url)
            letter = self.letter()
            self.assertTrue(letter.can_link)
            self.assertIn("works on this computer only", letter.obstacle)

    def test_copy_of_a_database_takes_no_link(self):
        self.env['ir.config_parameter'].set_param('database.is_neutralized', 'true')
        letter = self.letter()
        self.assertFalse(letter.can_link)
        self.assertIn("copy of your database", letter.obstacle)
