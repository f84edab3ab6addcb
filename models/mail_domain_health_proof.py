from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..proving import bouncing, departing, judging, repeating, waiting, way_back
from ..texts import path_words
from ..texts import proof as texts
from ..texts.durations import duration

KEPT_DAYS = 30
REMOVED_AT_ONCE = 1000


class MailDomainHealthProof(models.Model):
    """One mail that Odoo sent to itself on a sending path, and how it arrived: what is, beside what was foretold.

    The token that it is known by is stored as a hash; what is kept of the mail are facts (addresses, domains, verdicts).
    A path that cannot be proven has a row too, with the reason.
    """

    _name = 'mail.domain.health.proof'
    _description = 'Proof of a Sending Path'
    _inherit = ['mail.harmless.export.mixin']
    _order = 'id desc'
    _rec_name = 'who'

    path_id = fields.Many2one(
        'mail.domain.health.path', "Sending Path", index='btree_not_null', ondelete='set null', readonly=True)
    company_id = fields.Many2one('res.company', required=True, index=True, ondelete='cascade', readonly=True)
    mail_server_id = fields.Many2one('ir.mail_server', "Outgoing Mail Server", ondelete='set null', readonly=True)
    kind = fields.Selection(
        [('path', "How Mail Arrives"), ('bounce', "Whether Bounces Come Back")], "Proof Of", required=True, default='path',
        readonly=True)
    domain_id = fields.Many2one(
        'mail.domain.health', index='btree_not_null', ondelete='set null', readonly=True,
        help="At which an address was made up, to see whether bounces come back.")
    is_understood = fields.Boolean(readonly=True, help="Odoo took the report for a bounce of that address.")
    who = fields.Char("Who Sends", required=True, readonly=True)
    foretold = fields.Selection(
        selection=lambda self: self.env['mail.domain.health']._state_selection(), string="Prediction", readonly=True)
    state = fields.Selection(
        [
            ('waiting', "Under Way"),
            ('arrived', "Arrived"),
            ('internal', "Internal Route"),
            ('returned', "Returned"),
            ('failed', "Not Sent"),
            ('missing', "Did Not Arrive"),
            ('unprovable', "Not Proven"),
        ], required=True, default='waiting', readonly=True)
    verdict = fields.Selection(
        selection=lambda self: self.env['mail.domain.health']._state_selection(), readonly=True,
        help="What receivers can make of it, where another organization took it over.")
    reason = fields.Char(readonly=True, help="Why it cannot be proven (texts.proof.REASONS).")
    address = fields.Char("Sent To", readonly=True)
    is_alias = fields.Boolean(readonly=True, help="The address was an alias of this database when it was sent.")
    token_hash = fields.Char(readonly=True, index='btree_not_null', groups='base.group_no_one', help="What the mail is known by.")
    message_host = fields.Char(readonly=True, groups='base.group_no_one', help="What stands behind the token in its Message-ID.")
    mail_mail_id = fields.Many2one(
        'mail.mail', "Email", index='btree_not_null', ondelete='set null', readonly=True, groups='base.group_no_one')
    left_on = fields.Datetime("Left", readonly=True)
    from_email = fields.Char("Sent From", readonly=True)
    sent_envelope = fields.Char("Bounce Address Set by Odoo", readonly=True)
    smtp_host = fields.Char("Host", readonly=True, help="Where it left through none of Odoo's servers.")
    failure = fields.Text("Failure Reason", readonly=True)
    way = fields.Selection([('fetched', "Fetched by Odoo"), ('pasted', "Pasted")], "Read", readonly=True)
    arrived_on = fields.Datetime("Arrived", readonly=True)
    arrived_after = fields.Char(compute='_compute_arrived_after')
    receiver = fields.Char("Received By", readonly=True)
    egress = fields.Char("IP Address", readonly=True, help="The IP address that the receiver saw.")
    envelope_from = fields.Char("Bounces To", readonly=True)
    encrypted = fields.Selection(
        [('yes', "Encrypted"), ('no', "Not Encrypted"), ('unknown', "Not Told")], "Connection", readonly=True)
    spf_result = fields.Char("SPF", readonly=True)
    dkim_result = fields.Char("DKIM", readonly=True)
    dkim_said = fields.Char("DKIM, the Receiver Said", readonly=True)
    dmarc_result = fields.Char("DMARC", readonly=True)
    changes = fields.Json(readonly=True, help="mailauth.arrival.changes")
    arrived = fields.Json(
        "What Was Found", readonly=True, prefetch=False, help="As mailauth.arrival.to_dict tells it.")
    breaks = fields.Json(readonly=True, help="What is worse than before (proving.breaks.find_breaks).")
    may_be_service = fields.Boolean(
        "May Be a Mail Service's", readonly=True,
        help="A known mail service's own SPF record permits the IP address, or DNS did not answer about that.")
    server_name = fields.Char("Sent Through", compute='_compute_server_name')
    changed_text = fields.Char("Changed on the Way", compute='_compute_changed_text')
    outcome = fields.Text(compute='_compute_outcome')
    table = fields.Html(compute='_compute_table', sanitize=False)

    _recent = models.Index('(path_id, create_date DESC)')

    @api.depends('left_on', 'arrived_on')
    @api.depends_context('lang')
    def _compute_arrived_after(self):
        for proof in self:
            # Where the clock of the receiver's server is behind, that is no time.
            proof.arrived_after = proof.left_on and proof.arrived_on and duration(
                self.env, proof.arrived_on - proof.left_on, 'second')

    @api.depends('mail_server_id.name', 'smtp_host')
    @api.depends_context('lang')
    def _compute_server_name(self):
        for proof in self:
            proof.server_name = path_words.server(proof)

    @api.depends('changes', 'envelope_from', 'sent_envelope')
    @api.depends_context('lang')
    def _compute_changed_text(self):
        for proof in self:
            proof.changed_text = texts.changed(self.env, proof)

    @api.depends('state', 'verdict', 'failure', 'reason', 'left_on', 'breaks')
    @api.depends_context('lang', 'tz')
    def _compute_outcome(self):
        for proof in self:
            bounce = bouncing.get_outcome(proof) if proof.kind == 'bounce' else None
            proof.outcome = texts.bounce(self.env, proof, bounce) if bounce else texts.outcome(
                self.env, proof, waiting.look_at(proof) if proof.state == 'waiting' else None,
                is_address_refused=bouncing.is_address_refused(proof))

    @api.depends('arrived', 'changes')
    @api.depends_context('lang')
    def _compute_table(self):
        for proof in self:
            proof.table = proof.arrived and texts.table(self.env, proof)

    def action_send_again(self):
        """Send another proof on the same path."""
        self.ensure_one()
        self.check_access('read')
        return self.path_id.action_send_proof()

    def action_keep(self):
        """Open the wizard that keeps for the mail server what this mail showed."""
        self.ensure_one()
        self.check_access('read')
        if not self.arrived:
            raise UserError(self.env._("This email has not arrived, so it showed nothing that could be kept."))
        wizard = self.env['mail.domain.health.arrival'].create({})
        wizard._take_proof(self)
        return wizard._reopen()

    def _get_action(self):
        """Return the action that shows these proofs, and what becomes of them."""
        action = self.env['ir.actions.actions']._for_xml_id('mail_domain_health.mail_domain_health_proof_sending_action')
        return {**action, 'domain': [('id', 'in', self.ids)]}

    @api.model
    def _send(self, paths):
        """Send a proof on each of these paths, as far as that is possible (:func:`departing.send`)."""
        proofs = departing.send(paths, lambda company, _token: way_back.get_address(company))
        return proofs.with_env(self.env)

    @api.model
    def _take(self, octets, way):
        """Judge a mail that came in, if it is a proof that is waited for (:func:`judging.take`)."""
        return judging.take(self.env, octets, way)

    @api.model
    def _cron_prove(self):
        """Send the proofs that are due where that was agreed to, and follow what became of the others."""
        Cron = self.env['ir.cron']
        if Cron._commit_progress(remaining=1):
            repeating.run(self.env, lambda done: Cron._commit_progress(done, remaining=1))
        Cron._commit_progress(remaining=0)

    # What the gateway asks (receiving/gateway.py: CONSUMERS)

    @api.model
    def _find_recipient(self, header):
        """Return by what a received mail is known as a proof; empty for every other mail."""
        places = ('subject', 'message-id', 'to', 'delivered-to', 'x-original-to', 'envelope-to')
        given = '\n'.join(value for name in places for value in header.values(name)).encode('utf-8', 'replace')
        proof, secret = judging.find(self.env, given)
        if not proof or judging.is_persons_answer(header, secret):
            proof, _secret = judging.find_returned(self.env, header.start)
        if proof.is_alias and not way_back.has_alias(self.env, proof.address):
            return ''  # reports and answers to that address would not come in either
        return proof.token_hash or ''

    @api.model
    def _consume(self, mails, _outcome):
        """Judge received mails that are proofs; none of them is kept, whatever it is."""
        for mail in mails:
            judging.take(self.env, mail.octets or b'', 'fetched', is_verifiable=mail.is_verifiable)

    @api.autovacuum
    def _gc_proofs(self):
        """Remove what is older than :data:`KEPT_DAYS`, with the mails that never left."""
        old = self.sudo().search(
            [('create_date', '<', fields.Datetime.now() - timedelta(days=KEPT_DAYS))], limit=REMOVED_AT_ONCE, order='id')
        old.mail_mail_id.unlink()
        old.unlink()
