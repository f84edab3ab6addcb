from contextlib import contextmanager

from odoo import models
from odoo.tools.mail import email_normalize

from ..display.sender_box import bounce_note
from ..mailauth.dns.names import domain_of
from ..sending.asking_core import probe
from ..sending.examples import default_sender, example_authors, example_routes
from ..sending.legacy_parameters import (
    PARAMETER_DYNAMIC,
    PARAMETER_FORCE,
    PARAMETER_HONOUR,
    legacy_sender,
    sender_address,
)
from ..sending.trying_out import tried
from ..texts.sender import (
    ACCOUNT_SERVER,
    EXCEPTION,
    FORCED_SERVERS,
    ONLY_HONOUR_CARRIES,
    OTHER_DOMAIN,
    PERSONAL_SERVERS,
    SERVER_MUST_ALLOW,
    WHO,
    say,
)

PARAMETER_FROM_FILTER = 'mail.default.from_filter'
# Whose address stays, by mode (sender_texts.CHOICES)
KEPT = {'own': ('insider',), 'outsiders': ('insider', 'user'), 'one': ()}
MAX_OTHERS = 20  # other companies that are asked whether the change concerns them


class MailSenderAddress(models.TransientModel):
    """What has to change in Odoo's settings, and what comes of it: tried out, asked of core, rolled back."""

    _inherit = 'mail.sender.address'

    def _plan(self):
        """Return the changes that make mail of the companies leave as chosen.

        :return: ``[{"model", "res_id", "field", "label", "old", "new", "shared"}]``; ``shared``
            names the other companies that use what is changed
        """
        changes = []
        if self.mode != 'keep':
            changes = self._plan_addresses()
            with self._tried(changes) as trial_env:
                changes += self._plan_filters(trial_env)
        if self.drops_parameters:
            changes += self._parameter_removals()
        return changes

    def _plan_addresses(self):
        """Return the changes of “Default From” of the alias domains."""
        address = sender_address(self.address)
        local_part, _at, host = address.rpartition('@')
        changes = []
        for alias_domain in self.company_ids.alias_domain_id:
            if email_normalize(alias_domain.default_from_email or '') == address:
                continue
            changes.append({
                'model': 'mail.alias.domain',
                'res_id': alias_domain.id,
                'field': 'default_from',
                'label': self.env._("Default From Alias of the alias domain %s", alias_domain.name),
                'old': alias_domain.default_from or '',
                'new': local_part if domain_of(host) == domain_of(alias_domain.name) else address,
                'shared': (alias_domain.sudo().company_ids - self.company_ids).mapped('name'),
            })
        return changes

    def _plan_filters(self, trial_env):
        """Return the changes of “FROM Filtering”, where the address alone does not do it."""
        wanted, own_domains = {}, {}
        for company in self.company_ids.filtered('alias_domain_id'):
            authors = example_authors(company)
            route = probe(trial_env, company, self.address)
            server = route.server if route else self.env['ir.mail_server']
            from_filter = server.from_filter if server else trial_env['ir.mail_server']._get_default_from_filter()
            # A server that is chosen for want of a better one, and that no filter lets send as this address, gets one.
            if server._match_from_filter(self.address, from_filter) \
                    and all(self._is_met(*example) for example in example_routes(company, authors, trial_env)):
                continue
            domains = {domain_of(company.alias_domain_id.name)} | {
                _host(author.email) for author in authors if author.kind == 'user'}
            own_domains.setdefault(server, set()).update(domains)
            parts = wanted.setdefault(server, {})  # in order, each once
            parts.update(dict.fromkeys(self._get_filter_parts(company, server, authors)))
        return [
            change for server, parts in wanted.items()
            if (change := self._plan_filter(trial_env, server, list(parts), own_domains[server]))
        ]

    def _get_filter_parts(self, company, server, authors):
        """Return what the server's filter has to name for this company."""
        address, alias_domain = sender_address(self.address), company.alias_domain_id
        if self.mode == 'one':
            # The bounce address too, or bounces no longer come back to Odoo.
            keeps_bounces = not _is_account(server) and not self._carries_envelope()
            return [address, email_normalize(alias_domain.bounce_email)] if keeps_bounces else [address]
        parts = [domain_of(alias_domain.name)]
        if self.mode == 'outsiders':
            parts += [_host(author.email) for author in authors if author.kind == 'user']
        return parts if _host(address) in parts else [*parts, address]

    def _plan_filter(self, trial_env, server, parts, own_domains):
        # new_env: the trial's records are gone with it
        server = self.env['ir.mail_server'].browse(server.id)
        old = (server.from_filter if server else server._get_default_from_filter()) or ''
        others = self._get_others_through(server, trial_env)
        kept = [
            part for part in server._parse_from_filter(old) if part.lower() in parts or _host(part) not in own_domains]
        if not old:
            kept = [part for company in others for part in self._get_parts_of_other(company, server)]
        new = ', '.join(dict.fromkeys([*kept, *parts]))
        if new == old:
            return None
        return {
            'model': 'ir.mail_server' if server else 'ir.config_parameter',
            'res_id': server.id,
            'field': 'from_filter' if server else PARAMETER_FROM_FILTER,
            'label': self.env._("FROM Filtering of the outgoing mail server “%s”", server.name) if server
            else self.env._("System parameter %s, for the server of Odoo's configuration file", PARAMETER_FROM_FILTER),
            'old': old,
            'new': new,
            'shared': others.mapped('name'),
        }

    def _get_parts_of_other(self, company, server):
        """Return what keeps another company's mail as it is where a filter takes the place of none."""
        alias_domain = company.alias_domain_id
        if not alias_domain:
            return list(filter(None, [email_normalize(default_sender(company))]))
        if server:  # without a filter everything leaves as the default address
            return [email_normalize(alias_domain.default_from_email), email_normalize(alias_domain.bounce_email)]
        return [domain_of(alias_domain.name)] + [
            _host(author.email) for author in example_authors(company) if author.kind == 'user']

    def _get_others(self):
        return self.env['res.company'].sudo().search([('id', 'not in', self.company_ids.ids)], limit=MAX_OTHERS)

    def _get_others_through(self, server, trial_env):
        """Return the other companies whose mail leaves through ``server`` now."""
        others = self._get_others()
        return others.filtered(lambda company: any(
            route and route.server == server
            for _author, route in example_routes(company, example_authors(company), trial_env)))

    def _parameter_change(self, key, new):
        return {
            'model': 'ir.config_parameter', 'res_id': False, 'field': key,
            'label': self.env._("System parameter %s", key),
            'old': self.env['ir.config_parameter'].sudo().get_param(key) or '', 'new': new or '', 'shared': [],
        }

    def _parameter_removals(self):
        changes = [self._parameter_change(key, '') for key in (PARAMETER_FORCE, PARAMETER_DYNAMIC, PARAMETER_HONOUR)]
        return [change for change in changes if change['old']]

    def _write_changes(self, changes):
        for change in changes:
            if change['model'] == 'ir.config_parameter':
                self.env['ir.config_parameter'].set_param(change['field'], change['new'] or False)
            else:
                self.env[change['model']].browse(change['res_id']).write({change['field']: change['new'] or False})

    @contextmanager
    def _tried(self, changes):
        """Within, the changes are made; yields the environment to ask core in. Afterwards they are as if never made."""
        values = [
            {'model': change['model'], 'value': change['new'] or False,
             **({'key': change['field']} if change['model'] == 'ir.config_parameter'
                else {'id': change['res_id'], 'field': change['field']})}
            for change in changes]
        with tried(self.env, values, honours=False if self.drops_parameters else None) as trial_env:
            yield trial_env

    def _is_met(self, author, route):
        expected = author.email if author.kind in KEPT[self.mode] else sender_address(self.address)
        return bool(route) and route.from_email == expected \
            and (route.envelope_from == expected or not self._carries_envelope())

    def _carries_envelope(self):
        """Whether bounces are to go to the address as well: ``mail.force.smtp.from`` was both, and is converted."""
        return self.drops_parameters and self.mode == 'one' \
            and sender_address(self.address) == legacy_sender(self.env, PARAMETER_FORCE)

    def _get_preview(self):
        """Return what the dialog shows: the changes, example mails before and after, and what to know.

        :return: ``{"changes": [...], "examples": [{"company", "who", "name", "author", "before", "after"}],
            "others": [the same], "notes": [str]}``
        """
        authors = {company: example_authors(company) for company in self.company_ids | self._get_others()}
        before = {company: example_routes(company, examples) for company, examples in authors.items()}
        changes = self._plan()
        with self._tried(changes) as trial_env:
            after = {company: example_routes(company, examples, trial_env) for company, examples in authors.items()}
        rows = [
            {
                'company': company.name,
                'own': company in self.company_ids,
                'who': say(self.env, WHO[author.kind]),
                'name': author.name,
                'author': author.email,
                'before': _words(old),
                'after': _words(new),
                'is_changed': _words(old) != _words(new),
            }
            for company, examples in before.items()
            for (author, old), (_same, new) in zip(examples, after[company])
        ]
        return {
            'changes': changes,
            'several': len(self.company_ids) > 1,
            'examples': [row for row in rows if row['own']],
            'others': self._get_rows_of_others(rows),
            'notes': list(dict.fromkeys(
                note for company in self.company_ids for note in self._get_notes(company, changes, after[company]))),
        }

    def _get_rows_of_others(self, rows):
        """Return what changes for other companies: whose mail, and as which address only where that may be seen."""
        changed = [row for row in rows if not row['own'] and row['is_changed']]
        if self.env.su:
            return changed
        seen = set(self.env.user.company_ids.mapped('name'))
        hidden = dict.fromkeys(row['company'] for row in changed if row['company'] not in seen)
        return [row for row in changed if row['company'] in seen] + [
            {'company': name, 'own': False, 'is_changed': True, 'is_hidden': True} for name in hidden]

    def _get_notes(self, company, changes, routes):
        if self.mode == 'keep':
            return
        if bounces := bounce_note(company, routes):
            yield bounces
        for author, route in routes:
            if not self._is_met(author, route):
                yield say(
                    self.env, EXCEPTION, email=author.email, from_email=route.from_email if route else '—',
                    server=route and route.server.name or self.env._("the server of Odoo's configuration file"))
        address = sender_address(self.address)
        dynamic = self.drops_parameters and legacy_sender(self.env, PARAMETER_DYNAMIC)
        if dynamic and not self._carries_envelope():
            yield say(self.env, ONLY_HONOUR_CARRIES, address=dynamic)
        domain = company.alias_domain_id.name
        if domain and _host(address) != domain_of(domain):
            yield say(self.env, OTHER_DOMAIN, address=address, domain=domain, other=_host(address))
        for server in {route.server for _author, route in routes if route and route.server}:
            if _is_account(server) and (self.mode != 'one' or email_normalize(server.sudo().smtp_user or '') != address):
                yield say(self.env, ACCOUNT_SERVER, server=server.name, account=server.sudo().smtp_user)
        for change in changes:
            if change['model'] == 'ir.mail_server':
                server = self.env['ir.mail_server'].browse(change['res_id'])
                yield say(self.env, SERVER_MUST_ALLOW, server=server.name, parts=change['new'])
        yield from self._get_unreached(company)

    def _get_unreached(self, company):
        """Return what no setting of Odoo's reaches: personal servers, and servers that a mail names itself."""
        personal = self.env['ir.mail_server'].sudo().search_count([('owner_user_id.company_id', '=', company.id)])
        if personal:
            yield say(self.env, PERSONAL_SERVERS, count=personal)
        forcing = [record for model in ('mail.template', 'mailing.mailing') if model in self.env
                   for record in self.env[model].sudo().search([('mail_server_id', '!=', False)], limit=100)]
        if forcing:
            yield say(self.env, FORCED_SERVERS, count=len(forcing),
                      names=', '.join(f'“{record.display_name}”' for record in forcing[:3]))


def _host(address_or_domain):
    return domain_of(address_or_domain.rpartition('@')[2])


def _is_account(server):
    return bool(server._get_sender_rule().provider)


def _words(route):
    return route.from_email if route else None
