"""Guardrails: rules about access, judged on a view of a stack before it is deployed.

    from ram_policies.guardrails import RULES, build_stack, judge

`pack` runs them in `pulumi preview --policy-pack`; `testing` lets users test rules of their own.
"""

from __future__ import annotations
