"""Pulumi's SDK for policy packs. Where it is not installed, the error names the command that installs it."""

from __future__ import annotations

from ram_policies.extras import extra_needed

with extra_needed("guardrails"):
    from pulumi_policy import (
        EnforcementLevel,
        Policy,
        PolicyConfigSchema,
        PolicyPack,
        PolicyResource,
        ReportViolation,
        ResourceValidationArgs,
        ResourceValidationPolicy,
        Severity,
        StackValidationArgs,
        StackValidationPolicy,
    )
    from pulumi_policy import policy as implementation
    from pulumi_policy.proxy import UnknownValueError

__all__ = [
    "EnforcementLevel",
    "Policy",
    "PolicyConfigSchema",
    "PolicyPack",
    "PolicyResource",
    "ReportViolation",
    "ResourceValidationArgs",
    "ResourceValidationPolicy",
    "Severity",
    "StackValidationArgs",
    "StackValidationPolicy",
    "UnknownValueError",
    "implementation",
]
