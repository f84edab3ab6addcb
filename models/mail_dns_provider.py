from fnmatch import fnmatchcase

from odoo import api, fields, models
from odoo.tools import ormcache


class MailDnsProvider(models.Model):
    """The catalog of DNS hosts: how to recognize one, its guides, and how its form wants a record."""

    _name = 'mail.dns.provider'
    _inherit = ['mail.shipped.row']
    _description = 'DNS Host'
    _order = 'sequence, name, id'

    name = fields.Char(required=True)
    code = fields.Char(required=True, copy=False)
    sequence = fields.Integer(default=100)
    ns_patterns = fields.Char(
        "Name Servers", required=True,
        help="A zone on one of these name servers is managed at this host. Separate several with commas; * stands for "
             "anything.",
    )
    ns_examples = fields.Char("Examples of Name Servers")
    guide_txt_url = fields.Char("Guide for TXT Records")
    guide_spf_url = fields.Char("Guide for SPF")
    guide_cname_url = fields.Char("Guide for CNAME Records")
    host_form = fields.Selection(
        [
            ('relative', "Relative, @ for the domain itself"),
            ('relative_blank', "Relative, empty for the domain itself"),
            ('full', "Full name"),
            ('full_dot', "Full name with a final dot"),
        ],
        required=True, default='relative', help="What this host's form expects as the name of a record.",
    )
    appends_zone = fields.Boolean(
        "Appends the Domain", default=True,
        help="The form adds the domain automatically: entering the full name would double it.",
    )
    quotes = fields.Selection(
        [('none', "Without quotes"), ('quoted', "In quotes, at most 255 characters each")],
        required=True, default='none',
    )
    cname_dot = fields.Boolean(
        "Needs a Dot After CNAME Targets", help="Without it, the form adds the domain to the target.")
    cname_proxy = fields.Boolean("Has a Proxy for CNAMEs", help="It must be switched off for mail records.")
    note = fields.Char(translate=True)
    source_url = fields.Char("Source")

    _code_unique = models.Constraint('UNIQUE(code)', "Another DNS host has this code already.")

    @api.model
    def _recognize(self, nameservers):
        """Return the host that most of these name servers belong to, or an empty recordset.

        :param list[str] nameservers: host names of a zone's name servers, as DNS gives them
        """
        hosts = [host.rstrip('.').lower() for host in nameservers]
        best, best_count = False, 0
        for provider_id, patterns in self._read_patterns() if hosts else ():
            count = sum(any(fnmatchcase(host, pattern) for pattern in patterns) for host in hosts)
            if count > best_count:
                best, best_count = provider_id, count
        return self.browse(best or ())

    @api.model
    @ormcache()
    def _read_patterns(self):
        """Return ``((id, patterns), …)`` of all hosts, in their order: every check of a domain asks for them."""
        providers = self.sudo().search_fetch([('ns_patterns', '!=', False)], ['ns_patterns'])
        return tuple(
            (provider.id, tuple(pattern.strip() for pattern in provider.ns_patterns.lower().split(',')))
            for provider in providers)

    @api.model_create_multi
    def create(self, vals_list):
        providers = super().create(vals_list)
        self.env.registry.clear_cache()  # _read_patterns
        return providers

    def write(self, vals):
        result = super().write(vals)
        if not {'ns_patterns', 'sequence', 'name'}.isdisjoint(vals):
            self.env.registry.clear_cache()
        return result

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()

    def _host(self, name, zone):
        """Return what to type as a record's name in this host's form, for the full ``name`` in ``zone``."""
        host_form = self.host_form or 'relative'
        if host_form == 'full':
            return name
        if host_form == 'full_dot':
            return f'{name}.'
        if name == zone:
            return '@' if host_form == 'relative' else ''
        return name.removesuffix(f'.{zone}')

    def _value(self, change):
        """Return what to type as a record's value in this host's form.

        :param dict change: a change of the engine's report
        """
        if change['rdtype'] == 'TXT':
            if self.quotes == 'quoted':
                return ' '.join('"%s"' % string.replace('\\', r'\\').replace('"', r'\"')
                                for string in change['strings'])
            return change['value']
        if change['rdtype'] == 'CNAME' and self.cname_dot:
            return change['value'].rstrip('.') + '.'
        return change['value']
