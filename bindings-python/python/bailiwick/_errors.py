"""The exceptions. The extension raises them. They are written in Python, so they can have attributes and two base classes."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ._bailiwick import Decision


class BailiwickError(Exception):
    """Bad input. A denial is a decision, never an error.

    `code` says what is wrong, as a word of `bailiwick.types.ErrorCode`. `path` says where: a JSON pointer into the document or request,
    empty for the whole of it. `message` is a sentence, which can change between releases. An error of this class itself has the code
    `internal`: it is a bug in bailiwick, please report it.
    """

    code: str
    path: str | None
    message: str

    def __init__(self, code: str, path: str | None, message: str) -> None:
        # As the exception's arguments, so that it can be copied and pickled.
        super().__init__(code, path, message)
        self.code = code
        self.path = path
        self.message = message

    def __str__(self) -> str:
        return f"{self.message} ({self.code} at {self.path})" if self.path else f"{self.message} ({self.code})"


class InvalidInputError(BailiwickError, ValueError):
    """A bad argument: a document, request or usage that the engine cannot take."""


class UnreadableError(InvalidInputError):
    """A table, stream or file that cannot be read, or is not in the format that it claims (`unreadable`)."""


class NotFoundError(BailiwickError, LookupError):
    """A change to something that is not in the directory."""


class ForbiddenError(BailiwickError, PermissionError):
    """A change that its actor may not make. `decision` says why not."""

    decision: Decision

    def __init__(self, code: str, path: str | None, message: str, decision: Decision) -> None:
        super().__init__(code, path, message)
        self.args: tuple[str, str | None, str, Decision] = (code, path, message, decision)
        self.decision = decision


for _class in (BailiwickError, InvalidInputError, UnreadableError, NotFoundError, ForbiddenError):
    _class.__module__ = "bailiwick"
