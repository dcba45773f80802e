"""The RAM policy language: documents, findings, decisions, and the system policies of Alibaba Cloud.

Everything here is pure: no network, no clock, no Pulumi. Names are imported on first use, so that importing the package
costs next to nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ram_policies.arn import Arn as Arn
    from ram_policies.conditions import UNKNOWN as UNKNOWN
    from ram_policies.document import UNKNOWN_DOCUMENT as UNKNOWN_DOCUMENT
    from ram_policies.document import Condition as Condition
    from ram_policies.document import Document as Document
    from ram_policies.document import DocumentKind as DocumentKind
    from ram_policies.document import Effect as Effect
    from ram_policies.document import Principals as Principals
    from ram_policies.document import Statement as Statement
    from ram_policies.errors import InvalidDocumentError as InvalidDocumentError
    from ram_policies.errors import InvalidInputError as InvalidInputError
    from ram_policies.evaluation.decision import Decision as Decision
    from ram_policies.evaluation.decision import DeniedBy as DeniedBy
    from ram_policies.evaluation.decision import MatchedStatement as MatchedStatement
    from ram_policies.evaluation.decision import Outcome as Outcome
    from ram_policies.evaluation.decision import Policy as Policy
    from ram_policies.evaluation.decision import PolicyType as PolicyType
    from ram_policies.evaluation.decision import Request as Request
    from ram_policies.evaluation.evaluate import authorize as authorize
    from ram_policies.evaluation.evaluate import authorize_assume_role as authorize_assume_role
    from ram_policies.evaluation.policyset import PolicySet as PolicySet
    from ram_policies.findings import Code as Code
    from ram_policies.findings import Finding as Finding
    from ram_policies.findings import FindingClass as FindingClass
    from ram_policies.names import NameKind as NameKind
    from ram_policies.names import check_name as check_name
    from ram_policies.system_policies import SystemPolicy as SystemPolicy
    from ram_policies.system_policies import system_policy as system_policy
    from ram_policies.validation.parse import Parsed as Parsed
    from ram_policies.validation.parse import read_document as read_document

_HOMES = {
    "arn": ("Arn",),
    "conditions": ("UNKNOWN",),
    "evaluation.decision": ("Decision", "DeniedBy", "MatchedStatement", "Outcome", "Policy", "PolicyType", "Request"),
    "document": ("UNKNOWN_DOCUMENT", "Condition", "Document", "DocumentKind", "Effect", "Principals", "Statement"),
    "errors": ("InvalidDocumentError", "InvalidInputError"),
    "evaluation.evaluate": ("authorize", "authorize_assume_role"),
    "findings": ("Code", "Finding", "FindingClass"),
    "names": ("NameKind", "check_name"),
    "system_policies": ("SystemPolicy", "system_policy"),
    "validation.parse": ("Parsed", "read_document"),
    "evaluation.policyset": ("PolicySet",),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> object:
    if name not in _HOME_OF:
        raise AttributeError(f"module 'ram_policies' has no attribute {name!r}")
    value = getattr(importlib.import_module(f"ram_policies.{_HOME_OF[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOME_OF})
