"""What is published beside SPF, DKIM and DMARC: mail servers, reverse names, MTA-STS and TLS-RPT; and tag lists."""
