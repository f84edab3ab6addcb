"""Domains at which contacts have their addresses: what DMARC asks for mail from them, and whether mail to them can arrive."""

from .check import AT_ONCE, check_contact_domain, check_contact_domains
from .confirmation import CONFIRMED_AT_ONCE, CONTROLS, Confirmation, Opinion, confirm_unreachable
from .domain import ContactDomain, PolicyInForce, Reception, SpfDefault
from .pace import QUESTIONS, QUESTIONS_PER_SECOND, Pace, Silence
from .typos import likely_typo

__all__ = [
    "AT_ONCE",
    "CONFIRMED_AT_ONCE",
    "CONTROLS",
    "QUESTIONS",
    "QUESTIONS_PER_SECOND",
    "Confirmation",
    "ContactDomain",
    "Opinion",
    "Pace",
    "PolicyInForce",
    "Reception",
    "Silence",
    "SpfDefault",
    "check_contact_domain",
    "check_contact_domains",
    "confirm_unreachable",
    "likely_typo",
]
