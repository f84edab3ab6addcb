{
    'name': 'Email Domain Health: Job Queue',
    'summary': 'Thousands of domains, looked at by as many workers and machines as run the jobs of OCA\'s queue_job',
    'version': '19.0.1.0.0',
    'category': 'Productivity/Discuss',
    'author': 'Email Domain Health contributors',
    'license': 'LGPL-3',
    'depends': ['mail_domain_health', 'queue_job'],
    'data': [
        'data/queue_job_data.xml',
    ],
    'auto_install': True,
    'uninstall_hook': 'uninstall_hook',
}
