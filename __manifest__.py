{
    'name': 'Email Domain Health',
    'summary': 'Will the mail that Odoo sends be believed? SPF, DKIM and DMARC, with the record to paste',
    'version': '19.0.1.0.0',
    'category': 'Productivity/Discuss',
    'author': 'Email Domain Health contributors',
    'license': 'LGPL-3',
    'depends': ['mail', 'base_setup'],
    'external_dependencies': {
        'python': ['dnspython'],
        'apt': {'dnspython': 'python3-dnspython'},
    },
    'data': [
        'security/ir.model.access.csv',
        'security/mail_domain_health_security.xml',
        'data/mail_sending_service_data.xml',
        'data/mail_dns_provider_data.xml',
        'data/ir_cron_data.xml',
        'views/mail_domain_health_views.xml',
        'views/mail_domain_health_check_views.xml',
        'views/mail_domain_health_finding_views.xml',
        'views/mail_domain_health_path_views.xml',
        'views/mail_sending_service_views.xml',
        'views/mail_dns_provider_views.xml',
        'views/ir_mail_server_views.xml',
        'wizard/mail_alias_domain_adopt_views.xml',
        'wizard/mail_sender_address_views.xml',
        'views/res_config_settings_views.xml',
        'views/mail_domain_health_menus.xml',
    ],
    'assets': {
        'web.assets_backend': [
            'mail_domain_health/static/src/**/*',
        ],
        'web.assets_unit_tests': [
            'mail_domain_health/static/tests/**/*.test.js',
        ],
        'web.assets_tests': [
            'mail_domain_health/static/tests/tours/**/*',
        ],
    },
    'post_init_hook': 'post_init_hook',
    'uninstall_hook': 'uninstall_hook',
}
