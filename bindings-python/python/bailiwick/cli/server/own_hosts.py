"""Protects a decision point without authentication on loopback from DNS rebinding.

A web page can have its own host name resolved to 127.0.0.1. The browser then takes this machine for the page's server, and lets the page
read answers. The names in `Host` and `Origin` reveal it.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from bailiwick.asgi import RequestHead
from bailiwick.asgi._answer import text
from bailiwick.asgi._protocol import Application, Receive, Scope, Send

_LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
_DEFAULT_PORTS = {"http": 80, "https": 443}


class OwnHosts:
    """An application that answers only to its own host names: those of loopback with the port, and that of `base_url`."""

    def __init__(self, app: Application, *, host: str, port: int, base_url: str | None) -> None:
        self._app = app
        own = [("http", name, port) for name in (*_LOOPBACK, host)]
        if base_url is not None:
            parts = urlsplit(base_url)
            base_port = _DEFAULT_PORTS[parts.scheme] if parts.port is None else parts.port
            own.append((parts.scheme, _bracketed(parts.hostname or ""), base_port))
        self._hosts, self._origins = set[str](), set[str]()
        for scheme, name, number in own:
            for host_name in (f"{name}:{number}", *([name] if number == _DEFAULT_PORTS[scheme] else [])):
                self._hosts.add(host_name.lower())
                self._origins.add(f"{scheme}://{host_name}".lower())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request to one of the host names, and refuse any other."""
        if scope["type"] == "http":
            headers = RequestHead(scope).headers
            # Repeated headers are joined, so they do not match. A missing one does not match either: every browser sends it.
            if headers.get("host", "").lower() not in self._hosts:
                await text(421, "`Host` is not a name of this decision point; `--base-url` adds one").send(send)
                return
            origin = headers.get("origin")
            if origin is not None and origin.lower() not in self._origins:
                await text(403, "`Origin` is not this decision point; pages from elsewhere may not ask").send(send)
                return
        await self._app(scope, receive, send)


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
