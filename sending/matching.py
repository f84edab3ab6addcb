"""From a mail that left to the path that foretold it."""

from collections import namedtuple

from ..mailauth.dns.names import domain_of
from .external_senders import EXTERNAL_KINDS
from .freemail import FREEMAIL_DOMAINS

# Which kind a mail belongs to whose author and path fit several: the more special one, if it is of one address;
# of a whole domain's addresses most mail is people's own.
_ORDER = (
    'mailing', 'template', 'code', 'odoobot', 'gateway', 'company', 'catchall', 'digest', 'notifications', 'user', 'organizer',
    'portal', 'customer', 'outsider')
_ORDER_OF_MANY = ('user', 'template', 'mailing', 'portal', 'customer', 'outsider')
AUTHOR = 'author'  # stands for the author's own address, or an external sender's own domain
_Row = namedtuple('_Row', 'path_id author kind from_email envelope_from')


def match(table, mail_server_id, author_email, from_email, envelope_from, is_mailing=False):
    """Return the id of the path that a mail which left belongs to, or ``None``.

    :param table: :func:`match_table` of the company whose mail it is
    :param mail_server_id: the server that it left through (falsy: the configuration file's)
    :param author_email: ``mail.mail.email_from``, normalized
    :param from_email: the address that the receiver sees; of a domain alone any address fits
    :param envelope_from: the envelope sender; of a domain alone any address fits
    :param is_mailing: whether it belongs to a mass mailing
    """
    author, from_domain, envelope_domain = map(domain_of, (author_email, from_email, envelope_from))
    foretold, authors = table
    rows = foretold.get((mail_server_id or False, from_domain, envelope_domain), ())
    external = foretold.get((mail_server_id or False, AUTHOR if from_domain == author else from_domain,
                             AUTHOR if envelope_domain == author else envelope_domain), ())
    fitting = [
        *(row for row in rows if row.author and row.author == author_email),
        *(row for row in rows if row.author == f'@{author}'),
    ]
    if authors.isdisjoint((author_email, f'@{author}')):  # or their mail has a path of its own
        fitting += [row for row in (*external, *rows) if row.author == '@']
    fitting = [row for row in fitting if _is_as_foretold(row.from_email, from_email, author_email)
               and _is_as_foretold(row.envelope_from, envelope_from, author_email)]
    # A mailing's mails tell that they are one; else the closest fit, then the order of the table.
    chosen = min(fitting, key=lambda row: (row.kind == 'mailing') != is_mailing, default=None)
    return chosen.path_id if chosen else None


def match_table(paths):
    """Return ``({(server, From domain, envelope domain): (_Row, ...)}, authors that are ours)`` of what was foretold.

    :param paths: those of one company

    The author is ``@domain`` for all of a domain, and ``@`` for anybody.

    Where an external sender's own address stays, any external sender's domain does: it is written ``author``.
    """
    table = {}

    def order(path):
        kinds = _ORDER if path.is_exact or path.kind not in _ORDER_OF_MANY else _ORDER_OF_MANY
        return kinds.index(path.kind), path.moment, path.id

    for path in paths.filtered(lambda path: path.kind != 'unforeseen' and not path.refusal).sorted(order):
        author = domain_of(path.author_email)
        domains = (path._from_domain(), path._envelope_domain())
        if path.kind in EXTERNAL_KINDS and path.kind != 'portal':
            domains = tuple(AUTHOR if name == author else name for name in domains)
            author = '@'
        elif path.kind in _ORDER_OF_MANY and not path.is_exact:
            author = f'@{author}'
        else:
            author = path.author_email
        table.setdefault((path.mail_server_id.id, *domains), []).append(_Row(
            path.id, author, path.kind,
            *(AUTHOR if address == path.author_email else address for address in (path.from_email, path.envelope_from))))
    # Some of ours have an address where anybody has one, and people from outside stay outside there.
    authors = {row.author for rows in table.values() for row in rows if row.kind not in (*EXTERNAL_KINDS, 'organizer')}
    return {key: tuple(rows) for key, rows in table.items()}, authors - {f'@{name}' for name in FREEMAIL_DOMAINS}


def _is_as_foretold(foretold, address, author):
    """Whether ``address`` is the one that a path names; of a domain alone any is."""
    if not address or '@' not in address.lstrip('@'):
        return True
    return address == (author if foretold == AUTHOR else foretold)
