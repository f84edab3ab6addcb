"""What system parameters of older versions do in this one."""

from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

PARAMETERS = {
    'mail.catchall.domain': _lt(
        "Has no effect in this version of Odoo. The alias domain of the company took its place (Settings → Emails → "
        "Alias Domain)."),
    'mail.force.smtp.from': _lt(
        "Has no effect since Odoo 15. The alias domain's “Default From Alias” took its place, together with the "
        "“FROM Filtering” of the outgoing mail servers."),
    'mail.dynamic.smtp.from': _lt(
        "Has no effect since Odoo 15. The alias domain's “Default From Alias” took its place, together with the "
        "“FROM Filtering” of the outgoing mail servers."),
    'mail.default.from': _lt(
        "Has no effect in this version of Odoo. The alias domain's “Default From Alias” took its place."),
    'mail.bounce.alias': _lt(
        "Has no effect in this version of Odoo. The alias domain's “Bounce Alias” took its place."),
    'mail.catchall.alias': _lt(
        "Has no effect in this version of Odoo. The alias domain's “Catchall Alias” took its place."),
}
