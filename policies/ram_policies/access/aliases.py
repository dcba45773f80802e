"""Accounts named by alias: in the account field of a resource, as people write it."""

from __future__ import annotations

from dataclasses import replace

from ram_policies.access.model import AccessModel
from ram_policies.access.phrases import listed
from ram_policies.arn import SYSTEM, Arn
from ram_policies.errors import InvalidInputError
from ram_policies.pattern import has_wildcard

SIGN_IN_DOMAIN = ".onaliyun.com"
"""Suffix of the default sign-in domain, ``<ID or alias>.onaliyun.com``. Source: RAM, "Default domain name"."""


def with_account_id(model: AccessModel, resource: str, field: str = "RESOURCE") -> str:
    """A resource, or a pattern of resources, with the account's ID in place of its alias.

    Args:
        model: the accounts whose aliases are known.
        resource: an ARN, a pattern, or ``*``.
        field: how an error names it.

    Raises:
        InvalidInputError: it is not an ARN, or its account is neither an ID, nor a pattern, nor the alias of one
            account of the model.
    """
    if resource == "*":
        return resource
    arn = Arn.parse(resource, field)
    written = arn.account
    if not written or written == SYSTEM or written.isdigit() or has_wildcard(written) or model.account(written):
        return resource
    alias = written.lower().removesuffix(SIGN_IN_DOMAIN)
    meant = [account.id for account in model.accounts if alias in {account.alias.lower(), account.id}]
    if len(meant) == 1:
        return str(replace(arn, account=meant[0]))
    known = [f"{account.id} for {account.alias}" for account in model.accounts if account.alias]
    fix = f"write the account's ID, {listed(known, 'or')}" if known else "write the account's ID, which is a number"
    problem = f"names the account {written}, which is neither an ID nor an alias that the sources know"
    raise InvalidInputError(field, resource, problem, fix, code="unknown-account")
