"""Stacks that break each rule of the pack, or leave it in the dark."""
