"""The present engine: one that stays, or whichever a host answers by now."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from .. import Bailiwick, InvalidInputError


def giving(guard: Any) -> Callable[[], Bailiwick]:
    """What gives the present engine, out of an engine or such a function."""
    if not isinstance(guard, type) and callable(getattr(guard, "authzen", None)):
        engine: Bailiwick = guard
        return lambda: engine
    if is_function(guard) and not inspect.iscoroutinefunction(guard):
        give: Callable[[], Bailiwick] = guard
        return give
    raise InvalidInputError("wrong_type", "/guard", "expected an engine, or a function that gives one")


def is_function(value: Any) -> bool:
    """Whether calling it answers something. A class and a generator do not: what calling those gives is always true, and says nothing."""
    return (
        callable(value) and not isinstance(value, type) and not inspect.isgeneratorfunction(value) and not inspect.isasyncgenfunction(value)
    )
