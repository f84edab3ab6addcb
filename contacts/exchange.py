"""With which domains mail was exchanged: received from them, or delivered to them. Bounces and failures are neither."""

from odoo.tools import SQL

from ..mailauth.dns.names import domain_of, to_unicode
from .sources import domain_part, sender_domain


def last_exchanges(env, domains, since):
    """Return ``{id: when mail was last exchanged}`` of those domains with which it was, by one query.

    Only for a few: those about which something hangs on it.

    :param domains: ``[(id, name, written_as)]``
    :param since: no mail before then is looked at
    """
    ids = {spelling: domain_id for domain_id, name, written_as in domains
           for spelling in {name, to_unicode(name), *(written_as or '').split()}}
    if not ids:
        return {}
    for model, names in _READ.items():
        if model in env:
            env[model].flush_model(names)
    queries = [_RECEIVED, _DELIVERED_TO_CONTACTS, _DELIVERED_TO_ADDRESSES]
    if 'mailing.trace' in env:
        queries.append(_DELIVERED_BY_MAILINGS)
    found = {}
    for text, last in env.execute_query(SQL(
        """
        WITH wanted AS (SELECT unnest(%s::text[]) AS domain),
             -- by its key, for mail.message has no index on dates
             old AS (SELECT COALESCE(max(id), 0) AS id
                       FROM (SELECT id FROM mail_message WHERE create_date < %s ORDER BY id DESC LIMIT 1) last)
        SELECT domain, max(date) FROM (%s) exchanged WHERE date >= %s GROUP BY domain
        """, list(ids), since, SQL(" UNION ALL ").join(queries), since)):
        domain_id = ids.get(text) or ids.get(domain_of(text))
        if domain_id:
            found[domain_id] = max(last, found.get(domain_id, last))
    return found


_READ = {
    'mail.message': ['message_type', 'email_from', 'date'],
    'mail.notification': ['notification_type', 'notification_status', 'res_partner_id', 'mail_email_address', 'mail_message_id'],
    'res.partner': ['email_normalized', 'message_bounce'],
    'mailing.trace': ['email', 'trace_status', 'sent_datetime'],
}

_RECEIVED = SQL(
    """
    SELECT domain, date FROM (
        SELECT %s AS domain, message.date FROM mail_message message, old
         WHERE message.id > old.id AND message.message_type = 'email') received JOIN wanted USING (domain)
    """, sender_domain(SQL("message")))
# "Sent" is what Odoo makes of a mail that was accepted and of which no bounce came.
_DELIVERED_TO_CONTACTS = SQL(
    """
    SELECT partner.domain, message.date
      FROM (SELECT id, %s AS domain FROM res_partner
             WHERE email_normalized IS NOT NULL AND COALESCE(message_bounce, 0) = 0) partner
      JOIN wanted USING (domain)
      JOIN mail_notification notification ON notification.res_partner_id = partner.id
      JOIN mail_message message ON message.id = notification.mail_message_id
     WHERE notification.notification_type = 'email' AND notification.notification_status = 'sent'
    """, domain_part(SQL("email_normalized")))
_DELIVERED_TO_ADDRESSES = SQL(
    """
    SELECT domain, date FROM (
        SELECT %s AS domain, message.date
          FROM old, mail_message message JOIN mail_notification notification ON notification.mail_message_id = message.id
         WHERE message.id > old.id AND notification.notification_type = 'email'
           AND notification.notification_status = 'sent' AND notification.mail_email_address IS NOT NULL
           AND notification.res_partner_id IS NULL) sent JOIN wanted USING (domain)
    """, domain_part(SQL("notification.mail_email_address")))
_DELIVERED_BY_MAILINGS = SQL(
    """
    SELECT domain, date FROM (
        SELECT %s AS domain, sent_datetime AS date FROM mailing_trace
         WHERE trace_status IN ('sent', 'open', 'reply') AND sent_datetime IS NOT NULL) mailed JOIN wanted USING (domain)
    """, domain_part(SQL("email")))
