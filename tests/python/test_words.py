"""The words in the annotations are the core's: as the npm package, which takes its types from the core, has them."""

from __future__ import annotations

import re
import typing
from pathlib import Path

import pytest
from bailiwick import types

pytestmark = pytest.mark.both_packages
CODES = Path(__file__).parents[2] / "node_modules/bailiwick/codes.d.ts"


def test_the_literals_are_the_cores_words() -> None:
    codes = CODES.read_text("utf-8")
    lists = re.findall(r"A text for each `(\w+)`.*?\{(.*?)\n\}", codes, re.DOTALL)
    assert len(lists) == 13
    for name, members in lists:
        assert list(typing.get_args(getattr(types, name))) == re.findall(r"readonly (\w+):", members), name
    for name in ("AllowReason", "DenyReason"):
        (union,) = re.findall(rf"export type {name} = ([^;]*);", codes)
        assert list(typing.get_args(getattr(types, name))) == re.findall(r'"(\w+)"', union), name
