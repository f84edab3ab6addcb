"""Who sends as what: how mail of this Odoo leaves, asked of core, and what that tells of the configuration.

Plain functions and values; they take an environment or records first. The models call them, none of them is a model.
"""
