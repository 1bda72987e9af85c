"""Who may do what in an organization's projects, and where their usage is booked.

>>> guard = Bailiwick.from_directory({
...     "format": "bailiwick/1",
...     "organizations": [{
...         "id": "org_acme", "owner": "usr_ada",
...         "members": [{"user": "usr_ada", "role": "admin"}, {"user": "usr_bob", "role": "member"}],
...         "projects": [{"id": "prj_default", "default": True}, {"id": "prj_a"}],
...     }],
... })
>>> guard.is_allowed("user:usr_ada", "file.read", "project:prj_a")
True
>>> guard.check_access("user:usr_bob", "file.read", "project:prj_a").reason
'not_a_collaborator'
"""

from ._answers import ApiKeySecret, Attributions, Fault, LostProject, Page, Preview
from ._bailiwick import VERSION as __version__
from ._bailiwick import (
    AnswerTable,
    Attribution,
    Bailiwick,
    Decision,
    authzen_metadata,
    find_faults,
    inspect_snapshot,
    new_api_key,
    public_key_of,
)
from ._errors import BailiwickError, ForbiddenError, InvalidInputError, NotFoundError, UnreadableError

__all__ = [
    "AnswerTable",
    "ApiKeySecret",
    "Attribution",
    "Attributions",
    "Bailiwick",
    "BailiwickError",
    "Decision",
    "Fault",
    "ForbiddenError",
    "InvalidInputError",
    "LostProject",
    "NotFoundError",
    "Page",
    "Preview",
    "UnreadableError",
    "__version__",
    "authzen_metadata",
    "find_faults",
    "inspect_snapshot",
    "new_api_key",
    "public_key_of",
]
