"""Real servers on this machine: the S3 protocol by moto, and nginx."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

SECONDS = 30.0


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
    return port


@contextmanager
def running(command: list[str], port: int) -> Iterator[None]:
    """A server, from when it answers on."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        until = time.monotonic() + SECONDS
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                assert process.poll() is None, f"{command[0]} has ended"
                assert time.monotonic() < until, f"{command[0]} does not answer"
                time.sleep(0.05)
        yield
    finally:
        process.terminate()
        process.wait(SECONDS)


@contextmanager
def s3() -> Iterator[dict[str, Any]]:
    """The arguments of an S3Store of obstore, with an empty bucket."""
    port = free_port()
    endpoint = f"http://127.0.0.1:{port}"
    with running([sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)], port):
        urllib.request.urlopen(urllib.request.Request(f"{endpoint}/feeds", method="PUT"), timeout=SECONDS).close()
        yield {
            "bucket": "feeds",
            "prefix": "acme",
            "endpoint": endpoint,
            "region": "us-east-1",
            "access_key_id": "access",
            "secret_access_key": "secret",
            "virtual_hosted_style_request": False,
            "client_options": {"allow_http": True},
        }


NGINX = """
{user}
daemon off;
pid {place}/nginx.pid;
error_log {place}/error.log;
events {{}}
http {{
  access_log {place}/access.log;
  client_body_temp_path {place}/body;
  proxy_temp_path {place}/proxy;
  fastcgi_temp_path {place}/fastcgi;
  uwsgi_temp_path {place}/uwsgi;
  scgi_temp_path {place}/scgi;
  server {{
    listen 127.0.0.1:{port};
    location /feed/ {{ alias {folder}/; etag on; add_header cache-control no-cache; }}
  }}
}}
"""


def has_nginx() -> bool:
    return shutil.which("nginx") is not None


@contextmanager
def nginx(folder: Path, place: Path) -> Iterator[str]:
    """The address under which nginx serves a folder."""
    port = free_port()
    config = place / "nginx.conf"
    # Started by root, its workers would be somebody who cannot read folders of tests.
    user = "user root;" if os.geteuid() == 0 else ""
    config.write_text(NGINX.format(place=place, folder=folder, port=port, user=user))
    with running(["nginx", "-p", str(place), "-c", str(config)], port):
        yield f"http://127.0.0.1:{port}/feed"
