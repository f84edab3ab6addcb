import base64
import io
import json
from unittest.mock import patch
from urllib.parse import urlencode

from odoo.tests import HttpCase, tagged
from odoo.tests.common import ChromeBrowser
from odoo.tools.pdf import PdfFileReader

from ..models.report_mail_domain_health import REPORT
from .common import DnsServerCase


@tagged('post_install', '-at_install')
class TestPrintedTours(DnsServerCase, HttpCase):
    """The report as a browser prints it, where there is no wkhtmltopdf."""

    def test_the_page_prints_to_a_file_with_its_text_and_without_the_note_about_the_server(self):
        company = self.make_company("Ours", 'ours.example')
        self.publish('ours.example')
        domain = self.health('ours.example')
        domain.check_now()
        self.startPatcher(patch.object(
            self.env.registry['ir.actions.report'], 'get_wkhtmltopdf_state', lambda _report: 'install'))
        self.env.ref('base.user_admin').write({'company_ids': [(4, company.id)]})
        text = self.printed(f'/report/html/{REPORT}/{domain.id}?' + urlencode({
            'context': json.dumps({'allowed_company_ids': company.ids, 'lang': 'en_US'})}))
        for said in ('ours.example', 'Records to publish', '_dmarc.ours.example', 'v=DMARC1; p=none', 'records published'):
            self.assertIn(said, text)
        self.assertNotIn('wkhtmltopdf', text)
        self.assertIn('wkhtmltopdf', self.shown, "on the screen it says so")

    def test_on_a_phone_and_in_the_frame_that_odoo_shows_it_in_nothing_scrolls_sideways(self):
        name = f'{"long" * 8}.{"longer" * 6}.example'
        company = self.make_company("Ours", name)
        self.publish(name, '@ TXT "v=spf1 include:_spf.google.com ~all"')
        self.dns.set_zone('google.com', '_spf TXT "v=spf1 ip4:203.0.113.0/24 ~all"')
        domains = self.health(name) | self.health(self.make_company("Other", 'other.example').alias_domain_id.name)
        for domain in domains:
            domain.check_now()
        self.env.ref('base.user_admin').company_ids |= domains.company_ids | company
        path = f'/report/html/{REPORT}/{",".join(map(str, domains.ids))}?' + urlencode({
            'context': json.dumps({'allowed_company_ids': domains.company_ids.ids, 'lang': 'de_DE'})})
        self.speak('de_DE')
        for width in (375, 292):
            with self.subTest(width=width):
                self.browser_size, self.touch_enabled = f'{width}x667', True
                self.browser_js(path, f"""
                    const beyond = [...document.querySelectorAll('body *')].filter((element) =>
                        element.getClientRects().length && element.getBoundingClientRect().right > window.innerWidth + 1);
                    const is = window.innerWidth === {width} && document.querySelector('h2') && !beyond.length
                        && document.documentElement.scrollWidth <= window.innerWidth;
                    is ? console.log("test successful") : console.error(
                        `${{document.documentElement.scrollWidth}} > ${{window.innerWidth}}: ${{beyond.at(-1)?.outerHTML.slice(0, 200)}}`);
                """, login='admin')

    def printed(self, path):
        """Return the text of the file that Chromium prints a page to; what the screen shows is ``self.shown``."""
        browser = ChromeBrowser(self)
        self.addCleanup(browser.stop)
        with self.allow_requests(browser=browser):
            self.authenticate('admin', 'admin', browser=browser)
            self.cr.flush()
            self.cr.clear()
            browser.navigate_to(self.base_url() + path, wait_stop=True)
            self.shown = browser._websocket_request(
                'Runtime.evaluate', params={'expression': 'document.body.innerText'})['result']['value']
            answer = browser._websocket_request('Page.printToPDF', timeout=60)
            self._wait_remaining_requests()
        pages = PdfFileReader(io.BytesIO(base64.b64decode(answer['data']))).pages
        return ' '.join(' '.join(page.extract_text() for page in pages).split())
