"""What may go wrong without stopping what comes after it."""

import logging
from contextlib import contextmanager

from psycopg2 import OperationalError
from psycopg2.errors import SerializationFailure, UniqueViolation

_logger = logging.getLogger(__name__)


@contextmanager
def isolated(env):
    """Within, whatever goes wrong is undone and logged, and stops nothing else."""
    try:
        with env.cr.savepoint():
            yield
    except OperationalError:  # to be repeated as a whole, as core does
        raise
    except UniqueViolation as error:  # another transaction creates the same at this moment: so is that
        raise SerializationFailure("created by another transaction") from error
    except Exception:
        _logger.exception("Email Domain Health: this part of the scheduled check is left out")
