import json
from urllib.parse import urlencode

from odoo import models

from ..display.printed_report import get_printed_report

REPORT = 'mail_domain_health.printed_report'


class ReportMailDomainHealth(models.AbstractModel):
    """The printed report of the chosen domains, as whoever prints it may see them."""

    _name = 'report.mail_domain_health.printed_report'
    _description = 'Printed Report of Email Domains'

    def _get_report_values(self, docids, data=None):
        domains = self.env['mail.domain.health'].browse(docids or ()).exists()
        domains.check_access('read')
        # Odoo shows the page instead of a PDF file then, in a frame that no browser prints as a whole.
        is_page = (data or {}).get('report_type') == 'html'
        works = self.env['ir.actions.report'].get_wkhtmltopdf_state() in ('ok', 'upgrade')
        return {
            **get_printed_report(domains),
            'page_url': self._get_page_url(domains) if is_page and not works else None,
        }

    def _get_page_url(self, domains):
        context = {'allowed_company_ids': self.env.companies.ids, 'lang': self.env.lang}
        return f'/report/html/{REPORT}/{",".join(map(str, domains.ids))}?{urlencode({"context": json.dumps(context)})}'
