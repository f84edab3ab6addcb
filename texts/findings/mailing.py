"""Findings about mass mailings (mailauth.verdict.one_click), in words."""

from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

FINDINGS = {
    'mailing.one_click_void': (
        _lt("One-click unsubscribe has no effect"),
        _lt("Your mass mailings offer one-click unsubscribe, which Gmail and Yahoo require from bulk senders. It only "
            "counts in mail with a signature (DKIM), but mailings sent from %(name)s have none."),
        _lt("Publish the DKIM record of the service that sends your mailings (%(services)s): see “To Do”."),
    ),
    'mailing.one_click_not_https': (
        _lt("The unsubscribe link is not encrypted"),
        _lt("Your mass mailings offer one-click unsubscribe, which Gmail and Yahoo require from bulk senders. It only "
            "counts if the link begins with https, but the address of your Odoo is %(url)s."),
        _lt("Make your Odoo available over https, then correct the system parameter web.base.url (Settings, Technical, "
            "System Parameters)."),
    ),
}
