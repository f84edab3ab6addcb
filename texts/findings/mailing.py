"""Findings about mass mailings (mailauth.verdict.one_click), in words."""

from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

FINDINGS = {
    'mailing.one_click_void': (
        _lt("Unsubscribing with one click counts for nothing"),
        _lt("Your mass mailings offer to unsubscribe with one click, which Gmail and Yahoo ask of those who send much. "
            "It counts only in mail with a signature (DKIM), and mailings that leave as %(name)s have none."),
        _lt("Publish the DKIM record of the service that sends your mailings (%(services)s): see “What to Publish”."),
    ),
    'mailing.one_click_not_https': (
        _lt("The link to unsubscribe is not encrypted"),
        _lt("Your mass mailings offer to unsubscribe with one click, which Gmail and Yahoo ask of those who send much. "
            "It counts only if the link begins with https, and the address of your Odoo is %(url)s."),
        _lt("Have your Odoo served over https, then correct the system parameter web.base.url (Settings, Technical, "
            "System Parameters)."),
    ),
}
