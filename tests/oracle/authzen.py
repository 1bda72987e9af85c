"""AuthZEN: the requests of the standard, answered by asking `check_access` about everything that there is."""

from __future__ import annotations

from typing import Any

import shapes
from documents import Json, OracleError, actions_by_table, find
from listings import principals
from oracle import Oracle

# What a request must have, and what each part must have. A search does not ask for the id of what it searches.
ENTITY = ("type", "id")
EVALUATION = {"subject": ENTITY, "action": ("name",), "resource": ENTITY}
REQUIRED: dict[str, dict[str, tuple[str, ...]]] = {
    "access_evaluation": EVALUATION,
    "access_evaluations": EVALUATION,
    "search_subject": EVALUATION | {"subject": ("type",)},
    "search_resource": EVALUATION | {"resource": ("type",)},
    "search_action": {"subject": ENTITY, "resource": ENTITY},
}
SEMANTICS = ("execute_all", "deny_on_first_deny", "permit_on_first_permit")
LARGEST_PAGE = 1000


class DecisionPoint:
    """Answers for one directory, and knows the page that it gave last."""

    def __init__(self) -> None:
        self.page: Json | None = None

    def answer(self, oracle: Oracle, asked: Json) -> Json:
        """The response to a request, or the error that the standard calls a bad request."""
        host = Host(oracle, asked)
        api, request = asked["api"], asked["request"]
        needed(request, "", ())
        if api == "access_evaluations" and request.get("evaluations") not in (None, []):
            return host.evaluations(request)
        whole(request, REQUIRED[api], host.trusts)
        if api.startswith("search_"):
            return self._search(host, api, request)
        return host.evaluation(request)

    def _search(self, host: Host, api: str, request: Json) -> Json:
        found = host.search(api, request)
        asked = request.get("page")
        limit, last = self._from_where(host, api, request)
        left = found if last is None else [result for result in found if of_result(result) > last]
        here = left[: min(LARGEST_PAGE if limit is None else limit, LARGEST_PAGE)]
        more = len(here) < len(left)
        last = of_result(here[-1]) if here else last
        self.page = {"query": query(host, api, request), "limit": limit, "last": last} if more else None
        page = {"next_token": "*" if more else "", "count": len(here)}
        return {"page": page, "results": here} if more or asked is not None else {"results": here}

    def _from_where(self, host: Host, api: str, request: Json) -> tuple[int | None, str | None]:
        """The limit, and the result behind which a page begins; a token without a limit goes on with the limit that was."""
        page = request.get("page")
        if page is None:
            return None, None
        needed(page, "/page", ())
        for field, value in page.items():
            if value is not None and field in ("token", "limit"):
                (shapes.text if field == "token" else shapes.number)(value, f"/page/{field}")
        limit, token = page.get("limit"), page.get("token")
        if not token or (token == "next" and self.page is None):
            return limit, None
        if token != "next" or self.page is None:
            raise OracleError("cursor_invalid", "/page/token")
        if self.page["query"] != query(host, api, request):
            raise OracleError("cursor_mismatch", "/page/token")
        if limit not in (None, self.page["limit"]):
            raise OracleError("cursor_mismatch", "/page/limit")
        return self.page["limit"], self.page["last"]


class Host:
    """A directory, an instant, and what the host says of its callers."""

    def __init__(self, oracle: Oracle, asked: Json) -> None:
        self.oracle = oracle
        self.at: str = asked["at"]
        self.trusts: bool = asked.get("trust_context_time") is True
        self.reasons: bool = asked.get("reasons") is True

    def evaluation(self, request: Json) -> Json:
        """One decision on a request that is well formed."""
        decision = self._decision(request["subject"], request["action"]["name"], request["resource"], request.get("context"))
        return self._response(decision["allowed"], decision["reason"], decision["caveats"])

    def evaluations(self, request: Json) -> Json:
        """A decision on each item, up to the one that decides."""
        given = {part: fields for part, fields in EVALUATION.items() if part in request}
        faults: list[str] = []
        whole(request, given, self.trusts, faults)
        items: list[Any] = request["evaluations"]
        if not isinstance(items, list):
            raise OracleError("wrong_type", "/evaluations")
        options = request.get("options")
        semantic = "execute_all"
        if options is not None:
            needed(options, "/options", ())
            semantic = "execute_all" if options.get("evaluations_semantic") is None else options["evaluations_semantic"]
        if semantic not in SEMANTICS:
            raise OracleError("wrong_type", "/options/evaluations_semantic")
        last = {"deny_on_first_deny": False, "permit_on_first_permit": True}.get(semantic)
        defaults = {part: request[part] for part in (*EVALUATION, "context") if part in request and part not in faults}
        answers: list[Json] = []
        for item in items:
            answers.append(self._item(defaults, item))
            if answers[-1]["decision"] is last:
                break
        return {"evaluations": answers}

    def _item(self, defaults: Json, item: Any) -> Json:
        """What is wrong inside an item denies it, and nothing else."""
        try:
            needed(item, "", ())
            whole(defaults | item, EVALUATION, self.trusts)
            return self.evaluation(defaults | item)
        except OracleError as error:
            return self._response(False, error.code, [])

    def search(self, api: str, request: Json) -> list[Json]:
        """All that would be permitted, in the order of the bytes of their ids."""
        context, subject, resource = request.get("context"), request["subject"], request["resource"]
        if api == "search_action":
            names = {name for table in actions_by_table(self.oracle.policy).values() for name in table}
            return [{"name": name} for name in sorted(names) if self._allows(subject, name, resource, context)]
        action = request["action"]["name"]
        if api == "search_subject":
            kind = subject["type"]
            ids = {who for kind_of, who in principals(self.oracle) if kind_of == kind}
            return [{"type": kind, "id": i} for i in sorted(ids) if self._allows({"type": kind, "id": i}, action, resource, context)]
        kind = resource["type"]
        ids = self._things(kind)
        return [{"type": kind, "id": i} for i in sorted(ids) if self._allows(subject, action, {"type": kind, "id": i}, context)]

    def _things(self, kind: str) -> set[str]:
        """The ids of everything of a type that can be asked about."""
        oracle = self.oracle
        if kind == "user":
            return {who for kind_of, who in principals(oracle) if kind_of == "user"}
        if kind == "organization":
            return {organization["id"] for organization in oracle.organizations}
        if kind == "project":
            return {project["id"] for _, project in oracle.projects}
        entries = [("api_keys", oracle.policy.get("api_key_kind") == kind), ("resources", True)]
        return {
            entry["id"]
            for _, project in oracle.projects
            for list_of, counts in entries
            for entry in project.get(list_of, [])
            if counts and (list_of == "api_keys" or entry["kind"] == kind)
        }

    def _allows(self, subject: Json, action: str, resource: Json, context: Json | None) -> bool:
        return bool(self._decision(subject, action, resource, context)["allowed"])

    def _decision(self, subject: Json, action: str, resource: Json, context: Json | None) -> Json:
        """A surface that the policy lacks is no error here, but a denial."""
        context = context or {}
        surface, time = context.get("surface"), context.get("time") if self.trusts else None
        if surface is not None and find(self.oracle.policy["surfaces"], "surface", surface) is None:
            return {"allowed": False, "reason": "unknown_surface", "caveats": []}
        asked = {
            "principal": subject,
            "action": self._meant(action, resource["type"]),
            "resource": resource,
            "surface": surface,
            "at": time or self.at,
        }
        return self.oracle.check_access(asked)

    def _meant(self, name: str, kind: str) -> str:
        """A verb of the resource's kind stands for the action that it makes, unless the policy has an action of that name."""
        if any(name in names for names in actions_by_table(self.oracle.policy).values()):
            return name
        declared = find(self.oracle.policy.get("kinds", []), "kind", kind)
        verbs = [verb for row in (declared or {}).get("verbs", []) for verb in row["verbs"]]
        return f"{kind}.{name}" if name in verbs else name

    def _response(self, allowed: bool, reason: str, caveats: list[str]) -> Json:
        decision: Json = {"decision": allowed}
        return decision | {"context": {"reason": reason, "caveats": caveats}} if self.reasons else decision


def of_result(result: Json) -> str:
    """What results are in the order of."""
    return str(result["name"] if "name" in result else result["id"])


def needed(value: Any, path: str, fields: tuple[str, ...]) -> None:
    """An object that has these fields. All others are ignored."""
    if not isinstance(value, dict):
        raise OracleError("wrong_type", path)
    if any(field not in value for field in fields):
        raise OracleError("missing_field", path)


def whole(request: Json, parts: dict[str, tuple[str, ...]], trusts: bool, incomplete: list[str] | None = None) -> None:
    """A request with these parts and perhaps a context: what is missing comes first, then the first fault in the document.

    With a list of `incomplete` parts, one that lacks a member is noted there and is no fault.
    """
    needed(request, "", tuple(parts))
    for part, value in request.items():
        if part == "context":
            context(value, trusts)
        elif part in parts:
            if incomplete is not None and isinstance(value, dict) and any(field not in value for field in parts[part]):
                incomplete.append(part)
                continue
            needed(value, f"/{part}", parts[part])
            for field in [field for field in value if field in parts[part]]:
                shapes.text(value[field], f"/{part}/{field}")


def context(value: Any, trusts: bool) -> None:
    """A context; of its time nothing is asked unless it counts."""
    if value is None:
        return
    needed(value, "/context", ())
    checks = {"surface": shapes.text, "time": shapes.moment} if trusts else {"surface": shapes.text}
    for field, given in value.items():
        if field in checks and given is not None:
            checks[field](given, f"/context/{field}")


def query(host: Host, api: str, request: Json) -> Json:
    """What must be the same on each page."""
    parts = {part: {field: request[part][field] for field in fields} for part, fields in REQUIRED[api].items()}
    return parts | {"api": api, "surface": (request.get("context") or {}).get("surface")}
