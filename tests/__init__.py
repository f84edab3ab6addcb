from . import test_announcement
from . import test_check
from . import test_domain
from . import test_path
from . import test_tours
