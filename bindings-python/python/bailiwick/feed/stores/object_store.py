"""A feed in an object store that obstore reaches: S3, Google Cloud Storage, Azure, or memory."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any, Self

from .store import UNCHANGED, Answer, Found, NotAsSeenError


class ObjectStore:
    """A feed in a store of obstore, below its prefix. The store must support conditional writes."""

    def __init__(self, store: Any) -> None:
        self._obstore = _obstore()
        self._store = store

    @classmethod
    def of_url(cls, url: str) -> Self:
        """The store of an address such as s3://bucket/prefix. Keys and regions come from the environment, as obstore reads them. Raises ValueError."""
        obstore = _obstore()
        from obstore.store import from_url

        try:
            return cls(from_url(url))
        except obstore.exceptions.BaseError as error:
            raise ValueError(str(error).split("\n", 1)[0]) from error

    def get(self, key: str, seen: str | None = None) -> Answer:
        """As Store.get."""
        options = {} if seen is None else {"if_none_match": seen}
        with self._errors():
            try:
                answer = self._obstore.get(self._store, key, options=options)
                return Found(bytes(answer.bytes()), answer.meta["e_tag"])
            except FileNotFoundError:
                return None
            except self._obstore.exceptions.NotModifiedError:
                return UNCHANGED

    def put(self, key: str, data: bytes, seen: str | None) -> str:
        """As Store.put."""
        mode = "create" if seen is None else {"e_tag": seen}
        with self._errors():
            try:
                etag: str = self._obstore.put(self._store, key, data, mode=mode, use_multipart=False)["e_tag"]
                return etag
            except (self._obstore.exceptions.AlreadyExistsError, self._obstore.exceptions.PreconditionError, FileNotFoundError) as error:
                raise NotAsSeenError(key) from error

    def delete(self, key: str) -> None:
        """As Store.delete."""
        with self._errors():
            try:
                self._obstore.delete(self._store, key)
            except FileNotFoundError:
                return

    @contextmanager
    def _errors(self) -> Iterator[None]:
        """Raises OSError, as every store does. Its message is the first line: the others are for those who wrote the store."""
        try:
            yield
        except self._obstore.exceptions.BaseError as error:
            raise OSError(str(error).split("\n", 1)[0]) from error


def _obstore() -> ModuleType:
    try:
        import obstore
        import obstore.exceptions
    except ImportError as error:
        message = "object stores need the package obstore: pip install 'bailiwick[feed]'"
        raise ImportError(message) from error
    return obstore
