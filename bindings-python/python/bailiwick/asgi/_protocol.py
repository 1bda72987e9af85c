"""The types of ASGI."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, TypeAlias

Scope: TypeAlias = MutableMapping[str, Any]
"""The metadata of a connection."""

Message: TypeAlias = MutableMapping[str, Any]
"""An event that is received or sent."""

Receive: TypeAlias = Callable[[], Awaitable[Message]]
"""Waits for the next message of the client."""

Send: TypeAlias = Callable[[Message], Awaitable[None]]
"""Sends a message to the client."""

Application: TypeAlias = Callable[[Scope, Receive, Send], Awaitable[None]]
"""An ASGI application, which answers connections."""
