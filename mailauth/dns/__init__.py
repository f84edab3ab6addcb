"""Asking DNS: names, questions and typed answers, the cache, transports, and a zone as its own servers show it.

dnspython's own package of that name is imported absolutely (``import dns.rdatatype``) here as everywhere.
"""
