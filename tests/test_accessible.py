import json
import os
import unittest
from pathlib import Path
from unittest.mock import patch

from odoo.tests import HttpCase, tagged
from odoo.tests.common import ChromeBrowser
from odoo.tools import file_open

from ..checking import quieting
from ..contacts.refreshing import refresh
from ..mailauth.tests import mails
from ..models.mail_domain_health_link import ROUTE, WAITING
from ..models.report_mail_domain_health import REPORT as REPORT_NAME
from .common import HEALTHY, DnsServerCase, mute
from .test_contact_tours import PassedOnCase

SETTING = '#mail_domain_health_setting'
BOX = f'{SETTING} .o_mail_domain_health_box'
FOLDS = f'{SETTING} details'
WIZARD = '.modal .o_form_view'
REPORT = '.o_form_view:not(.o-settings-form-view)'
SHEET = f'{REPORT} .o_form_sheet_bg'
DIALOG = '.modal .o_mail_domain_health_fix_it'


class AccessibleCase(DnsServerCase, HttpCase):
    """No screen of ours has a finding of axe-core's whose impact is serious or critical."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        script = Path(os.environ.get('AXE_CORE') or '')
        if not script.is_file():
            raise unittest.SkipTest("axe-core is missing: ./dev/test browser fetches it, with npm.")
        with file_open('mail_domain_health/static/tests/accessible.js') as driver:
            cls.scripts = (script.read_text(encoding='utf-8'), driver.read())
        cls.env['ir.mail_server'].search([('id', '!=', False)]).unlink()
        cls.admin = cls.env.ref('base.user_admin')
        cls.company = cls.admin.company_id

    def look(self, url, *steps, login='admin'):
        """Go to ``url`` and take the ``steps``, of which a ``look`` has axe-core look at what its selector names."""
        wait_code_ok = ChromeBrowser._wait_code_ok

        def inject(browser, *args, **kwargs):
            for script in self.scripts:
                browser._websocket_request('Runtime.evaluate', params={'expression': script}, timeout=60)
            return wait_code_ok(browser, *args, **kwargs)

        with patch.object(ChromeBrowser, '_wait_code_ok', inject):
            self.browser_js(url, f'accessible({json.dumps(steps)})', login=login, timeout=180)


@tagged('post_install', '-at_install')
class TestAccessible(AccessibleCase):
    """Screens of a company's own mail."""

    def setUp(self):
        super().setUp()
        self.dns.set_zone('google.com', '_spf TXT "v=spf1 ip4:203.0.113.0/24 ~all"')

    def watch(self, name, *records):
        """Return the checked domain that the company's mail leaves from, with these records in DNS."""
        self.publish(name, *records)
        self.company.write({
            'alias_domain_id': self.env['mail.alias.domain'].create({'name': name}).id,
            'mail_sending_service_id': self.ref('mail_domain_health.sending_service_odoo'),
        })
        domain = self.health(name)
        domain.check_now()
        return domain

    def watch_failing(self):
        """Return a domain with something of everything: a record to replace, one to add, and what others may send."""
        return self.watch('failing.example', '@ TXT "v=spf1 include:_spf.google.com ~all"', '_dmarc TXT "v=DMARC1; p=reject"')

    # the page without a login

    def page(self, domain):
        link = self.env['mail.domain.health.link'].create({'domain_id': domain.id, 'email': 'dns@host.example', 'lang': 'en_US'})
        waiting = f'{ROUTE}/{link.id}/{WAITING}'
        return self.env['mail.domain.health.link']._make_tokens(domain, link._get_waiting_address())[waiting]

    def test_the_page_without_a_login(self):
        self.look(self.page(self.watch_failing()), ['look', 'main'], login=None)

    def test_the_page_of_a_link_that_has_ended(self):
        self.look(f'{ROUTE}/1/wrong', ['look', 'main'], login=None)

    def test_what_is_wrong_is_found(self):
        """Without this, a script that looks at nothing would be content with every screen."""
        page = self.page(self.watch_failing())
        with self.assertRaisesRegex(AssertionError, r'button-name \(critical\)[^$]*#copy-host'), self.assertLogs('odoo'):
            self.look(page, ['empty', 'main button'], ['look', 'main'], login=None)

    # Settings

    def test_settings_where_mail_is_refused(self):
        self.watch_failing()
        self.look('/odoo/settings', ['see', f'{BOX} [data-state=fail]'], ['unfold', FOLDS],
                  ['see', '.o_mail_domain_health_sender_mode'], ['look', SETTING])

    def test_settings_where_mail_can_be_verified(self):
        self.watch('healthy.example', *HEALTHY)
        self.look('/odoo/settings', ['see', f'{BOX} [data-state=pass]'], ['look', SETTING])

    def test_fix_it_now(self):
        self.watch_failing()
        self.look('/odoo/settings', ['click', f'{BOX} .o_mail_domain_health_fix_it_now'],
                  ['see', f'{DIALOG} .o_mail_domain_health_change'], ['unfold', f'{DIALOG} details'], ['look', DIALOG])

    def test_settings_of_contacts(self):
        self.watch_failing()
        setting = '#mail_domain_health_contacts_setting'
        self.look('/odoo/settings', ['see', setting], ['see', f'{setting} .o_mail_domain_health_contacts'], ['look', setting])

    # the report

    def test_the_report_and_each_of_its_tabs(self):
        self.env['ir.config_parameter'].set_param('mail.catchall.domain', 'failing.example')
        domain = self.watch_failing()
        self.look(f'/odoo/mail.domain.health/{domain.id}',
                  ['see', f'{REPORT} .o_mail_domain_health_change'], ['unfold', f'{REPORT} .tab-pane details'], ['look', SHEET],
                  *(step for tab in ('findings', 'uses', 'receivers', 'records', 'parameters', 'history') for step in (
                      ['click', f'{REPORT} .nav-link[name={tab}]'], ['see', f'{REPORT} .nav-link[name={tab}].active'],
                      ['look', f'{REPORT} .o_notebook'])),
                  ['click', f'{REPORT} .o_field_widget[name=check_ids] .o_data_row td[name=date]'],
                  ['see', '.modal .o_field_widget[name=records_text]'], ['look', WIZARD])

    def test_the_report_of_a_domain_that_could_not_be_looked_at(self):
        domain = self.watch_failing()
        with self.silent_dns():
            domain.check_now()
        self.look(f'/odoo/mail.domain.health/{domain.id}', ['see', f'{REPORT} [data-state=unknown]'], ['look', SHEET])

    def test_a_finding(self):
        domain = self.watch_failing()
        self.look(f'/odoo/mail.domain.health.finding/{domain.finding_ids[0].id}', ['look', SHEET])

    def test_muting_a_finding_and_one_that_is_muted(self):
        domain = self.watch_failing()
        self.look(f'/odoo/mail.domain.health/{domain.id}', ['click', f'{REPORT} .nav-link[name=findings]'],
                  ['click', f'{REPORT} .o_mail_domain_health_mute'], ['look', WIZARD])
        mute(domain.finding_ids)
        self.look(f'/odoo/mail.domain.health/{domain.id}', ['click', f'{REPORT} .nav-link[name=findings]'],
                  ['look', f'{REPORT} .o_notebook'], ['click', f'{REPORT} .nav-link[name=history]'],
                  ['see', f'{REPORT} .o_field_widget[name=event_ids]'], ['look', f'{REPORT} .o_notebook'])

    def test_being_on_what_broke(self):
        domain = self.watch_failing()
        domain.announced = {**domain.announced, 'spf': {**domain.announced['spf'], 'broken_from': 'pass'}}
        self.look(f'/odoo/mail.domain.health/{domain.id}', ['click', f'{REPORT} button[name=action_acknowledge]'],
                  ['look', WIZARD])
        quieting.acknowledge(domain, False, "Known.")
        self.look(f'/odoo/mail.domain.health/{domain.id}', ['see', f'{REPORT} .o_mail_domain_health_on_it'], ['look', SHEET])

    def test_a_sending_path(self):
        domain = self.watch_failing()
        self.look(f'/odoo/mail.domain.health.path/{domain.path_ids[0].id}', ['look', SHEET],
                  *(step for tab in ('details', 'evidence') for step in (
                      ['click', f'{REPORT} .nav-link[name={tab}]'], ['look', f'{REPORT} .o_notebook'])))

    # what the product knows of others

    def test_mail_services_and_dns_hosts(self):
        for model, name in (('mail.sending.service', 'sending_service_odoo'), ('mail.dns.provider', 'dns_provider_gandi')):
            with self.subTest(model=model):
                self.look(f'/odoo/{model}/{self.ref(f"mail_domain_health.{name}")}', ['look', SHEET])

    # lists, and cards on a phone

    def test_lists(self):
        self.watch('healthy.example', *HEALTHY)
        self.watch_failing()
        self.env['res.partner'].create({'name': "Carl", 'email': 'carl@customer.example'})
        refresh(self.env)
        for name in ('mail_domain_health_action', 'mail_domain_health_finding_action', 'mail_domain_health_path_action',
                     'mail_partner_domain_action', 'mail_domain_health_tag_action', 'mail_domain_health_history_action',
                     'mail_sending_service_action', 'mail_dns_provider_action'):
            with self.subTest(action=name):
                self.look(f'/odoo/action-mail_domain_health.{name}', ['look', '.o_content'])

    def test_cards_on_a_phone(self):
        self.watch('healthy.example', *HEALTHY)
        self.watch_failing()
        self.env['res.partner'].create({'name': "Carl", 'email': 'carl@customer.example'})
        refresh(self.env)
        self.browser_size, self.touch_enabled = '375x667', True
        for name in ('mail_domain_health_action', 'mail_domain_health_finding_action', 'mail_domain_health_path_action',
                     'mail_partner_domain_action', 'mail_sending_service_action', 'mail_dns_provider_action'):
            with self.subTest(action=name):
                self.look(f'/odoo/action-mail_domain_health.{name}', ['see', '.o_kanban_record:not(.o_kanban_ghost)'],
                          ['look', '.o_content'])

    def test_a_domain_of_contacts(self):
        self.env['res.partner'].create({'name': "Carl", 'email': 'carl@customer.example'})
        refresh(self.env)
        row = self.env['mail.partner.domain'].search([('name', '=', 'customer.example')])
        self.look(f'/odoo/mail.partner.domain/{row.id}', ['look', SHEET])

    # dialogs

    def look_at_dialog(self, action):
        self.look('/odoo/settings', ['see', SETTING], ['open', action], ['look', WIZARD])

    def test_dialogs_that_change_something_in_odoo(self):
        domain = self.watch_failing()
        for name in ('mail_domain_health_arrival_action', 'mail_domain_health_import_action'):
            with self.subTest(action=name):
                self.look_at_dialog(f'mail_domain_health.{name}')
        for name in ('mail_domain_health_letter_action', 'mail_domain_health_assign_action'):
            with self.subTest(action=name):
                action = self.env['ir.actions.act_window']._for_xml_id(f'mail_domain_health.{name}')
                self.look_at_dialog({
                    'type': 'ir.actions.act_window', 'name': action['name'], 'res_model': action['res_model'],
                    'views': [[False, 'form']], 'target': 'new',
                    'context': {'default_domain_id': domain.id, 'active_id': domain.id, 'active_ids': domain.ids}})

    def test_lines_that_cannot_be_imported(self):
        self.watch_failing()
        self.look('/odoo/settings', ['see', SETTING], ['open', 'mail_domain_health.mail_domain_health_import_action'],
                  ['enter', [f'{WIZARD} [name=text] textarea', 'parked.example\nno domain']],
                  ['click', '.modal button[name=action_read]'], ['see', f'{WIZARD} .o_field_widget[name=problems]'], ['look', WIZARD])

    def test_letters_about_several_domains(self):
        self.watch_failing()
        self.watch('bare.example')
        self.look('/odoo/action-mail_domain_health.mail_domain_health_action',
                  ['click', '.o_list_view thead .o_list_record_selector input'],
                  ['choose', ['.o_cp_action_menus .dropdown-toggle', "Actions"]],
                  ['choose', ['.o-dropdown-item', "Text for the DNS Administrator"]],
                  ['see', '.modal .o_mail_domain_health_letters'], ['look', '.modal .modal-body'])

    def test_an_old_parameter_becomes_an_alias_domain(self):
        self.env['mail.alias.domain'].search([('id', '!=', False)]).unlink()
        self.env['ir.config_parameter'].set_param('mail.catchall.domain', 'old.example')
        self.look('/odoo/settings', ['see', f'{BOX} .o_mail_domain_health_adopt'], ['look', SETTING],
                  ['click', f'{BOX} .o_mail_domain_health_adopt'], ['look', WIZARD], ['escape', '.o_mail_domain_health_adopt'])

    # what is opened gives the focus back

    def test_dialogs_closed_by_the_keyboard_give_the_focus_back_to_what_opened_them(self):
        domain = self.watch_failing()
        self.look('/odoo/settings',
                  ['click', f'{BOX} .o_mail_domain_health_fix_it_now'], ['see', f'{DIALOG} .o_mail_domain_health_change'],
                  ['escape', '.o_mail_domain_health_fix_it_now'], ['unfold', FOLDS],
                  ['click', f'{SETTING} .o_mail_domain_health_sender_change'], ['see', f'{WIZARD} [name=address]'],
                  ['escape', '.o_mail_domain_health_sender_change'])
        self.look(f'/odoo/mail.domain.health/{domain.id}',
                  ['click', f'{REPORT} .o_mail_domain_health_write'], ['see', f'{WIZARD} [name=email]'],
                  ['escape', '.o_mail_domain_health_write'])

    def test_the_default_sender_is_changed(self):
        self.watch_failing()
        self.look('/odoo/settings', ['unfold', FOLDS], ['click', f'{SETTING} .o_mail_domain_health_sender_change'],
                  ['look', WIZARD])

    def test_a_remedy_says_what_would_change(self):
        self.watch('ours.example', '@ TXT "v=spf1 include:_spf.odoo.com ~all"', 'odoo._domainkey CNAME odoo._domainkey.odoo.com.')
        self.publish('yahoo.com', '@ TXT "v=spf1 ip4:203.0.113.0/24 -all"', '_dmarc TXT "v=DMARC1; p=reject"')
        self.admin.email = 'admin@yahoo.com'
        self.env['mail.domain.health']._refresh()
        self.health('ours.example').check_now()
        self.health('yahoo.com').check_now()
        path = self.env['mail.domain.health.path'].search([('from_email', '=', 'admin@yahoo.com'), ('kind', '=', 'user')])
        self.look(f'/odoo/mail.domain.health.path/{path.id}', ['see', f'{REPORT} .o_mail_domain_health_finding'], ['look', SHEET],
                  ['click', f'{REPORT} .o_mail_domain_health_remedy_button'], ['look', WIZARD])

    def test_a_received_email_is_read(self):
        self.watch('ours.example')
        self.dns.set_zone('ours.example', mails.zones()['ours.example'])
        self.env['ir.mail_server'].create({'name': "Our relay", 'smtp_host': 'relay.ours.example'})
        self.env['mail.message'].create({
            'message_id': '<123456789012345.1793620000.123-openerp-42-sale.order@odoo-host>', 'body': "Quotation"})
        self.company.mail_sending_service_id = False
        self.health('ours.example').check_now()
        self.look('/odoo/settings', ['see', SETTING], ['open', 'mail_domain_health.mail_domain_health_arrival_action'],
                  ['enter', [f'{WIZARD} [name=mail_text] textarea', mails.arrived().decode()]],
                  ['click', '.modal button[name=action_read]'], ['see', f'{WIZARD} .o_mail_domain_health_arrival'], ['look', WIZARD])


@tagged('post_install', '-at_install')
class TestAccessibleContacts(AccessibleCase, PassedOnCase):
    """Screens of contacts, and what is said before a mail to them is sent."""

    def test_remedies_for_what_contacts_write(self):
        self.pass_on()
        opener = '.o_mail_domain_health_relaying_remedies'
        self.look('/odoo/settings', ['look', '.o_mail_domain_health_relaying'], ['click', opener],
                  ['see', '.modal .o_mail_contact_relaying .o_data_row'], ['look', WIZARD], ['escape', opener])

    def test_another_address_of_a_contact(self):
        self.pass_on()
        opener = '.o_mail_contact_notice button'
        self.look(f'/odoo/res.partner/{self.jane.id}', ['look', '.o_mail_contact_notice'], ['click', opener],
                  ['see', '.modal .o_mail_contact_address'], ['look', WIZARD],
                  ['enter', ['.modal .o_field_widget[name=email] input', 'jane@rejects.example']],
                  ['see', '.modal .o_field_widget[name=follows]'], ['look', WIZARD], ['escape', opener])

    def test_a_user_whose_address_is_refused(self):
        user = self.write_from_yahoo()
        opener = '.o_mail_address_notice button[name=action_mail_address_remedy]'
        self.look(f'/odoo/users/{user.id}', ['look', '.o_mail_address_notice'], ['click', opener],
                  ['see', '.modal button[name=action_apply]'], ['look', WIZARD], ['escape', opener])

    def test_recipients_that_cannot_be_reached(self):
        self.env['mail.partner.domain'].create({'name': 'dead.example', 'mark': 'marked', 'reception': 'no_domain'})
        dead = self.env['res.partner'].create({'name': "Dead", 'email': 'a@dead.example'})
        self.look(f'/odoo/res.partner/{dead.id}', ['click', '.o-mail-Chatter-sendMessage:not([disabled])'],
                  ['look', '.o-mail-RecipientsInput .o_mail_recipient_notice'], ['click', "[name='open-full-composer']"],
                  ['look', '.modal .o_mail_recipient_notice'])

    def test_the_printed_report(self):
        self.check_paths()
        self.look(f'/report/html/{REPORT_NAME}/{self.health("ours.example").id}', ['look', 'main, .article'])
