"""The current engine: a fixed one, or the one that a function returns."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from .. import Bailiwick, InvalidInputError


def guard_source(guard: Any) -> Callable[[], Bailiwick]:
    """A function that returns the current engine, made from an engine or from such a function."""
    if not isinstance(guard, type) and callable(getattr(guard, "authzen", None)):
        engine: Bailiwick = guard
        return lambda: engine
    if is_function(guard) and not inspect.iscoroutinefunction(guard):
        give: Callable[[], Bailiwick] = guard
        return give
    raise InvalidInputError("wrong_type", "/guard", "expected an engine, or a function that returns one")


def is_function(value: Any) -> bool:
    """Whether calling it returns an answer. Classes and generator functions do not: they return objects that are always true."""
    return (
        callable(value) and not isinstance(value, type) and not inspect.isgeneratorfunction(value) and not inspect.isasyncgenfunction(value)
    )
