"""What a Pulumi stack says: resources, preview, state, and which account is behind a provider."""
