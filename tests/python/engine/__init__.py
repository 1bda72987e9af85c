"""Changes, listings, keys, snapshots and deltas: what only Python can send, and what threads can do to each other."""
