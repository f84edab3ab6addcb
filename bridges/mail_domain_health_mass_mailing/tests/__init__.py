from . import test_unreachable
from . import test_tour
