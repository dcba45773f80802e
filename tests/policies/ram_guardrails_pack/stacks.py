"""Stacks that break each rule of the pack, or whose values are unknown."""
