"""Following changes of Odoo's configuration and of its users: at once where that is quick, else by the scheduled check.

Whoever makes a change neither waits nor fails because of it: it is noted, and followed when its transaction ends.
"""

import logging

from psycopg2 import OperationalError
from psycopg2.errors import UniqueViolation

from odoo import SUPERUSER_ID
from odoo.tools import SQL

from ..sending.parts import PART_SIZE, changed_domains
from .isolation import isolated
from .watch_list import follow_paths

_logger = logging.getLogger(__name__)

# Above that a change that concerns every company is left to the cron: nobody waits for it.
MAX_COMPANIES_AT_ONCE = 20
MAX_PATHS_AT_ONCE = 200  # more than that are worked out by the scheduled check
PENDING = 'mail.domain.health'  # the companies whose configuration this transaction changed
PENDING_USERS = 'mail.domain.health.users'  # the users that it changed


def note_configuration(env, companies=None):
    """Have a change of the configuration followed at the end of its transaction, once for all that it changes.

    :param companies: the companies that it concerns (default: all)
    """
    precommit = env.cr.precommit
    if PENDING not in precommit.data:
        precommit.data[PENDING] = set()
        sudo = env['mail.domain.health'].sudo().env
        precommit.add(lambda: _follow_configuration(sudo))
    precommit.data[PENDING].update([None] if companies is None else companies.ids)


def note_users(env, users=None, left=None):
    """Have users followed whose addresses may have changed: the scheduled check does.

    It is noted when the transaction ends, so that a thousand new users cost no more than one. Of an address that is written
    where contacts are nobody tells: :func:`notice_addresses`.

    :param left: companies that they may have left
    """
    precommit = env.cr.precommit
    if PENDING_USERS not in precommit.data:
        precommit.data[PENDING_USERS] = set(), set()
        sudo = env['mail.domain.health'].sudo().env
        precommit.add(lambda: follow_users(sudo))
    user_ids, left_ids = precommit.data[PENDING_USERS]
    left_ids.update(left.ids if left else ())
    user_ids.update(users.ids if users else ())


def follow_users(env):
    """Note the companies whose users :func:`note_users` named, and wake the scheduled check."""
    user_ids, left_ids = map(list, env.cr.precommit.data.pop(PENDING_USERS, ((), ())))
    env['res.users'].flush_model(['company_id', 'share'])
    companies = [company_id for [company_id] in env.execute_query(SQL(
        """
        SELECT DISTINCT company_id FROM res_users WHERE id = ANY(%s) AND NOT share AND id != %s
         UNION SELECT id FROM res_company WHERE id = ANY(%s)
        """, user_ids, SUPERUSER_ID, left_ids))]
    if companies:
        env['mail.domain.health.note']._add('users', companies)
        env['mail.domain.health']._trigger_cron()


def notice_addresses(env):
    """Note the companies whose users, or which themselves, have another address than their sending paths are known for.

    Contacts are written without us (a user's address is one's contact's), so it is looked up: two queries, however many there
    are.

    :return: whether there are any
    """
    companies = env['res.company'].search([('active', '=', True)])
    env['res.company'].flush_model(['partner_id'])
    env['res.partner'].flush_model(['email_normalized'])
    env['mail.domain.health.path'].flush_model(['author_email', 'company_id', 'kind'])
    own = [company_id for [company_id] in env.execute_query(SQL(
        """
        SELECT DISTINCT company.id FROM res_company company JOIN res_partner partner ON partner.id = company.partner_id
          LEFT JOIN mail_domain_health_path path ON path.company_id = company.id AND path.kind = 'company'
         WHERE company.active AND partner.email_normalized IS DISTINCT FROM path.author_email
        """))]
    users = [company_id for company_id, domains in changed_domains(env, companies).items() if domains]
    env['mail.domain.health.note']._add_missing('everything', own)
    env['mail.domain.health.note']._add_missing('users', users)
    return bool(own or users)


def _follow_configuration(env):
    """Refresh what :func:`note_configuration` noted; whoever made the change never fails or waits for it."""
    concerned = env.cr.precommit.data.pop(PENDING, ())
    companies = env['res.company'].sudo().search([('active', '=', True)])
    if None not in concerned:
        companies = companies.filtered(lambda company: company.id in concerned)
    refresh_or_note(env, companies)


def refresh_or_note(env, companies):
    """Work out the sending paths of these companies, or leave it to the scheduled check where that takes longer."""
    if len(companies) > MAX_COMPANIES_AT_ONCE or not is_small(env):
        env['mail.domain.health.note'].sudo()._add_missing('everything', companies.ids)
        env['mail.domain.health']._trigger_cron()
    else:
        refresh_or_log(env, companies)


def refresh_or_log(env, companies):
    """Work out the sending paths of these companies; what goes wrong is logged and left to the scheduled check."""
    try:
        with env.cr.savepoint():
            env['mail.domain.health']._refresh(companies)
    except OperationalError:  # to be repeated as a whole, as core does
        raise
    except Exception as error:  # whoever made the change has done nothing wrong
        if isinstance(error, UniqueViolation):
            _logger.info("Email Domain Health: another transaction follows the same change at this moment", exc_info=True)
        else:
            _logger.exception("Email Domain Health: cannot follow the change of the configuration")
        env['mail.domain.health.note'].sudo()._add_missing('everything', companies.ids)
        env['mail.domain.health']._trigger_cron()


def is_small(env):
    """Whether all sending paths can be worked out while somebody waits."""
    return env['mail.domain.health.path'].sudo().search_count([], limit=MAX_PATHS_AT_ONCE + 1) <= MAX_PATHS_AT_ONCE


def follow_note(note):
    """Follow one change, or a part of it, and remove what is followed; what cannot be followed is logged and dropped."""
    env = note.env
    company = env['res.company'].browse(note.company_id).exists().filtered('active')
    rest = None
    with isolated(env):
        rest = _follow_part(company, note) if company else None
    if rest is not None:
        note.position = rest
        return
    is_last = note.scope == 'everything' and not note.search_count(
        [('scope', '=', 'everything'), ('id', '!=', note.id)], limit=1)
    note._forget()
    if is_last:
        with isolated(env):
            follow_paths(env)  # once for all companies


def _follow_part(company, note):
    """Work out a part of the sending paths of a company; return its last domain, or ``None`` where none is left."""
    env = note.env
    Path = env['mail.domain.health.path']
    if note.scope == 'users':
        part, rest = Path._get_changed_part(company), None
        if len(part.domains) > PART_SIZE:
            note.scope = 'everything'
    if note.scope != 'users':
        part, rest = Path._get_part(company, note.position)
    if not note.position:  # what was noted until now is seen from now on
        note.search([('company_id', '=', company.id), ('scope', 'in', ('users', note.scope)), ('id', '!=', note.id),
                     ('position', '=', False)])._forget()
    changed = Path._refresh(company, part) if part.domains or part.others else set()
    if changed and note.scope == 'users':
        follow_paths(env)
    if rest is None and (changed or note.scope == 'everything'):
        note._add_missing('findings', company.ids)
    env['mail.domain.health'].search([('name', 'in', list(changed))])._mark_outdated()
    return rest
