"""Which `Authorization` headers `serve --bearer-file` takes. The parser is the one that checks before routes use."""

from pathlib import Path

import pytest
from bailiwick.asgi import RequestHead
from bailiwick.cli.server.bearer import bearer_check

TOKEN = "0123456789abcdef"


@pytest.mark.parametrize(
    ("values", "may_ask"),
    [
        ([f"Bearer {TOKEN}"], True),
        ([f"bearer   {TOKEN}"], True),
        ([f" \tBEARER {TOKEN} "], True),
        (["Bearer other-0123456789+/~=="], True),
        ([], False),
        ([""], False),
        (["Bearer"], False),
        (["Bearer "], False),
        ([f"Bearer\t{TOKEN}"], False),
        ([f"Basic {TOKEN}"], False),
        ([TOKEN], False),
        ([f"Bearer {TOKEN[:-1]}"], False),
        ([f"Bearer {TOKEN}="], False),
        ([f"Bearer {TOKEN} x"], False),
        ([f"Bearer {TOKEN}, Bearer {TOKEN}"], False),
        ([f"Bearer {TOKEN}", f"Bearer {TOKEN}"], False),
        ([f"Bearer {'a' * 600}"], False),
        ([f"Bearer {TOKEN}\xff"], False),
    ],
)
def test_a_caller_has_one_of_the_tokens(tmp_path: Path, values: list[str], may_ask: bool) -> None:
    file = tmp_path / "tokens"
    file.write_text(f"{TOKEN}\n\nother-0123456789+/~==\n")
    headers = [(b"Authorization", value.encode("latin-1")) for value in values]
    assert bearer_check(str(file))(RequestHead({"headers": headers})) is may_ask
