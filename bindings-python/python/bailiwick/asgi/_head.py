"""The head of a request: everything but the body, read-only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ._protocol import Scope


class Headers(Mapping[str, str]):
    """The headers of a request. Names are case-insensitive. Repeated headers are joined by commas, as in `fetch`.

    So no value is preferred: two `Authorization` headers do not equal either of them.
    """

    __slots__ = ("_values",)

    def __init__(self, pairs: Iterator[tuple[bytes, bytes]]) -> None:
        values: dict[str, str] = {}
        for raw_name, raw_value in pairs:
            name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1").strip(" \t")
            values[name] = f"{values[name]}, {value}" if name in values else value
        self._values = values

    def __getitem__(self, name: str) -> str:
        return self._values[name.lower()]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        # Values can be secrets, and printed text ends up in a log.
        return f"Headers({', '.join(self._values)})"


class RequestHead:
    """The head of a request, as `authenticate` gets it."""

    __slots__ = ("_headers", "_scope")

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._headers = Headers((bytes(name), bytes(value)) for name, value in scope["headers"])

    @property
    def scope(self) -> Scope:
        """The scope of the connection, with additions of the server and of middleware."""
        return self._scope

    @property
    def headers(self) -> Headers:
        """The headers."""
        return self._headers

    @property
    def method(self) -> str:
        """The method, in capitals."""
        return str(self._scope["method"])

    @property
    def path(self) -> str:
        """The path, including that of mounts, without percent-encoding."""
        return str(self._scope["path"])

    def __repr__(self) -> str:
        return f"<RequestHead {self.method} {self.path!r}>"
