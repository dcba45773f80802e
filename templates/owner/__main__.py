"""Account A lets the operators of account B work in it. What is deployed is in the stack file."""

from pulumi_alicloud_delegation.program import run

run()
