"""Requests to decisions."""
