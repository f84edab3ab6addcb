import base64
import binascii

from odoo import fields, models
from odoo.exceptions import UserError

from ..checking import domain_file
from ..checking.watch_list import add_domains

MAX_SENTENCES = 200  # problems and notes that are listed; all lines that were not taken stay


class MailDomainHealthImport(models.TransientModel):
    """Have further domains watched, such as parked ones to protect: from a CSV file, or from pasted lines.

    Administrators create no domains themselves; this does, and once more changes nothing. Lines that cannot be taken
    stay in :attr:`text`, to be mended there.
    """

    _name = 'mail.domain.health.import'
    _description = 'Import Email Domains'
    _inherit = ['mail.health.wizard']

    company_id = fields.Many2one(
        'res.company', required=True, default=lambda self: self.env.company,
        domain=lambda self: [('id', 'in', self.env.user.company_ids.ids)])
    file = fields.Binary("CSV File", attachment=False)
    file_name = fields.Char()
    text = fields.Text("Domains", help="One a line.")
    sends_nothing = fields.Boolean(
        "These Domains Send No Mail",
        help="Then records are proposed that tell receivers so, unless a domain's MX records, its SPF record or an email "
             "says otherwise. A column “Sends No Mail” says it for each domain.")
    user_id = fields.Many2one(
        'res.users', "Responsible",
        domain=lambda self: [('share', '=', False), ('all_group_ids', 'in', self.env.ref('base.group_system').ids)])
    tag_ids = fields.Many2many('mail.domain.health.tag', 'mail_domain_health_import_tag_rel', 'import_id', 'tag_id', "Tags")
    summary = fields.Char(readonly=True)
    problems = fields.Text("To Be Corrected", readonly=True)
    notes = fields.Text(readonly=True)

    def action_read(self):
        """Say what would be imported, and what has to be corrected first."""
        self.ensure_one()
        self.check_access('write')
        found = self._read()
        new, known = self._sort(found)
        self._tell(found, self.env._(
            "Domains to import: %(new)s. Monitored already: %(known)s. Lines to correct: %(problems)s.",
            new=len(new), known=len(known), problems=len(found.problems)))
        return self._reopen()

    def action_import(self):
        """Import what can be; what cannot stays, with what to correct."""
        self.ensure_one()
        self.check_access('write')
        found = self._read()
        new, known = self._sort(found)
        if found.rows:
            self._import(found.rows)
        sentence = self.env._(
            "Imported: %(new)s. Monitored already: %(known)s. Lines to correct: %(problems)s.",
            new=len(new), known=len(known), problems=len(found.problems))
        if not found.problems:
            return {
                'type': 'ir.actions.client', 'tag': 'display_notification', 'params': {
                    'type': 'success', 'message': sentence, 'next': {'type': 'ir.actions.act_window_close'}},
            }
        self._tell(found, sentence)
        rest = [found.heading] if found.heading else []
        self.write({'file': False, 'file_name': False, 'text': '\n'.join([*rest, *(problem.text for problem in found.problems)])})
        return self._reopen()

    def _read(self):
        """Return what the file, or the text where there is none, says (:class:`domain_file.DomainFile`)."""
        text = self.text or ''
        if self.file:
            try:
                text = domain_file.decode(self.env, base64.b64decode(self.file, validate=True))
            except binascii.Error as error:
                raise UserError(self.env._("The file did not arrive. Choose it again.")) from error
        found = domain_file.read(self.env, text)
        if not found.rows and not found.problems:
            raise UserError(self.env._("Choose a file, or enter one domain a line."))
        self._refuse_used(found)
        return found

    def _refuse_used(self, found):
        """Take out the domains that are said to send nothing and that Odoo itself sends from."""
        silent = [row.name for row in found.rows if self._sends_nothing(row)]
        used = set(self.env['mail.domain.health.path'].sudo().search([
            ('is_used', '=', True), ('from_health_id.name', 'in', silent)]).from_health_id.mapped('name')) if silent else set()
        for row in [row for row in found.rows if row.name in used and self._sends_nothing(row)]:
            found.rows.remove(row)
            found.problems.append(domain_file.Problem(row.line, row.text, self.env._(
                "Line %(line)s: Odoo itself sends mail from %(domain)s, so it cannot be one that sends none. Delete this "
                "line, or import it without that mark.", line=row.line, domain=row.name)))
        found.problems.sort(key=lambda problem: problem.line)

    def _sends_nothing(self, row):
        return self.sends_nothing if row.sends_nothing is None else row.sends_nothing

    def _sort(self, found):
        """Return the names that are not watched for the company yet, and those that are."""
        names = [row.name for row in found.rows]
        known = set(self.env['mail.domain.health'].sudo().search([
            ('name', 'in', names), ('company_ids', 'in', self.company_id.ids)]).mapped('name'))
        return [name for name in names if name not in known], [name for name in names if name in known]

    def _import(self, rows):
        domains, _ids = add_domains(self.sudo().env, self.company_id, [row.name for row in rows])
        by_name = {domain.name: domain for domain in domains}
        said = {True: [], False: []}
        for row in rows:
            answer = row.sends_nothing if row.sends_nothing is not None else self.sends_nothing or None
            if answer is not None and by_name[row.name].sends_nothing is not answer:  # what nobody said stays as it was
                said[answer].append(by_name[row.name].id)
        for answer, ids in said.items():
            domains.browse(ids).sends_nothing = answer
        if self.user_id:
            domains.user_id = self.user_id
        for tag, names in self._get_tagged(rows).items():
            without = domains.filtered(lambda domain, tag=tag, names=names: domain.name in names and tag not in domain.tag_ids)
            without.tag_ids = [fields.Command.link(tag.id)]

    def _get_tagged(self, rows):
        """Return ``{tag: names of the domains}``; tags are known by their name, and made where there is none."""
        Tag, by_name, tagged = self.env['mail.domain.health.tag'], {}, {tag: {row.name for row in rows} for tag in self.tag_ids}
        for tag in Tag.search([('company_id', 'in', (False, self.company_id.id))]):
            by_name.setdefault(tag.name.lower(), tag)
        for row in rows:
            for name in row.tags:
                tag = by_name.get(name.lower()) or by_name.setdefault(name.lower(), Tag.create({'name': name}))
                tagged.setdefault(tag, set()).add(row.name)
        return tagged

    def _tell(self, found, sentence):
        self.write({
            'summary': sentence,
            'problems': self._list([problem.sentence for problem in found.problems]),
            'notes': self._list(found.notes),
        })

    def _list(self, sentences):
        more = len(sentences) - MAX_SENTENCES
        rest = [self.env._("And %(count)s more.", count=more)] if more > 0 else []
        return '\n'.join([*sentences[:MAX_SENTENCES], *rest]) or False

    def _reopen(self):
        return {
            'type': 'ir.actions.act_window', 'name': self.env._("Import Domains"), 'res_model': self._name, 'res_id': self.id,
            'views': [(False, 'form')], 'target': 'new',
        }
