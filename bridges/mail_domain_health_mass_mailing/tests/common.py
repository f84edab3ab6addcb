from odoo.addons.mass_mailing.tests.common import MassMailCommon


class UnreachableCase(MassMailCommon):
    """Two domains cannot receive mail; one of them has another spelling in addresses."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        Domains = cls.env['mail.partner.domain']
        Domains.search([('id', '!=', False)]).unlink()
        Domains.create([
            {'name': 'dead.example', 'mark': 'marked', 'reception': 'no_domain'},
            {'name': 'xn--tt-fka.example', 'written_as': 'töt.example', 'mark': 'marked'},
            {'name': 'suspected.example', 'mark': 'suspected'},
            {'name': 'held.example', 'mark': 'held'},
            {'name': 'fine.example'},
        ])

    @classmethod
    def make_list(cls, *emails):
        return cls.env['mailing.list'].create({
            'name': "List", 'contact_ids': [(0, 0, {'name': email, 'email': email}) for email in emails]})

    @classmethod
    def make_mailing(cls, recipients, **values):
        """Return a mailing to mailing lists, or to records of another model."""
        if recipients._name == 'mailing.list':
            values = {'contact_list_ids': [(6, 0, recipients.ids)], **values}
        else:
            values = {'mailing_domain': repr([('id', 'in', recipients.ids)]), **values}
        return cls.env['mailing.mailing'].create({
            'subject': "News", 'email_from': 'news@ours.example', 'mailing_type': 'mail', 'body_html': "<p>Hello</p>",
            'body_arch': "<p>Hello</p>", 'mailing_model_id': cls.env['ir.model']._get_id(recipients._name),
            'reply_to_mode': 'new', 'reply_to': 'news@ours.example', **values})
