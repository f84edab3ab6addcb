from . import mail_health_wizard
from . import mail_alias_domain_adopt
from . import mail_sender_address
from . import mail_domain_health_remedy
from . import mail_domain_health_arrival
from . import mail_contact_relaying
from . import mail_contact_address
from . import mail_domain_health_assign
