"""The words of ASGI, as types."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, TypeAlias

Scope: TypeAlias = MutableMapping[str, Any]
"""What is known of a connection before anything is received."""

Message: TypeAlias = MutableMapping[str, Any]
"""What is received or sent."""

Receive: TypeAlias = Callable[[], Awaitable[Message]]
"""Waits for the next message of the client."""

Send: TypeAlias = Callable[[Message], Awaitable[None]]
"""Sends a message to the client."""

Application: TypeAlias = Callable[[Scope, Receive, Send], Awaitable[None]]
"""Whatever answers a connection."""
