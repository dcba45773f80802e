"""Proof that a trust policy asks a stranger for more than the stranger has.

It is decided by proof over all requests, not by what conditions look like: what counts is what all statements together
let through. A stranger is anybody of a trusted account, or anybody whom an identity provider knows, about whom the
policy says nothing. Conditions that strangers meet by themselves (time, HTTPS, and all but the keys below) are left
out of an Allow, and a Deny that has one counts as absent.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import product

from ram_policies.arn import account_of, role_arn, user_arn
from ram_policies.conditions import CompiledCondition, statements_about
from ram_policies.document import Condition, Document, Effect, Principals, Statement
from ram_policies.pattern import has_wildcard
from ram_policies.proof import Proof, Verdict, allows_at_most, never_overlap
from ram_policies.proof.budget import Budget
from ram_policies.proof.origins import SOURCE_IP, Origin, internet_origins, nearly_all, private_origins
from ram_policies.proof.public import public_request

EXTERNAL_ID = "sts:ExternalId"
MFA = "acs:MFAPresent"
SUBJECT = "oidc:sub"
SOURCE_IDENTITY = "sts:SourceIdentity"
_PRINCIPAL, _VPC = "acs:PrincipalARN", "acs:SourceVpc"

_NAMES = ("Q7-kT.z4:W9/x0_m2=Yb@8,v+5", "q7zk4w9x0m2yb8v5e3h1")
"""Texts that a stranger may choose: all kinds of characters, and plain ones. No honest pattern fits them."""
_PEOPLE = ("Q7-kT.z4_stranger", "q7zk4w9x0m2")
_VPCS = ("vpc-bp1q7zk4w9x0m2yb8v5e3", "vpc-q7")
_STRANGERS_VALUES: Mapping[str, tuple[str | None, ...]] = {
    EXTERNAL_ID: (None, "", *_NAMES),
    MFA: (None, "false"),
    _VPC: (None, "", *_VPCS),
}
"""For each key that can prove something, values that strangers may have; None is a request without the key.

Where a text is missing, services may fill the key with an empty one, as OSS does with the VPC.
"""
_ORIGINS = frozenset({SOURCE_IP, _VPC, "acs:PrincipalRDId", "acs:PrincipalRDPath", "acs:AccessId"})
_EXACT = frozenset({MFA, SOURCE_IP})
"""Keys of which a stranger does not choose the value, so that what it may not be counts as well."""
_BOUGHT: Mapping[str, str] = {"acs:AccessId": "LTAIStranger4711"}
_STRANGER = "stranger-4711"
_OWNED = ("repo:{}/*", "project_path:{}/*", "repository:{}/*", "organization:{}:*")
_OWNER = re.compile(r"([a-z_]+:|org/)([^/:]*)([/:]?)")
"""Beginning of a subject: the kind of thing, the name of its owner, and the character that ends the name."""
_EVERYBODY = (
    *_NAMES,
    *(f"system:serviceaccount:{name}:{name}" for name in _PEOPLE),
    *(f"{kind}:{name}/{name}:ref:refs/heads/main" for kind in ("repo", "project_path") for name in _PEOPLE),
)


def accounts_strangers(trust: Document, account_root: str) -> str:
    """Reason why everybody of an account can assume the role, as the rest of a sentence; empty if there is a condition.

    Args:
        trust: the trust policy.
        account_root: the trusted principal ``acs:ram::<id>:root``.
    """
    account = account_of(account_root)
    people = tuple(arn(account, name) for name in _PEOPLE for arn in (user_arn, role_arn))
    values = {**_STRANGERS_VALUES, _PRINCIPAL: people, SOURCE_IP: ()}
    return _pass(trust, Principals(ram=(account_root,)), values, "asks for nothing that everybody there does not have")


def anonymous(trust: Document, principal: str) -> str:
    """Reason that somebody can assume the role without a source identity; empty when one is asked for.

    Args:
        trust: the trust policy.
        principal: a trusted principal of RAM, who has everything else that is asked for.
    """
    return _pass(trust, Principals(ram=(principal,)), {SOURCE_IDENTITY: (None,)}, "asks for no source identity")


def providers_strangers(trust: Document, provider: str) -> str:
    """Reason why everybody whom an identity provider knows can assume the role; empty if there is a condition.

    Args:
        trust: the trust policy.
        provider: ARN of the identity provider.
    """
    principals = Principals(federated=(provider,))
    if ":oidc-provider/" in provider:
        chosen = Document(tuple(_avoided(trust.statements, {SUBJECT})), trust.version)
        for subject in _strangers(chosen):
            asked = replace(_allow(principals), conditions=(Condition("StringLike", SUBJECT, (subject,)),))
            if not never_overlap(Document((asked,)), chosen).holds:
                return f"allows subjects like {subject}, which anybody can have"
        return _pass(trust, principals, {SUBJECT: (None, *_EVERYBODY)}, "asks for no subject (oidc:sub)")
    keys = {c.key for s in trust.statements for c in s.conditions if c.key.startswith("saml:")}
    values = dict.fromkeys(keys, (None, *_NAMES))
    return _pass(trust, principals, values, "asks for nothing that every assertion does not have")


def buckets_strangers(policy: Document, budget: Budget | None = None) -> Proof:
    """Refutes that a bucket policy keeps out strangers; one that is for networks of the owner's does.

    Strangers come from anywhere on the internet (by IPv4 or by IPv6), or from a VPC of their own, in which they choose
    their addresses, are in no resource directory of the owner's, and have no key but their own. Every other condition
    key has the value that suits them.

    Args:
        policy: the policy of a bucket, or a part of it.
        budget: the work that may be done, where several questions share it; otherwise that of one proof.
    """
    budget = budget or Budget()
    chosen = replace(policy, statements=tuple(_avoided(policy.statements, _ORIGINS - _EXACT)))
    tested = _tests_of_addresses(chosen.statements)
    open_to = {
        origin: proof
        for origin in internet_origins(tested)
        # Of requests from the internet OSS fills the VPC with an empty text.
        if not (proof := _public(chosen, {_VPC: "", SOURCE_IP: origin.address}, budget)).holds
    }
    if nearly_all(open_to):
        return max(open_to.items(), key=lambda found: max(found[0].share_4, found[0].share_6))[1]
    inside = [
        _public(chosen, {_VPC: vpc, SOURCE_IP: origin.address}, budget)
        for origin in private_origins(tested)
        for vpc in _VPCS
    ]
    return next((proof for proof in inside if not proof.holds), Proof(Verdict.PROVED))


def _public(policy: Document, known: Mapping[str, str], budget: Budget) -> Proof:
    return public_request([_seen_by(policy, {**_BOUGHT, **known})], budget=budget)


def _seen_by(policy: Document, known: Mapping[str, str]) -> Document:
    """The policy for requests of a known origin, without the statements that are not about them."""
    return replace(policy, statements=tuple(statements_about(policy.statements, _ORIGINS, known)))


def _avoided(statements: Iterable[Statement], keys: Iterable[str]) -> Iterator[Statement]:
    """The statements without what a stranger avoids who chooses the values of some keys: what they must not be."""
    return _reduced(statements, lambda condition, effect: condition.key not in keys or not _forbids(condition, effect))


def _forbids(condition: Condition, effect: Effect) -> bool:
    """True if a condition only rules out some values of its key."""
    compiled = CompiledCondition(condition)
    everything = any(not value.strip("*?") for value in condition.values) and compiled.operator.takes_wildcards
    return compiled.operator.negated is (effect is Effect.ALLOW) and not everything


def _pass(trust: Document, principals: Principals, values: Mapping[str, Sequence[str | None]], reason: str) -> str:
    """The reason when strangers pass who have some of these values, from nearly everywhere; and when that is open."""
    named = [k for k in values if k != SOURCE_IP and any(c.key == k for s in trust.statements for c in s.conditions)]
    statements = tuple(_what_counts(_avoided(trust.statements, {*named} - _EXACT), {*named, SOURCE_IP} & {*values}))
    origins = internet_origins(_tests_of_addresses(statements))
    asked = Document((_allow(principals),))
    for chosen in product(*([*values[key], *(_wildcards(trust, key) if any(values[key]) else ())] for key in named)):
        known = {key: value for key, value in zip(named, chosen, strict=True) if value is not None}
        passing: list[Origin] = []
        for origin in origins:
            seen = tuple(statements_about(statements, {*named, SOURCE_IP}, {**known, SOURCE_IP: origin.address}))
            proof = _allowed(asked, Document(seen))
            if proof.verdict is Verdict.OPEN:
                return f"cannot be shown to ask for anything ({'; '.join(proof.open_because)})"
            passing += [origin] if proof.holds else []
        if nearly_all(passing):
            return reason
    return ""


@lru_cache(maxsize=4096)
def _allowed(asked: Document, trust: Document) -> Proof:
    return allows_at_most(asked, trust)


def _wildcards(trust: Document, key: str) -> list[str]:
    """Values of a key in a document that are wildcards and nothing else: under StringEquals they name nobody."""
    values = (v for s in trust.statements for c in s.conditions if c.key == key for v in c.values)
    return [value for value in dict.fromkeys(values) if value and not value.strip("*?")]


def _tests_of_addresses(statements: Iterable[Statement]) -> tuple[Condition, ...]:
    return tuple(dict.fromkeys(c for statement in statements for c in statement.conditions if c.key == SOURCE_IP))


def _what_counts(statements: Iterable[Statement], keys: set[str]) -> Iterator[Statement]:
    """The statements reduced to conditions on the keys given."""
    return _reduced(statements, lambda condition, _: condition.key in keys)


def _reduced(statements: Iterable[Statement], counts: Callable[[Condition, Effect], bool]) -> Iterator[Statement]:
    """The statements with the conditions that count alone; a Deny that has another one counts as absent."""
    for statement in statements:
        kept = tuple(condition for condition in statement.conditions if counts(condition, statement.effect))
        if statement.effect is Effect.ALLOW or kept == statement.conditions:
            yield replace(statement, conditions=kept)


def _strangers(trust: Document) -> Iterator[str]:
    """Patterns of subjects that strangers can get from a provider that everybody may use."""
    yield from (pattern.format(_STRANGER) for pattern in _OWNED)
    for statement in trust.statements:
        for condition in statement.conditions:
            for value in condition.values if condition.key == SUBJECT else ():
                owner = _OWNER.match(value)
                if owner and has_wildcard(owner[2]):
                    yield f"{owner[1]}{re.sub('[*?]+', _strangers_part, owner[2])}{owner[3] or '/'}*"


def _strangers_part(wild: re.Match[str]) -> str:
    """Texts that a stranger puts in the place of some wildcards."""
    return _STRANGER.ljust(len(wild[0]), "z") if "*" in wild[0] else "z" * len(wild[0])


def _allow(principals: Principals) -> Statement:
    return Statement(Effect.ALLOW, ("sts:AssumeRole",), (), (), principals, ())
