"""The verdict of a host's `authenticate`, and whether it permits."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias, TypeGuard

from ._head import RequestHead
from ._protocol import Application

Authenticate: TypeAlias = Callable[[RequestHead], bool | Application | Awaitable[bool | Application]]
"""A host's hook: whether the caller may ask. Only True permits. An ASGI application answers in place of it; anything else is 401."""


async def verdict_of(authenticate: Authenticate, head: RequestHead) -> Any:
    """The verdict, awaited if needed. It can be any value, whatever the annotation of the hook says."""
    verdict: Any = authenticate(head)
    if inspect.isawaitable(verdict):
        verdict = await verdict
    if inspect.iscoroutine(verdict):
        # A nested coroutine is not awaited. Closing it avoids a warning.
        verdict.close()
    return verdict


def is_application(verdict: Any) -> TypeGuard[Application]:
    """Whether a verdict is an ASGI application: an async function of `scope`, `receive` and `send`.

    Classes and other callables are not.
    """
    if isinstance(verdict, type) or not callable(verdict):
        return False
    if not (inspect.iscoroutinefunction(verdict) or inspect.iscoroutinefunction(type(verdict).__call__)):
        return False
    try:
        inspect.signature(verdict).bind("scope", "receive", "send")
    except (TypeError, ValueError):
        return False
    return True
