"""Where two JSON documents differ: what a runner shows of a case that fails."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import chain, zip_longest
from typing import Any

Json = Any
NOTHING = object()


def differences(expected: Json, found: Json, pointer: str = "") -> Iterator[str]:
    """A line for each member that differs: its JSON pointer, what is expected and what was found."""
    if isinstance(expected, dict) and isinstance(found, dict):
        for name in dict.fromkeys(chain(expected, found)):
            token = name.replace("~", "~0").replace("/", "~1")
            yield from differences(expected.get(name, NOTHING), found.get(name, NOTHING), f"{pointer}/{token}")
    elif isinstance(expected, list) and isinstance(found, list):
        for index, (one, other) in enumerate(zip_longest(expected, found, fillvalue=NOTHING)):
            yield from differences(one, other, f"{pointer}/{index}")
    elif type(expected) is not type(found) or expected != found:
        yield f"{pointer or 'the answer'}: expected {shown(expected)}, got {shown(found)}"


def shown(value: Json) -> str:
    """A value as a line shows it."""
    return "nothing" if value is NOTHING else json.dumps(value, ensure_ascii=False)
