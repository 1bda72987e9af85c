"""Stores for tests: in memory with conditions, one that fails at a request, and a server of files with ETags."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from bailiwick.feed import Found, NotAsSeenError
from bailiwick.feed.stores.store import UNCHANGED, Answer


class MemoryStore:
    """Objects in memory, with conditions."""

    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}
        self.lock = threading.Lock()
        self.requests: list[tuple[str, str]] = []

    def get(self, key: str, seen: str | None = None) -> Answer:
        with self.lock:
            self.requests.append(("get", key))
            data = self.objects.get(key)
            if data is None:
                return None
            etag = tag(data)
            return UNCHANGED if etag == seen else Found(data, etag)

    def put(self, key: str, data: bytes, seen: str | None) -> str:
        with self.lock:
            self.requests.append(("put", key))
            there = self.objects.get(key)
            if (None if there is None else tag(there)) != seen:
                raise NotAsSeenError(key)
            self.objects[key] = data
            return tag(data)

    def delete(self, key: str) -> None:
        with self.lock:
            self.requests.append(("delete", key))
            self.objects.pop(key, None)


class BreakingStore(MemoryStore):
    """Fails at one request, which has had its effect or not."""

    def __init__(self) -> None:
        super().__init__()
        self.until: int | None = None
        self.has_effect = False

    def break_after(self, requests: int, *, has_effect: bool) -> None:
        self.until, self.has_effect = requests, has_effect

    def get(self, key: str, seen: str | None = None) -> Answer:
        self._count()
        return super().get(key, seen)

    def put(self, key: str, data: bytes, seen: str | None) -> str:
        if self._count(has_effect=True):
            super().put(key, data, seen)
            raise OSError("the answer was lost")
        return super().put(key, data, seen)

    def _count(self, *, has_effect: bool = False) -> bool:
        """Whether to fail after the effect."""
        if self.until is None:
            return False
        self.until -= 1
        if self.until >= 0:
            return False
        self.until = None
        if self.has_effect and has_effect:
            return True
        raise OSError("the request was lost")


def tag(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@contextmanager
def served(store: MemoryStore, statuses: list[int]) -> Iterator[str]:
    """The address of a server of the objects, which answers with ETags. It lists its statuses."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answer = store.get(self.path.removeprefix("/feed/"))
            if not isinstance(answer, Found):
                status, body, etag = 404, b"", None
            else:
                etag = f'"{answer.etag}"'
                is_seen = self.headers.get("If-None-Match") == etag
                status, body = (304, b"") if is_seen else (200, answer.data)
            statuses.append(status)
            self.send_response(status)
            if etag is not None:
                self.send_header("ETag", etag)
            if status != 304:
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/feed"
        finally:
            server.shutdown()
            thread.join()
