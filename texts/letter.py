"""What is said of the letter to whoever runs the DNS, and of the link in it."""

from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

# Why a link could not be opened by somebody without a login: MailDomainHealthLink._get_obstacle.
OBSTACLES = {
    'copy': _lt("This is a copy of your database: links to it do not work."),
    'several': _lt(
        "A link needs a host name that leads to one database. %(host)s leads to %(count)s databases, and somebody without "
        "a login cannot choose one. Set “dbfilter” in Odoo's configuration file, or send the records without a link."),
    'nowhere': _lt(
        "A link needs a host name that leads to this database, and %(host)s does not. Correct the system parameter "
        "“web.base.url” or “dbfilter” in Odoo's configuration file, or send the records without a link."),
    'local': _lt(
        "The link would lead to %(host)s, which works on this computer only. If others reach this Odoo by another name, "
        "open it by that name and log in again, or set the system parameter “web.base.url”."),
}
EFFECTIVE = ('copy', 'several', 'nowhere')  # the obstacles in spite of which a link is of no use to anybody

LINK_OPEN = _lt("A link sent to %(email)s shows the records until %(date)s.")
