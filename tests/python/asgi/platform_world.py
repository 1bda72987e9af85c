"""A directory with two organizations, whose keys the tests hold."""

from __future__ import annotations

from typing import Any

from bailiwick import ApiKeySecret, Bailiwick, new_api_key

KEYS: dict[str, ApiKeySecret] = {
    name: new_api_key("test") for name in ("key_ci", "key_old", "key_revoked", "key_b", "key_zoe", "key_default", "key_other")
}

PARTS = [f"/access/v1/{name}" for name in ("evaluation", "evaluations", "search/subject", "search/resource", "search/action")]
EVALUATION = PARTS[0]
METADATA = "/.well-known/authzen-configuration"
QUESTION: dict[str, Any] = {
    "subject": {"type": "user", "id": "usr_bob"},
    "action": {"name": "file.read"},
    "resource": {"type": "file", "id": "file_1"},
}


def well_formed(path: str) -> dict[str, Any]:
    """A request that each path takes."""
    return {name: value for name, value in QUESTION.items() if name != "action" or not path.endswith("action")}


def key(name: str, **members: Any) -> dict[str, Any]:
    """A key of the directory."""
    return {"id": name, "created_by": "usr_bob", "digest": KEYS[name].digest, **members}


def document(**members: Any) -> dict[str, Any]:
    """The directory, as a document."""
    return {
        "format": "bailiwick/1",
        "users": [{"id": "usr_zoe", "organization": "org_elsewhere"}],
        "organizations": [
            {
                "id": "org_acme",
                "owner": "usr_ada",
                "members": [
                    {"user": "usr_ada", "role": "admin"},
                    {"user": "usr_bob", "role": "member"},
                    {"user": "usr_eve", "role": "member"},
                ],
                "projects": [
                    {"id": "prj_default", "default": True, "api_keys": [key("key_default", kind="organization_default")]},
                    {
                        "id": "prj_a",
                        "allow_external_collaborators": True,
                        "collaborators": [{"user": "usr_bob", "role": "member"}, {"user": "usr_zoe", "role": "member"}],
                        "api_keys": [
                            key("key_ci"),
                            key("key_old", expires_at="2026-01-01T00:00:00Z"),
                            key("key_revoked", revoked_at="2026-01-01T00:00:00Z"),
                            key("key_zoe", created_by="usr_zoe"),
                        ],
                        "resources": [
                            {"id": "file_1", "kind": "file"},
                            {"id": "file_2", "kind": "file"},
                            {"id": "cl_1", "kind": "instant_cluster"},
                        ],
                    },
                    {
                        "id": "prj_b",
                        "collaborators": [{"user": "usr_eve", "role": "member"}],
                        "api_keys": [key("key_b", created_by="usr_eve")],
                        "resources": [{"id": "file_b", "kind": "file"}],
                    },
                ],
            },
            {
                "id": "org_other",
                "owner": "usr_mia",
                "members": [{"user": "usr_mia", "role": "admin"}],
                "projects": [
                    {"id": "prj_other", "default": True, "api_keys": [key("key_other", created_by="usr_mia", kind="organization_default")]}
                ],
            },
        ],
        **members,
    }


def engine(**members: Any) -> Bailiwick:
    """An engine of its own."""
    return Bailiwick.from_directory(document(**members))


def bearer(name: str) -> tuple[str, str]:
    """The header that a holder of a key sends."""
    return ("authorization", f"Bearer {KEYS[name].secret}")
