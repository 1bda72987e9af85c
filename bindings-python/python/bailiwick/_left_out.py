"""What stands in the place of an argument that is left out, where None is not the same.

A variable that is not set must not turn a check off.
"""

from enum import Enum
from typing import Final


class LeftOut(Enum):
    """The type of the only value that says so."""

    LEFT_OUT = "left out"

    def __repr__(self) -> str:
        return "..."


LEFT_OUT: Final = LeftOut.LEFT_OUT
