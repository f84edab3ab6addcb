"""A mail sent to oneself on each sending path, and read as it arrived: what is, instead of what DNS lets expect.

Start reading at ``plan.py`` (what can be sent, as whom), then ``departing.py``, ``judging.py`` and ``waiting.py``.
"""
