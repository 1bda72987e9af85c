"""Questions with their expected answers."""
