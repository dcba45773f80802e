"""Rules about whom a role trusts, for how long, and on what proof."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Literal

from pydantic import Field

from ram_policies.arn import account_of
from ram_policies.conditions import CompiledCondition, Unknown
from ram_policies.document import Effect
from ram_policies.findings import Code
from ram_policies.guardrails.meaning import CURRENT_TIME, comma_separated, met_by_no_request, trusted, trusted_others
from ram_policies.guardrails.rule_model import (
    CRITICAL,
    HIGH,
    LOW,
    MEDIUM,
    Example,
    Outside,
    Purpose,
    SecuritySettings,
    Settings,
    Violation,
    not_known,
    rule,
    unreadable,
)
from ram_policies.limits import DEFAULT_SESSION_DURATION
from ram_policies.proof.strangers import EXTERNAL_ID, accounts_strangers, anonymous, providers_strangers
from ram_policies.stack.views import DocumentView, RoleView

_UNKNOWN_TRUST = "A trust policy that is not known at preview is a violation."
_PRINCIPAL_CODES = {Code.INVALID_PRINCIPAL, Code.MISSING_PRINCIPAL}


class AllowListSettings(SecuritySettings):
    """Settings of trust-outside-allow-list."""

    accounts: tuple[str, ...] | None = Field(
        default=None,
        description="IDs of the accounts that roles may trust beside their own. The rule is off until this is set.",
    )


@rule(
    "trust-outside-allow-list",
    title="A role trusts an account that is not on the list",
    severity=HIGH,
    on=RoleView,
    settings=AllowListSettings,
    why=(
        "Who is in a trust policy can use the role. Users, roles, identity providers and services acting for an "
        "account (`<id>@svc.aliyuncs.com`) all count for their account. A role may always trust its own account; "
        "when the role's account is not known, no account counts as its own."
    ),
    unknown=_UNKNOWN_TRUST,
    example=Example(
        bad='{"RAM": ["acs:ram::99999999:root"]}   with   "accounts": ["12345678"]',
        good='{"RAM": ["acs:ram::12345678:root"]}   with   "accounts": ["12345678"]',
    ),
)
def trust_outside_allow_list(role: RoleView, settings: AllowListSettings) -> Iterator[Violation]:
    """Compare the accounts of all principals with the list."""
    if settings.accounts is None:
        return
    yield from _unseen(role)
    strangers = [t for t in trusted_others(role) if t.account not in settings.accounts]
    if strangers:
        names = comma_separated(t.principal for t in strangers)
        message = f"The role trusts {names}, which is outside the allowed accounts."
        ids = comma_separated(t.account for t in strangers)
        yield Violation(role.urn, message, f"Remove the principal, or add {ids} to the accounts of this rule.")


@rule(
    "trust-without-proof",
    title="A whole account, or everybody of an identity provider, is trusted",
    severity=HIGH,
    on=RoleView,
    settings=SecuritySettings,
    why=(
        "`acs:ram::<id>:root` trusts every user and role that the other account allows to assume the role, leaked "
        "access keys of that account included. An external ID, MFA, a network or a VPC in the trust policy asks for "
        "more. An identity provider admits everybody it knows, and a public one (GitHub, GitLab) knows everybody: "
        "the trust policy has to name the subject (`oidc:sub`), the owner of the repository included. A provider of "
        "another account is never proof: that account decides whom it knows. The rule proves for all statements "
        "together that they let through less than everybody. Networks that together are nearly all of the internet "
        "(seven eighths and more), an external ID, VPC or subject under a pattern that any text fits, and what only "
        "keeps out some values (`StringNotLike`, `NotIpAddress`, a Deny) prove nothing. Names in `acs:PrincipalARN` "
        "are proof as names in the Principal are. Conditions on other keys (time, HTTPS) do not count."
    ),
    unknown=_UNKNOWN_TRUST,
    example=Example(
        bad='{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"RAM": ["acs:ram::12345678:root"]}}',
        good=(
            '{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"RAM": ["acs:ram::12345678:root"]},\n'
            ' "Condition": {"StringEquals": {"sts:ExternalId": "contract-7"}}}'
        ),
    ),
)
def trust_without_proof(role: RoleView, settings: SecuritySettings) -> Iterator[Violation]:
    """Prove for each account and identity provider that the trust policy lets through less than everybody."""
    del settings
    yield from _unseen(role)
    document = role.trust.document
    if document is None:
        return
    roots = dict.fromkeys(t.principal for t in trusted_others(role) if t.whole_account)
    for root in roots:
        reason = accounts_strangers(document, root)
        if reason:
            message = (
                f"Everybody in account {account_of(root)} to whom that account gives sts:AssumeRole can assume this "
                f"role: the trust policy {reason}."
            )
            fix = "Add a condition on sts:ExternalId, acs:MFAPresent or acs:SourceIp, or name the users and roles."
            yield Violation(role.urn, message, fix)
    for provider in dict.fromkeys(t.principal for t in trusted(role) if t.federated):
        if account_of(provider) != role.account:
            message = f"The role trusts everybody whom {provider} knows: an identity provider of another account."
            yield Violation(role.urn, message, "Use an identity provider of the role's own account.")
            continue
        reason = providers_strangers(document, provider)
        if reason:
            fix = "Add a condition on oidc:sub that names the subject, or on what the SAML assertion has to say."
            yield Violation(role.urn, f"The trust policy for {provider} {reason}.", fix)


def _unseen(role: RoleView) -> Iterator[Violation]:
    """The violation for a trust policy that is not known, or that cannot be read."""
    if role.trust.unknown:
        yield not_known(role.urn, "The trust policy")
    elif role.trust.unreadable:
        yield unreadable(role.urn, "Whom the role trusts")


@rule(
    "wildcard-principal",
    title="A trust policy names nobody, or anybody",
    severity=CRITICAL,
    on=RoleView,
    settings=SecuritySettings,
    why=(
        "Wildcards in a principal are not documented; if RAM takes one, it means everybody. A statement without a "
        'principal says nothing about who is meant. `"Principal": "*"` also crashes the alicloud provider when it '
        "reads the role."
    ),
    unknown=_UNKNOWN_TRUST,
    example=Example(bad='"Principal": {"RAM": ["*"]}', good='"Principal": {"RAM": ["acs:ram::12345678:user/AAA"]}'),
)
def wildcard_principal(role: RoleView, settings: SecuritySettings) -> Iterator[Violation]:
    """Pick what the parser says about principals."""
    del settings
    if role.trust.unknown:
        yield not_known(role.urn, "The trust policy")
    if role.trust.text is None:
        yield Violation(role.urn, "The role has no trust policy.", "Say who may assume it.")
    for finding in role.trust.findings:
        whole = finding.path.endswith("Principal") and finding.code == Code.DATA_TYPE_MISMATCH
        if finding.code in _PRINCIPAL_CODES or whole:
            yield Violation(role.urn, f"{finding.path}: {finding.message}", finding.fix)


class AnonymousSettings(Settings):
    """Settings of anonymous-session."""

    roles: Literal["api", "all"] = Field(
        default="api",
        description=(
            "Which roles are looked at: those that ask for an external ID, which people cannot take on in the console "
            "anyway (api), or all that trust another account (all)."
        ),
    )


@rule(
    "anonymous-session",
    title="Sessions of a role do not say whose they are",
    severity=LOW,
    purpose=Purpose.HYGIENE,
    on=RoleView,
    settings=AnonymousSettings,
    why=(
        "ActionTrail in the role's account shows the other account and a session name that the caller chose. A source "
        "identity stays with the session, and with every role that it assumes. A trust policy that demands one "
        "(`sourceIdentity: required`) makes sure that there is one; the other account's policies pin it to the user, "
        "as those of an operator team do. The console's switch-role page sends no source identity, so demanding one "
        "keeps people out of the console: by default only roles that ask for an external ID are looked at, which the "
        "page cannot send either. The rule proves that no caller gets in without a source identity."
    ),
    unknown="A trust policy that is not known at preview is passed over.",
    example=Example(
        bad='"Condition": {"StringEquals": {"sts:ExternalId": "contract-7"}}',
        good=(
            '"Action": ["sts:AssumeRole", "sts:SetSourceIdentity"],\n'
            '"Condition": {"StringEquals": {"sts:ExternalId": "contract-7"},\n'
            '              "StringLike": {"sts:SourceIdentity": "?*"}}'
        ),
    ),
)
def anonymous_session(role: RoleView, settings: AnonymousSettings) -> Iterator[Violation]:
    """Prove for each principal of another account that the trust policy does not allow it without a source identity."""
    document = role.trust.document
    if document is None:
        return
    for outside in dict.fromkeys(
        t.principal
        for t in trusted_others(role)
        if t.principal.startswith("acs:ram::")
        and not t.federated
        and (settings.roles == "all" or any(c.key == EXTERNAL_ID for c in t.statement.conditions))
    ):
        reason = anonymous(document, outside)
        if reason:
            message = f"Sessions of {outside} do not say whose they are: the trust policy {reason}."
            yield Violation(role.urn, message, "Write sourceIdentity: required, or demand sts:SourceIdentity.")


class SessionSettings(SecuritySettings):
    """Settings of session-too-long."""

    seconds: int = Field(
        default=4 * DEFAULT_SESSION_DURATION, description="The longest session a role may allow, in seconds.", ge=3600
    )


@rule(
    "session-too-long",
    title="A role allows sessions longer than the limit",
    severity=MEDIUM,
    on=RoleView,
    settings=SessionSettings,
    why=(
        "An edit of the trust policy does not end sessions, so a session lasts as long as it was made for. A role "
        "without `maxSessionDuration` has RAM's default of 3600 seconds."
    ),
    unknown="A duration that is not known at preview is a violation.",
    example=Example(bad="max_session_duration=43200", good="max_session_duration=3600"),
)
def session_too_long(role: RoleView, settings: SessionSettings) -> Iterator[Violation]:
    """Compare the duration with the limit."""
    duration = role.max_session_duration
    if isinstance(duration, Unknown):
        yield not_known(role.urn, "The session duration")
    elif duration is not None and duration > settings.seconds:
        message = f"Sessions of this role may last {duration} seconds; the limit is {settings.seconds}."
        yield Violation(role.urn, message, f"Set maxSessionDuration to {settings.seconds} or less.")


class WindowSettings(Settings):
    """Settings of window-in-past."""

    at: datetime | None = Field(default=None, description="The time to judge at, ISO 8601. Default: now.")

    def resolved(self, outside: Outside) -> Settings:
        """The settings with the present time, unless they name one."""
        return self if self.at is not None else self.model_copy(update={"at": outside.now()})


@rule(
    "window-in-past",
    title="A contract window is over",
    severity=MEDIUM,
    purpose=Purpose.HYGIENE,
    on=DocumentView,
    settings=WindowSettings,
    why=(
        "A condition on `acs:CurrentTime` that ends in the past leaves a statement that looks like access and gives "
        "none. A window that is contradictory in itself is the business of condition-never-holds."
    ),
    unknown="Documents that are not known at preview are passed over.",
    example=Example(
        bad='"Condition": {"DateLessThan": {"acs:CurrentTime": "2019-12-31T00:00:00Z"}}',
        good='"Condition": {"DateLessThan": {"acs:CurrentTime": "2099-12-31T00:00:00Z"}}',
    ),
)
def window_in_past(view: DocumentView, settings: WindowSettings) -> Iterator[Violation]:
    """Look for Allow statements whose end lies before the time given."""
    if view.document is None or settings.at is None:
        return
    moment = settings.at.isoformat().replace("+00:00", "Z")
    for index, statement in enumerate(view.document.statements):
        ends = [c for c in statement.conditions if c.key == CURRENT_TIME and c.operator.startswith("DateLessThan")]
        over = [c for c in ends if CompiledCondition(c).holds({CURRENT_TIME: moment}) is False]
        if statement.effect is Effect.ALLOW and over and not met_by_no_request(statement):
            message = f"{view.field}, Statement[{index}]: its window ended at {max(over[0].values)}."
            yield Violation(view.urn, message, "Extend the window, or remove the statement.")
