"""Accounts, users, roles, keys and tokens: who a caller is."""
