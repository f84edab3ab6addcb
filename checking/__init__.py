"""From a report to what is stored of it and said about it; and which domains are looked at, and when.

Plain functions and classes: whoever stores something does it in a model, which calls them.
"""
