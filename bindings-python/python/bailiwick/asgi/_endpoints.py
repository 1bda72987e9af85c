"""The paths and the address of a decision point."""

from __future__ import annotations

import json
import re
from typing import Literal, TypeAlias
from urllib.parse import quote, unquote, urlsplit

from .. import authzen_metadata
from ..types import AuthzenApi
from ._head import RequestHead
from ._protocol import Scope

WELL_KNOWN = "/.well-known/authzen-configuration"
ANYWHERE = "https://localhost"

Endpoint: TypeAlias = AuthzenApi | Literal["metadata"]
"""The API at a path."""

_LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
_DEFAULT_PORTS = {"http": "80", "https": "443"}
_PORT = re.compile(r":([0-9]*)\Z", re.ASCII)


class Endpoints:
    """The paths of a decision point with a fixed address, or with the address of each request."""

    def __init__(self, base_url: str | None) -> None:
        self._fixed = None if base_url is None else authzen_metadata(base_url)
        base = ANYWHERE if base_url is None else base_url
        paths: dict[str, Endpoint] = {WELL_KNOWN + urlsplit(base).path.rstrip("/"): "metadata"}
        # The paths that the metadata publishes are those that are answered.
        for name, url in json.loads(authzen_metadata(base)).items():
            if name.endswith("_endpoint"):
                paths[urlsplit(url).path] = name.removesuffix("_endpoint")
        self._endpoints: dict[str, tuple[bytes, Endpoint]] = {unquote(path): (path.encode(), endpoint) for path, endpoint in paths.items()}

    def endpoint(self, scope: Scope) -> Endpoint | None:
        """The API that a request is for."""
        root, below = split_root(scope)
        found = self._endpoints.get(below)
        # With a fixed address, the path may include that of the mount.
        if found is None and self._fixed is not None:
            found = self._endpoints.get(root + below)
        if found is None:
            return None
        path, endpoint = found
        # Servers decode paths. `%65valuation` was not published, and a proxy may have interpreted it differently.
        raw = scope.get("raw_path")
        return endpoint if raw is None or bytes(raw).partition(b"?")[0].endswith(path) else None

    def metadata(self, head: RequestHead) -> str:
        """The metadata, as JSON text. Raises BailiwickError if the request has no valid address."""
        return authzen_metadata(request_address(head)) if self._fixed is None else self._fixed


def split_root(scope: Scope) -> tuple[str, str]:
    """The path of the mount, and the path below it.

    Servers and frameworks put the former into `root_path`. Depending on how they read ASGI, `path` has all of it as well, or only the part
    that a framework has added, or none.
    """
    path, root = str(scope["path"]), str(scope.get("root_path") or "").rstrip("/")
    outer = str(scope.get("app_root_path") or "").rstrip("/")
    for prefix in (root, root.removeprefix(outer)):
        if prefix and path.startswith(f"{prefix}/"):
            return root, path.removeprefix(prefix)
    return root, path


def request_address(head: RequestHead) -> str:
    """The address of a request. Without TLS, this must be behind a proxy that has it, or on loopback."""
    scheme = "https" if head.scope.get("scheme") == "https" else "http"
    # No part of the host may become a path.
    host = (head.headers.get("host") or _bound(head.scope)).lower().replace("/", " ")
    port = _PORT.search(host)
    if port is not None and port[1] in ("", _DEFAULT_PORTS[scheme]):
        host = host[: port.start()]
    is_loopback = _PORT.sub("", host) in _LOOPBACK
    return f"{scheme if is_loopback else 'https'}://{host}{quote(split_root(head.scope)[0])}"


def _bound(scope: Scope) -> str:
    # HTTP/1.0 has no `Host`. Then it is the bound address of the server, unless that is a Unix socket.
    server = scope.get("server")
    if server is None or server[1] is None:
        return ""
    host, port = server
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
