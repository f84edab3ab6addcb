from odoo import api, models
from odoo.tools import SQL
from odoo.tools.mail import email_domain_extract, email_normalize


class MailDomainHealthPath(models.Model):
    """Who sends mail in this database, as the configuration has it."""

    _inherit = 'mail.domain.health.path'

    @api.model
    def _collect(self, companies):
        """Return the values of every path of ``companies``: notifications, and each domain of their users."""
        self.env['res.users'].flush_model(['active', 'share', 'company_id', 'partner_id'])
        self.env['res.partner'].flush_model(['email_normalized'])
        users_by_company = {}
        for company_id, domain, count, example in self.env.execute_query(SQL(
            """
            SELECT users.company_id, split_part(partner.email_normalized, '@', 2), count(*),
                   min(partner.email_normalized)
              FROM res_users users
              JOIN res_partner partner ON partner.id = users.partner_id
             WHERE users.active AND NOT users.share AND users.company_id IN %s
               AND partner.email_normalized LIKE '%%@%%' AND users.id != %s
          GROUP BY 1, 2
          ORDER BY 3 DESC
            """,
            tuple(companies.ids) or (0,), api.SUPERUSER_ID,
        )):
            users_by_company.setdefault(company_id, []).append((domain, count, example))

        rows = []
        mail_servers = self._get_shared_mail_servers()
        for company in companies:
            authors = [('user', *row) for row in users_by_company.get(company.id, ())]
            default_from = company.sudo().with_company(company).env['ir.mail_server']._get_default_from_address()
            if default_from:
                authors.insert(0, ('notifications', email_domain_extract(default_from) or '', 0, default_from))
            for kind, domain, count, author in authors:
                route = self._probe(company, author, mail_servers)
                if not route or '@' not in route.from_email:
                    continue
                service = self._sending_service(company, route.server)
                rows.append({
                    'company_id': company.id,
                    'kind': kind,
                    'author_domain': domain,
                    'mail_server_id': route.server.id,
                    'mail_sending_service_id': service.id,
                    'from_email': route.from_email,
                    'envelope_from': route.envelope_from,
                    'author_email': email_normalize(author) or author,
                    'author_count': count,
                    'is_rewritten': route.from_email != email_normalize(author),
                })
        return rows

    @api.model
    def _sending_service(self, company, server):
        """Return who delivers what leaves through ``server`` (empty: the configuration file's), if known."""
        if server:
            return server.mail_sending_service_id or company.sudo().mail_sending_service_id
        return company.sudo().mail_sending_service_id or server._get_configuration_file_service()
