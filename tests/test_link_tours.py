from odoo.tests import tagged

from ..models.mail_domain_health_link import ROUTE
from .test_link import LinkCase

# What the page's own script does, in a page that has nothing of Odoo's.
COPY = """
    const errors = [];
    document.addEventListener("securitypolicyviolation", (ev) => errors.push(`blocked: ${ev.blockedURI}`));
    const [button, ...others] = document.querySelectorAll("button[data-copy^=value-]");
    if (button.hidden || others.length !== 2) errors.push("a value has no button");
    if (getComputedStyle(document.querySelector(".record")).borderRadius === "0px") errors.push("the page has no style");
    if (document.documentElement.scrollWidth > window.innerWidth) errors.push("the page scrolls sideways");
    const { textContent: before } = button;
    button.click();
    setTimeout(() => {
        const copied = button.textContent !== before || String(getSelection()).includes("v=spf1");
        if (!copied) errors.push("neither copied nor selected");
        if (errors.length) console.error(errors.join(", ")); else console.log("test successful");
    }, 500);
"""


@tagged('post_install', '-at_install')
class TestLinkTours(LinkCase):
    """What whoever runs the DNS does in the browser."""

    def test_values_are_copied_by_a_button_without_a_login(self):
        self.browser_js(self.address, COPY)

    def test_values_are_copied_on_a_phone(self):
        self.browser_size = '375x667'
        self.browser_js(self.address, COPY)

    def test_the_page_in_german(self):
        self.speak('de_DE')
        self.browser_size = '375x667'
        self.browser_js(self.make_link(self.domain, 'de_DE'), f"""
            const {{ lang }} = document.documentElement;
            if (lang !== "de-DE") console.error(`the page is in ${{lang}}`);
            {COPY}""")

    def test_from_the_dialog_to_a_letter_in_german(self):
        self.speak('de_DE')
        self.write_letter()

    def test_from_the_dialog_to_a_letter_that_leaves_with_a_link_and_back_to_withdrawing_it(self):
        self.write_letter()

    def write_letter(self):
        admin = self.env.ref('base.user_admin')
        admin.write({'company_ids': [(4, self.company.id)], 'company_id': self.company.id, 'email': 'admin@elsewhere.example'})
        self.env['mail.domain.health.link'].search([('domain_id', '=', self.domain.id)]).unlink()
        mails = self.env['mail.mail'].search([('id', '!=', False)])
        self.start_tour('/odoo/settings', 'mail_domain_health_letter', login='admin')
        [mail] = self.env['mail.mail'].search([('id', '!=', False)]) - mails
        self.assertEqual(mail.recipient_ids.email or mail.email_to, 'dns@host.example')
        self.assertIn('v=spf1 include:_spf.odoo.com ~all', mail.body_html)
        self.assertRegex(mail.body_html, rf'{ROUTE}/\d+/[\w-]{{43}}')
        self.assertFalse(self.env['mail.domain.health.link'].search([('domain_id', '=', self.domain.id)]), "it was withdrawn")
