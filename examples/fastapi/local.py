"""The API on this machine, for as long as it runs: `python local.py [port]`.

Each line that is typed is a change as JSON, such as {"type": "revoke_api_key", "key": "key_ci"}; the next request is answered by it.
"""

from __future__ import annotations

import json
import secrets
import socket
import sys
import threading
from pathlib import Path

import uvicorn
from app import create_app
from bailiwick import Bailiwick, BailiwickError, new_api_key


def main() -> None:
    """Serve until there are no more changes."""
    guard = Bailiwick.from_directory((Path(__file__).parent / "directory.json").read_bytes())
    # Made for this run alone, which is why they may be shown.
    token = secrets.token_urlsafe(32)
    keys = {key: new_api_key("acme") for key in ("key_ci", "key_zoe")}
    for (key, made), actor in zip(keys.items(), ("user:usr_bob", "user:usr_zoe"), strict=True):
        guard.apply({"type": "create_api_key", "project": "prj_a", "key": key, "digest": made.digest}, actor=actor)

    listener = socket.create_server(("127.0.0.1", int(sys.argv[1]) if len(sys.argv) > 1 else 8000))
    server = uvicorn.Server(uvicorn.Config(create_app(guard, token=token), log_level="warning"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    origin = f"http://127.0.0.1:{listener.getsockname()[1]}"
    print(
        f"""
curl -i {origin}/v1/projects/prj_a/inference -H 'Authorization: Bearer {keys["key_ci"].secret}' --json '{{"prompt": "hello"}}'
curl -i {origin}/v1/projects/prj_a/code -H 'Authorization: Bearer {keys["key_zoe"].secret}' --json '{{"prompt": "1 + 1"}}'
curl -i {origin}/v1/files/file_b -H 'Authorization: Bearer {keys["key_ci"].secret}'
curl -i {origin}/pdp/access/v1/search/action -H 'Authorization: Bearer {token}' \\
  --json '{{"subject": {{"type": "user", "id": "usr_bob"}}, "resource": {{"type": "file", "id": "file_a"}}}}'

A change, such as {{"type": "revoke_api_key", "key": "key_ci"}}, or Ctrl+D:""",
        flush=True,
    )
    try:
        for line in sys.stdin:
            try:
                print(f"revision {guard.apply(json.loads(line))}", flush=True)
            except (BailiwickError, ValueError) as fault:
                print(fault, flush=True)
    except KeyboardInterrupt:
        pass
    server.should_exit = True
    thread.join()


if __name__ == "__main__":
    main()
