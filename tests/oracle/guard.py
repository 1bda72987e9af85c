"""A guard as a sequence of steps sees it: a directory that changes, snapshots and deltas of it, pages of listings.

Snapshots and deltas are no bytes here, but what they hold. So this predicts what
becomes of them, not how they look; `same` is true where the contract demands it.
"""

from __future__ import annotations

from typing import Any

import excerpt
import impact
import keys
import listings
import reconcile
import shapes
from authzen import DecisionPoint
from changes import applied
from document_faults import check_directory
from documents import AGE, Json, OracleError, effective_policy, milliseconds
from entries import altered
from many import applied_all
from oracle import Oracle
from preview import preview
from scene import Scene, ruled
from written import DIRECTORY, in_order, state, written_directory

# What a case says of a preview unless it asks for more.
SHORT = ("revision", "projects_lost", "live_api_keys", "booked_elsewhere")
LISTINGS = set(shapes.LISTINGS)


class Guard:
    """What one `steps` case acts on."""

    def __init__(self, directory: Json, built_in: Json, at: str) -> None:
        self.built_in = built_in
        self.at = at
        self.document = written_directory(directory, built_in)
        self.kept: dict[str, Json] = {}
        self.page: Json | None = None
        self.public_key: str | None = None
        # Of a copy that has less than the whole: no delta fits it.
        self.partial = False
        self.elsewhere: list[Json] = []
        self.point = DecisionPoint()
        # The revisions at which a snapshot or a delta was made or loaded, with the state then.
        self.marks: dict[int, Json] = {}

    @property
    def oracle(self) -> Oracle:
        """The oracle on the present document."""
        return Oracle(self.document, effective_policy(self.document, self.built_in), self.elsewhere)

    @property
    def organizations(self) -> list[Json]:
        """The organizations as they are now."""
        organizations: list[Json] = self.document["organizations"]
        return organizations

    def do(self, step: Json) -> Any:
        """The outcome of a step."""
        try:
            if step["do"] in ("apply", "apply_many", "preview"):
                return self._change(self._timed(step))
            if "input" in step:
                return self._ask(step["do"], step["input"])
            return getattr(self, f"_{step['do']}")(step)
        except OracleError as error:
            found: Json = {"code": error.code, "path": error.path}
            return {"error": found if error.decision is None else found | {"decision": error.decision}}

    def _timed(self, asked: Json) -> Json:
        """A question or a change with its instant."""
        return asked if asked.get("at") is not None else asked | {"at": self.at}

    def _change(self, step: Json) -> Json:
        if step["do"] == "preview":
            told = preview(self.document, self.built_in, step)
            return {field: value for field, value in told.items() if field in step.get("fields", SHORT)}
        if step["do"] == "apply_many":
            self.document = applied_all(self.document, self.built_in, step)[-1]
        else:
            self.document = applied(self.document, self.built_in, step)
        return {"revision": self.document["revision"]}

    # Questions

    def _ask(self, call: str, asked: Any) -> Any:
        if call == "is_stale":
            shapes.moment(asked, "/at")
            return self.oracle.is_stale({}, milliseconds(asked))
        if call == "authenticate":
            return keys.authenticate(self.document, asked)
        if call == "authenticate_digest":
            return keys.authenticate_digest(self.document, asked)
        if call in LISTINGS:
            return self._list(call, self._timed(asked))
        if call == "impact":
            return self._impact(self._timed(asked))
        oracle = self.oracle
        if call == "rule":
            return ruled(oracle, self._timed(asked))
        if call == "authzen":
            return self.point.answer(oracle, self._timed(asked))
        if call == "check_many":
            return [self._one_of_many(oracle, place, request) for place, request in enumerate(asked)]
        if call == "attribute_many":
            return oracle.attribute_many([self._timed(usage) for usage in asked])[0]
        if call == "attribute":
            return oracle.attribute(self._timed(asked))
        decision = oracle.check_access(self._timed(asked))
        return decision["allowed"] if call == "is_allowed" else decision

    def _one_of_many(self, oracle: Oracle, place: int, request: Json) -> Json:
        try:
            return oracle.check_access(self._timed(request))
        except OracleError as error:
            raise OracleError(error.code, f"/{place}{error.path}") from error

    def _list(self, name: str, request: Json) -> Json:
        """A page; the next one begins after the last item of this one."""
        shapes.listing(name, request)
        items = listings.items(self.oracle, name, request)
        query = {field: value for field, value in request.items() if field not in ("at", "limit", "cursor")}
        query |= {"listing": name}
        cursor = request.get("cursor")
        if cursor == "next" and self.page is not None:
            if query != self.page["query"]:
                raise OracleError("cursor_mismatch", "/cursor")
            items = [item for item in items if item > self.page["last"]]
        elif cursor is not None:
            raise OracleError("cursor_invalid", "/cursor")
        limit = request.get("limit") or len(items)
        more = len(items) > limit
        self.page = {"query": query, "last": items[limit - 1]} if more else None
        return {"items": items[:limit], "next_cursor": "*" if more else None}

    def _impact(self, asked: Json) -> Json:
        """From the present state to that of a document, or to the same one under another policy."""
        scene = Scene(self.document, self.built_in, asked["at"])
        if "document" in asked:
            check_directory(asked["document"], self.built_in, None)
            other = Scene(asked["document"], self.built_in, asked["at"]).oracle
        else:
            other = scene.with_policy(asked["with_policy"], asked.get("renames")).oracle
            other.elsewhere = self.elsewhere
        scene.oracle.elsewhere = self.elsewhere
        behind = self.page["last"] if asked.get("cursor") == "next" and self.page is not None else None
        told, last = impact.page(impact.impact(scene.oracle, other, asked["at"]), behind, asked.get("limit"))
        self.page = None if last is None else {"query": {"listing": "impact"}, "last": last}
        return told

    def _to_directory(self, _: Json) -> Json:
        return self.document

    def _reconcile(self, step: Json) -> Json:
        """At most one entry may differ: of more, the contract bounds the number of changes and does not say it."""
        after, left_out = reconcile.target_state(self.document, step["document"], self.built_in, step.get("quarantine", False))
        count = len(altered(self.document, after))
        if count > 1:
            raise NotImplementedError("more than one entry differs")
        told = {"revision": self.document["revision"] + count, "changes": count}
        if not step.get("dry_run", False):
            self.document = in_order(after | {"revision": told["revision"]}, DIRECTORY)
        return told | ({"quarantined": left_out} if "quarantine" in step else {})

    # Snapshots and deltas

    def _to_snapshot(self, step: Json) -> None:
        document, elsewhere = self.document, self.elsewhere
        is_whole = step.get("digests", True) and "organizations" not in step
        if "organizations" in step:
            document, elsewhere = excerpt.some_organizations(self.oracle, step["organizations"], self.built_in)
        if not step.get("digests", True):
            document = excerpt.without_digests(document, self.built_in)
        # One that lacks nothing is a copy like every other.
        partial = self.partial or document != self.document
        kept: Json = {"is": "snapshot", "document": self._aged(step, document), "elsewhere": elsewhere}
        self.kept[step["as"]] = kept | {"partial": partial, "signed_by": step.get("signing_key")}
        if is_whole and not self.partial:
            # No delta fits a copy that has less, so none begins there.
            self._mark()

    def _from_snapshot(self, step: Json) -> Json:
        given = self._loaded("snapshot", step["from"], step.get("public_key"))
        self.document, self.elsewhere = given["document"], given["elsewhere"]
        self.partial, self.public_key = given["partial"], step.get("public_key")
        self.marks = {}
        self._mark()
        policy = effective_policy(self.document, self.built_in)
        return {"revision": self.document["revision"], "policy": policy["id"], "issued_at": self.document.get("issued_at")}

    def _to_delta(self, step: Json) -> None:
        shapes.number(step["since"], "/since")
        # From the present revision to itself there is always an empty one.
        marks = self.marks | {self.document["revision"]: state(self.document)}
        if step["since"] not in marks:
            raise OracleError("delta_gap", "/since")
        base = marks[step["since"]]
        kept = {"is": "delta", "base": base, "document": self._aged(step), "signed_by": step.get("signing_key")}
        self.kept[step["as"]] = kept
        self._mark()

    def _apply_delta(self, step: Json) -> Json:
        given = self._loaded("delta", step["from"], step.get("public_key") or self.public_key)
        if given["base"]["revision"] != self.document["revision"]:
            raise OracleError("delta_gap", "")
        if self.partial or given["base"] != state(self.document):
            raise OracleError("delta_fork", "")
        age = {field: given["document"].get(field, self.document.get(field)) for field in AGE}
        own, given_at = self.document.get("issued_at"), given["document"].get("issued_at")
        if given_at is None or (own is not None and milliseconds(own) > milliseconds(given_at)):
            # One that was issued earlier may be an old one that is sent again, and one that does not say is no younger: it sets neither.
            age = {field: self.document.get(field) for field in AGE}
        self.document = in_order(given["document"] | age, DIRECTORY)
        self._mark()
        return {"revision": self.document["revision"]}

    def _mark(self) -> None:
        self.marks[self.document["revision"]] = state(self.document)

    def _edit(self, step: Json) -> None:
        self.kept[step["as"]] = {"is": "damaged"}

    def _same(self, step: Json) -> bool:
        one, other = (self.kept[name] for name in step["names"])
        return one == other

    def _aged(self, step: Json, document: Json | None = None) -> Json:
        """A document, the present one as a rule, with the age that a snapshot or delta was given."""
        return in_order((document or self.document) | {field: step[field] for field in AGE if field in step}, DIRECTORY)

    def _loaded(self, wanted: str, name: str, public_key: str | None) -> Json:
        """What is kept under a name, if it is what is wanted and signed as it must be."""
        kept = self.kept[name]
        if kept["is"] != wanted:
            raise OracleError("snapshot_corrupt", "")
        if public_key is not None and kept["signed_by"] is None:
            raise OracleError("signature_missing", "")
        if public_key is not None and PUBLIC_KEYS[kept["signed_by"]] != public_key:
            raise OracleError("signature_invalid", "")
        return kept


# The first two key pairs of RFC 8032, section 7.1: a seed and its public key.
PUBLIC_KEYS = {
    "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60": "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
    "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb": "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
}
