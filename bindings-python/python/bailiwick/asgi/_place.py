"""Where a decision point is: which path is which API, and what its address is if nobody says."""

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
"""What can be asked for at a path."""

_LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
_DEFAULT_PORTS = {"http": "80", "https": "443"}
_PORT = re.compile(r":([0-9]*)\Z", re.ASCII)


class Place:
    """The paths of a decision point with an address, or of one that is where it is asked."""

    def __init__(self, base_url: str | None) -> None:
        self._fixed = None if base_url is None else authzen_metadata(base_url)
        base = ANYWHERE if base_url is None else base_url
        paths: dict[str, Endpoint] = {WELL_KNOWN + urlsplit(base).path.rstrip("/"): "metadata"}
        # What is published is what is answered.
        for name, url in json.loads(authzen_metadata(base)).items():
            if name.endswith("_endpoint"):
                paths[urlsplit(url).path] = name.removesuffix("_endpoint")
        self._endpoints: dict[str, tuple[bytes, Endpoint]] = {unquote(path): (path.encode(), endpoint) for path, endpoint in paths.items()}

    def endpoint(self, scope: Scope) -> Endpoint | None:
        """What a request asks for."""
        root, below = split(scope)
        found = self._endpoints.get(below)
        # With an address of its own, the whole path may be meant, and not the part below whatever it is mounted under.
        if found is None and self._fixed is not None:
            found = self._endpoints.get(root + below)
        if found is None:
            return None
        path, endpoint = found
        # A server decodes paths. `%65valuation` is no spelling that was published, and something before us may have read it otherwise.
        raw = scope.get("raw_path")
        return endpoint if raw is None or bytes(raw).partition(b"?")[0].endswith(path) else None

    def metadata(self, head: RequestHead) -> str:
        """The metadata, as JSON text. Raises BailiwickError where the request names no address that could be one."""
        return authzen_metadata(asked(head)) if self._fixed is None else self._fixed


def split(scope: Scope) -> tuple[str, str]:
    """What the application is mounted under, and the path below it.

    Servers and frameworks put the former into `root_path`. The path has it as well, or only the part that a framework has added, or
    nothing of it, as ASGI was read once.
    """
    path, root = str(scope["path"]), str(scope.get("root_path") or "").rstrip("/")
    outer = str(scope.get("app_root_path") or "").rstrip("/")
    for prefix in (root, root.removeprefix(outer)):
        if prefix and path.startswith(f"{prefix}/"):
            return root, path.removeprefix(prefix)
    return root, path


def asked(head: RequestHead) -> str:
    """The address at which a request asks. Whoever is reached without TLS stands behind something that has it, or is the machine itself."""
    scheme = "https" if head.scope.get("scheme") == "https" else "http"
    # Nothing of it may become a path.
    host = (head.headers.get("host") or _bound(head.scope)).lower().replace("/", " ")
    port = _PORT.search(host)
    if port is not None and port[1] in ("", _DEFAULT_PORTS[scheme]):
        host = host[: port.start()]
    is_loopback = _PORT.sub("", host) in _LOOPBACK
    return f"{scheme if is_loopback else 'https'}://{host}{quote(split(head.scope)[0])}"


def _bound(scope: Scope) -> str:
    # HTTP/1.0 knows no hosts: what remains is what the server is bound to, where that is not a socket in the file system.
    server = scope.get("server")
    if server is None or server[1] is None:
        return ""
    host, port = server
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
