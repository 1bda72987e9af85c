"""`bailiwick serve`: an AuthZEN decision point over HTTP."""

from __future__ import annotations

import ipaddress
import socket
from typing import Annotated, Any

import typer

from bailiwick.asgi import authzen_app
from bailiwick.asgi._protocol import Application

from ..files.feeds import is_feed
from ..files.input import STANDARD
from ..server.bearer import bearer_check, everybody
from ..server.connections import Connection
from ..server.own_hosts import OwnHosts
from ..server.served_directory import ServedDirectory
from ..server.served_feed import ServedFeed
from ..terminal.console import note, print_json
from ..terminal.errors import UnreachableError, reason
from ..terminal.extras import need
from .options import AsJson, Directory, Policy, PublicKey

Host = Annotated[str, typer.Option("--host", help="The address to listen on.")]
Port = Annotated[int, typer.Option("--port", min=0, max=65_535, help="The port; 0 selects a free one.")]
BaseUrl = Annotated[
    str | None,
    typer.Option("--base-url", metavar="URL", help="The address by which callers reach it. Without it, the address in each request."),
]
Reasons = Annotated[bool, typer.Option("--reasons", help="Include the reason in answers.")]
TrustTime = Annotated[bool, typer.Option("--trust-context-time", help="Let callers set the time. They can then use expired keys.")]
Bearer = Annotated[
    str | None,
    typer.Option("--bearer-file", metavar="FILE", help="Only callers with a token from this file may ask. It has one token on each line."),
]
Anonymous = Annotated[bool, typer.Option("--anonymous", help="Let everybody ask who can reach the address, even if it is not loopback.")]
RequestTimeout = Annotated[
    float,
    typer.Option(
        "--request-timeout",
        min=0.1,
        metavar="SECONDS",
        help="How long a client may take to send a request, before its connection is closed.",
    ),
]
Follow = Annotated[
    bool,
    typer.Option("--follow", help="Reload the directory whenever its file changes. If it does not load, the previous one is still served."),
]


def serve(
    directory: Directory,
    host: Host = "127.0.0.1",
    port: Port = 8080,
    base_url: BaseUrl = None,
    reasons: Reasons = False,
    trust_context_time: TrustTime = False,
    bearer_file: Bearer = None,
    anonymous: Anonymous = False,
    request_timeout: RequestTimeout = 30,
    follow: Follow = False,
    policy: Policy = None,
    public_key: PublicKey = None,
    as_json: AsJson = False,
) -> None:
    """Serve an AuthZEN decision point over HTTP, until it is interrupted. It has no TLS: put a proxy in front of it.

    DIRECTORY may be a feed, which is followed: a folder, or an address such as https://host/feed or s3://bucket/prefix.
    """
    uvicorn = need("uvicorn", task="serving", extra="cli")
    http = need("uvicorn.protocols.http.auto", task="serving", extra="cli")
    if follow and directory == STANDARD:
        raise typer.BadParameter("standard input cannot be followed; name a file")
    served = _served(directory, policy, public_key)
    app: Application = authzen_app(
        lambda: served.guard,
        base_url=base_url,
        reasons=reasons,
        trust_context_time=trust_context_time,
        authenticate=everybody if bearer_file is None else bearer_check(bearer_file),
    )
    with _listening(host, port) as listener:
        is_own = _is_loopback(listener)
        if not is_own and bearer_file is None and not anonymous:
            raise typer.BadParameter(
                "other machines can reach this address: use --bearer-file FILE to say who may ask, or --anonymous to let everybody ask"
            )
        if follow or isinstance(served, ServedFeed):
            served.follow()
        bound_host, bound_port = _bound(listener)
        if bearer_file is None and is_own:
            app = OwnHosts(app, host=bound_host, port=bound_port, base_url=base_url)
        _announce(f"http://{bound_host}:{bound_port}", served, as_json)

        def connection(**terms: Any) -> Connection:
            return Connection(http.AutoHTTPProtocol(**terms), seconds=request_timeout, is_ending=lambda: server.should_exit)

        config = uvicorn.Config(app, http=connection, ws="none", log_level="warning", access_log=False, server_header=False, lifespan="off")
        server = uvicorn.Server(config)
        server.run(sockets=[listener])


def _served(directory: str, policy: str | None, public_key: list[str] | None) -> ServedDirectory | ServedFeed:
    if not is_feed(directory):
        return ServedDirectory(directory, policy=policy, public_key=public_key)
    if policy is not None:
        raise typer.BadParameter("a feed has its own policy; --policy is for directory documents")
    return ServedFeed(directory, public_key=public_key)


def _is_loopback(listener: socket.socket) -> bool:
    """Whether only this machine can reach it. By the bound address, because `127.1` and names must be resolved first."""
    address = ipaddress.ip_address(listener.getsockname()[0])
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return (mapped or address).is_loopback


def _listening(host: str, port: int) -> socket.socket:
    try:
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET, backlog=2_048)
    except OSError as error:
        raise UnreachableError(f"cannot listen on {host}, port {port}: {reason(error)}") from error


def _bound(listener: socket.socket) -> tuple[str, int]:
    """The host, as in a URL, and the port."""
    name: Any = listener.getsockname()
    return f"[{name[0]}]" if ":" in name[0] else name[0], name[1]


def _announce(address: str, served: ServedDirectory | ServedFeed, as_json: bool) -> None:
    """Prints the address, so that scripts can wait for it."""
    guard = served.guard
    served.report_freshness()
    if as_json:
        print_json({"address": address, "revision": guard.revision, "policy": guard.policy, "fresh_until": guard.fresh_until})
    else:
        note(f"a decision point at {address}, of revision {guard.revision} under {guard.policy}")
