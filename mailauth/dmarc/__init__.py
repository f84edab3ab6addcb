"""DMARC: the record, the policy in force, alignment, and what is wrong with them (RFC 9989, RFC 7489)."""

from .alignment import aligned, organizational_domain
from .codes import CODES, LEFT_OPEN
from .discovery import discover, discover_contested, dmarc_texts
from .inspection import inspect
from .legacy import LegacyView, registrable_domain
from .policy import Policy
from .record import DmarcRecord, is_dmarc, parse
from .report_uri import ReportUri
from .tree_walk import Walk, record_name, walk

__all__ = [
    "CODES",
    "LEFT_OPEN",
    "DmarcRecord",
    "LegacyView",
    "Policy",
    "ReportUri",
    "Walk",
    "aligned",
    "discover",
    "discover_contested",
    "dmarc_texts",
    "inspect",
    "is_dmarc",
    "organizational_domain",
    "parse",
    "record_name",
    "registrable_domain",
    "walk",
]
