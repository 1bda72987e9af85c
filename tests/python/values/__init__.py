"""Answers, errors and engines as Python values: frozen, compared, hashed, shown, matched, copied and pickled."""
