"""Auditors of another company: MFA, from their office only, until the end of the audit, and nothing but reading."""

import pulumi

from pulumi_alicloud_delegation import DelegatedRole

audit = DelegatedRole(
    "audit",
    {
        "owner_account_id": "11223344",
        "delegate_account_id": "12345678",
        "role": {
            "name": "audit-2027",
            "description": "Audit of the year 2027",
            "presets": [{"name": "audit-read-only"}],
            "trust": {"mfa": True, "source_ips": ["203.0.113.0/24"], "not_after": "2028-01-31T23:59:59Z"},
            "max_session_duration": 3600,
        },
    },
)
pulumi.export("arn", audit.arn)
