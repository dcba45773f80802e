"""The policies of a role, as documents."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping

from pulumi_alicloud_delegation.handover.formats import AcceptedPolicy, AcceptedRole
from pulumi_alicloud_delegation.plan.role import Attachment, RolePlan
from ram_policies import DocumentKind, read_document, system_policy
from ram_policies.document import UNKNOWN_DOCUMENT
from ram_policies.evaluation.decision import Policy, PolicyType


def granted_policies(role: RolePlan, attachments: Iterable[Attachment]) -> tuple[AcceptedPolicy, ...]:
    """Attachments of a role with their documents.

    A system policy has the document of our catalogue; one that is there already in the account has none.
    """
    made = {policy.name: policy.document for policy in role.policies}
    return tuple(
        AcceptedPolicy(name=grant.name, type=grant.type, document=_document(grant, made)) for grant in attachments
    )


def _document(grant: Attachment, made: Mapping[str, str]) -> dict[str, object] | None:
    if grant.created:
        return json.loads(made[grant.name])
    known = system_policy(grant.name) if grant.type == "System" else None
    return None if known is None or not known.known else known.document.to_dict()


def accepted_policies(role: AcceptedRole) -> tuple[Policy, ...]:
    """The policies of a role of an acceptance; a document that is not in the file is `UNKNOWN_DOCUMENT`.

    Raises:
        InvalidDocumentError: a document is not valid.
    """
    return tuple(_policies(role.granted, role.arn))


def _policies(granted: Iterable[AcceptedPolicy], arn: str) -> Iterator[Policy]:
    for policy in granted:
        known = policy.document
        document = UNKNOWN_DOCUMENT if known is None else read_document(known, DocumentKind.IDENTITY)
        yield Policy(policy.name, PolicyType(policy.type), document, arn)
