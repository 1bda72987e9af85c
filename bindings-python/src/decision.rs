//! The class `Decision`.

use bailiwick::{Caveat, Reason};
use pyo3::exceptions::{PyKeyError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::answer::repr;

/// An answer to a question of access, which explains itself. It counts as true where the principal may.
#[pyclass(frozen, eq, hash, module = "bailiwick")]
#[derive(Debug, PartialEq, Eq, Hash)]
pub(crate) struct Decision {
    /// Whether the principal may.
    #[pyo3(get)]
    allowed: bool,
    /// The first rule that applied.
    #[pyo3(get)]
    reason: &'static str,
    /// The role that counted; None where no role was involved.
    #[pyo3(get)]
    role: Option<String>,
    /// The resource's organization, as soon as the resource is known.
    #[pyo3(get)]
    organization: Option<String>,
    /// The resource's project, as soon as the resource is known.
    #[pyo3(get)]
    project: Option<String>,
    /// What to know about an allowed action on a kind that is not scoped to projects.
    #[pyo3(get)]
    caveats: Vec<&'static str>,
    /// The policy that was applied.
    #[pyo3(get)]
    policy: String,
    /// The revision of the directory that answered.
    #[pyo3(get)]
    revision: u64,
}

impl From<bailiwick::Decision<'_>> for Decision {
    fn from(decision: bailiwick::Decision<'_>) -> Self {
        Self {
            allowed: decision.allowed,
            reason: decision.reason.as_str(),
            role: decision.role.map(str::to_owned),
            organization: decision.organization.map(str::to_owned),
            project: decision.project.map(str::to_owned),
            caveats: decision.caveats.as_slice().iter().copied().map(Caveat::as_str).collect(),
            policy: decision.policy.to_owned(),
            revision: decision.revision,
        }
    }
}

#[pymethods]
impl Decision {
    /// The decision as a dict of JSON values, its keys in the order that every language writes.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let dict = PyDict::new(py);
        dict.set_item("allowed", self.allowed)?;
        dict.set_item("reason", self.reason)?;
        dict.set_item("role", &self.role)?;
        dict.set_item("organization", &self.organization)?;
        dict.set_item("project", &self.project)?;
        dict.set_item("caveats", &self.caveats)?;
        dict.set_item("policy", &self.policy)?;
        dict.set_item("revision", self.revision)?;
        Ok(dict)
    }

    /// For `copy` and `pickle`: the function that makes it again, and its JSON.
    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyAny>, (Bound<'py, PyDict>,))> {
        Ok((py.import("bailiwick._bailiwick")?.getattr("restore_decision")?, (self.to_dict(py)?,)))
    }

    fn __bool__(&self) -> bool {
        self.allowed
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        repr("Decision", &self.to_dict(py)?)
    }
}

/// Makes a decision again from what `to_dict` gave.
#[pyfunction]
pub(crate) fn restore_decision(values: &Bound<'_, PyDict>) -> PyResult<Decision> {
    let value = |name: &str| values.get_item(name)?.ok_or_else(|| PyKeyError::new_err(name.to_owned()));
    let (reason, caveats): (String, Vec<String>) = (value("reason")?.extract()?, value("caveats")?.extract()?);
    let unknown = || PyValueError::new_err("this decision was made by another release");
    let reason = Reason::ALL.iter().find(|known| known.as_str() == reason).ok_or_else(unknown)?;
    let caveat = |word: &String| Caveat::ALL.iter().find(|known| known.as_str() == word).map(|known| known.as_str()).ok_or_else(unknown);
    Ok(Decision {
        allowed: value("allowed")?.extract()?,
        reason: reason.as_str(),
        role: value("role")?.extract()?,
        organization: value("organization")?.extract()?,
        project: value("project")?.extract()?,
        caveats: caveats.iter().map(caveat).collect::<PyResult<_>>()?,
        policy: value("policy")?.extract()?,
        revision: value("revision")?.extract()?,
    })
}
