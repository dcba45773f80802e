"""State of a fake cloud, outside of memory: snapshots, and a file that survives any crash."""
