"""Proof that a trust policy asks a stranger for more than the stranger has.

It is decided by proof over all requests, not by what conditions look like: what counts is what all statements together
let through. A stranger is anybody of a trusted account, or anybody whom an identity provider knows, about whom the
policy says nothing. Conditions that strangers meet by themselves (time, HTTPS, and all but the keys below) are left
out of an Allow, and a Deny that has one counts as absent.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import product

from ram_policies.conditions import CompiledCondition
from ram_policies.document import Condition, Document, Effect, Principals, Statement
from ram_policies.pattern import has_wildcard
from ram_policies.proof import Proof, Verdict, allows_at_most, never_overlap
from ram_policies.proof.public import public_request

EXTERNAL_ID = "sts:ExternalId"
MFA = "acs:MFAPresent"
SUBJECT = "oidc:sub"
SOURCE_IDENTITY = "sts:SourceIdentity"

# The addresses of the internet, without those that never come from there (RFC 6890, RFC 4291).
_INTERNET_4 = (
    *("1.0.0.0/8", "2.0.0.0/7", "4.0.0.0/6", "8.0.0.0/7", "11.0.0.0/8", "12.0.0.0/6", "16.0.0.0/4", "32.0.0.0/3"),
    *("64.0.0.0/3", "96.0.0.0/6", "101.0.0.0/8", "102.0.0.0/7", "104.0.0.0/5", "112.0.0.0/5", "120.0.0.0/6"),
    *("124.0.0.0/7", "126.0.0.0/8", "128.0.0.0/3", "160.0.0.0/5", "168.0.0.0/8", "170.0.0.0/7", "173.0.0.0/8"),
    *("174.0.0.0/7", "176.0.0.0/4", "193.0.0.0/8", "194.0.0.0/7", "196.0.0.0/7", "199.0.0.0/8", "200.0.0.0/5"),
    *("208.0.0.0/4",),
)
_INTERNET_6 = ("2000::/3",)
_STRANGERS_VALUES: Mapping[str, tuple[Condition, ...]] = {
    EXTERNAL_ID: (Condition("StringLike", EXTERNAL_ID, ("??*",)),),
    MFA: (Condition("Bool", MFA, ("false",)),),
    "acs:SourceIp": tuple(Condition("IpAddress", "acs:SourceIp", net) for net in (_INTERNET_4, _INTERNET_6)),
    "acs:SourceVpc": (Condition("StringLike", "acs:SourceVpc", ("vpc-*",)),),
}
"""For each key that can prove something, the values that strangers may have."""
_ORIGINS = frozenset({"acs:SourceIp", "acs:SourceVpc", "acs:PrincipalRDId", "acs:PrincipalRDPath", "acs:AccessId"})
# Far from each other, so that no network of one company has them all.
_ADDRESSES = (("8.77.4.2", "93.61.7.9", "201.44.8.3"), ("2400:77::2", "2a00:61:7::9", "2607:44:8::3"))
_INSIDE, _VPC = "10.77.4.2", "vpc-stranger4711"
# Of requests from the internet OSS fills the VPC with an empty text.
_INTERNET = {"acs:SourceVpc": "", "acs:AccessId": "LTAIStranger4711"}
_ALWAYS_SENT = frozenset({"acs:SourceIp"})
_STRANGER = "stranger-4711"
_OWNED = ("repo:{}/*", "project_path:{}/*", "repository:{}/*", "organization:{}:*")
_OWNER = re.compile(r"([a-z_]+:|org/)([^/:]*)([/:]?)")
"""Beginning of a subject: the kind of thing, the name of its owner, and the character that ends the name."""
_EVERYBODY = ("?*", "system:serviceaccount:?*:?*", "repo:?*", "project_path:?*")


def accounts_strangers(trust: Document, account_root: str) -> str:
    """Reason why everybody of an account can assume the role, as the rest of a sentence; empty if there is a condition.

    Args:
        trust: the trust policy.
        account_root: the trusted principal ``acs:ram::<id>:root``.
    """
    keys = _keys(trust, _STRANGERS_VALUES)
    values = {key: _STRANGERS_VALUES[key] for key in keys}
    return _all_pass(
        trust, Principals(ram=(account_root,)), values, "asks for nothing that everybody there does not have"
    )


def anonymous(trust: Document, principal: str) -> str:
    """Reason that somebody can assume the role without a source identity; empty when one is asked for.

    Args:
        trust: the trust policy.
        principal: a trusted principal of RAM, who has everything else that is asked for.
    """
    absent: Mapping[str, tuple[Condition, ...]] = {SOURCE_IDENTITY: ()}
    return _all_pass(trust, Principals(ram=(principal,)), absent, "asks for no source identity")


def providers_strangers(trust: Document, provider: str) -> str:
    """Reason why everybody whom an identity provider knows can assume the role; empty if there is a condition.

    Args:
        trust: the trust policy.
        provider: ARN of the identity provider.
    """
    principals = Principals(federated=(provider,))
    if ":oidc-provider/" in provider:
        for subject in _strangers(trust):
            asked = _allow(principals, (Condition("StringLike", SUBJECT, (subject,)),))
            if not never_overlap(Document((asked,)), trust).holds:
                return f"lets in subjects like {subject}, which anybody can have"
        values = {SUBJECT: tuple(Condition("StringLike", SUBJECT, (pattern,)) for pattern in _EVERYBODY)}
        return _all_pass(trust, principals, values, "asks for no subject (oidc:sub)")
    keys = {c.key for s in trust.statements for c in s.conditions if c.key.startswith("saml:")}
    present = {key: (Condition("StringLike", key, ("?*",)),) for key in keys}
    return _all_pass(trust, principals, present, "asks for nothing that every assertion does not have")


def buckets_strangers(policy: Document) -> Proof:
    """Refutes that a bucket policy keeps out strangers; one that is for networks of the owner's does.

    Strangers come from anywhere on the internet (by IPv4 or by IPv6), or from a VPC of their own, are in no resource
    directory of the owner's, and have no key but their own. Every other condition key has the value that suits them.
    """
    for addresses in _ADDRESSES:
        proofs = [public_request([_seen_by(policy, {**_INTERNET, "acs:SourceIp": address})]) for address in addresses]
        if not any(proof.holds for proof in proofs):
            return proofs[0]
    return public_request([_seen_by(policy, {**_INTERNET, "acs:SourceIp": _INSIDE, "acs:SourceVpc": _VPC})])


def _seen_by(policy: Document, known: Mapping[str, str]) -> Document:
    """The policy for requests of a known origin, without the statements that are not about them."""
    statements: list[Statement] = []
    for statement in policy.statements:
        settled = [c for c in statement.conditions if c.key in _ORIGINS]
        if all(CompiledCondition(condition).holds(known) for condition in settled):
            left = tuple(condition for condition in statement.conditions if condition.key not in _ORIGINS)
            statements.append(replace(statement, conditions=left))
    return replace(policy, statements=tuple(statements))


def _all_pass(trust: Document, principals: Principals, values: Mapping[str, Sequence[Condition]], reason: str) -> str:
    """The reason when, for some kind of request, all requests of that kind pass; and when that is open."""
    kinds = [[*(() if key in _ALWAYS_SENT else (None,)), *present] for key, present in values.items()]
    for chosen in product(*kinds):
        absent = {key for key, condition in zip(values, chosen, strict=True) if condition is None}
        narrowed = Document(tuple(_what_counts(trust.statements, set(values), absent)))
        asked = _allow(principals, tuple(condition for condition in chosen if condition is not None))
        proof = allows_at_most(Document((asked,)), narrowed)
        if proof.verdict is Verdict.PROVED:
            return reason
        if proof.verdict is Verdict.OPEN:
            return f"cannot be shown to ask for anything ({'; '.join(proof.open_because)})"
    return ""


def _what_counts(statements: Iterable[Statement], keys: set[str], absent: set[str]) -> Iterator[Statement]:
    """The statements as they concern requests without the absent keys, reduced to conditions on the keys given."""
    for statement in statements:
        kept = tuple(condition for condition in statement.conditions if condition.key in keys)
        if statement.effect is Effect.DENY and len(kept) < len(statement.conditions):
            continue
        tested = [c for c in kept if c.key in absent]
        if all(CompiledCondition(condition).holds({}) for condition in tested):
            yield replace(statement, conditions=tuple(c for c in kept if c.key not in absent))


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


def _allow(principals: Principals, conditions: tuple[Condition, ...]) -> Statement:
    return Statement(Effect.ALLOW, ("sts:AssumeRole",), (), (), principals, conditions)


def _keys(trust: Document, known: Iterable[str]) -> list[str]:
    named = {condition.key for statement in trust.statements for condition in statement.conditions}
    return [key for key in known if key in named]
