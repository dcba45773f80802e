"""The rule against a baseline: nothing may be allowed that was not allowed before."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import Field, PrivateAttr

from ram_policies.access.scopes import ScopedDocument, grants_at_most
from ram_policies.conditions import Unknown
from ram_policies.evaluation.decision import Request
from ram_policies.guardrails.baseline import (
    Agreed,
    BaselinePrincipal,
    granted_document,
    group_title,
    principals,
    read_baseline,
)
from ram_policies.guardrails.rule_model import (
    HIGH,
    Example,
    Outside,
    SecuritySettings,
    Settings,
    Violation,
    not_known,
    outside,
    rule,
    unreadable,
)
from ram_policies.proof import Proof, Verdict, allows_at_most
from ram_policies.stack.views import StackView

_FIX = "Take it out of the change, or agree to it and write the baseline anew."
_SHOWN_CONTEXT = 3


class BaselineSettings(SecuritySettings):
    """Settings of no-new-access."""

    baseline: str | None = Field(
        default=None,
        description=(
            "File with the access that was agreed to, as `python -m ram_policies.guardrails.baseline` writes it. The "
            "rule is off until this is set."
        ),
    )
    _agreed: dict[str, Agreed] | None = PrivateAttr(default=None)

    def resolved(self, outside: Outside) -> Settings:
        """The settings with the file read."""
        if self.baseline is None:
            return self
        settings = self.model_copy()
        settings._agreed = dict(read_baseline(outside.read(self.baseline), f"no-new-access.baseline {self.baseline}"))
        return settings

    @property
    def agreed(self) -> dict[str, Agreed] | None:
        """Contents of the baseline file; None when there is none, or when it has not been read."""
        return self._agreed


@rule(
    "no-new-access",
    title="Somebody gets access that the baseline does not have",
    severity=HIGH,
    on=StackView,
    settings=BaselineSettings,
    why=(
        "For each role, user and group the rule asks whether any request exists that its policies allow and those of "
        "the baseline do not, and for each role whether its trust policy allows anybody new. The answer is a proof "
        "over all requests, with wildcards, Deny, NotAction and conditions, and comes with an example. A user's "
        "policies include those of its groups, so joining a group counts. A policy for a resource group is compared as "
        "one for that group: a Deny moved from the account to a group takes less away. Less access is never a "
        "violation."
    ),
    unknown=(
        "A principal, policy or document that is not known at preview is a violation, and so is a policy whose "
        "document is neither in the stack nor in the catalogue, a group outside the stack that somebody joins, and a "
        "question that the proof leaves open."
    ),
    example=Example(
        bad='a grant of "ecs:*" where the baseline has "ecs:Describe*"',
        good='a grant of "ecs:DescribeInstances" where the baseline has "ecs:Describe*"',
    ),
)
def no_new_access(stack: StackView, settings: BaselineSettings) -> Iterator[Violation]:
    """Prove for each principal that it may do at most what it could."""
    if settings.agreed is None:
        return
    for principal in principals(stack):
        if isinstance(principal.key, Unknown):
            if principal.grants or principal.elsewhere or principal.trust is not None:
                yield not_known(principal.urn, f"Who {principal.title} is")
            continue
        agreed = settings.agreed.get(principal.key, Agreed())
        yield from _grants(principal, agreed)
        yield from _trust(principal, agreed)


def _grants(principal: BaselinePrincipal, agreed: Agreed) -> Iterator[Violation]:
    documents: list[ScopedDocument] = []
    for membership in principal.elsewhere:
        unsure = not_known if isinstance(membership.group_name, Unknown) else outside
        yield unsure(membership.urn, f"What {group_title(membership)} gives {principal.title}")
    for grant in principal.grants:
        document = granted_document(grant)
        if document is None:
            unsure = not_known if grant.unknown or isinstance(grant.scope, Unknown) else outside
            yield unsure(grant.urn, f"What {grant.title} allows {principal.title}")
        else:
            documents.append(document)
    if documents:
        yield from _judged(grants_at_most(documents, agreed.grants), principal, f"{principal.title} may newly")


def _trust(principal: BaselinePrincipal, agreed: Agreed) -> Iterator[Violation]:
    trust = principal.trust
    if trust is None:
        return
    if trust.unknown:
        yield not_known(principal.urn, f"The trust policy of {principal.title}")
    elif trust.unreadable:
        yield unreadable(principal.urn, f"Whom {principal.title} trusts")
    elif trust.document is not None:
        old = () if agreed.trust is None else agreed.trust
        yield from _judged(allows_at_most(trust.document, old), principal, f"{principal.title} newly trusts")


def _judged(proof: Proof, principal: BaselinePrincipal, beginning: str) -> Iterator[Violation]:
    if proof.counterexample is not None:
        message = f"{beginning[:1].upper()}{beginning[1:]} {_request(proof.counterexample)}."
        yield Violation(principal.urn, message, _FIX)
    elif proof.verdict is Verdict.OPEN:
        reason = "; ".join(proof.open_because)
        message = f"It is not proved that {principal.title} gets nothing new: {reason}."
        yield Violation(principal.urn, message, "Write the documents more simply, without so many patterns at once.")


def _request(request: Request) -> str:
    context = [f"{key} = {value}" for key, value in list(request.context.items())[:_SHOWN_CONTEXT]]
    given = f" with {', '.join(context)}" if context else ""
    if request.principal:
        return f"{request.principal}{given}"
    return f"do {request.action} on {request.resource}{given}"
