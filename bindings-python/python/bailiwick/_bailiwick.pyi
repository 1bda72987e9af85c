# What the extension holds. Written by hand, and held true by mypy.stubtest.
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final, Self, final, overload

from ._answers import ApiKeySecret, Attributions, Fault, Page, Preview, Reconciliation
from ._insight import Explanation, Finding, Impact, PolicyAnalysis, ReviewRow, UsageExplanation
from .types import (
    AccessRequest,
    AnswerColumns,
    ArrowTable,
    AttributionDict,
    AttributionReason,
    AuthzenApi,
    Caveat,
    Certainty,
    Change,
    DecisionDict,
    ErrorCode,
    InspectionDict,
    Instant,
    PolicyRenames,
    QuarantinedOrganization,
    Reason,
    Reference,
    ReferenceObject,
    Remedy,
    TimeUnit,
    Usage,
    UsageCaveat,
)

__all__ = [
    "MOST_FAULTS",
    "VERSION",
    "AnswerTable",
    "Attribution",
    "Bailiwick",
    "Decision",
    "JournalEnd",
    "Timeline",
    "analyse_policy",
    "authzen_metadata",
    "built_in_policy",
    "find_faults",
    "inspect_snapshot",
    "instants_of",
    "moments_of",
    "new_api_key",
    "public_key_of",
    "restore",
    "restore_timeline",
]

MOST_FAULTS: Final[int]
VERSION: Final[str]

@final
class Bailiwick:
    @staticmethod
    def from_directory(
        document: dict[str, Any] | str | bytes,
        *,
        policy: str | dict[str, Any] | None = None,
        quarantine: bool = False,
        max_bytes: int | None = None,
        max_values: int | None = None,
    ) -> Bailiwick: ...
    @staticmethod
    def from_tables(
        tables: Mapping[str, ArrowTable],
        *,
        policy: str | dict[str, Any] | None = None,
        quarantine: bool = False,
        time_zone: str | None = None,
        at_unit: TimeUnit | None = None,
    ) -> Bailiwick: ...
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
    def is_stale(self, at: Instant | None = None) -> bool: ...
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
    def attribute_table(
        self,
        table: ArrowTable,
        *,
        principal: str | None = "principal",
        kind: str | None = "kind",
        surface: str | None = "surface",
        project: str | None = "project",
        resource: str | None = "resource",
        at: str | datetime | None = "at",
        user: str | None = None,
        api_key: str | None = None,
        columns: AnswerColumns = "bailiwick",
        nulls: bool = False,
        keep_input: bool = False,
        prefix: str = "",
        dictionaries: bool = True,
        time_zone: str | None = None,
        at_unit: TimeUnit | None = None,
    ) -> AnswerTable: ...
    def check_table(
        self,
        table: ArrowTable,
        *,
        principal: str | None = "principal",
        action: str | None = "action",
        resource: str | None = "resource",
        surface: str | None = "surface",
        at: str | datetime | None = "at",
        user: str | None = None,
        api_key: str | None = None,
        min_revision: int | None = None,
        max_age_seconds: int | None = None,
        keep_input: bool = False,
        prefix: str = "",
        dictionaries: bool = True,
        time_zone: str | None = None,
        at_unit: TimeUnit | None = None,
    ) -> AnswerTable: ...
    def list_projects(
        self,
        principal: Reference,
        *,
        action: str | None = None,
        at: Instant | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> Page: ...
    def list_resources(
        self,
        principal: Reference,
        action: str,
        *,
        kind: str | None = None,
        project: str | None = None,
        surface: str | None = None,
        at: Instant | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> Page: ...
    def list_principals(
        self,
        action: str,
        resource: Reference,
        *,
        surface: str | None = None,
        at: Instant | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> Page: ...
    def list_actions(self, principal: Reference, resource: Reference, *, surface: str | None = None, at: Instant | None = None) -> Page: ...
    def apply(
        self,
        change: Change | dict[str, Any],
        *,
        actor: Reference = ...,
        at: Instant | None = None,
        expected_revision: int | None = None,
    ) -> int: ...
    def apply_many(
        self,
        changes: Sequence[Change | dict[str, Any]],
        *,
        actor: Reference = ...,
        at: Instant | None = None,
        expected_revision: int | None = None,
    ) -> int: ...
    def preview(
        self,
        change_or_list: Change | dict[str, Any] | Sequence[Change | dict[str, Any]],
        *,
        actor: Reference = ...,
        at: Instant | None = None,
        expected_revision: int | None = None,
    ) -> Preview: ...
    def reconcile(
        self,
        document: dict[str, Any] | str | bytes,
        *,
        dry_run: bool = False,
        quarantine: bool | None = None,
        max_bytes: int | None = None,
        max_values: int | None = None,
    ) -> Reconciliation: ...
    def explain(
        self,
        principal: Reference,
        action: str,
        resource: Reference,
        *,
        surface: str | None = None,
        at: Instant | None = None,
        min_revision: int | None = None,
        max_age_seconds: int | None = None,
    ) -> Explanation: ...
    def explain_usage(
        self,
        principal: Reference,
        kind: str,
        *,
        surface: str | None = None,
        project: str | None = None,
        resource: Reference | None = None,
        at: Instant | None = None,
    ) -> UsageExplanation: ...
    def _try_remedies(self, usages: list[dict[str, Any]]) -> list[list[dict[str, Any]]]: ...
    def impact(self, other: Bailiwick, *, at: Instant | None = None, limit: int | None = None, cursor: str | None = None) -> Impact: ...
    def impact_table(self, other: Bailiwick, *, at: Instant | None = None) -> AnswerTable: ...
    def review(self, *, organization: str | None = None, at: Instant | None = None) -> list[ReviewRow]: ...
    def review_table(self, *, organization: str | None = None, at: Instant | None = None) -> AnswerTable: ...
    def findings(self, *, at: Instant | None = None) -> list[Finding]: ...
    def with_policy(
        self, policy: str | dict[str, Any], *, renames: PolicyRenames | dict[str, dict[str, str]] | None = None
    ) -> Bailiwick: ...
    @property
    def policy_document(self) -> dict[str, Any]: ...
    def authenticate(self, secret: str) -> ReferenceObject | None: ...
    def authenticate_digest(self, digest: str) -> ReferenceObject | None: ...
    def authzen(
        self,
        api: AuthzenApi,
        request: dict[str, Any] | str | bytes,
        *,
        reasons: bool | None = None,
        trust_context_time: bool | None = None,
        at: Instant | None = None,
    ) -> str: ...
    @staticmethod
    def from_snapshot(
        data: bytes | bytearray | memoryview,
        public_key: bytes | bytearray | memoryview = ...,
        *,
        public_keys: list[bytes | bytearray | memoryview] | tuple[bytes | bytearray | memoryview, ...] = ...,
        at: Instant | None = None,
    ) -> Bailiwick: ...
    def to_snapshot(
        self,
        signing_key: bytes | bytearray | memoryview | None = None,
        *,
        issued_at: Instant | None = None,
        max_age_seconds: int | None = None,
        digests: bool | None = None,
        organizations: Sequence[str] | None = None,
    ) -> bytes: ...
    def to_delta(
        self,
        since: int,
        *,
        signing_key: bytes | bytearray | memoryview | None = None,
        issued_at: Instant | None = None,
        max_age_seconds: int | None = None,
    ) -> bytes: ...
    def apply_delta(
        self,
        data: bytes | bytearray | memoryview,
        *,
        public_key: bytes | bytearray | memoryview = ...,
        public_keys: list[bytes | bytearray | memoryview] | tuple[bytes | bytearray | memoryview, ...] = ...,
        at: Instant | None = None,
    ) -> int: ...
    def to_directory(self) -> dict[str, Any]: ...
    @property
    def revision(self) -> int: ...
    @property
    def state(self) -> str: ...
    @property
    def policy(self) -> str: ...
    def reconcile_tables(
        self,
        tables: Mapping[str, ArrowTable],
        *,
        dry_run: bool = False,
        quarantine: bool | None = None,
        time_zone: str | None = None,
        at_unit: TimeUnit | None = None,
    ) -> Reconciliation: ...
    @property
    def quarantined(self) -> list[QuarantinedOrganization]: ...
    @property
    def issued_at(self) -> str | None: ...
    @property
    def fresh_until(self) -> str | None: ...
    def __copy__(self) -> Self: ...
    def __deepcopy__(self, _memo: Any, /) -> Self: ...
    def __reduce__(self) -> tuple[Any, tuple[bytes, list[bytes] | None]]: ...

@final
class Decision:
    __match_args__ = ("allowed", "reason", "role", "organization", "project", "caveats", "policy", "revision")
    def __new__(
        cls,
        allowed: bool,
        reason: Reason,
        role: str | None,
        organization: str | None,
        project: str | None,
        caveats: Sequence[Caveat],
        policy: str,
        revision: int,
    ) -> Self: ...
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
    def __reduce__(self) -> tuple[type[Self], tuple[Any, ...]]: ...
    def __replace__(self, **changes: Any) -> Self: ...

@final
class Attribution:
    __match_args__ = (
        "organization",
        "project",
        "intended_organization",
        "intended_project",
        "matches_intended",
        "certainty",
        "reason",
        "api_key",
        "remedies",
        "caveats",
        "policy",
        "revision",
    )
    def __new__(
        cls,
        organization: str | None,
        project: str | None,
        intended_organization: str | None,
        intended_project: str | None,
        matches_intended: bool,
        certainty: Certainty | None,
        reason: AttributionReason | ErrorCode,
        api_key: str | None,
        remedies: Sequence[Remedy],
        caveats: Sequence[UsageCaveat],
        policy: str,
        revision: int,
    ) -> Self: ...
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
    def caveats(self) -> list[UsageCaveat]: ...
    @property
    def policy(self) -> str: ...
    @property
    def revision(self) -> int: ...
    def to_dict(self) -> AttributionDict: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __reduce__(self) -> tuple[type[Self], tuple[Any, ...]]: ...
    def __replace__(self, **changes: Any) -> Self: ...

@final
class AnswerTable:
    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...
    def __arrow_c_schema__(self) -> object: ...
    @property
    def num_rows(self) -> int: ...
    @property
    def column_names(self) -> list[str]: ...
    @property
    def counts(self) -> dict[str, int]: ...
    @property
    def unattributed(self) -> int: ...
    @property
    def policy(self) -> str: ...
    @property
    def revision(self) -> int: ...
    def to_pyarrow(self) -> Any: ...
    def to_pylist(self) -> list[dict[str, Any]]: ...
    def column(self, name: str) -> Any: ...
    def to_polars(self) -> Any: ...
    def to_pandas(self) -> Any: ...

@final
class JournalEnd:
    @property
    def bytes(self) -> int: ...
    @property
    def records(self) -> int: ...

@final
class Timeline:
    @staticmethod
    def from_snapshot(
        data: bytes | bytearray | memoryview,
        *,
        public_key: bytes | bytearray | memoryview = ...,
        public_keys: list[bytes | bytearray | memoryview] | tuple[bytes | bytearray | memoryview, ...] = ...,
        beginning: Instant | None = None,
        at: Instant | None = None,
    ) -> Timeline: ...
    @staticmethod
    def from_snapshots(
        snapshots: list[bytes | bytearray | memoryview] | tuple[bytes | bytearray | memoryview, ...],
        *,
        public_key: bytes | bytearray | memoryview = ...,
        public_keys: list[bytes | bytearray | memoryview] | tuple[bytes | bytearray | memoryview, ...] = ...,
        beginning: Instant | None = None,
        at: Instant | None = None,
    ) -> Timeline: ...
    @overload
    @staticmethod
    def from_journal(
        data: bytes | bytearray | memoryview,
        *,
        since: None = None,
        until: None = None,
        public_key: bytes | bytearray | memoryview = ...,
        public_keys: list[bytes | bytearray | memoryview] | tuple[bytes | bytearray | memoryview, ...] = ...,
        at: Instant | None = None,
    ) -> tuple[Timeline, JournalEnd]: ...
    @overload
    @staticmethod
    def from_journal(
        data: bytes | bytearray | memoryview,
        *,
        since: Instant | None = None,
        until: Instant | None = None,
        public_key: bytes | bytearray | memoryview = ...,
        public_keys: list[bytes | bytearray | memoryview] | tuple[bytes | bytearray | memoryview, ...] = ...,
        at: Instant | None = None,
    ) -> tuple[Timeline, JournalEnd | None]: ...
    def to_journal(self, *, signing_key: bytes | bytearray | memoryview | None = None) -> bytes: ...
    def append(
        self,
        data: bytes | bytearray | memoryview,
        *,
        public_key: bytes | bytearray | memoryview = ...,
        public_keys: list[bytes | bytearray | memoryview] | tuple[bytes | bytearray | memoryview, ...] = ...,
        at: Instant | None = None,
    ) -> int: ...
    def apply(
        self,
        change: Change | dict[str, Any],
        *,
        actor: Reference = ...,
        at: Instant | None = None,
        expected_revision: int | None = None,
    ) -> int: ...
    def at(self, instant: Instant) -> Bailiwick: ...
    def _try_remedies(self, usages: list[dict[str, Any]]) -> list[list[dict[str, Any]]]: ...
    def attribute_table(
        self,
        table: ArrowTable,
        *,
        principal: str | None = "principal",
        kind: str | None = "kind",
        surface: str | None = "surface",
        project: str | None = "project",
        resource: str | None = "resource",
        at: str | datetime | None = "at",
        user: str | None = None,
        api_key: str | None = None,
        columns: AnswerColumns = "bailiwick",
        nulls: bool = False,
        keep_input: bool = False,
        prefix: str = "",
        dictionaries: bool = True,
        time_zone: str | None = None,
        at_unit: TimeUnit | None = None,
    ) -> AnswerTable: ...
    @property
    def beginning(self) -> str | None: ...
    @property
    def end(self) -> str | None: ...
    @property
    def revision(self) -> int: ...
    def log(self) -> list[dict[str, Any]]: ...
    def new_journal(self, *, signing_key: bytes | bytearray | memoryview | None = None) -> tuple[bytes, JournalEnd]: ...
    @staticmethod
    def compact_journal(
        data: bytes | bytearray | memoryview,
        until: Instant,
        *,
        public_key: bytes | bytearray | memoryview = ...,
        public_keys: list[bytes | bytearray | memoryview] | tuple[bytes | bytearray | memoryview, ...] = ...,
        signing_key: bytes | bytearray | memoryview | None = None,
        at: Instant | None = None,
    ) -> tuple[bytes, tuple[str, str] | None]: ...
    def append_to_journal(
        self,
        data: bytes | bytearray | memoryview,
        end: JournalEnd,
        *,
        public_key: bytes | bytearray | memoryview = ...,
        public_keys: list[bytes | bytearray | memoryview] | tuple[bytes | bytearray | memoryview, ...] = ...,
        at: Instant | None = None,
    ) -> tuple[bytes, JournalEnd]: ...
    def apply_to_journal(
        self,
        change: Change | dict[str, Any],
        end: JournalEnd,
        *,
        actor: Reference = ...,
        at: Instant | None = None,
        expected_revision: int | None = None,
        signing_key: bytes | bytearray | memoryview | None = None,
    ) -> tuple[bytes, JournalEnd]: ...
    def __len__(self) -> int: ...
    def __bool__(self) -> bool: ...
    def __copy__(self) -> Self: ...

def restore(snapshot: bytes, public_keys: list[bytes] | None) -> Bailiwick: ...
def restore_timeline(journal: bytes, public_keys: list[bytes] | None) -> Timeline: ...
def moments_of(
    table: ArrowTable, *, at: str | datetime, time_zone: str | None = None, at_unit: TimeUnit | None = None
) -> tuple[str, str | None] | None: ...
def new_api_key(prefix: str | None = None) -> ApiKeySecret: ...
def instants_of(
    table: ArrowTable, *, at: str | datetime | None = "at", time_zone: str | None = None, at_unit: TimeUnit | None = None
) -> list[int | None]: ...
def find_faults(text: str | bytes, *, policy: str | dict[str, Any] | None = None) -> list[Fault]: ...
def inspect_snapshot(data: bytes | bytearray | memoryview) -> InspectionDict: ...
def built_in_policy(id: str) -> dict[str, Any]: ...  # noqa: A002  # as in JavaScript, and in the path of errors
def analyse_policy(policy: str | dict[str, Any]) -> PolicyAnalysis: ...
def authzen_metadata(base_url: str) -> str: ...
def public_key_of(signing_key: bytes | bytearray | memoryview) -> bytes: ...
