"""A second, naive reading of the access and attribution rules (A1-A30, B1-B6).

It walks plain lists for every question and keeps no index, so that each rule can be
read beside the contract. Documents must be valid and requests well formed; what they
name may be unknown.
"""

from __future__ import annotations

from access_rules import AccessRules
from attribution_rules import AttributionRules


class Oracle(AccessRules, AttributionRules):
    """Answers for one directory under one policy document."""
