"""The fake cloud as a whole, and its state."""
