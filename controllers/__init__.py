from . import records_page
