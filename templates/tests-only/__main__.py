"""A role for auditors of another account."""

import json

import pulumi
import pulumi_alicloud as alicloud

AUDITORS = "12345678"

trust = {
    "Version": "1",
    "Statement": [
        {
            "Action": "sts:AssumeRole",
            "Effect": "Allow",
            "Principal": {"RAM": [f"acs:ram::{AUDITORS}:root"]},
            "Condition": {"Bool": {"acs:MFAPresent": "true"}},
        }
    ],
}
role = alicloud.ram.Role("auditor", role_name="auditor", assume_role_policy_document=json.dumps(trust))
alicloud.ram.RolePolicyAttachment(
    "auditor-reads", role_name=role.role_name, policy_name="ReadOnlyAccess", policy_type="System"
)
pulumi.export("arn", role.arn)
