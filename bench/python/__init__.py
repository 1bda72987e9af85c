"""The wheel beside a floor that a developer would write by hand and beside other engines, all asked the same."""
