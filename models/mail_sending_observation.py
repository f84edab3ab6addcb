from collections import namedtuple

from odoo import api, fields, models
from odoo.tools import ormcache

from ..sending.engine_path import MAX_ADDRESSES

# What the received mails that were kept tell of one path.
Seen = namedtuple('Seen', 'addresses signing_domain selectors envelope envelope_domain')


class MailSendingObservation(models.Model):
    """What one received mail proved about a server that mail leaves through, as far as somebody kept it.

    It turns what nobody can know from DNS into facts: the addresses of a relay, the key that it
    signs with, and whether it puts its own address for bounces in. The mail itself is not stored.
    """

    _name = 'mail.sending.observation'
    _description = 'Learned From a Received Email'
    _inherit = ['mail.harmless.export.mixin']
    _order = 'date desc, id desc'
    _rec_name = 'from_domain'

    mail_server_id = fields.Many2one(
        'ir.mail_server', "Outgoing Mail Server", index='btree_not_null', ondelete='cascade', readonly=True,
        help="Empty: the server of Odoo's configuration file.",
    )
    company_id = fields.Many2one(
        'res.company', index='btree_not_null', ondelete='cascade', readonly=True,
        help="Whose mail it is, where it is sent through the server of Odoo's configuration file.",
    )
    date = fields.Datetime("Arrived On", required=True, readonly=True, default=fields.Datetime.now)
    receiver = fields.Char("Received By", readonly=True)
    from_domain = fields.Char("Sent From", required=True, readonly=True)
    egress = fields.Char("IP Address", readonly=True, help="The IP address that the receiver saw.")
    signing_domain = fields.Char("Signed As", readonly=True)
    selectors = fields.Char("Keys", readonly=True, help="The names (“selectors”) of the keys that it was signed with.")
    envelope = fields.Selection(
        [('keep', "Kept as Odoo set it"), ('replace', "Replaced by the service")],
        "Bounce Address", readonly=True,
    )
    envelope_domain = fields.Char("Bounces To", readonly=True)

    @api.model_create_multi
    def create(self, vals_list):
        observations = super().create(vals_list)
        observations._taught()
        return observations

    def write(self, vals):
        result = super().write(vals)
        self._taught()
        return result

    def unlink(self):
        domains = self._get_domains()
        result = super().unlink()
        self.env.registry.clear_cache()
        domains._mark_outdated()
        return result

    def _taught(self):
        """Have the domains looked at again whose mail goes the way that something was learned of."""
        self.env.registry.clear_cache()  # _get_table
        self._get_domains()._mark_outdated()

    def _get_domains(self):
        """Return the watched domains that mail through these servers leaves as, or bounces to."""
        paths = self._get_paths()
        return paths.from_health_id | paths.envelope_health_id | paths.judge_id

    def _get_paths(self):
        Path = self.env['mail.domain.health.path'].sudo()
        servers = self.mail_server_id
        companies = self.filtered(lambda observation: not observation.mail_server_id).company_id
        return Path.search([
            '|', ('mail_server_id', 'in', servers.ids),
            '&', ('mail_server_id', '=', False), ('company_id', 'in', companies.ids)])

    def action_forget(self):
        """Forget it; the domains concerned are looked at again."""
        self.unlink()

    @api.model
    @ormcache()
    def _get_table(self):
        """Return ``{(server or False, company or False): rows}`` of all that is kept, the newest first."""
        table = {}
        for kept in self.sudo().search([('from_domain', '!=', False)]):
            table.setdefault((kept.mail_server_id.id, kept.company_id.id), []).append((
                kept.from_domain, kept.egress or '', kept.signing_domain or '', kept.selectors or '',
                kept.envelope or '', kept.envelope_domain or ''))
        return {key: tuple(rows) for key, rows in table.items()}

    @api.model
    def _get_seen(self, path):
        """Return :class:`Seen` for a path, or ``None`` if no received mail told anything about it."""
        server = path.mail_server_id.id
        rows = self._get_table().get((server, False) if server else (False, path.company_id.id), ())
        if not rows:
            return None
        domain = path._from_domain()
        addresses = dict.fromkeys(address for row in rows for address in row[1].split())
        signed = [row for row in rows if row[0] == domain and row[2]]
        envelope = next((row for row in rows if row[4]), None)
        return Seen(
            tuple(addresses)[:MAX_ADDRESSES],
            signed[0][2] if signed else None,
            tuple(dict.fromkeys(
                selector for row in signed if row[2] == signed[0][2] for selector in row[3].split())),
            envelope and envelope[4] or None,
            envelope and envelope[5] or None,
        )
