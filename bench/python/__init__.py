"""The wheel beside a baseline that a developer would write by hand and beside other engines, all asked the same."""
