from . import test_access
from . import test_announcement
from . import test_check
from . import test_cron
from . import test_domain
from . import test_path
from . import test_settings
from . import test_tours
