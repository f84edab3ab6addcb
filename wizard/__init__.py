from . import mail_alias_domain_adopt
