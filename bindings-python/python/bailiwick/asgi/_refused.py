"""Responses to requests that a check refuses."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from .. import Decision

# Reasons about the caller itself, its key or its role, or about an organization or project of its own. Any other reason could reveal
# whether a resource of somebody else exists. So could the reasons of suspensions: they come before any role is looked at.
_DISCLOSED = frozenset(
    {
        "external_collaborators_disabled",
        "external_no_organization_access",
        "key_expired",
        "key_lacks_permission",
        "key_revoked",
        "key_scope_lacks_permission",
        "key_user_lacks_access",
        "not_for_externals",
        "role_lacks_permission",
        "unknown_action",
        "unknown_principal",
    }
)
_TOKEN_IS_OVER = frozenset({"key_expired", "key_revoked"})


class Refused(HTTPException):
    """A request that a check refuses: 400, 401, 403 or 503, with the headers for it.

    `detail` is `reason`, or `error` if there is none.
    """

    error: str
    """`invalid_request`, `unauthenticated`, `forbidden` or `unavailable`."""
    reason: str | None
    """The reason, as far as the caller may know it. The full decision is in `request.state.decision`."""

    def __init__(self, status_code: int, error: str, reason: str | None = None, **headers: str) -> None:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        common = {"cache-control": "no-store", "x-content-type-options": "nosniff"}
        super().__init__(status_code, detail=reason or error, headers={**common, **named})
        self.error = error
        self.reason = reason


async def answer_refused(request: Request, refused: Exception) -> Response:
    """A handler for `Refused`, which answers `{"error": …, "reason": …}`.

    `app.add_exception_handler(Refused, answer_refused)`
    """
    if not isinstance(refused, Refused):
        raise refused
    body = {"error": refused.error} if refused.reason is None else {"error": refused.error, "reason": refused.reason}
    return JSONResponse(body, refused.status_code, refused.headers)


def malformed() -> Refused:
    """The authorization cannot be read."""
    return Refused(400, "invalid_request", www_authenticate='Bearer error="invalid_request"')


def unauthenticated(*, has_token: bool) -> Refused:
    """The request has no credentials, or an unknown token."""
    return Refused(401, "unauthenticated", www_authenticate='Bearer error="invalid_token"' if has_token else "Bearer")


def unavailable(reason: str, retry_after: int) -> Refused:
    """There is no directory that can decide. The caller should try again."""
    return Refused(503, "unavailable", reason, retry_after=str(retry_after))


def forbidden(reason: str) -> Refused:
    """The caller may not."""
    error = "invalid_token" if reason in _TOKEN_IS_OVER else "insufficient_scope"
    return Refused(403, "forbidden", reason, www_authenticate=f'Bearer error="{error}"')


def disclosed_reason(decision: Decision | None, *, is_key: bool, resource_type: str) -> str:
    """The reason that a caller gets. A decision of None means that the resource cannot exist.

    Callers must not learn whether a resource exists in somebody else's project. So a resource that does not exist, one of somebody else,
    and one to which the action does not apply have the same reason.
    """
    # A member of the organization, who has a role there, may know that an action is only for the owner.
    if decision is not None and (decision.reason in _DISCLOSED or (decision.reason == "owner_only" and decision.role is not None)):
        return decision.reason
    if is_key:
        return "key_out_of_scope"
    return {"organization": "not_a_member", "user": "not_self"}.get(resource_type, "not_a_collaborator")
