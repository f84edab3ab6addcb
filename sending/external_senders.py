"""People from outside in whose name Odoo sends: who wrote to it, organizers of events, users of the portal."""

from collections import Counter

from odoo import fields
from odoo.tools import SQL
from odoo.tools.mail import email_normalize

from ..mailauth.dns.names import domain_of
from .authors import MAX_EXAMPLES, MAX_SENDERS, Author
from .freemail import FREEMAIL_DOMAINS, NOBODYS_DOMAINS

EXTERNAL_KINDS = ('outsider', 'customer', 'portal')  # kinds of paths whose authors are people from outside
MAX_MESSAGES = 5000  # how many of the newest messages are searched for one from outside
MAX_PORTAL_DOMAINS = 5  # of a company: those of most portal users; the others are people from outside
NOBODY_YET = 'gmail.com'  # stands for people from outside where none has written yet


def external_authors(env):
    """Return an external sender whose message Odoo passes on to followers, of the domain that writes most.

    The one of the last time stays as long as nobody here sends as that domain.
    """
    env['mail.message'].flush_model(['email_from', 'message_type'])
    own = {domain_of(f'@{name}') for name in env['mail.alias.domain'].sudo().search([('name', '!=', False)])
           .mapped('name')}
    own |= {domain_of(f'@{name}') for [name] in env.execute_query(SQL(
        """
        SELECT DISTINCT split_part(partner.email_normalized, '@', 2)
          FROM res_users users JOIN res_partner partner ON partner.id = users.partner_id
         WHERE users.active AND NOT users.share AND partner.email_normalized IS NOT NULL
         UNION SELECT split_part(partner.email_normalized, '@', 2)
          FROM res_company company JOIN res_partner partner ON partner.id = company.partner_id
         WHERE partner.email_normalized IS NOT NULL
        """))} | NOBODYS_DOMAINS
    own -= FREEMAIL_DOMAINS
    known = env['mail.domain.health.path'].sudo().search([('kind', '=', 'outsider'), ('author_count', '>', 0)], limit=1)
    if known and domain_of(known.author_email) not in own:
        return [Author('outsider', known.author_email, known.author_count, tuple(known.examples or ()))]
    rows = env.execute_query(SQL(
        """
        SELECT email_from
          FROM (SELECT email_from, message_type FROM mail_message ORDER BY id DESC LIMIT %s) newest
         WHERE message_type = 'email' AND email_from LIKE '%%@%%' LIMIT 500
        """, MAX_MESSAGES,
    )) or env.execute_query(SQL(
        """
        SELECT email_normalized
          FROM (SELECT email_normalized, partner_share FROM res_partner ORDER BY id DESC LIMIT %s) newest
         WHERE partner_share AND email_normalized LIKE '%%@%%' LIMIT 500
        """, MAX_MESSAGES,
    ))
    emails = {}
    for email in filter(None, (email_normalize(text) for [text] in rows)):
        emails.setdefault(domain_of(email), []).append(email)
    counted = Counter({name: len(found) for name, found in emails.items() if name not in own})
    if not counted:
        return [Author('outsider', f'customer@{NOBODY_YET}')]
    [(name, count)] = counted.most_common(1)
    return [Author('outsider', min(emails[name]), count, tuple(sorted(set(emails[name]))[:MAX_EXAMPLES]))]


def read_event_organizers(env, company):
    """Return who organizes a coming event of ``company`` and is neither it nor one of its users."""
    if 'event.event' not in env:
        return []
    events = env['event.event'].sudo().search([
        ('date_end', '>=', fields.Datetime.now()), ('company_id', 'in', (company.id, False)),
        ('organizer_id.email_normalized', '!=', False), ('organizer_id', '!=', company.sudo().partner_id.id),
    ], order='date_begin, id', limit=10 * MAX_SENDERS)
    events = events.filtered(lambda event: all(user.share for user in event.organizer_id.user_ids))
    by_email = events.grouped(lambda event: event.organizer_id.email_normalized)
    return [
        Author('organizer', email, len(found), tuple(found[:MAX_EXAMPLES].mapped('name')), True, tuple(found.ids))
        for email, found in list(by_email.items())[:MAX_SENDERS]]


def read_portal_users(env, companies):
    """Return ``{company id: [Author]}``: users of the portal, whose comments go to followers as they are."""
    env['res.users'].flush_model(['active', 'share', 'company_id', 'partner_id'])
    env['res.partner'].flush_model(['email_normalized', 'name'])
    found = {}
    for company_id, email, count, examples in env.execute_query(SQL(
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
