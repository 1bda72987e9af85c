"""A decision point that everybody on this machine may ask answers to its own names only.

A page from anywhere can have its own name resolved to 127.0.0.1 (DNS rebinding). The browser then takes this machine for that page's
server, and lets the page read answers. What gives it away is the name in `Host`, and that of the page in `Origin`.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from bailiwick.asgi import RequestHead
from bailiwick.asgi._answer import text
from bailiwick.asgi._protocol import Application, Receive, Scope, Send

_LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
_DEFAULT_PORTS = {"http": 80, "https": 443}


class OwnNames:
    """An application that is reached by its own names: those of this machine with the port, and that of the address that it is known by."""

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
        """Answer a request that names this decision point, and refuse every other."""
        if scope["type"] == "http":
            headers = RequestHead(scope).headers
            # What is there twice is joined, and is then no name. What is missing is none either: every browser sends it.
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
