"""`bailiwick serve`: a decision point that speaks AuthZEN over HTTP."""

from __future__ import annotations

import ipaddress
import socket
from typing import Annotated, Any

import typer

from bailiwick.asgi import authzen_app
from bailiwick.asgi._protocol import Application

from ..files.input import STANDARD
from ..server.bearer import bearer_check, everybody
from ..server.connections import Connection
from ..server.own_hosts import OwnNames
from ..server.served_directory import ServedDirectory
from ..terminal.console import note, print_json
from ..terminal.errors import UnreachableError, reason
from ..terminal.extras import need
from .options import AsJson, Directory, Policy, PublicKey

Host = Annotated[str, typer.Option("--host", help="The address to listen to.")]
Port = Annotated[int, typer.Option("--port", min=0, max=65_535, help="The port; 0 is any that is free.")]
BaseUrl = Annotated[
    str | None, typer.Option("--base-url", metavar="URL", help="Where callers reach it. Without it, where they say they do.")
]
Reasons = Annotated[bool, typer.Option("--reasons", help="Answer with the reason beside the decision.")]
TrustTime = Annotated[
    bool, typer.Option("--trust-context-time", help="Let callers set the time. Whoever may do so can bring an expired key back to life.")
]
Bearer = Annotated[
    str | None, typer.Option("--bearer-file", metavar="FILE", help="Only callers with a token of this file may ask, one a line.")
]
Anonymous = Annotated[
    bool, typer.Option("--anonymous", help="Let everybody ask who reaches the address, though it is not this machine's own.")
]
RequestTimeout = Annotated[
    float,
    typer.Option(
        "--request-timeout", min=0.1, metavar="SECONDS", help="How long a client may take to send a request. Then its connection ends."
    ),
]
Follow = Annotated[
    bool, typer.Option("--follow", help="Load the directory again whenever its file changes. What does not load is not served.")
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
    """Serve an AuthZEN decision point over HTTP, until it is interrupted. There is no TLS: that is for what stands before it."""
    uvicorn = need("uvicorn", task="serving", extra="cli")
    http = need("uvicorn.protocols.http.auto", task="serving", extra="cli")
    if follow and directory == STANDARD:
        raise typer.BadParameter("the input cannot be followed; name a file")
    served = ServedDirectory(directory, policy=policy, public_key=public_key)
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
                "others can reach this address: --bearer-file FILE says who may ask, and --anonymous that everybody may"
            )
        if follow:
            served.follow()
        bound_host, bound_port = _bound(listener)
        if bearer_file is None and is_own:
            app = OwnNames(app, host=bound_host, port=bound_port, base_url=base_url)
        _announce(f"http://{bound_host}:{bound_port}", served, as_json)

        def connection(**terms: Any) -> Connection:
            return Connection(http.AutoHTTPProtocol(**terms), seconds=request_timeout, is_ending=lambda: server.should_exit)

        config = uvicorn.Config(app, http=connection, ws="none", log_level="warning", access_log=False, server_header=False, lifespan="off")
        server = uvicorn.Server(config)
        server.run(sockets=[listener])


def _is_loopback(listener: socket.socket) -> bool:
    """Whether only this machine reaches it. The bound address says it: `127.1` and names have to be looked up."""
    address = ipaddress.ip_address(listener.getsockname()[0])
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return (mapped or address).is_loopback


def _listening(host: str, port: int) -> socket.socket:
    try:
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET, backlog=2_048)
    except OSError as error:
        raise UnreachableError(f"{host}, port {port} cannot be listened to: {reason(error)}") from error


def _bound(listener: socket.socket) -> tuple[str, int]:
    """The host, as it stands in an address, and the port."""
    name: Any = listener.getsockname()
    return f"[{name[0]}]" if ":" in name[0] else name[0], name[1]


def _announce(address: str, served: ServedDirectory, as_json: bool) -> None:
    """Says where it is, for whoever waits for that."""
    guard = served.guard
    served.tell_freshness()
    if as_json:
        print_json({"address": address, "revision": guard.revision, "policy": guard.policy, "fresh_until": guard.fresh_until})
    else:
        note(f"a decision point at {address}, of revision {guard.revision} under {guard.policy}")
