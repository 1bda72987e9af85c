"""The Python of docs/web.md: its blocks run one after the other, and each `app` is asked over HTTP."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from bailiwick import authzen_metadata
from platform_world import EVALUATION, METADATA, QUESTION
from served import JSON, Server, serving

PAGE = Path(__file__).parents[3] / "docs/web.md"


class Reader:
    """Somebody who types what is on the page."""

    def __init__(self) -> None:
        self.known: dict[str, Any] = {}

    @property
    def bearer(self) -> tuple[str, str]:
        return ("authorization", f"Bearer {self.known['key'].secret}")

    @property
    def service(self) -> tuple[str, str]:
        return ("authorization", f"Bearer {self.known['TOKEN']}")

    def decision_point(self, served: Server) -> None:
        assert served.get(METADATA).text == authzen_metadata("https://pdp.example.com")
        assert served.ask(EVALUATION, QUESTION).status == 401
        self.known["TOKEN"] = "of_the_services"
        assert served.ask(EVALUATION, QUESTION, headers=[*JSON, self.service]).json() == {"decision": True}
        assert served.ask(EVALUATION, QUESTION, headers=[*JSON, self.bearer]).status == 401

    def below_a_prefix(self, served: Server) -> None:
        assert served.get(f"{METADATA}/pdp").text == authzen_metadata("https://api.example.com/pdp")
        assert served.ask(f"/pdp{EVALUATION}", QUESTION, headers=[*JSON, self.service]).json() == {"decision": True}
        assert served.ask(f"/pdp{EVALUATION}", QUESTION).status == 401

    def fastapi(self, served: Server) -> None:
        def asked(path: str, *headers: tuple[str, str]) -> tuple[int, Any]:
            response = served.ask(path, headers=headers)
            return response.status, response.json()

        known = {"project": "prj_a", "asked_by": "api_key:key_ci", "booked_to": "prj_a"}
        assert asked("/projects/prj_a/inference", self.bearer) == (200, known)
        for elsewhere in ("prj_default", "nowhere"):
            denied = {"error": "forbidden", "reason": "key_out_of_scope"}
            assert asked(f"/projects/{elsewhere}/inference", self.bearer) == (403, denied)
        assert asked("/projects/prj_a/inference") == (401, {"error": "unauthenticated"})

    def starlette(self, served: Server) -> None:
        assert served.get("/files/file_1", headers=[self.bearer]).json() == {"read": "file_1", "because": "api_key_scope"}
        assert served.get("/files/file_2", headers=[self.bearer]).json() == {"error": "forbidden", "reason": "key_out_of_scope"}
        assert served.get("/files/file_1").status == 401

    def at_start_up(self, served: Server) -> None:
        assert served.get("/files/file_1", headers=[self.bearer]).json() == "file_1"
        assert served.get("/files/file_2", headers=[self.bearer]).status == 403

    def people(self, served: Server) -> None:
        assert served.get("/projects/prj_a", headers=[("cookie", "session=usr_bob")]).json() == "user:usr_bob"
        assert served.get("/projects/prj_a", headers=[("cookie", "session=usr_eve")]).status == 403
        assert served.get("/projects/prj_a", headers=[("cookie", "session=usr_ada"), ("authorization", "Bearer x")]).status == 401
        assert served.get("/projects/prj_a").status == 401


def test_every_block_of_the_page_does_what_it_says() -> None:
    reader = Reader()
    blocks = re.findall(r"^```python\n(.*?)^```$", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    questions = [
        None,
        reader.decision_point,
        reader.below_a_prefix,
        reader.fastapi,
        reader.starlette,
        reader.at_start_up,
        None,
        None,
        reader.people,
    ]
    for block, ask in zip(blocks, questions, strict=True):
        exec(compile(block, str(PAGE), "exec"), reader.known)
        if ask is not None:
            with serving(reader.known["app"]) as served:
                ask(served)
