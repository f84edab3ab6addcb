from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..contacts.badges import at_domain
from ..contacts.relaying import IN_ODOO, OURS
from ..contacts.remedies import read_concerned, recent_documents, try_inbox, try_sender
from ..mailauth.dns.names import to_unicode
from ..texts import contacts as contact_texts
from ..texts import relaying as texts
from ..texts.filling import say


class MailContactRelaying(models.TransientModel):
    """Whose messages cannot be passed on in one company, and what helps: each remedy tried before it is offered."""

    _name = 'mail.contact.relaying'
    _description = 'Contacts Whose Messages Cannot Be Forwarded'
    _inherit = ['mail.health.wizard']

    finding_id = fields.Many2one('mail.domain.health.finding', required=True, readonly=True, ondelete='cascade')
    explanation = fields.Text(related='finding_id.explanation', related_sudo=False)
    domain_ids = fields.One2many(
        'mail.contact.relaying.line', 'wizard_id', "Domains", domain=[('kind', '=', 'domain')], readonly=True)
    change_ids = fields.One2many(
        'mail.contact.relaying.line', 'wizard_id', "Changes", domain=[('kind', '=', 'change')], readonly=True)
    effect_ids = fields.One2many(
        'mail.contact.relaying.line', 'wizard_id', "Effects", domain=[('kind', '=', 'effect')], readonly=True)
    user_line_ids = fields.One2many(
        'mail.contact.relaying.line', 'wizard_id', "Users", domain=[('kind', '=', 'user')], readonly=True)
    sender_text = fields.Text(readonly=True)
    inbox_text = fields.Text(readonly=True)
    can_replace_sender = fields.Boolean(readonly=True)
    is_ours = fields.Boolean(readonly=True, help="Another address of a contact would fare the same: it is in our own settings.")

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        finding = self.env['mail.domain.health.finding'].browse(values.get('finding_id'))
        if finding:
            finding.check_access('read')
            values.update(self._look(finding))
        return values

    @api.model
    def _look(self, finding):
        """Return what is shown: whom it concerns, and what came of trying each remedy just now."""
        concerned = read_concerned(self.env, finding.company_id)
        if not concerned:
            raise UserError(self.env._("This has changed since it was noticed. Reload the page."))
        policies, sent = dict(contact_texts.selection(self.env, contact_texts.POLICIES)), concerned.passed_on
        lines = [{
            'kind': 'domain', 'name': to_unicode(row.name), 'old_value': policies[row.policy or 'unknown'],
            'contact_count': row.contact_count, 'mail_count': sent.mails[row.name], 'refused_count': sent.refused[row.name],
        } for row in concerned.domains]
        trial = try_sender(self.env, finding.company_id, concerned, (finding.remedy_action or {}).get('changes') or [])
        if not trial.obstacle:
            lines += [{'kind': 'change', 'name': label, 'old_value': old or '—', 'new_value': new}
                      for _record, _values, label, old, new in finding._get_changes()]
            lines += [{'kind': 'effect', 'name': say(self.env, texts.MESSAGES_OF, domain=to_unicode(row.name)),
                       'old_value': before, 'new_value': after} for row, before, after in trial.effects]
        users = self.env['res.users'].browse(sent.users)
        documents = recent_documents(self.env(su=True), finding.company_id, concerned) if users else {}
        before, after = try_inbox(self.env, users, documents) if users else (0, 0)
        notified = {name: self.env._(text) for name, text in texts.NOTIFIED.items()}
        lines += [{
            'kind': 'user', 'user_id': user.id, 'name': user.name, 'contact_count': sent.users[user.id],
            'old_value': notified['email'], 'new_value': notified['inbox'],
        } for user in users.sudo()]
        return {
            'domain_ids': self._commands(lines, 'domain'), 'change_ids': self._commands(lines, 'change'),
            'effect_ids': self._commands(lines, 'effect'), 'user_line_ids': self._commands(lines, 'user'),
            'can_replace_sender': not trial.obstacle,
            'is_ours': (finding.params or {}).get('reason') in OURS,
            'sender_text': say(self.env, texts.OBSTACLES[trial.obstacle], author=trial.author) if trial.obstacle
            else say(self.env, texts.SENDER_HELPS, count=trial.count),
            'inbox_text': say(
                self.env, texts.INBOX_TESTED, documents=sum(map(len, documents.values())), before=before, after=after)
            if documents else False,
        }

    @staticmethod
    def _commands(lines, kind):
        return [(0, 0, line) for line in lines if line['kind'] == kind]

    def action_replace_sender(self):
        """Change the settings that were tried, unless they would do something else by now."""
        self.ensure_one()
        self.check_access('write')
        finding = self.finding_id
        changes = (finding.remedy_action or {}).get('changes') or []
        concerned = read_concerned(self.env, finding.company_id)
        if not concerned or try_sender(self.env, finding.company_id, concerned, changes).obstacle:
            raise UserError(self.env._(
                "Odoo's settings or the DNS records have changed since this was offered, and it would no longer help. "
                "Press “Check now” and look again."))
        finding._apply_remedy()
        return self._close()

    def action_notify_in_odoo(self):
        """Have the users shown notified in Odoo instead of by email, and say so on the domain's report."""
        self.ensure_one()
        self.check_access('write')
        concerned = read_concerned(self.env, self.finding_id.company_id)
        if not concerned or not concerned.passed_on.users:
            raise UserError(self.env._("This has changed since it was noticed. Reload the page."))
        # Not whom the rows name: a remote call may write anybody there.
        users = self.env['res.users'].browse(concerned.passed_on.users)
        users.write({'notification_type': 'inbox'})
        self.finding_id.domain_id.message_post(
            body=Markup("<p>%s</p>") % say(self.env, texts.INBOX_POSTED, names=users.mapped('name')),
            subtype_xmlid='mail.mt_note')
        self.env.cr.flush()
        self.env['mail.domain.health.path']._sync_findings(self.finding_id.sudo().company_id)
        return self._close()

    def action_show_contacts(self):
        """Open the contacts concerned, as a list; another address is entered on each by hand."""
        self.ensure_one()
        self.check_access('read')
        reason = (self.finding_id.params or {}).get('reason')
        if reason == IN_ODOO:  # no badge tells them
            concerned = read_concerned(self.env, self.finding_id.company_id)
            domain = Domain('partner_share', '=', True) & Domain.OR(
                Domain(at_domain(row)) for row in (concerned.domains if concerned else ()))
        else:
            domain = Domain('mail_relaying', '=', 'fragile' if reason in ('tolerated', 'provider') else 'unsafe')
        return {
            'type': 'ir.actions.act_window', 'name': self.finding_id.title, 'res_model': 'res.partner',
            'views': [(False, 'list'), (False, 'form')],
            'domain': list(domain),
            'context': {'create': False, 'allowed_company_ids': self.finding_id.company_id.ids},
        }

    def action_open_settings(self):
        """Open Settings, where an alias domain is chosen."""
        self.ensure_one()
        self.check_access('read')
        return {**self.env['ir.actions.act_window']._for_xml_id('base_setup.action_general_configuration'),
                'context': {'module': 'general_settings', 'bin_size': False}}

    def _close(self):
        return {'type': 'ir.actions.client', 'tag': 'soft_reload'}


class MailContactRelayingLine(models.TransientModel):
    """A domain that is concerned, a value that a remedy changes, what that does, or a user who is notified by email."""

    _name = 'mail.contact.relaying.line'
    _description = 'Row of the Contacts Whose Messages Cannot Be Forwarded'

    wizard_id = fields.Many2one('mail.contact.relaying', required=True, ondelete='cascade')
    kind = fields.Selection(
        [('domain', "Domain"), ('change', "Change"), ('effect', "Effect"), ('user', "User")], required=True, readonly=True)
    user_id = fields.Many2one('res.users', readonly=True, ondelete='cascade')
    name = fields.Char(readonly=True)
    old_value = fields.Char("Now", readonly=True)
    new_value = fields.Char("After", readonly=True)
    contact_count = fields.Integer(readonly=True)
    mail_count = fields.Integer("Emails in 30 Days", readonly=True)
    refused_count = fields.Integer("Rejected", readonly=True)
