"""What receivers said when they refused mail: the cause of one text, and many texts summed up."""

from __future__ import annotations

from .answers import MAX_TEXT, Speaker
from .causes import TROUBLES, Cause, Trouble
from .classification import AUTHENTICATION, CODES, FINDINGS, MAX_EXCERPT, Rejection, classify

__all__ = [
    "AUTHENTICATION",
    "CODES",
    "FINDINGS",
    "MAX_EXCERPT",
    "MAX_TEXT",
    "TROUBLES",
    "Cause",
    "Rejection",
    "Speaker",
    "Trouble",
    "classify",
]
