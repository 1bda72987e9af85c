"""The built-in policies, as documents."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any


def built_in_policy(name: str) -> dict[str, Any]:
    """A built-in policy. Raises FileNotFoundError if there is none of that name.

    The files are copies of the core's; a test compares them.
    """
    document: dict[str, Any] = json.loads(files("bailiwick").joinpath("cli", "policies", f"{name}.json").read_bytes())
    return document
