"""What may go wrong without stopping what comes after it."""

import logging
from contextlib import contextmanager

from psycopg2 import OperationalError

_logger = logging.getLogger(__name__)


@contextmanager
def isolated(env):
    """Within, whatever goes wrong is undone and logged, and stops nothing else."""
    try:
        with env.cr.savepoint():
            yield
    except OperationalError:  # to be repeated as a whole, as core does
        raise
    except Exception:
        _logger.exception("Email Domain Health: this part of the scheduled check is left out")
