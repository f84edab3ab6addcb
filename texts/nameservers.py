"""What a name server said when it was tried out."""

from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

# By how the question ended (mailauth: Status); None: it was answered, whatever the answer.
SAID = {
    None: _lt("%(server)s answered within %(milliseconds)s ms."),
    'refused': _lt("%(server)s refuses to answer the server that Odoo runs on."),
    'servfail': _lt("%(server)s answered that it cannot look anything up (%(detail)s)."),
    'timeout': _lt("%(server)s did not answer (%(detail)s)."),
}

# What the whole trial comes to.
OUTCOMES = {
    'all': _lt("DNS can be asked from here."),
    'some': _lt("DNS can be asked from here, but not all of these name servers answer. Remove those that do not."),
    'none': _lt(
        "None of these name servers can be used from here. Ask whoever runs this server which ones it may ask, or enter a "
        "DNS over HTTPS service, such as https://dns.example/dns-query."),
    'no_servers': _lt(
        "The server that Odoo runs on names no name servers. Enter the address of one that it may ask, or of a DNS over "
        "HTTPS service, such as https://dns.example/dns-query."),
    'unreadable': _lt(
        "“%(items)s” is not the address of a name server. Enter IP addresses separated by commas, for example “192.0.2.53, "
        "127.0.0.1:5353”."),
    'too_many': _lt("Enter %(limit)s name servers at most."),
}
