"""Explains answers: the rule as a sentence, and the rows that it used."""
