"""Domains that may be registered by anybody: those that a domain's records rely on, and the domain itself.

Which names its records rely on and do not exist is told by what an ordinary look found (:mod:`.reliance`). Whether the domain
above such a name is free, only its parent zone's own servers know (:mod:`.parent`).
"""

from .codes import CODES
from .parent import AT_ONCE, Registered, Registration, look_up
from .parking import parking_service
from .reliance import KINDS, DeadName, DeadNames, find_dead_names

__all__ = [
    "AT_ONCE",
    "CODES",
    "KINDS",
    "DeadName",
    "DeadNames",
    "Registered",
    "Registration",
    "find_dead_names",
    "look_up",
    "parking_service",
]
