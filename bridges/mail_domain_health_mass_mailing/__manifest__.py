{
    'name': 'Email Domain Health: Mailings',
    'summary': 'Before a mailing is sent: how many of its addresses are at domains that cannot receive mail',
    'version': '19.0.1.0.0',
    'category': 'Productivity/Discuss',
    'author': 'Email Domain Health contributors',
    'license': 'LGPL-3',
    'depends': ['mail_domain_health', 'mass_mailing'],
    'data': [
        'views/mailing_mailing_views.xml',
    ],
    'assets': {
        'web.assets_tests': [
            'mail_domain_health_mass_mailing/static/tests/tours/**/*',
        ],
    },
    'auto_install': True,
}
