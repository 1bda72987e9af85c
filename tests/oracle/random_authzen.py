"""AuthZEN requests: questions of access in the standard's words, one by one, many at once or as searches, some of them malformed."""

from __future__ import annotations

import json
from typing import Any

from authzen import REQUIRED, SEMANTICS, DecisionPoint
from documents import Json, OracleError, reference
from oracle import Oracle
from random_requests import Case

SEARCHES = [api for api in REQUIRED if api.startswith("search_")]
NOT_TEXT: list[Any] = [None, 5, True, [], {"a": 1}]
IGNORED: list[Any] = [None, 5, "x", [], {}, {"status": "archived", "nested": [{"a": None}]}]


class AuthzenMaker:
    """Makes inputs of the call `authzen`."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.rng = case.rng

    def asked(self, request: Json, *more: Json) -> Json:
        """A question of access in the words of the standard; with more of them, many at once."""
        if more:
            return self._options("access_evaluations", self._many([self._parts(one) for one in (request, *more)]), request)
        api = self.rng.choice(["access_evaluation", "access_evaluation", "access_evaluations", *SEARCHES])
        parts = self._searching(api, self._parts(request))
        if self.case.chance(0.15):
            parts = self._broken(api, parts)
        if api == "access_evaluations" and self.case.chance(0.5):
            parts["evaluations"] = self.rng.choice([[], None])
        return self._options(api, parts, request)

    def pages(self, request: Json) -> list[Json]:
        """The steps of a search, page by page, with now and then a page of another search in between."""
        api = self.rng.choice(SEARCHES)
        parts = self._searching(api, self._parts(request))
        asked = {"api": api, "request": parts, "at": request["at"]}
        limit = self.rng.choice([1, 1, 2, 3, 5, 0])
        further: list[Json] = [{}, {"token": None}, {"token": ""}, {"properties": 5, "x": []}]
        first = {"limit": limit} | self.rng.choice(further)
        steps = [asked | {"request": parts | {"page": first}}]
        for _ in range(2 if limit == 0 else 60):
            page: Json = {"token": "next"} | ({"limit": limit} if self.case.chance(0.5) else {})
            steps.append(asked | {"request": parts | {"page": page}})
        if self.case.chance(0.15):
            wrong = self.rng.choice(
                [{"limit": limit + 1, "token": "next"}, {"limit": limit, "token": "no.token"}, {"token": 5}, {"limit": -1}]
            )
            steps.insert(self.rng.randint(1, 3), asked | {"request": parts | {"page": wrong}})
        return [{"do": "authzen", "input": step} for step in steps]

    def _parts(self, request: Json) -> Json:
        principal, resource = (dict(zip(("type", "id"), reference(request[part]), strict=True)) for part in ("principal", "resource"))
        parts: Json = {"subject": self._extended(principal), "action": {"name": request["action"]}, "resource": self._extended(resource)}
        context: Json = {}
        if "surface" in request:
            context["surface"] = request["surface"]
        if self.case.chance(0.3):
            context["time"] = self.case.at()
        if context or self.case.chance(0.2):
            parts["context"] = self._extended(context)
        if self.case.chance(0.1):
            parts = dict(reversed(parts.items()))
        return self._extended(parts)

    def _extended(self, entity: Json) -> Json:
        """With members that are ignored."""
        if self.case.chance(0.1):
            entity["properties"] = self.rng.choice(IGNORED)
        if self.case.chance(0.05):
            entity["future"] = self.rng.choice(IGNORED)
        return entity

    def _searching(self, api: str, parts: Json) -> Json:
        """What is searched for mostly has no id, and it makes no difference."""
        searched = api.removeprefix("search_")
        if searched == "action" and self.case.chance(0.8):
            del parts["action"]
        elif searched in ("subject", "resource"):
            entity = parts[searched]
            if self.case.chance(0.8):
                del entity["id"]
            elif self.case.chance(0.2):
                entity["id"] = self.rng.choice(NOT_TEXT)
            if searched == "resource" and self.case.chance(0.4):
                entity["type"] = self.rng.choice(["user", "project", "organization", "api_key", "robot", *self.case.kinds])
            if searched == "subject" and self.case.chance(0.4):
                entity["type"] = self.rng.choice(["user", "api_key", "api_key", "robot"])
        return parts

    def _many(self, requests: list[Json]) -> Json:
        """Some parts of the first one are the defaults, and the others have theirs where it is another one."""
        first = requests[0]
        whole: Json = {
            part: first[part] for part in ("subject", "action", "resource", "context") if part in first and self.case.chance(0.4)
        }
        items: list[Any] = []
        for request in requests:
            if self.case.chance(0.12):
                request = self._broken("access_evaluation", request)
            item = {part: value for part, value in request.items() if value != whole.get(part) or self.case.chance(0.2)}
            if "context" in whole and "context" not in item and self.case.chance(0.2):
                item["context"] = None
            items.append(self.rng.choice(NOT_TEXT) if self.case.chance(0.03) else item)
        whole["evaluations"] = items
        if self.case.chance(0.7):
            semantic = self.rng.choice([*SEMANTICS, *SEMANTICS, None, "execute_some"] if self.case.chance(0.2) else SEMANTICS)
            whole["options"] = self.rng.choice([{"evaluations_semantic": semantic, "another_option": []}] * 9 + [None, 5])
        return self._extended(whole)

    def _broken(self, api: str, parts: Json) -> Json:
        """With one fault, or with a surface that nobody knows."""
        part = self.rng.choice([part for part in (*REQUIRED[api], "context") if part == "context" or part in parts])
        rest = {name: value for name, value in parts.items() if name != part}
        if part == "context":
            return rest | {part: self.rng.choice([5, [], "ui", {"surface": 5}, {"surface": ["ui"]}, {"surface": ""}, {"surface": "fax"}])}
        field = self.rng.choice(REQUIRED[api][part])
        others = {name: value for name, value in parts[part].items() if name != field}
        odd = ["", "x" * 300, "\u0000", f"{parts[part][field]} "]
        changed = [others | {field: value} for value in (*NOT_TEXT, *odd)]
        return self.rng.choice(
            [rest, rest | {part: self.rng.choice(NOT_TEXT[:4])}, rest | {part: others}, *[rest | {part: one} for one in changed]]
        )

    def _options(self, api: str, parts: Json, request: Json) -> Json:
        asked: Json = {"api": api, "request": parts}
        if "at" in request:
            asked["at"] = request["at"]
        if self.case.chance(0.7):
            asked["reasons"] = self.case.chance(0.9)
        if self.case.chance(0.3):
            asked["trust_context_time"] = self.case.chance(0.8)
        return asked


def outcome(point: DecisionPoint, oracle: Oracle, asked: Json) -> Json:
    """The response, or the error as a case has it."""
    try:
        return {"answer": point.answer(oracle, asked)}
    except OracleError as error:
        return {"error": {"code": error.code, "path": error.path}}


def random_authzen(case: Case, oracle: Oracle, seed: int, count: int = 60) -> list[Json]:
    """Cases about a directory: single requests, some of them as text, and searches followed to their end."""
    maker = AuthzenMaker(case)
    actions = case.actions() or [("project", "", "no.action")]
    cases: list[Json] = []
    for number in range(count):
        requests = [case.request(case.rng.choice(actions)) for _ in range(case.rng.randint(2, 7) if case.chance(0.3) else 1)]
        asked = maker.asked(*requests)
        found = outcome(DecisionPoint(), oracle, asked)
        if case.chance(0.3):
            text = json.dumps(asked["request"], ensure_ascii=case.chance(0.5), indent=case.rng.choice([None, 1]))
            asked = {name: value for name, value in asked.items() if name != "request"} | {"text": text}
        cases.append({"note": f"{seed}/authzen/{number}", "call": "authzen", "input": asked} | found)
    for number in range(count // 6):
        point, steps, answers = DecisionPoint(), [], []
        for step in maker.pages(case.request(case.rng.choice(actions))):
            found = outcome(point, oracle, step["input"])
            steps.append(step)
            answers.append(found.get("answer", found))
            if "answer" in found and not found["answer"]["page"]["next_token"]:
                break
        cases.append({"note": f"{seed}/pages/{number}", "call": "steps", "input": {"steps": steps}, "answer": answers})
    return cases
