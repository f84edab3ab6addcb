"""What has to change in Odoo's settings so that mail leaves as chosen: tried out, asked of core, rolled back."""

from contextlib import contextmanager

from odoo.tools.mail import email_normalize

from ..mailauth.dns.names import domain_of
from . import trying_out
from .asking_core import probe
from .examples import default_sender, example_authors, example_routes
from .legacy_parameters import PARAMETER_DYNAMIC, PARAMETER_FORCE, PARAMETER_HONOR, legacy_sender, sender_address
from .rules import FROM_FILTER

# Whose address stays, by mode (texts.sender.CHOICES)
KEPT = {'own': ('insider',), 'outsiders': ('insider', 'user'), 'one': ()}
MAX_OTHERS = 20  # other companies that are asked whether the change concerns them


class SenderPlan:
    """What an administrator chose: how mail of ``companies`` is to leave, and whether the legacy parameters go.

    :param mode: a key of ``texts.sender.CHOICES``
    :param address: the address that takes an author's place
    """

    def __init__(self, env, companies, mode, address, drops_parameters):
        self.env, self.companies = env, companies
        self.mode, self.address, self.drops_parameters = mode, address, drops_parameters

    def changes(self):
        """Return the changes that make mail of the companies leave as chosen; tried out and rolled back.

        :return: ``[{"model", "res_id", "field", "label", "old", "new", "shared"}]``; ``shared``
            names the other companies that use what is changed
        """
        changes = []
        if self.mode != 'keep':
            changes = self._address_changes()
            with self.tried(changes) as trial_env:
                changes += self._filter_changes(trial_env)
        if self.drops_parameters:
            changes += parameter_removals(self.env)
        return changes

    def _address_changes(self):
        """Return the changes of “Default From” of the alias domains."""
        address = sender_address(self.address)
        local_part, _at, host = address.rpartition('@')
        changes = []
        for alias_domain in self.companies.alias_domain_id:
            if email_normalize(alias_domain.default_from_email or '') == address:
                continue
            changes.append({
                'model': 'mail.alias.domain',
                'res_id': alias_domain.id,
                'field': 'default_from',
                'label': self.env._("Default From Alias of the alias domain %s", alias_domain.name),
                'old': alias_domain.default_from or '',
                'new': local_part if domain_of(host) == domain_of(alias_domain.name) else address,
                'shared': (alias_domain.sudo().company_ids - self.companies).mapped('name'),
            })
        return changes

    def _filter_changes(self, trial_env):
        """Return the changes of “FROM Filtering”, where the address alone does not do it."""
        wanted, own_domains = {}, {}
        for company in self.companies.filtered('alias_domain_id'):
            authors = example_authors(company)
            route = probe(trial_env, company, self.address)
            server = route.server if route else self.env['ir.mail_server']
            from_filter = server.from_filter if server else trial_env['ir.mail_server']._get_default_from_filter()
            # A server that is chosen for want of a better one, and that no filter lets send as this address, gets one.
            if server._match_from_filter(self.address, from_filter) \
                    and all(self.is_met(*example) for example in example_routes(company, authors, trial_env)):
                continue
            domains = {domain_of(company.alias_domain_id.name)} | {
                domain_of(author.email) for author in authors if author.kind == 'user'}
            own_domains.setdefault(server, set()).update(domains)
            parts = wanted.setdefault(server, {})  # in order, each once
            parts.update(dict.fromkeys(self._filter_parts(company, server, authors)))
        return [
            change for server, parts in wanted.items()
            if (change := self._filter_change(trial_env, server, list(parts), own_domains[server]))
        ]

    def _filter_parts(self, company, server, authors):
        """Return what the server's filter has to name for this company."""
        address, alias_domain = sender_address(self.address), company.alias_domain_id
        if self.mode == 'one':
            # The bounce address too, or bounces no longer come back to Odoo.
            keeps_bounces = not is_account(server) and not self.carries_envelope()
            return [address, email_normalize(alias_domain.bounce_email)] if keeps_bounces else [address]
        parts = [domain_of(alias_domain.name)]
        if self.mode == 'outsiders':
            parts += [domain_of(author.email) for author in authors if author.kind == 'user']
        return parts if domain_of(address) in parts else [*parts, address]

    def _filter_change(self, trial_env, server, parts, own_domains):
        # new_env: the trial's records are gone with it
        server = self.env['ir.mail_server'].browse(server.id)
        old = (server.from_filter if server else server._get_default_from_filter()) or ''
        others = self._others_through(server, trial_env)
        kept = [
            part for part in server._parse_from_filter(old) if part.lower() in parts or domain_of(part) not in own_domains]
        if not old:
            kept = [part for company in others for part in self._parts_of_other(company, server)]
        new = ', '.join(dict.fromkeys([*kept, *parts]))
        if new == old:
            return None
        return {
            'model': 'ir.mail_server' if server else 'ir.config_parameter',
            'res_id': server.id,
            'field': 'from_filter' if server else FROM_FILTER,
            'label': self.env._("FROM Filtering of the outgoing mail server “%s”", server.name) if server
            else self.env._("System parameter %s, for the server of Odoo's configuration file", FROM_FILTER),
            'old': old,
            'new': new,
            'shared': others.mapped('name'),
        }

    def _parts_of_other(self, company, server):
        """Return what keeps another company's mail as it is where a filter takes the place of none."""
        alias_domain = company.alias_domain_id
        if not alias_domain:
            return list(filter(None, [email_normalize(default_sender(company))]))
        if server:  # without a filter everything leaves as the default address
            return [email_normalize(alias_domain.default_from_email), email_normalize(alias_domain.bounce_email)]
        return [domain_of(alias_domain.name)] + [
            domain_of(author.email) for author in example_authors(company) if author.kind == 'user']

    def others(self):
        """Return the other companies whose mail the change may concern."""
        return self.env['res.company'].sudo().search([('id', 'not in', self.companies.ids)], limit=MAX_OTHERS)

    def _others_through(self, server, trial_env):
        """Return the other companies whose mail leaves through ``server`` now."""
        others = self.others()
        return others.filtered(lambda company: any(
            route and route.server == server
            for _author, route in example_routes(company, example_authors(company), trial_env)))

    @contextmanager
    def tried(self, changes):
        """Within, the changes are made; yields the environment to ask core in. Afterwards they are as if never made."""
        values = [
            {'model': change['model'], 'value': change['new'] or False,
             **({'key': change['field']} if change['model'] == 'ir.config_parameter'
                else {'id': change['res_id'], 'field': change['field']})}
            for change in changes]
        with trying_out.tried(self.env, values, honors=False if self.drops_parameters else None) as trial_env:
            yield trial_env

    def is_met(self, author, route):
        """Whether mail of an example author leaves as chosen on this route."""
        expected = author.email if author.kind in KEPT[self.mode] else sender_address(self.address)
        return bool(route) and route.from_email == expected \
            and (route.envelope_from == expected or not self.carries_envelope())

    def carries_envelope(self):
        """Whether bounces are to go to the address as well: ``mail.force.smtp.from`` was both, and is converted."""
        return self.drops_parameters and self.mode == 'one' \
            and sender_address(self.address) == legacy_sender(self.env, PARAMETER_FORCE)


def parameter_change(env, key, new):
    """Return the change that sets a system parameter, or removes it where ``new`` is empty."""
    return {
        'model': 'ir.config_parameter', 'res_id': False, 'field': key,
        'label': env._("System parameter %s", key),
        'old': env['ir.config_parameter'].sudo().get_param(key) or '', 'new': new or '', 'shared': [],
    }


def parameter_removals(env):
    """Return the changes that remove the parameters of older versions."""
    changes = [parameter_change(env, key, '') for key in (PARAMETER_FORCE, PARAMETER_DYNAMIC, PARAMETER_HONOR)]
    return [change for change in changes if change['old']]


def write_changes(env, changes):
    """Write changes, with the rights of whoever asks."""
    for change in changes:
        if change['model'] == 'ir.config_parameter':
            env['ir.config_parameter'].set_param(change['field'], change['new'] or False)
        else:
            env[change['model']].browse(change['res_id']).write({change['field']: change['new'] or False})


def is_account(server):
    """Whether a server takes mail of the account that logs in, and of nobody else."""
    return bool(server._get_sender_rule().provider)
