"""The default of arguments for which None is not the same as unset: a variable that was never assigned must not turn off a check."""

from enum import Enum
from typing import Final


class Unset(Enum):
    """The type of the only such value."""

    UNSET = "unset"

    def __repr__(self) -> str:
        return "..."


UNSET: Final = Unset.UNSET
