"""What a host's `authenticate` may answer, and what of it is a permission."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from ._head import RequestHead


async def verdict_of(authenticate: Callable[[RequestHead], Any], head: RequestHead) -> Any:
    """The verdict, waited for where that is needed."""
    verdict = authenticate(head)
    return await verdict if inspect.isawaitable(verdict) else verdict


def is_permission(verdict: Any) -> bool:
    """Whether a verdict permits. Whatever is false does not, and nor does what is true by accident alone."""
    if inspect.iscoroutine(verdict):
        verdict.close()
        return False
    # Nobody has waited for it, so nobody knows what it would say.
    if inspect.isawaitable(verdict) or inspect.isgenerator(verdict) or inspect.isasyncgen(verdict):
        return False
    # A status, a response of another library, or a fault that was returned and not raised, is no permission either.
    if isinstance(verdict, BaseException) or (isinstance(verdict, (int, float, complex)) and not isinstance(verdict, bool)):
        return False
    if any(isinstance(getattr(verdict, name, None), int) for name in ("status", "status_code")):
        return False
    # `(False, "why")` is as true as any tuple.
    if type(verdict) is tuple:
        return False
    return bool(verdict)
