"""The rules, by what they are about. `ram_policies.guardrails.RULES` lists them all."""
