"""The rule about documents themselves."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import Field

from ram_policies.findings import FindingClass
from ram_policies.guardrails.rule_model import HIGH, Example, SecuritySettings, Violation, not_known, rule
from ram_policies.review import review
from ram_policies.stack.views import DocumentView


class DocumentSettings(SecuritySettings):
    """Settings of document-findings."""

    classes: tuple[FindingClass, ...] = Field(
        default=(FindingClass.ERROR,),
        description="Which classes of findings are violations: error, security_warning, general_warning, suggestion.",
    )


@rule(
    "document-findings",
    title="A policy document is not right",
    severity=HIGH,
    on=DocumentView,
    settings=DocumentSettings,
    why=(
        "RAM refuses documents with errors when it is too late, in the middle of a deployment. The findings have "
        "the codes and classes of Alibaba Cloud's own policy validation, with line and column. To rules about whom a "
        "role trusts and what it is granted, a document that cannot be read is a violation as well."
    ),
    unknown="A document that is not known at preview is a violation.",
    example=Example(bad='{"Version": 1, "Statement": []}', good='{"Version": "1", "Statement": [{...}]}'),
)
def document_findings(view: DocumentView, settings: DocumentSettings) -> Iterator[Violation]:
    """Pass on what the review of the document found."""
    if view.unknown:
        yield not_known(view.urn, f"The document in {view.field}")
    findings = review(view.text, view.kind).findings if isinstance(view.text, str) else view.findings
    for finding in findings:
        if finding.finding_class in settings.classes:
            where = f"{view.field}, line {finding.line}, column {finding.column}"
            yield Violation(view.urn, f"{where}: {finding.code}: {finding.message}", finding.fix)
