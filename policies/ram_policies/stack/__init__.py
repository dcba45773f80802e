"""Pulumi stacks: resources, preview, state, and the account behind each provider."""
