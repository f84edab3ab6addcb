"""Whom a mailing is for, by address, and which of them are at domains that cannot receive mail. In sets, by one query.

The addresses are those that core sends to (``_message_get_default_recipients``), a domain cannot receive mail where the
badge on a contact says so. Asks no DNS.
"""

from typing import NamedTuple

from psycopg2 import DataError

from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.mail_domain_health.contacts.badges import marked_names
from odoo.addons.mail_domain_health.contacts.sources import domain_part

# Where core looks for an address on a record whose model names no field for it (_message_add_default_recipients).
EMAIL_FIELDS = ('email_from', 'x_email_from', 'email', 'x_email', 'partner_email', 'email_normalized')


class Counted(NamedTuple):
    """How many addresses a mailing would go to, and how many of them are at domains that cannot receive mail."""

    addresses: int = 0
    unreachable: int = 0


def is_any_marked(env):
    """Return whether there is any domain that cannot receive mail: where there is none, nothing else is asked."""
    return bool(env.execute_query(SQL("SELECT FROM (%s) marked LIMIT 1", marked_names(env))))


def count(mailing, domain):
    """Return what the :class:`Counted` of a mailing are.

    Each address counts once; one that core leaves out by itself (blacklisted, opted out, reached already, none) does not.

    :param domain: of all its recipients; searched with the rights of the current user
    """
    recipients = _recipients(mailing, domain)
    if recipients is None:
        return Counted()
    try:
        with mailing.env.cr.savepoint(flush=False):
            [row] = mailing.env.execute_query(SQL(
                """
                SELECT count(*), count(*) FILTER (WHERE %s IN (%s)) FROM (SELECT DISTINCT address FROM (%s) recipient) recipient
                """, domain_part(SQL("address")), marked_names(mailing.env), recipients))
    except DataError:  # a filter that compares with what the field can never be: the mailing is to open all the same
        return Counted()
    return Counted(*row)


def unreachable_ids(mailing, domain):
    """Return the ids of the records that :func:`count` counts as unreachable, all of those that share an address."""
    recipients = _recipients(mailing, domain)
    if recipients is None:
        return []
    return [res_id for [res_id] in mailing.env.execute_query(SQL(
        "SELECT id FROM (%s) recipient WHERE %s IN (%s) ORDER BY id",
        recipients, domain_part(SQL("address")), marked_names(mailing.env)))]


def reachable_condition(Model):
    """Return the condition on records of a mailing's model that are not at a domain that cannot receive mail."""
    names = marked_names(Model.env)
    return Domain.custom(to_sql=lambda model, alias, _query: SQL(
        "COALESCE(%s, '') NOT IN (%s)", domain_part(_address(model, alias)), names))


def _recipients(mailing, domain):
    """Return the query of ``id, address`` of all whom core would send to; ``None`` where the user may not read them."""
    env, Model = mailing.env, mailing.env[mailing.mailing_model_real]
    if not Model.has_access('read'):
        return None
    try:
        query = Model._search(domain)
    except ValueError:  # a filter that names a field which is gone: its own widget says so, the mailing is to open
        return None
    address = _address(Model, 'recipient')
    conditions = [SQL("address LIKE '%%_@_%%'"), *_reached(mailing)]
    if mailing.use_exclusion_list:
        env['mail.blacklist'].flush_model(['email', 'active'])
        conditions.append(SQL("address NOT IN (SELECT email FROM mail_blacklist WHERE active)"))
    if opted_out := _opted_out(mailing):
        conditions.append(SQL("address NOT IN (%s)", opted_out))
    return SQL(
        """
        SELECT id, address FROM (SELECT recipient.id, %s AS address FROM %s recipient WHERE recipient.id IN %s) recipient
         WHERE %s
        """,
        address, SQL.identifier(Model._table), query.subselect(), SQL(" AND ").join(conditions))


def _address(Model, alias):
    """Return the expression for the address that core sends to: the partner's, else the record's own.

    Of several addresses in one field the first counts, as in core's statistics. A record with several partners
    (``partner_ids``) has none here: it is neither counted nor left out.
    """
    if Model._name == 'res.partner':
        return _column(Model, alias, 'email_normalized')
    partner = [
        SQL("(SELECT email_normalized FROM res_partner WHERE res_partner.id = %s)", _column(Model, alias, name))
        for name in Model._mail_get_partner_fields() if _is_stored(Model, name, 'many2one')]
    if partner:
        Model.env['res.partner'].flush_model(['email_normalized'])
    own = _own_address(Model, alias)
    # As core's _mail_defaults_to_email has it: a registration's own address comes before its customer's.
    chosen = [*own, *partner] if getattr(Model, '_mail_defaults_to_email', False) else [*partner, *own]
    return SQL("COALESCE(%s)", SQL(", ").join(chosen or [SQL("NULL::varchar")]))


def _own_address(Model, alias):
    primary = Model._mail_get_primary_email_field()
    if primary and _is_stored(Model, 'email_normalized', 'char'):  # core normalizes the primary field into it
        return [_column(Model, alias, 'email_normalized')]
    return [
        SQL(r"lower(substring(%s from '[^\s<>,;\"]+@[^\s<>,;\"]+'))", _column(Model, alias, name))
        for name in dict.fromkeys(filter(None, (primary, *EMAIL_FIELDS))) if _is_stored(Model, name, 'char')]


def _is_stored(Model, name, field_type):
    field = Model._fields.get(name)
    return field is not None and field.store and field.type == field_type and not field.company_dependent


def _column(Model, alias, name):
    Model.flush_model([name])
    return SQL.identifier(alias, name)


def _reached(mailing):
    """Yield the conditions that leave out whom this mailing, or its A/B test, has been sent to."""
    saved = mailing._origin
    if not saved.id:
        return
    mailing.env['mailing.trace'].flush_model(['mass_mailing_id', 'campaign_id', 'model', 'res_id', 'email'])
    of_mailing = SQL("campaign_id = %s", mailing.campaign_id._origin.id) \
        if mailing.ab_testing_enabled and mailing.campaign_id._origin.id else SQL("mass_mailing_id = %s", saved.id)
    yield SQL("address NOT IN (SELECT email FROM mailing_trace WHERE %s AND email IS NOT NULL)", of_mailing)
    yield SQL("id NOT IN (SELECT res_id FROM mailing_trace WHERE %s AND model = %s)", of_mailing, mailing.mailing_model_real)


def _opted_out(mailing):
    """Return the query of the addresses that have opted out, ``None`` where nobody can.

    Of mailing lists the database says it, where core reads all of their subscriptions; other models are asked as core does.
    """
    env = mailing.env
    if mailing.mailing_model_name == 'mailing.list':
        env['mailing.subscription'].flush_model(['contact_id', 'list_id', 'opt_out'])
        env['mailing.contact'].flush_model(['email_normalized'])
        return SQL(
            """
            SELECT contact.email_normalized FROM mailing_subscription subscription
              JOIN mailing_contact contact ON contact.id = subscription.contact_id
             WHERE subscription.list_id = ANY(%s) AND contact.email_normalized IS NOT NULL
             GROUP BY contact.email_normalized HAVING bool_and(COALESCE(subscription.opt_out, FALSE))
            """, mailing.contact_list_ids._origin.ids)
    if hasattr(env[mailing.mailing_model_name], '_mailing_get_opt_out_list'):
        return SQL("SELECT unnest(%s::varchar[])", [email for email in mailing._get_opt_out_list() if email])
    return None
