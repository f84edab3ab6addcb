"""What receivers report: DMARC aggregate reports, TLS reports and failure reports, as the world writes them.

RFC 9990 and RFC 7489 §7.2, RFC 8460, RFC 9991. Reports in XML are read by lxml; where it is not installed, they are
refused and the rest is read.
"""

from .as_dict import to_dict
from .codes import CODES
from .model import (
    AggregateReport,
    DkimResult,
    FailureReport,
    Limits,
    Policy,
    Reason,
    Record,
    Refused,
    Report,
    Skipped,
    SpfResult,
    TlsFailure,
    TlsPolicy,
    TlsReport,
)
from .reading import NOTHING, is_report, read
from .unpacking import Damaged, Payload, extract

__all__ = [
    "CODES",
    "NOTHING",
    "AggregateReport",
    "Damaged",
    "DkimResult",
    "FailureReport",
    "Limits",
    "Payload",
    "Policy",
    "Reason",
    "Record",
    "Refused",
    "Report",
    "Skipped",
    "SpfResult",
    "TlsFailure",
    "TlsPolicy",
    "TlsReport",
    "extract",
    "is_report",
    "read",
    "to_dict",
]
