"""Domains at which anybody has an address: nobody who runs an Odoo publishes records there.

Adding one is adding it to ``data/freemail_domains.json``: ``{code of the service that sends for them, or "": [domain]}``.
"""

import json
from pathlib import Path

# Whose servers send for a freemail domain (the code of a mail.sending.service); the records of these domains say the same.
DOMAINS_OF_SERVICE = json.loads(
    (Path(__file__).parent.parent / 'data' / 'freemail_domains.json').read_text(encoding='utf-8'))
FREEMAIL_DOMAINS = frozenset(domain for domains in DOMAINS_OF_SERVICE.values() for domain in domains)
# What a fresh database calls its administrator and OdooBot by (RFC 2606 §3).
RESERVED_DOMAINS = frozenset({'example.com', 'example.net', 'example.org'})
NOBODYS_DOMAINS = FREEMAIL_DOMAINS | RESERVED_DOMAINS


def sends_for(service_code, domain):
    """Whether the service with this code (empty: none) is the freemail provider of ``domain`` itself."""
    return bool(service_code) and domain in DOMAINS_OF_SERVICE.get(service_code, ())
