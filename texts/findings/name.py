"""What is wrong with a domain's name, in words."""

from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

FINDINGS = {
    'name.empty': (
        _lt("No domain is given"),
        _lt("Without a domain, Odoo's mail has no sender address that receivers could check."),
        _lt("Enter a domain that you own as the company's alias domain (Settings, Emails, Alias Domain)."),
    ),
    'name.ip_address': (
        _lt("A number where a domain belongs"),
        _lt("“%(name)s” is an IP address, the number of one machine. Receivers reject mail from addresses that end in "
            "one."),
        _lt("Use a domain that you own instead, such as that of your website."),
    ),
    'name.single_label': (
        _lt("The domain lacks its ending, such as .com"),
        _lt("“%(name)s” only has a meaning inside your own network. Receivers outside cannot check such mail and "
            "reject it."),
        _lt("Use the complete name of a domain that you own."),
    ),
    'name.empty_label': (
        _lt("The domain has one dot too many"),
        _lt("“%(name)s” begins with a dot or has two in a row. No such domain can exist, so receivers reject its mail."),
        _lt("Remove the extra dot."),
    ),
    'name.label_too_long': (
        _lt("Part of the domain is too long"),
        _lt("Each part of a domain, between dots, can have up to 63 characters. “%(name)s” has more, so no such domain "
            "can exist."),
        _lt("Compare it with the name that you registered, and correct it."),
    ),
    'name.name_too_long': (
        _lt("The domain is too long"),
        _lt("A domain can have up to 253 characters. “%(name)s” has more, so no such domain can exist."),
        _lt("Compare it with the name that you registered, and correct it."),
    ),
    'name.underscore': (
        _lt("The domain has an underscore"),
        _lt("Only letters, digits, hyphens and dots are allowed after the @ of an address. Receivers reject addresses "
            "at “%(name)s”."),
        _lt("Use a domain without an underscore for mail; a hyphen is allowed."),
    ),
    'name.hyphen': (
        _lt("Part of the domain begins or ends with a hyphen"),
        _lt("No such domain can be registered, so receivers reject mail from “%(name)s”."),
        _lt("Compare it with the name that you registered, and correct it."),
    ),
    'name.bad_character': (
        _lt("The domain has a character that no domain can have"),
        _lt("Only letters, digits, hyphens and dots are allowed after the @ of an address. Receivers reject addresses "
            "at “%(name)s”."),
        _lt("Remove the character, which may be a space or something that was pasted in with the name."),
    ),
    'name.idn': (
        _lt("The domain has letters that DNS cannot store"),
        _lt("A domain with letters beyond a to z is stored in DNS, the directory of the internet, in a coded form. "
            "“%(name)s” cannot be coded, so no such domain can exist."),
        _lt("Compare it with the name that you registered, letter by letter, and correct it."),
    ),
    'name.numeric_tld': (
        _lt("The domain ends in a number"),
        _lt("No ending such as .com consists of digits, so “%(name)s” cannot exist and receivers reject its mail."),
        _lt("Use the complete name of a domain that you own."),
    ),
}
