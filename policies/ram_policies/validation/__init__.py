"""Text to documents and findings."""
