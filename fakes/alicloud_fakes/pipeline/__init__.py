"""The way of a call: read, identify, intercept, authorize, act, record."""
