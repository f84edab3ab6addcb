from odoo.tests import tagged

from .test_link import LinkCase

# What the page's own script does, in a page that has nothing of Odoo's.
COPY = """
    const errors = [];
    document.addEventListener("securitypolicyviolation", (ev) => errors.push(`blocked: ${ev.blockedURI}`));
    const [button, ...others] = document.querySelectorAll("button[data-copy^=value-]");
    if (button.hidden || others.length !== 2) errors.push("a value has no button");
    if (getComputedStyle(document.querySelector(".record")).borderRadius === "0px") errors.push("the page has no style");
    if (document.documentElement.scrollWidth > window.innerWidth) errors.push("the page scrolls sideways");
    button.click();
    setTimeout(() => {
        const copied = button.textContent === "Copied" || String(getSelection()).includes("v=spf1");
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
