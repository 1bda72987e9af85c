//! The class `Decision`.

use bailiwick::{Caveat, Reason};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyInt, PyTuple, PyType};

use crate::answer::{code_of, reduced, replaced, repr, revision_of};
use crate::packed_names::PackedNames;

/// An answer to a question of access, with its reason. It is true if the principal may.
///
/// Decisions are immutable values: equal if all fields are equal, and they can be hashed, matched, copied and pickled.
///
/// >>> decision = guard.check_access("user:usr_bob", "instant_cluster.delete", "instant_cluster:cl_1")
/// >>> match decision:
/// ...     case Decision(allowed=False, reason="role_lacks_permission", role=role):
/// ...         print(f"the role {role} is not enough")
/// the role member is not enough
///
/// The engine makes them. To make one for a test, pass all fields. Raises ValueError for an unknown word, and if `allowed` contradicts `reason`.
#[pyclass(frozen, eq, hash, module = "bailiwick")]
#[derive(Debug, PartialEq, Eq, Hash)]
pub(crate) struct Decision {
    /// Whether the principal may: a bool.
    #[pyo3(get)]
    allowed: bool,
    /// The first rule that applied, as a word of `bailiwick.types.Reason`.
    #[pyo3(get)]
    reason: &'static str,
    /// What to know about an allowed action on a kind that is not scoped to projects: a new list of words of `bailiwick.types.Caveat`.
    #[pyo3(get)]
    caveats: Vec<&'static str>,
    /// The revision of the directory that answered: an int.
    #[pyo3(get)]
    revision: u64,
    /// Role, organization, project, policy.
    names: PackedNames<4>,
}

impl Decision {
    pub(crate) fn revision(&self) -> u64 {
        self.revision
    }
}

impl From<bailiwick::Decision<'_>> for Decision {
    fn from(decision: bailiwick::Decision<'_>) -> Self {
        Self {
            allowed: decision.allowed,
            reason: decision.reason.as_str(),
            caveats: decision.caveats.as_slice().iter().copied().map(Caveat::as_str).collect(),
            revision: decision.revision,
            names: PackedNames::new([decision.role, decision.organization, decision.project, Some(decision.policy)]),
        }
    }
}

#[pymethods]
impl Decision {
    #[new]
    #[expect(clippy::too_many_arguments, reason = "one for each field")]
    #[expect(clippy::needless_pass_by_value, reason = "as Python hands them over")]
    fn new(
        allowed: bool,
        reason: String,
        role: Option<String>,
        organization: Option<String>,
        project: Option<String>,
        caveats: Vec<String>,
        policy: String,
        revision: &Bound<'_, PyInt>,
    ) -> PyResult<Self> {
        let reason = code_of("reason", Reason::ALL, Reason::as_str, &reason)?;
        if allowed != reason.allows() {
            return Err(PyValueError::new_err("`allowed` is not what `reason` says"));
        }
        let caveat = |word: &String| code_of("caveats", Caveat::ALL, Caveat::as_str, word).map(Caveat::as_str);
        let caveats = caveats.iter().map(caveat).collect::<PyResult<_>>()?;
        let names = PackedNames::checked([role.as_deref(), organization.as_deref(), project.as_deref(), Some(&policy)])?;
        Ok(Self { allowed, reason: reason.as_str(), caveats, revision: revision_of(revision)?, names })
    }

    /// The name of the role that decided, or that was not enough; None if no role was involved.
    #[getter]
    fn role(&self) -> Option<&str> {
        self.names.get(0)
    }

    /// The id of the resource's organization; None if the resource is not known.
    #[getter]
    fn organization(&self) -> Option<&str> {
        self.names.get(1)
    }

    /// The id of the resource's project; None if the resource is not known, or is not in a project.
    #[getter]
    fn project(&self) -> Option<&str> {
        self.names.get(2)
    }

    /// The id of the policy that was applied.
    #[getter]
    fn policy(&self) -> &str {
        self.names.get(3).unwrap_or_default()
    }

    #[classattr]
    fn __match_args__(py: Python<'_>) -> PyResult<Bound<'_, PyTuple>> {
        PyTuple::new(py, ["allowed", "reason", "role", "organization", "project", "caveats", "policy", "revision"])
    }

    /// The decision as a dict of JSON values. Its keys have the same order in every language.
    ///
    /// >>> import json
    /// >>> decision = guard.check_access("user:usr_ada", "file.read", "project:prj_a")
    /// >>> print(json.dumps(decision.to_dict(), indent=1))
    /// {
    ///  "allowed": true,
    ///  "reason": "organization_role",
    ///  "role": "admin",
    ///  "organization": "org_acme",
    ///  "project": "prj_a",
    ///  "caveats": [
    ///   "not_project_aware",
    ///   "usage_attributed_to_default_project"
    ///  ],
    ///  "policy": "projects-2026-02",
    ///  "revision": 0
    /// }
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let dict = PyDict::new(py);
        dict.set_item("allowed", self.allowed)?;
        dict.set_item("reason", self.reason)?;
        dict.set_item("role", self.role())?;
        dict.set_item("organization", self.organization())?;
        dict.set_item("project", self.project())?;
        dict.set_item("caveats", &self.caveats)?;
        dict.set_item("policy", self.policy())?;
        dict.set_item("revision", self.revision)?;
        Ok(dict)
    }

    fn __bool__(&self) -> bool {
        self.allowed
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        repr("Decision", &self.to_dict(py)?)
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyType>, Bound<'py, PyTuple>)> {
        reduced::<Self>(&self.to_dict(py)?)
    }

    #[pyo3(signature = (**changes))]
    fn __replace__<'py>(&self, py: Python<'py>, changes: Option<&Bound<'py, PyDict>>) -> PyResult<Bound<'py, PyAny>> {
        replaced::<Self>(&self.to_dict(py)?, changes)
    }
}
