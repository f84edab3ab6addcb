from odoo import api, fields, models
from odoo.tools import SQL

from .mail_domain_health_path_authors import MAX_EXAMPLES, MAX_SENDERS, Author

MAX_PORTAL_DOMAINS = 5  # of a company: those of most portal users; the others are people from outside


class MailDomainHealthPath(models.Model):
    """People from outside in whose name Odoo sends though they did not write: organizers of events, portal users."""

    _inherit = 'mail.domain.health.path'

    @api.model
    def _get_organizers(self, company):
        """Return who organizes a coming event of ``company`` and is neither it nor one of its users."""
        if 'event.event' not in self.env:
            return []
        events = self.env['event.event'].sudo().search([
            ('date_end', '>=', fields.Datetime.now()), ('company_id', 'in', (company.id, False)),
            ('organizer_id.email_normalized', '!=', False), ('organizer_id', '!=', company.sudo().partner_id.id),
        ], order='date_begin, id', limit=10 * MAX_SENDERS)
        events = events.filtered(lambda event: all(user.share for user in event.organizer_id.user_ids))
        by_email = events.grouped(lambda event: event.organizer_id.email_normalized)
        return [
            Author('organizer', email, len(found), tuple(found[:MAX_EXAMPLES].mapped('name')), True, tuple(found.ids))
            for email, found in list(by_email.items())[:MAX_SENDERS]]

    @api.model
    def _get_portal_users(self, companies):
        """Return ``{company id: [Author]}``: users of the portal, whose comments go to followers as they are."""
        self.env['res.users'].flush_model(['active', 'share', 'company_id', 'partner_id'])
        self.env['res.partner'].flush_model(['email_normalized', 'name'])
        found = {}
        for company_id, email, count, examples in self.env.execute_query(SQL(
            """
            SELECT users.company_id, min(partner.email_normalized), count(*),
                   (array_agg(partner.name ORDER BY users.id))[1:%s]
              FROM res_users users
              JOIN res_partner partner ON partner.id = users.partner_id
             WHERE users.active AND users.share AND users.company_id = ANY(%s) AND partner.email_normalized LIKE '%%@%%'
          GROUP BY users.company_id, split_part(partner.email_normalized, '@', 2)
          ORDER BY 3 DESC, 2
            """, MAX_EXAMPLES, companies.ids,
        )):
            authors = found.setdefault(company_id, [])
            if len(authors) < MAX_PORTAL_DOMAINS:
                authors.append(Author('portal', email, count, tuple(examples)))
        return found
