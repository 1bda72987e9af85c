"""The built-in policies, as documents."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any


def built_in_policy(name: str) -> dict[str, Any]:
    """A built-in policy. Raises FileNotFoundError where there is none of that name.

    The files are the core's, and a test holds them to it.
    """
    document: dict[str, Any] = json.loads(files("bailiwick").joinpath("cli", "policies", f"{name}.json").read_bytes())
    return document
