"""How one mail arrived: what a received mail proves about the way that mail leaves (RFC 5321, 6376, 7208, 8601)."""

from .as_dict import to_dict
from .author import Author, find_author
from .bounce import texts as texts_of_bounce
from .changes import Sent, changes, text_of
from .codes import CODES
from .examine import Arrival, Learned, examine, services_of
from .handover import is_handed_over
from .message import MAX_MESSAGE, Message, read
from .received import Hop
from .results import Result, Results
from .route import Route
from .signature import Signature

__all__ = [
    "CODES",
    "MAX_MESSAGE",
    "Arrival",
    "Author",
    "Hop",
    "Learned",
    "Message",
    "Result",
    "Results",
    "Route",
    "Sent",
    "Signature",
    "changes",
    "examine",
    "find_author",
    "is_handed_over",
    "read",
    "services_of",
    "text_of",
    "texts_of_bounce",
    "to_dict",
]
