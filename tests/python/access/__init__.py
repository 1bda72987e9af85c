"""Plain questions take a fast path, and have the answers of the general one."""
