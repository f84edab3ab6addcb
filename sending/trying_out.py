"""A change of Odoo's configuration, tried out and asked of core: what would become of the mail that leaves.

Records are changed in a savepoint that is rolled back, parameters are values that only we see.
"""

from contextlib import closing, contextmanager

from odoo.exceptions import UserError, ValidationError
from odoo.tools.mail import email_normalize

from . import collecting
from .asking_core import mail_servers_of
from .external_senders import EXTERNAL_KINDS
from .fate import Leaving, Outcome
from .legacy_parameters import CONTEXT_TRIAL, Trial
from .named_domains import read_named_addresses
from .rules import FROM_FILTER

MAX_TRIED = 1000  # paths; to ask core about more, twice, takes longer than anybody may wait


@contextmanager
def tried(env, changes, honors=None):
    """Within, the changes are made; yields the environment to ask core in. Afterwards they are as if never made.

    The parameters themselves are never touched: ``set_param`` inside a savepoint reaches every thread through
    the cache of the process, and stays there after the rollback. No cache is filled or cleared and no cron
    woken either: what would follow the changes waits for the end of the transaction, and goes with the rollback.

    :param changes: ``[{model, id | key, field, value}]``, as in a remedy (rules.py)
    :param honors: whether the parameters of older versions are obeyed (default: as it is now)
    :raises UserError: where core does not allow the changes, or somebody else is changing the same just now
    """
    IrMailServer = env['ir.mail_server']
    trial = Trial(
        next((change['value'] for change in changes if change.get('key') == FROM_FILTER),
             IrMailServer._get_default_from_filter()),
        IrMailServer._honors_legacy_sender() if honors is None else honors)
    with closing(env.cr.savepoint()):
        for change in changes:
            if change['model'] == 'ir.config_parameter':
                continue
            record = env[change['model']].browse(change['id']).exists()
            # Locked inside the savepoint: the rollback lets it go.
            if not record or not record.sudo().try_lock_for_update(allow_referencing=True):
                raise UserError(env._("Somebody else is changing this just now. Try again."))
            record.write({change['field']: change['value']})
        env.flush_all()
        yield env(context={**env.context, CONTEXT_TRIAL: trial})


def try_out(env, companies, changes):
    """Return what ``changes`` would do to the mail of ``companies``, or ``None`` where they cannot be tried.

    :return: a :class:`fate.Outcome` for each author whose mail would leave otherwise
    """
    if env['mail.domain.health.path'].search_count([('company_id', 'in', companies.ids)], limit=MAX_TRIED + 1) > MAX_TRIED:
        return None
    named = {part.strip().lower() for change in changes for part in str(change['value']).split(',') if '@' in part}
    named |= set(read_named_addresses(env, mail_servers_of(env)))
    before = _leaving_by_author(env, companies, named)
    try:
        with tried(env, changes) as trial_env:
            after = _leaving_by_author(trial_env, companies, named)
    except (UserError, ValidationError):
        return None
    return list(dict.fromkeys(
        Outcome(company_id, kind, address, leaving, after.get(author, (None, None))[1])
        for author, (address, leaving) in before.items()
        for company_id, kind in (author[:2],) if leaving != after.get(author, (None, None))[1]))


def _leaving_by_author(env, companies, named):
    """Return ``{author: (address, fate.Leaving)}``, ``None`` where core refuses; authors as in :func:`collecting.leavings`."""
    alias_domains = env['mail.alias.domain'].sudo().search([('company_ids', '!=', False)])
    addresses = {domain: email_normalize(domain.default_from_email) for domain in alias_domains}
    own = {company.id: addresses.get(company.sudo().alias_domain_id) for company in companies}
    return {
        author: (values['author_email'], None if values['refusal'] else Leaving(
            values['mail_server_id'] or 0, values['mail_sending_service_id'] or 0, values['from_email'],
            values['envelope_from'], values['kind'] in EXTERNAL_KINDS and not values['is_rewritten'],
            values['from_email'] != values['author_email'] and values['from_email'] != own[values['company_id']]
            and values['from_email'] in addresses.values()))
        for author, values in collecting.leavings(env, companies, named).items()
    }
