"""What a host's `authenticate` may answer, and what of it is a permission."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias, TypeGuard

from ._head import RequestHead
from ._protocol import Application

Authenticate: TypeAlias = Callable[[RequestHead], bool | Application | Awaitable[bool | Application]]
"""A host's hook: whether the caller may ask. Only True permits. An ASGI application is what is answered instead; anything else is a 401."""


async def verdict_of(authenticate: Authenticate, head: RequestHead) -> Any:
    """The verdict, waited for where that is needed. Anything at all, whatever the hook is said to give."""
    verdict: Any = authenticate(head)
    if inspect.isawaitable(verdict):
        verdict = await verdict
    if inspect.iscoroutine(verdict):
        # Nobody waits for a second one, and nobody is to be warned of that.
        verdict.close()
    return verdict


def is_application(verdict: Any) -> TypeGuard[Application]:
    """Whether a verdict is an ASGI application: it is called with `scope`, `receive` and `send`, and then waited for.

    A class is none, and neither is whatever else happens to be callable.
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
