"""ValidatePolicy.

Source: Alibaba Cloud, RAM, "ValidatePolicy" (Access Analyzer 2024-02-01) and "Validate policies". The names of the
answer's fields are assumed (unconfirmed.VALIDATE_POLICY_ANSWER).
"""

from __future__ import annotations

from typing import Annotated

from alicloud_fakes.pipeline.declare import ActionRequest, Length, OneOf, Problem, Wrong
from alicloud_fakes.pipeline.product_errors import refuse_as_most_products
from alicloud_fakes.pipeline.registry import Reply
from alicloud_fakes.services.accessanalyzer import accessanalyzer
from alicloud_fakes.services.accessanalyzer.models import AccessAnalyzer
from ram_policies.document import DocumentKind
from ram_policies.findings import FindingClass
from ram_policies.limits import VALIDATE_POLICY_LENGTH
from ram_policies.review import review

IDENTITY, RESOURCE = "IdentityBasedPolicy", "ResourceBasedPolicy"
_KIND_OF = {"ACS::RAM::Role": DocumentKind.TRUST, "ACS::OSS::Bucket": DocumentKind.BUCKET}
_TYPE_OF = {
    FindingClass.ERROR: "Error",
    FindingClass.SECURITY_WARNING: "SecurityWarning",
    FindingClass.GENERAL_WARNING: "GeneralWarning",
    FindingClass.SUGGESTION: "Suggestion",
}


class ValidatePolicy(ActionRequest):
    policy_document: Annotated[str, Length(VALIDATE_POLICY_LENGTH)]
    policy_type: Annotated[str, OneOf(IDENTITY, RESOURCE)]
    validate_policy_resource_type: Annotated[str, OneOf(*_KIND_OF)] = ""


@accessanalyzer.action(ValidatePolicy)
def validate_policy(_: AccessAnalyzer, request: ValidatePolicy) -> Reply:
    """Give the findings on a document."""
    kind = DocumentKind.IDENTITY
    if request.policy_type == RESOURCE:
        if not request.validate_policy_resource_type:
            raise refuse_as_most_products(Wrong("ValidatePolicyResourceType", Problem.CHOICE))
        kind = _KIND_OF[request.validate_policy_resource_type]
    return {
        "Findings": [
            {
                "FindingType": _TYPE_OF[finding.finding_class],
                "IssueCode": str(finding.code),
                "Message": finding.message,
                "Solution": finding.fix,
                "Path": finding.path,
                "Line": finding.line,
                "Column": finding.column,
            }
            for finding in review(request.policy_document, kind).findings
        ]
    }
