"""Who may do what in an organization's projects, and where their usage is booked.

>>> from bailiwick import Bailiwick
>>> guard = Bailiwick.from_directory({
...     "format": "bailiwick/1",
...     "organizations": [{
...         "id": "org_acme", "owner": "usr_ada",
...         "members": [{"user": "usr_ada", "role": "admin"}, {"user": "usr_bob", "role": "member"}],
...         "projects": [{"id": "prj_default", "default": True}, {
...             "id": "prj_a",
...             "collaborators": [{"user": "usr_bob", "role": "member"}],
...             "api_keys": [{"id": "key_ci", "created_by": "usr_bob"}],
...             "resources": [{"id": "cl_1", "kind": "instant_cluster"}],
...         }],
...     }],
... })
>>> guard.is_allowed("user:usr_bob", "instant_cluster.ssh", "instant_cluster:cl_1")
True
>>> guard.check_access("user:usr_bob", "instant_cluster.delete", "instant_cluster:cl_1").reason
'role_lacks_permission'
>>> guard.attribute("user:usr_bob", "fine_tuning", surface="ui", project="prj_a").project
'prj_default'

The examples of the classes and functions use this `guard`. `bailiwick.types` has types for all requests and answers.
"""

from ._answers import AccessRow, AlteredEntry, ApiKeySecret, Attributions, Fault, LostProject, Page, Preview, Reconciliation
from ._bailiwick import VERSION as __version__
from ._bailiwick import (
    AnswerTable,
    Attribution,
    Bailiwick,
    Decision,
    Timeline,
    analyse_policy,
    authzen_metadata,
    built_in_policy,
    find_faults,
    inspect_snapshot,
    new_api_key,
    public_key_of,
)
from ._billing import (
    Amount,
    ApiKeyTotal,
    Balance,
    Comparison,
    Move,
    OrganizationTotal,
    ProjectTotal,
    ReasonTotal,
    RemedyTotal,
    Summary,
    compare_attributions,
    summary,
)
from ._errors import BailiwickError, ForbiddenError, InvalidInputError, NotFoundError, UnreadableError
from ._insight import (
    AccessImpact,
    BookedAt,
    BookingImpact,
    Explanation,
    Finding,
    Impact,
    ImpactCounts,
    PolicyAnalysis,
    RemedyOutcome,
    ReviewRow,
    Suggestion,
    UsageExplanation,
)

__all__ = [
    "AccessImpact",
    "AccessRow",
    "AlteredEntry",
    "Amount",
    "AnswerTable",
    "ApiKeySecret",
    "ApiKeyTotal",
    "Attribution",
    "Attributions",
    "Bailiwick",
    "BailiwickError",
    "Balance",
    "BookedAt",
    "BookingImpact",
    "Comparison",
    "Decision",
    "Explanation",
    "Fault",
    "Finding",
    "ForbiddenError",
    "Impact",
    "ImpactCounts",
    "InvalidInputError",
    "LostProject",
    "Move",
    "NotFoundError",
    "OrganizationTotal",
    "Page",
    "PolicyAnalysis",
    "Preview",
    "ProjectTotal",
    "ReasonTotal",
    "Reconciliation",
    "RemedyOutcome",
    "RemedyTotal",
    "ReviewRow",
    "Suggestion",
    "Summary",
    "Timeline",
    "UnreadableError",
    "UsageExplanation",
    "__version__",
    "analyse_policy",
    "authzen_metadata",
    "built_in_policy",
    "compare_attributions",
    "find_faults",
    "inspect_snapshot",
    "new_api_key",
    "public_key_of",
    "summary",
]
