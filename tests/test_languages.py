from odoo.tests import HttpCase, tagged

from .common import DnsServerCase

# Nothing of ours reaches beyond the screen, on either side.
INSIDE = """
    const own = '[class*=o_mail_domain_health], [class*=o_mail_domain_health] *';
    const OF_ODOO = '.visually-hidden, .o_notebook_headers, .o-mail-Chatter'; // a form's tabs scroll by themselves
    const isShown = (element) => element.checkVisibility() && element.getClientRects().length && !element.closest(OF_ODOO);
    for (const element of [...document.querySelectorAll(own)].filter(isShown)) {
        const { left, right } = element.getBoundingClientRect();
        claim(left >= -1 && right <= window.innerWidth + 1, `beyond the screen: ${element.outerHTML.slice(0, 200)}`);
    }
"""


@tagged('post_install', '-at_install')
class TestLanguages(DnsServerCase, HttpCase):
    """Screens of a language that is written from right to left are mirrored, which Odoo does with rtlcss alone.

    Those of a language with long words are as wide as the screen, and no wider.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env['ir.mail_server'].search([('id', '!=', False)]).unlink()
        cls.company = cls.env.ref('base.user_admin').company_id
        # Before tests Odoo makes the sheets from left to right alone; a busy machine needs longer than a request may take.
        for bundle in ('web.assets_web', 'web.assets_web_print'):
            cls.env['ir.qweb']._get_asset_bundle(bundle, js=False, rtl=True).css()

    def setUp(self):
        super().setUp()
        self.publish('failing.example', '@ TXT "v=spf1 include:_spf.google.com ~all"', '_dmarc TXT "v=DMARC1; p=reject"')
        self.dns.set_zone('google.com', '_spf TXT "v=spf1 include:_netblocks.google.com ~all"\n'
                                        '_netblocks TXT "v=spf1 ip4:203.0.113.0/24 ~all"')
        self.company.write({
            'alias_domain_id': self.env['mail.alias.domain'].create({'name': 'failing.example'}).id,
            'mail_sending_service_id': self.ref('mail_domain_health.sending_service_odoo'),
        })
        self.domain = self.health('failing.example')
        self.domain.check_now()

    def look(self, lang, url, script):
        """Run a script on the screen, wide and on a phone; it finds by ``await find(selector)`` and demands by ``claim``."""
        self.speak(lang)
        code = f"""(async () => {{
            const claim = (is, what) => {{ if (!is) throw new Error(what); }};
            const find = async (selector) => {{
                for (let tries = 0; tries < 600; tries++) {{
                    const found = document.querySelector(selector);
                    if (found?.checkVisibility()) return found;
                    await new Promise((resolve) => setTimeout(resolve, 100));
                }}
                throw new Error(`never seen: ${{selector}}`);
            }};
            {script}
            {INSIDE}
        }})().then(() => console.log("test successful"), (error) => console.error(error.message));"""
        for size, touches in (('1400x900', False), ('375x667', True)):
            with self.subTest(size=size):
                self.browser_size, self.touch_enabled = size, touches
                self.browser_js(url, code, login='admin', timeout=180)

    def test_settings_are_mirrored(self):
        """The name keeps its distance (me-2) from the sentence, which now stands to its left."""
        self.look('ar_001', '/odoo/settings', """
            const box = await find('.o_mail_domain_health_box');
            const name = await find('.o_mail_domain_health_box .o_mail_domain_health_name');
            const { direction, marginLeft, marginRight } = getComputedStyle(name);
            claim(direction === 'rtl', 'Odoo serves the sheet from left to right');
            claim(parseFloat(marginLeft) > parseFloat(marginRight), `margins: ${marginLeft} left, ${marginRight} right`);
            const mark = box.querySelector('.o_mail_domain_health_headline .fa').getBoundingClientRect();
            claim(mark.left >= name.getBoundingClientRect().right, 'the mark does not stand first');
            (await find('#mail_domain_health_setting details[data-fold=advanced] > summary')).click();
            (await find('.o_mail_domain_health_fix_it_now')).click();
            const dialog = '.modal .o_mail_domain_health_fix_it .o_mail_domain_health_change[data-type=TXT]';
            const [first, ...words] = (await find(`${dialog} .o_mail_domain_health_value`)).children;
            const last = words.at(-1);
            claim(first.textContent === 'v=spf1' && last.textContent.endsWith('all'), `the record ${first.parentElement.textContent}`);
            const { top, left } = first.getBoundingClientRect();
            const end = last.getBoundingClientRect();
            claim(top < end.top || left < end.left, 'the record is shown from its end to its start');
        """)

    def test_the_report_is_mirrored(self):
        """The line beside what an include brings stands to its right; a record itself is read from left to right.

        What is done to a domain are buttons that stand on one line, or one below the other.
        """
        self.look('ar_001', f'/odoo/mail.domain.health/{self.domain.id}', """
            await find('.o_mail_domain_health_overview');
            await find('button[name=action_send_proof]');
            const buttons = [...document.querySelectorAll('button[name=action_send_proof], button[name=action_check_received_mail]')]
                .filter((button) => button.checkVisibility()).map((button) => button.getBoundingClientRect());
            const [proof, mail] = buttons;
            claim(buttons.length === 2 && (proof.top === mail.top || proof.bottom <= mail.top), `tops: ${proof.top}, ${mail.top}`);
            (await find('.nav-link[name=records]')).click();
            const inner = await find('.o_mail_domain_health_spf_rows .o_mail_domain_health_spf_rows');
            const { borderLeftWidth, borderRightWidth, paddingLeft, paddingRight } = getComputedStyle(inner);
            claim(parseFloat(borderRightWidth) > 0 && parseFloat(borderLeftWidth) === 0, `borders: ${borderLeftWidth} left, ${borderRightWidth} right`);
            claim(parseFloat(paddingRight) > parseFloat(paddingLeft), `padding: ${paddingLeft} left, ${paddingRight} right`);
        """)

    def test_the_way_to_the_records_fits_where_words_are_long(self):
        """A button says in German "Als Text für Ihren DNS-Administrator kopieren"."""
        self.look('de_DE', '/odoo/settings', """
            (await find('.o_mail_domain_health_fix_it_now')).click();
            await find('.modal .o_mail_domain_health_fix_it .o_mail_domain_health_change');
            document.querySelectorAll('.modal details').forEach((details) => (details.open = true));
            (await find('.modal .o_mail_domain_health_write')).click();
            await find('.modal .o_mail_domain_health_letter_wizard');
            for (const title of document.querySelectorAll('.modal-title')) {
                claim(title.scrollWidth <= title.clientWidth + 1, `a title is cut: ${title.textContent}`);
            }
        """)

    def test_every_tab_of_a_domain_is_seen_on_a_wide_screen_where_words_are_long(self):
        """On a phone Odoo lets the tabs of every form scroll."""
        self.look('fr_FR', f'/odoo/mail.domain.health/{self.domain.id}', """
            await find('.o_mail_domain_health_overview');
            const tabs = await find('.o_mail_domain_health_view .o_notebook_headers');
            claim(tabs.querySelectorAll('.nav-link').length > 6, 'the tabs are not there yet');
            claim(window.innerWidth < 992 || tabs.scrollWidth <= tabs.clientWidth, `${tabs.scrollWidth} of ${tabs.clientWidth}`);
        """)
