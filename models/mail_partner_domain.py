from odoo import api, fields, models

from ..checking import crons
from ..checking.scheduled_run import tell_if_ceased
from ..contacts import asking, badges, consent, decisions, refreshing, relaying
from ..display.contacts_progress import get_progress
from ..mailauth.dns.names import to_unicode
from ..texts import contacts as texts

CRON = 'mail_domain_health.ir_cron_mail_partner_domain_check'


class MailPartnerDomain(models.Model):
    """A domain at which contacts have their addresses: what its DNS says of mail from it and to it.

    A scheduled job makes and removes the rows from the contacts that there are, another one asks DNS; both live in
    ``contacts/`` and work in sets. Nothing of a contact's own transaction comes here.
    """

    _name = 'mail.partner.domain'
    _description = 'Email Domain of Contacts'
    _inherit = ['mail.measured.mixin', 'mail.harmless.export.mixin']
    _order = 'contact_count desc, name'
    _log_access = False

    name = fields.Char("Domain", required=True, readonly=True, help="As it is written in DNS (A-labels).")
    written_as = fields.Char(
        "Also Written As", readonly=True, help="How addresses have it, where that is not its name: separated by spaces.")
    company_ids = fields.Many2many(
        'res.company', string="Companies", readonly=True, help="Whose contacts they are. Empty: shared by all companies.")
    contact_count = fields.Integer("Contacts", readonly=True, help="Contacts, leads and others with an address there.")
    mailable_count = fields.Integer(
        "Contacts to Write To", readonly=True, help="Those whose address is not blacklisted and has not bounced.")

    policy = fields.Selection(selection='_policy_selection', string="Policy for Its Mail", readonly=True,
                              help="What its DMARC record asks receivers to do with mail that only claims to come from it.")
    policy_domain = fields.Char("Policy of", readonly=True, help="The domain whose record applies.")
    policy_testing = fields.Boolean("Policy Is Being Tested", readonly=True)
    spf = fields.Selection(
        selection='_spf_selection', string="Servers Not Named by SPF", readonly=True,
        help="What its SPF record says of them. Only asked where mail leaves with the author's own bounce address.")
    reception = fields.Selection(selection='_reception_selection', readonly=True)
    unreachable_since = fields.Datetime(readonly=True, help="When it was first seen that it cannot receive mail.")
    mark = fields.Selection(selection='_mark_selection', string="Cannot Receive Mail", readonly=True)
    marked_on = fields.Datetime(readonly=True)
    suggestion = fields.Char("Probably Meant", readonly=True, help="The domain that this one is a typing mistake of.")
    last_exchange = fields.Datetime(
        "Last Email", readonly=True, help="When mail was last received from this domain, or delivered to it.")
    unanswered_since = fields.Datetime(readonly=True, help="DNS has not answered everything since then.")
    last_check = fields.Datetime(readonly=True)
    next_check = fields.Datetime(readonly=True, help="Empty: nothing is to be asked of this domain.")

    _name_unique = models.UniqueIndex('(name)', "This domain is known already.")
    _due = models.Index('(next_check, contact_count DESC)')

    @api.model
    def _policy_selection(self):
        return texts.selection(self.env, texts.POLICIES)

    @api.model
    def _spf_selection(self):
        return texts.selection(self.env, texts.SPF_DEFAULTS)

    @api.model
    def _reception_selection(self):
        return texts.selection(self.env, texts.RECEPTIONS)

    @api.model
    def _mark_selection(self):
        return texts.selection(self.env, texts.MARKS)

    @api.depends('name')
    def _compute_display_name(self):
        for domain in self:
            domain.display_name = to_unicode(domain.name or '')

    def action_open_contacts(self):
        """Open the contacts with an address at this domain, however it is written there."""
        self.ensure_one()
        self.check_access('read')
        return {
            'type': 'ir.actions.act_window', 'name': self.display_name, 'res_model': 'res.partner',
            'views': [(False, 'list'), (False, 'form')], 'domain': badges.at_domain(self), 'context': {'create': False},
        }

    @api.model
    def read_progress(self):
        """Return how far the look at all domains is, and what an administrator has to decide (:func:`get_progress`)."""
        self.check_access('read')
        return get_progress(self.sudo().env)

    @api.model
    def answer_request(self, agrees):
        """Agree that DNS is asked about the domains of contacts, or not now; return the progress."""
        self.check_access('read')
        consent.set_answer(self.env, agrees)
        if agrees:
            self._trigger_cron()
        return self.read_progress()

    @api.model
    def decide_held(self, are_so):
        """Say of all marks that are held that they are so, or have these domains looked at anew; return the progress."""
        self.check_access('read')
        decide = decisions.accept if are_so else decisions.look_again
        decide(self.sudo().env)
        return self.read_progress()

    @api.model
    def _cron_refresh(self):
        """Make the rows match the contacts that there are (:func:`refreshing.work`)."""
        if not self.env['mail.domain.health']._is_neutralized():
            refreshing.work(self.sudo().env)

    @api.model
    def _cron_check(self):
        """Look at the domains whose time has come (:class:`asking.ContactsRun`)."""
        if not self.env['mail.domain.health']._is_neutralized():
            self.env['mail.domain.health']._notice_addresses()
            tell_if_ceased(self.sudo().env)
            asking.ContactsRun(self.sudo().env).work()

    @api.model
    def _trigger_cron(self, at=None):
        crons.trigger(self.env, CRON, at)

    @api.model
    def _count_workers(self):
        """Return how many scheduled actions share the work, and the questions that may be asked."""
        return len(crons.get_workers(self.env, self._name))

    @api.model
    def _needs_spf(self):
        """Whether messages of some contacts leave with their own bounce address (:func:`relaying.needs_spf`)."""
        return relaying.needs_spf(self.sudo().env)
