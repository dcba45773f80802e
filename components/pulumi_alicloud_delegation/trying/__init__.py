"""Trying an operator's roles with the operator's own credentials: nothing is changed, and nothing secret is shown."""
