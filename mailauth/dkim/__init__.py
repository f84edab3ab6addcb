"""DKIM: the keys at a domain's selectors, and what is wrong with them (RFC 6376, RFC 8301, RFC 8463)."""

from .codes import CODES
from .inspection import Hint, HintStatus, KeyReport, SelectorStatus, hint, inspect, key_name
from .key import KeyRecord, KeyStatus, means_key, parse
from .service_keys import KeysStatus, ServiceKeys, companions, inspect_service, inspect_unknown, judge

__all__ = [
    "CODES",
    "Hint",
    "KeyRecord",
    "KeyReport",
    "ServiceKeys",
    "companions",
    "hint",
    "inspect",
    "inspect_service",
    "inspect_unknown",
    "judge",
    "key_name",
    "means_key",
    "parse",
]
