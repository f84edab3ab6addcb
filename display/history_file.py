"""The history of domains as a file: what Odoo's own export is asked for."""

from odoo.exceptions import UserError

KINDS = ('xlsx', 'csv')
COLUMNS = ('domain_id', 'date', 'until', 'lasted', 'looks', 'last_seen', 'state', 'spf_state', 'dkim_state', 'dmarc_state',
           'records_text', 'is_complete', 'left_out', 'folded_count', 'change_text')


def get_export(domains, kind):
    """Return the client action that downloads the rows of these domains, the newest first.

    :param str kind: one of :data:`KINDS`
    """
    env = domains.env
    if kind not in KINDS:
        raise UserError(env._("The history can be downloaded as one of these: %(kinds)s.", kinds=', '.join(KINDS)))
    Check = env['mail.domain.health.check']
    return {
        'type': 'ir.actions.client', 'tag': 'mail_domain_health_download',
        'params': {'url': f'/web/export/{kind}', 'data': {
            'model': Check._name, 'ids': False, 'domain': [('domain_id', 'in', domains.ids)], 'groupby': [],
            'import_compat': False,
            'fields': [{'name': name, 'label': Check._fields[name]._description_string(env), 'type': Check._fields[name].type}
                       for name in COLUMNS]}},
    }
