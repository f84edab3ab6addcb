import json
import os
import unittest
from pathlib import Path
from unittest.mock import patch

from odoo.tests import HttpCase, tagged
from odoo.tests.common import ChromeBrowser
from odoo.tools import file_open

from ..models.mail_domain_health_link import ROUTE, WAITING
from .common import HEALTHY, DnsServerCase

SETTING = '#mail_domain_health_setting'
BOX = f'{SETTING} .o_mail_domain_health_box'
FOLDS = f'{SETTING} details'
DIALOG = '.modal .o_mail_domain_health_fix_it'


@tagged('post_install', '-at_install')
class TestAccessible(DnsServerCase, HttpCase):
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

    def look(self, url, own, *steps, login='admin'):
        """Go to ``url``, take the ``steps``, and have axe-core look at what ``own`` (a selector) names."""
        wait_code_ok = ChromeBrowser._wait_code_ok

        def inject(browser, *args, **kwargs):
            for script in self.scripts:
                browser._websocket_request('Runtime.evaluate', params={'expression': script}, timeout=60)
            return wait_code_ok(browser, *args, **kwargs)

        with patch.object(ChromeBrowser, '_wait_code_ok', inject):
            self.browser_js(url, f'accessible({json.dumps(steps)}, {json.dumps(own)})',
                            login=login, timeout=180)

    # the page without a login

    def page(self, domain):
        link = self.env['mail.domain.health.link'].create({'domain_id': domain.id, 'email': 'dns@host.example', 'lang': 'en_US'})
        waiting = f'{ROUTE}/{link.id}/{WAITING}'
        return self.env['mail.domain.health.link']._make_tokens(domain, link._get_waiting_address())[waiting]

    def test_the_page_without_a_login(self):
        self.look(self.page(self.watch_failing()), 'main', login=None)

    def test_the_page_of_a_link_that_has_ended(self):
        self.look(f'{ROUTE}/1/wrong', 'main', login=None)

    def test_what_is_wrong_is_found(self):
        """Without this, a script that looks at nothing would be content with every screen."""
        page = self.page(self.watch_failing())
        with self.assertRaisesRegex(AssertionError, r'button-name \(critical\)[^$]*#copy-host'), self.assertLogs('odoo'):
            self.look(page, 'main', ['empty', 'main button'], login=None)

    # Settings

    def test_settings_where_mail_is_refused(self):
        self.watch_failing()
        self.look('/odoo/settings', SETTING, ['see', f'{BOX} [data-state=fail]'], ['unfold', FOLDS])

    def test_settings_where_mail_can_be_verified(self):
        self.watch('healthy.example', *HEALTHY)
        self.look('/odoo/settings', SETTING, ['see', f'{BOX} [data-state=pass]'])

    def test_fix_it_now(self):
        self.watch_failing()
        self.look('/odoo/settings', DIALOG, ['click', f'{BOX} .o_mail_domain_health_fix_it_now'],
                  ['see', f'{DIALOG} .o_mail_domain_health_change'], ['unfold', f'{DIALOG} details'])
