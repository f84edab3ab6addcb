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
