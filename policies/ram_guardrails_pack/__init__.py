"""The CrossGuard policy pack: serves the guardrails to the Pulumi engine."""
