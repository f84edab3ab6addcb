"""What a proof mail is known by when it comes back: nobody can guess it, and the database has no more than its hash."""

import hashlib
import re
import secrets

MAX_OCTETS = 256 * 1024  # of a mail that are searched
MAX_TOKENS = 10  # different ones in one mail
PREFIX = 'mdh-'
# In lower case: a local part is taken as such by many servers, and others fold the case of what they do not know.
_TOKEN = re.compile(rb'(?<![0-9a-z])mdh-([0-9a-f]{32})(?![0-9a-z])', re.IGNORECASE)


def make():
    """Return a new token: ASCII, no spaces, so that no server has a reason to fold or encode it."""
    return f'{PREFIX}{secrets.token_hex(16)}'


def hash_of(token):
    """Return what is stored of a token."""
    return hashlib.sha256(token.lower().encode()).hexdigest()


def find(octets):
    """Return the tokens that stand anywhere in a mail (recipient, subject, Message-Id, text), as far as it is looked at."""
    found = dict.fromkeys(match[1].decode().lower() for match in _TOKEN.finditer(octets[:MAX_OCTETS]))
    return tuple(f'{PREFIX}{each}' for each in found)[:MAX_TOKENS]
