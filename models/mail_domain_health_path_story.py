from odoo import api, fields, models

from . import path_texts, texts


class MailDomainHealthPath(models.Model):
    """What the screens tell of one way that mail leaves, made of stored values only."""

    _inherit = 'mail.domain.health.path'

    who = fields.Char("Who Sends", compute='_compute_who')
    story = fields.Json(compute='_compute_story')
    state_rank = fields.Integer(compute='_compute_state_rank', store=True, help="Orders lists: what fails comes first.")

    @api.depends('state')
    def _compute_state_rank(self):
        for path in self:
            path.state_rank = texts.STATES_WORST_FIRST.index(path.state or 'unknown')

    @api.depends('kind', 'author_domain', 'author_count', 'examples', 'company_id.name', 'is_forced', 'moment', 'sent_count')
    @api.depends_context('lang')
    def _compute_who(self):
        for path in self:
            path.who = path._who()

    @api.depends('who', 'mail_server_id.name')
    @api.depends_context('lang', 'mail_domain_health_way')
    def _compute_display_name(self):
        """Name who sends; where ways are chosen from (context ``mail_domain_health_way``), through which server, too."""
        with_server = self.env.context.get('mail_domain_health_way')
        for path in self:
            path.display_name = path.who if not with_server else self.env._(
                "%(who)s, through %(server)s", who=path.who,
                server=path._server_name())

    @api.depends('state', 'verdict', 'reasons', 'from_email', 'envelope_from', 'is_rewritten', 'author_email')
    @api.depends_context('lang')
    def _compute_story(self):
        for path in self:
            path.story = path._get_story()

    def _get_story(self):
        """Return the way as a story: who sends as what, what each protocol makes of it, and what the receiver does.

        :return: ``{state, label, who, is_used, leaves, rewritten, steps, outcome, reassurance, publish}``; a step is
            ``{area, title, state, label, sentence}``; ``publish`` is ``{id, name, count}`` of the domain
            whose records are to be published, or ``None``
        """
        env, verdict = self.env, self.verdict or {}
        params = {
            'from_domain': self._from_domain(), 'envelope_domain': self._envelope_domain(),
            'service': self.mail_sending_service_id.name or env._("the mail service"),
        }
        domain = self.from_health_id
        state = self.state or 'unknown'
        complete = all(verdict.get(area) for area in ('spf', 'dkim', 'dmarc')) and state != 'not_needed'
        reassurance = self._reassurance()
        steps = path_texts.steps(env, verdict, params) if complete else []
        return {
            'state': state,
            'label': texts.state_label(env, state),
            'who': self.who,
            'is_used': self.is_used,
            'leaves': self._get_leaves(),
            'rewritten': env._(
                "Odoo puts this address in place of the author's (%(author)s) and keeps the name.",
                author=self.author_email) if self.is_rewritten and not reassurance else '',
            'steps': [{**step, 'title': texts.area_title(env, step['area']),
                       'label': texts.state_label(env, step['state'])} for step in steps],
            'outcome': path_texts.outcome(env, state, verdict if complete else None, self.reasons),
            'reassurance': reassurance,
            'publish': self._get_publish(domain),
            'foreign': env._(
                "%(domain)s is not yours, so there is nothing that you could publish for it: what can be done is done "
                "in Odoo.", domain=domain.display_name) if domain.is_foreign and state in ('fail', 'warning') else '',
        }

    def _get_leaves(self):
        if self.refusal:
            return self.env._(path_texts.REFUSALS.get(self.refusal, path_texts.REFUSALS[None]))
        server = self._server_name()
        service = self.mail_sending_service_id.name
        values = {
            'server': server, 'service': service, 'from_email': self.from_email, 'envelope_from': self.envelope_from}
        if service and service != server:
            return self.env._(
                "It leaves through %(server)s (%(service)s). People see %(from_email)s as its sender, and undeliverable "
                "mail comes back to %(envelope_from)s.", **values)
        return self.env._(
            "It leaves through %(server)s. People see %(from_email)s as its sender, and undeliverable mail comes back "
            "to %(envelope_from)s.", **values)

    def _get_publish(self, domain):
        """Return the domain whose records would help this way, if there are any to publish."""
        if domain.is_foreign or self.state not in ('fail', 'warning', 'unknown'):
            return None
        for candidate in domain | self.envelope_health_id:
            changes = (candidate.report or {}).get('changes') or ()
            if changes and not candidate.is_foreign:
                return {'id': candidate.id, 'name': candidate.display_name, 'count': len(changes)}
        return None

    def action_check(self):
        """Look at once at the domains that this way depends on."""
        for domain in self.from_health_id | self.envelope_health_id:
            domain.check_now()
