"""Where contacts have their addresses. A module's model is one row of :data:`SOURCES`, whether it is installed or not."""

from collections import Counter, namedtuple

from odoo.tools import SQL

from ..mailauth.dns.names import domain_of

# ``model``: its name; ``email``: its stored field with one address, as Odoo normalizes it. Where the model has them, ``active``,
# ``company_id`` and ``message_bounce`` count too.
Source = namedtuple('Source', 'model email')

SOURCES = (
    Source('res.partner', 'email_normalized'),
    Source('crm.lead', 'email_normalized'),
    Source('hr.applicant', 'email_normalized'),
    Source('mailing.contact', 'email_normalized'),
)

# Whose messages leave as a colleague's, and not as a contact's: core tells them by partner_share.
INTERNAL_USERS = SQL(
    "res_users users JOIN res_partner partner ON partner.id = users.partner_id AND NOT partner.partner_share")


def installed(env):
    """Return those of :data:`SOURCES` that this database has, model and field."""
    return [source for source in SOURCES if _is_column(env, source.model, source.email)]


def addresses(env):
    """Return the query of all addresses that are not archived: columns ``email``, ``company_id`` and ``is_mailable``.

    Not mailable is what is blacklisted, or has bounced since something came from there.
    """
    for source in installed(env):
        env[source.model].flush_model([
            source.email, *(name for name in ('active', 'company_id', 'message_bounce') if _is_column(env, source.model, name))])
    env['mail.blacklist'].flush_model(['email', 'active'])
    return SQL(" UNION ALL ").join(_addresses_of(env, source) for source in installed(env))


def external_counts(env):
    """Return the query of ``mail.partner.domain`` whose ``contact_count`` leaves out :data:`INTERNAL_USERS`.

    Columns ``name``, ``written_as``, ``policy``, ``spf`` and ``contact_count``.
    """
    for name in ('mail.partner.domain', 'res.users', 'res.partner'):
        env[name].flush_model()
    users = Counter()
    for name, count in env.execute_query(SQL(
        """
        SELECT %s, count(DISTINCT partner.id)::int FROM %s
         WHERE partner.active AND partner.email_normalized LIKE '%%_@_%%' GROUP BY 1
        """, domain_part(SQL("partner.email_normalized")), INTERNAL_USERS)):
        users[domain_of(name)] += count
    return SQL(
        """
        SELECT domain.name, written_as, policy, spf, GREATEST(contact_count - COALESCE(users.count, 0), 0) AS contact_count
          FROM mail_partner_domain domain
          LEFT JOIN unnest(%s::text[], %s::int[]) AS users(name, count) ON users.name = domain.name
        """, list(users), list(users.values()))


def domain_part(email):
    """Return the expression for what stands behind the last @ of an address (a quoted local part may have more of them).

    :param SQL email: the expression for an address
    """
    return SQL("reverse(split_part(reverse(%s), '@', 1))", email)


def sender_domain(message):
    """Return the expression for the domain of who wrote a message, ``Name <address>`` or a bare address.

    :param SQL message: the alias of ``mail_message``
    """
    return SQL("lower(rtrim(%s, '> '))", domain_part(SQL("%s.email_from", message)))


def from_outside(message):
    """Return the condition that who wrote a message is none of :data:`INTERNAL_USERS`.

    :param SQL message: the alias of ``mail_message``
    """
    return SQL("NOT EXISTS (SELECT FROM res_partner author WHERE author.id = %s.author_id AND NOT author.partner_share)", message)


def _addresses_of(env, source):
    Model, email = env[source.model], SQL.identifier('source', source.email)
    conditions = [SQL("%s LIKE '%%_@_%%'", email)]
    if _is_column(env, source.model, 'active'):
        conditions.append(SQL("source.active"))
    return SQL(
        """
        SELECT %s AS email, %s AS company_id, %s AND blacklist.id IS NULL AS is_mailable
          FROM %s source LEFT JOIN mail_blacklist blacklist ON blacklist.email = %s AND blacklist.active
         WHERE %s
        """,
        email,
        SQL("source.company_id") if _is_column(env, source.model, 'company_id') else SQL("NULL::int"),
        SQL("COALESCE(source.message_bounce, 0) = 0") if _is_column(env, source.model, 'message_bounce') else SQL("TRUE"),
        SQL.identifier(Model._table), email, SQL(" AND ").join(conditions))


def _is_column(env, model, name):
    field = model in env and env[model]._fields.get(name)
    return bool(field) and field.store and bool(field.column_type)
