# What the extension holds. Written by hand, and held true by mypy.stubtest.
from collections.abc import Sequence
from typing import Any, Final, final

from ._answers import Attributions
from .types import (
    AccessRequest,
    AttributionDict,
    AttributionReason,
    Caveat,
    Certainty,
    DecisionDict,
    ErrorCode,
    Instant,
    Reason,
    Reference,
    Remedy,
    Usage,
)

__all__ = ["VERSION", "Attribution", "Bailiwick", "Decision"]

VERSION: Final[str]

@final
class Bailiwick:
    @staticmethod
    def from_directory(document: dict[str, Any] | str | bytes, *, policy: str | dict[str, Any] | None = None) -> Bailiwick: ...
    def check_access(
        self,
        principal: Reference,
        action: str,
        resource: Reference,
        *,
        surface: str | None = None,
        at: Instant | None = None,
        min_revision: int | None = None,
        max_age_seconds: int | None = None,
    ) -> Decision: ...
    def is_allowed(
        self,
        principal: Reference,
        action: str,
        resource: Reference,
        *,
        surface: str | None = None,
        at: Instant | None = None,
        min_revision: int | None = None,
        max_age_seconds: int | None = None,
    ) -> bool: ...
    def check_many(self, requests: Sequence[AccessRequest | dict[str, Any]]) -> list[Decision]: ...
    def attribute(
        self,
        principal: Reference,
        kind: str,
        *,
        surface: str | None = None,
        project: str | None = None,
        resource: Reference | None = None,
        at: Instant | None = None,
    ) -> Attribution: ...
    def attribute_many(self, usages: Sequence[Usage | dict[str, Any]]) -> Attributions: ...
    def to_directory(self) -> dict[str, Any]: ...
    @property
    def revision(self) -> int: ...
    @property
    def policy(self) -> str: ...
    @property
    def issued_at(self) -> str | None: ...

@final
class Decision:
    @property
    def allowed(self) -> bool: ...
    @property
    def reason(self) -> Reason: ...
    @property
    def role(self) -> str | None: ...
    @property
    def organization(self) -> str | None: ...
    @property
    def project(self) -> str | None: ...
    @property
    def caveats(self) -> list[Caveat]: ...
    @property
    def policy(self) -> str: ...
    @property
    def revision(self) -> int: ...
    def to_dict(self) -> DecisionDict: ...
    def __bool__(self) -> bool: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class Attribution:
    @property
    def organization(self) -> str | None: ...
    @property
    def project(self) -> str | None: ...
    @property
    def intended_organization(self) -> str | None: ...
    @property
    def intended_project(self) -> str | None: ...
    @property
    def matches_intended(self) -> bool: ...
    @property
    def certainty(self) -> Certainty | None: ...
    @property
    def reason(self) -> AttributionReason | ErrorCode: ...
    @property
    def api_key(self) -> str | None: ...
    @property
    def remedies(self) -> list[Remedy]: ...
    @property
    def policy(self) -> str: ...
    @property
    def revision(self) -> int: ...
    def to_dict(self) -> AttributionDict: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
