import base64
import binascii
import contextlib
from datetime import datetime, timezone

from odoo import api, fields, models
from odoo.exceptions import UserError

from .. import mailauth
from ..mailauth.dns.names import domain_of
from ..proving import judging
from ..texts import arrival as arrival_texts
from ..texts import findings
from ..texts import proof as proof_texts

LEARN = ('egress', 'signature', 'envelope', 'service')


class MailDomainHealthArrival(models.TransientModel):
    """Read one mail that Odoo sent and somebody received, and keep what it proves.

    The mail goes through memory only: what is stored, until the wizard is cleaned away, is
    what was found (addresses, domains, verdicts), never the mail.
    """

    _name = 'mail.domain.health.arrival'
    _description = 'Check a Received Email'
    _inherit = ['mail.health.wizard']

    domain_id = fields.Many2one('mail.domain.health', help="The report that this was opened from.")
    server_id = fields.Many2one('ir.mail_server', help="The outgoing mail server that this was opened from.")
    mail_text = fields.Text(
        "Email", compute='_compute_mail', inverse='_inverse_mail',
        help="The whole source of the email, starting with its first line.",
    )
    mail_file = fields.Binary("File", compute='_compute_mail', inverse='_inverse_mail', attachment=False)
    mail_filename = fields.Char()
    arrived = fields.Json(help="What was found (mailauth.arrival.to_dict), and whether Odoo knows the mail.")
    returned_id = fields.Many2one(
        'mail.domain.health.proof', readonly=True, help="The proof of which this says that it came back undelivered.")
    is_read = fields.Boolean(compute='_compute_is_read')
    summary = fields.Html(compute='_compute_summary', sanitize=False)

    candidate_ids = fields.Many2many('mail.domain.health.path', compute='_compute_candidate_ids')
    path_id = fields.Many2one(
        'mail.domain.health.path', "Sending Path", domain="[('id', 'in', candidate_ids)]",
        help="The sending path of this email. What you keep is kept for its mail server.",
    )
    service_id = fields.Many2one('mail.sending.service', readonly=True)
    egress_found = fields.Char(compute='_compute_learned')
    signature_found = fields.Char(compute='_compute_learned')
    envelope_found = fields.Char(compute='_compute_learned')
    service_found = fields.Char(compute='_compute_learned')
    keep_egress = fields.Boolean("The IP address it was sent from")
    keep_signature = fields.Boolean("Who signed it")
    keep_envelope = fields.Boolean("What happens to the bounce address")
    keep_service = fields.Boolean("The service that delivered it")

    @api.depends('arrived')
    def _compute_mail(self):
        self.mail_text = False
        self.mail_file = False

    def _inverse_mail(self):
        for wizard in self:
            if wizard.mail_file or wizard.mail_text:
                wizard._read_mail(*wizard._get_given())

    def _get_given(self):
        """Return what was given and the name of its field; a file counts more than the text."""
        if not self.mail_file:
            return self.mail_text, self._fields['mail_text']._description_string(self.env)
        try:
            return base64.b64decode(self.mail_file), self._fields['mail_file']._description_string(self.env)
        except (binascii.Error, ValueError):
            return b'\0', self._fields['mail_file']._description_string(self.env)

    def _read_mail(self, given, field):
        """Look how it arrived; raise a sentence that names the field where it is no mail of ours."""
        Health = self.env['mail.domain.health']
        if Health._is_neutralized():
            raise UserError(self.env._("This is a copy of your database: it checks nothing and notifies nobody."))
        octets = given.encode('utf-8', 'replace') if isinstance(given, str) else given or b''
        proof, secret = judging.find_anywhere(self.env, octets)
        if not self.env['mail.domain.health.proof'].browse(proof.id).has_access('read'):
            proof = proof.browse()
        arrival, found = judging.read(self.env, given, is_proof=bool(proof))
        if proof:
            judging.settle(proof, secret, octets, arrival, found, 'pasted', is_verifiable=isinstance(given, bytes))
        if not arrival.readable:
            finding = arrival.findings[-1]
            if finding.code == 'arrival.bounce' and proof.state == 'returned':  # an error would take back what it proves
                self.write({'returned_id': proof.id, 'arrived': False, 'mail_filename': False})
                return
            title, explanation, remedy = findings.finding(self.env, finding.code, {'name': '', **finding.params})
            if finding.params.get('said'):
                explanation = self.env._(
                    "%(explanation)s The other server's answer: “%(said)s”", explanation=explanation,
                    said=finding.params['said'])
            raise UserError(self.env._(
                "%(field)s: %(title)s.\n\n%(explanation)s\n\n%(remedy)s", field=field, title=title,
                explanation=explanation, remedy=remedy))
        known = bool(proof) or self._is_known(arrival.message_id)
        # What a mail is about is nobody's business, and its file is often named after that.
        found_out = mailauth.arrival.to_dict(arrival)
        del found_out['subject']
        self.arrived, self.returned_id = {**found_out, 'known': known}, False
        self.mail_filename = False
        self.service_id = int(found[0]) if found and len(found) == 1 else False
        self.path_id = self.env['mail.domain.health.path'].browse(proof.path_id.id) or self._get_candidates()[:1]
        self._tick(known)

    def _tick(self, known):
        for name in LEARN:  # of a mail that may be somebody else's nothing is kept by accident
            self[f'keep_{name}'] = known and bool(self[f'{name}_found'])

    def _take_proof(self, proof):
        """Show what a proof found, so that it can be kept."""
        self.arrived = {**proof.arrived, 'known': True}
        self.path_id = proof.path_id
        self._tick(True)

    @api.model
    def _is_known(self, message_id):
        """Whether this Odoo sent a mail of that number."""
        return bool(message_id) and bool(
            self.env['mail.message'].sudo().search_count([('message_id', '=', message_id)], limit=1))

    @api.depends('arrived', 'returned_id')
    def _compute_is_read(self):
        for wizard in self:
            wizard.is_read = bool(wizard.arrived or wizard.returned_id)

    @api.depends('arrived')
    def _compute_candidate_ids(self):
        for wizard in self:
            wizard.candidate_ids = wizard._get_candidates()

    def _get_candidates(self):
        """Return the paths whose mail has this sender, the most likely one first."""
        Path = self.env['mail.domain.health.path']
        if not self.arrived:
            return Path
        sender, envelope = self.arrived['from'].lower(), (self.arrived['envelope'] or '').lower()
        domain = domain_of(sender)

        def likeness(path):
            return (
                path.mail_server_id != self.server_id if self.server_id else False,
                domain_of(envelope) != path._envelope_domain(),
                sender != (path.from_email or '').lower(),
                not path.is_used, not path.sent_count, path.id)

        return Path.search([('from_email', '=ilike', f'%@{domain}')]).filtered(
            lambda path: path._from_domain() == domain).sorted(likeness)

    @api.depends('arrived', 'path_id', 'returned_id')
    @api.depends_context('lang')
    def _compute_summary(self):
        for wizard in self:
            if wizard.returned_id:
                wizard.summary = proof_texts.alone(wizard.returned_id)
            else:
                wizard.summary = wizard.arrived and arrival_texts.summary(self.env, wizard.arrived, wizard.path_id)

    @api.depends('arrived', 'path_id', 'service_id')
    @api.depends_context('lang')
    def _compute_learned(self):
        for wizard in self:
            values = wizard._get_learned()
            wizard.egress_found = values.get('egress')
            wizard.signature_found = values.get('signing_domain') and self.env._(
                "%(domain)s, with the key %(selectors)s", domain=values['signing_domain'], selectors=values['selectors'])
            wizard.envelope_found = values.get('envelope') and (
                self.env._("Kept as Odoo set it") if values['envelope'] == 'keep' else
                self.env._("Replaced by an address at %s", values['envelope_domain']))
            wizard.service_found = wizard.path_id and not wizard.path_id.mail_sending_service_id \
                and wizard.service_id.name

    def _get_learned(self):
        """Return what the mail proves about its path, as values of ``mail.sending.observation``."""
        self.ensure_one()
        if not self.arrived or not self.path_id:
            return {}
        learned, envelope_domain = self.arrived['learned'], domain_of(self.arrived['envelope'])
        values = {}
        if learned['egress']:
            values['egress'] = ' '.join(learned['egress'])
            if envelope_domain:
                values['envelope'] = 'keep' if envelope_domain == self.path_id._envelope_domain() else 'replace'
                values['envelope_domain'] = envelope_domain
        if learned['selectors']:
            values['signing_domain'] = learned['signing_domain']
            values['selectors'] = ' '.join(learned['selectors'])
        return values

    def action_read(self):
        """Show what was read; the reading itself is done as the fields arrive (:meth:`_inverse_mail`)."""
        self.ensure_one()
        if not self.is_read:
            _title, _explanation, remedy = findings.finding(self.env, 'arrival.empty', {})
            raise UserError(self.env._("Email: paste the email here, or choose its file.\n\n%s", remedy))
        return self._reopen()

    def action_read_another(self):
        self.ensure_one()
        self.write({'arrived': False, 'returned_id': False, 'mail_filename': False, 'service_id': False, 'path_id': False})
        return self._reopen()

    def action_keep(self):
        """Keep what is ticked for the mail server that the mail left through, and open the report."""
        self.ensure_one()
        self.check_access('write')
        values = self._get_kept()
        keep_service = self.keep_service and self.service_found
        if not values and not keep_service:
            raise UserError(self.env._("Keep: tick at least one line, or close the window."))
        path = self.path_id
        domain = path.from_health_id or self.domain_id
        if values:
            self.env['mail.sending.observation'].create({
                **values,
                'mail_server_id': path.mail_server_id.id,
                'company_id': False if path.mail_server_id else path.company_id.id,
                'from_domain': path._from_domain(),
                'receiver': self.arrived['receiver'],
                'date': self._get_date(),
            })
        if keep_service:
            (path.mail_server_id or path.company_id).mail_sending_service_id = self.service_id
        return domain._get_report_action() if domain else {'type': 'ir.actions.act_window_close'}

    def _get_date(self):
        """Return when the mail arrived, as it says, in UTC; now where it says nothing that can be."""
        now = fields.Datetime.now()
        with contextlib.suppress(KeyError, TypeError, ValueError, OverflowError):
            arrived = datetime.fromisoformat(self.arrived['date']).astimezone(timezone.utc)
            return min(arrived.replace(tzinfo=None, microsecond=0), now)
        return now

    def _get_kept(self):
        learned = self._get_learned()
        names = [
            *(['egress'] if self.keep_egress else []),
            *(['signing_domain', 'selectors'] if self.keep_signature else []),
            *(['envelope', 'envelope_domain'] if self.keep_envelope else []),
        ]
        return {name: learned[name] for name in names if name in learned}

    def _reopen(self):
        action = self.env['ir.actions.actions']._for_xml_id('mail_domain_health.mail_domain_health_arrival_action')
        return {**action, 'res_id': self.id}
