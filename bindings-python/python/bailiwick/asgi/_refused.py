"""What becomes of a request that may not go on."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from .. import Decision

# Reasons that tell a caller about itself, its key or its role, or about something that it belongs to. Every other one could tell apart
# what is somebody else's and what is nowhere.
_TOLD = frozenset(
    {
        "external_collaborators_disabled",
        "external_no_organization_access",
        "key_expired",
        "key_lacks_permission",
        "key_revoked",
        "role_lacks_permission",
        "unknown_action",
        "unknown_principal",
    }
)
_TOKEN_IS_OVER = frozenset({"key_expired", "key_revoked"})


class Refused(HTTPException):
    """A request that a check does not let through: 400, 401, 403 or 503, with the headers that belong to it.

    `detail` is `reason`, or `error` where there is none.
    """

    error: str
    """`invalid_request`, `unauthenticated`, `forbidden` or `unavailable`."""
    reason: str | None
    """Why, as far as the caller may know. What was decided stands in `request.state.decision`."""

    def __init__(self, status_code: int, error: str, reason: str | None = None, **headers: str) -> None:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        common = {"cache-control": "no-store", "x-content-type-options": "nosniff"}
        super().__init__(status_code, detail=reason or error, headers={**common, **named})
        self.error = error
        self.reason = reason


async def answer_refused(request: Request, refused: Exception) -> Response:
    """A handler for `Refused`: `{"error": …, "reason": …}`, whatever the framework makes of other exceptions.

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
    """Nobody has said who asks; or there is a token, and nobody knows it."""
    return Refused(401, "unauthenticated", www_authenticate='Bearer error="invalid_token"' if has_token else "Bearer")


def unavailable(reason: str, retry_after: int) -> Refused:
    """There is no directory to decide by. That says nothing about the caller, who is right to try again."""
    return Refused(503, "unavailable", reason, retry_after=str(retry_after))


def forbidden(reason: str) -> Refused:
    """The caller may not."""
    error = "invalid_token" if reason in _TOKEN_IS_OVER else "insufficient_scope"
    return Refused(403, "forbidden", reason, www_authenticate=f'Bearer error="{error}"')


def told(decision: Decision | None, *, is_key: bool, resource_type: str) -> str:
    """The reason that a caller is told. None: what was asked for cannot exist.

    Whether there is something of that name in somebody else's project is nobody's business. So what is nowhere, what is somebody else's,
    and what the action cannot be done to wherever it is, have one reason.
    """
    # What only the owner may: a member of the organization, who has a role there, may know that.
    if decision is not None and (decision.reason in _TOLD or (decision.reason == "owner_only" and decision.role is not None)):
        return decision.reason
    if is_key:
        return "key_out_of_scope"
    return {"organization": "not_a_member", "user": "not_self"}.get(resource_type, "not_a_collaborator")
