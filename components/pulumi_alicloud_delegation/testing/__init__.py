"""Testing Pulumi programs without an engine: run one under mocks, wait for all of it, look at what it registered."""
