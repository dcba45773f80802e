"""One delegation, as the stack's configuration describes it."""

from pulumi_alicloud_delegation.program import run

run()
