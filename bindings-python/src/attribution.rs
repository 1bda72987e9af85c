//! The class `Attribution`.

use bailiwick::{Certainty, Remedy};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::answer::repr;

/// Where usage is booked, and why. In a batch also a row that cannot be attributed: its reason is an error code, and its places are None.
#[pyclass(frozen, eq, hash, module = "bailiwick")]
#[derive(Debug, PartialEq, Eq, Hash)]
pub(crate) struct Attribution {
    /// The organization to which it is booked; None where that is not known.
    #[pyo3(get)]
    organization: Option<String>,
    /// The project to which it is booked; None where that lies outside the directory.
    #[pyo3(get)]
    project: Option<String>,
    /// The organization for which the principal worked.
    #[pyo3(get)]
    intended_organization: Option<String>,
    /// The project in which the principal worked.
    #[pyo3(get)]
    intended_project: Option<String>,
    /// Whether both are the same.
    #[pyo3(get)]
    matches_intended: bool,
    /// How sure the booking is.
    #[pyo3(get)]
    certainty: Option<&'static str>,
    /// The rule that applied, or what is wrong with the row.
    #[pyo3(get)]
    reason: &'static str,
    /// The id of the API key, where the kind reports usage by key.
    #[pyo3(get)]
    api_key: Option<String>,
    /// What would bring the usage to where it was meant to go.
    #[pyo3(get)]
    remedies: Vec<&'static str>,
    /// The policy that was applied.
    #[pyo3(get)]
    policy: String,
    /// The revision of the directory that answered.
    #[pyo3(get)]
    revision: u64,
}

impl From<bailiwick::Attribution<'_>> for Attribution {
    fn from(attribution: bailiwick::Attribution<'_>) -> Self {
        Self {
            organization: attribution.organization.map(str::to_owned),
            project: attribution.project.map(str::to_owned),
            intended_organization: attribution.intended_organization.map(str::to_owned),
            intended_project: attribution.intended_project.map(str::to_owned),
            matches_intended: attribution.matches_intended,
            certainty: attribution.certainty.map(Certainty::as_str),
            reason: attribution.reason.as_str(),
            api_key: attribution.api_key.map(str::to_owned),
            remedies: attribution.remedies.iter().map(Remedy::as_str).collect(),
            policy: attribution.policy.to_owned(),
            revision: attribution.revision,
        }
    }
}

#[pymethods]
impl Attribution {
    /// The attribution as a dict of JSON values, its keys in the order that every language writes.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let dict = PyDict::new(py);
        dict.set_item("organization", &self.organization)?;
        dict.set_item("project", &self.project)?;
        dict.set_item("intended_organization", &self.intended_organization)?;
        dict.set_item("intended_project", &self.intended_project)?;
        dict.set_item("matches_intended", self.matches_intended)?;
        dict.set_item("certainty", self.certainty)?;
        dict.set_item("reason", self.reason)?;
        dict.set_item("api_key", &self.api_key)?;
        dict.set_item("remedies", &self.remedies)?;
        dict.set_item("policy", &self.policy)?;
        dict.set_item("revision", self.revision)?;
        Ok(dict)
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        repr("Attribution", &self.to_dict(py)?)
    }
}
