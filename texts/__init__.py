"""Every sentence that people read: from codes and parameters to translated words.

A sentence speaks of *their* mail first, of the record second, of the protocol last, and says
what to do. Parameters come from DNS: whoever shows a text escapes it.
"""
