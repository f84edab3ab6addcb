"""The demo's DNS: zones in a folder of master files, served live, and a small web panel to change them."""

from .demo import DemoDns
from .panel import Panel
from .store import BadInput, Record, ZoneStore

__all__ = ["BadInput", "DemoDns", "Panel", "Record", "ZoneStore"]
