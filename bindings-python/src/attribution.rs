//! The class `Attribution`.

use bailiwick::{Booking, Certainty, ErrorCode, Remedy, UsageCaveat};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyInt, PyTuple, PyType};

use crate::answer::{code_of, reduced, replaced, repr, revision_of};
use crate::packed_names::PackedNames;

/// Where usage is booked, and why. In a batch also a row that cannot be attributed: its reason is an error code, and its organizations and
/// projects are None.
///
/// Attributions are immutable values: equal if all fields are equal, and they can be hashed, matched, copied and pickled.
///
/// >>> usage = guard.attribute("user:usr_bob", "fine_tuning", surface="ui", project="prj_a")
/// >>> match usage:
/// ...     case Attribution(matches_intended=False, project=booked, intended_project=meant, remedies=[first, *_]):
/// ...         print(f"booked to {booked} instead of {meant}: {first}")
/// booked to prj_default instead of prj_a: use_project_api_key
///
/// The engine makes them. To make one for a test, pass all fields. Raises ValueError for an unknown word.
#[pyclass(frozen, eq, hash, module = "bailiwick")]
#[derive(Debug, PartialEq, Eq, Hash)]
pub(crate) struct Attribution {
    /// Whether the usage is booked to the intended organization and project: a bool.
    #[pyo3(get)]
    matches_intended: bool,
    /// How certain the booking is: "certain" or "possible"; None if the row cannot be attributed.
    #[pyo3(get)]
    certainty: Option<&'static str>,
    /// The rule that applied, as a word of `bailiwick.types.AttributionReason`, or what is wrong with the row, as one of `ErrorCode`.
    #[pyo3(get)]
    reason: &'static str,
    /// How to get such usage booked to the intended project: a new list of words of `bailiwick.types.Remedy`.
    #[pyo3(get)]
    remedies: Vec<&'static str>,
    /// What to know about it: a new list of words of `bailiwick.types.UsageCaveat`.
    #[pyo3(get)]
    caveats: Vec<&'static str>,
    /// The revision of the directory that answered: an int.
    #[pyo3(get)]
    revision: u64,
    /// Organization, project, intended organization, intended project, api key, policy.
    names: PackedNames<6>,
}

impl From<bailiwick::Attribution<'_>> for Attribution {
    fn from(attribution: bailiwick::Attribution<'_>) -> Self {
        Self {
            matches_intended: attribution.matches_intended,
            certainty: attribution.certainty.map(Certainty::as_str),
            reason: attribution.reason.as_str(),
            remedies: attribution.remedies.iter().map(Remedy::as_str).collect(),
            caveats: attribution.caveats.iter().map(UsageCaveat::as_str).collect(),
            revision: attribution.revision,
            names: PackedNames::new([
                attribution.organization,
                attribution.project,
                attribution.intended_organization,
                attribution.intended_project,
                attribution.api_key,
                Some(attribution.policy),
            ]),
        }
    }
}

#[pymethods]
impl Attribution {
    #[new]
    #[expect(clippy::too_many_arguments, reason = "one for each field")]
    #[expect(clippy::needless_pass_by_value, reason = "as Python hands them over")]
    fn new(
        organization: Option<String>,
        project: Option<String>,
        intended_organization: Option<String>,
        intended_project: Option<String>,
        matches_intended: bool,
        certainty: Option<String>,
        reason: String,
        api_key: Option<String>,
        remedies: Vec<String>,
        caveats: Vec<String>,
        policy: String,
        revision: &Bound<'_, PyInt>,
    ) -> PyResult<Self> {
        let certainty =
            certainty.map(|word| code_of("certainty", Certainty::ALL, Certainty::as_str, &word).map(Certainty::as_str)).transpose()?;
        let reason = match code_of("reason", Booking::ALL, Booking::as_str, &reason) {
            Ok(booking) => booking.as_str(),
            Err(_) => code_of("reason", ErrorCode::ALL, ErrorCode::as_str, &reason)?.as_str(),
        };
        let remedy = |word: &String| code_of("remedies", Remedy::ALL, Remedy::as_str, word).map(Remedy::as_str);
        let remedies = remedies.iter().map(remedy).collect::<PyResult<_>>()?;
        let caveat = |word: &String| code_of("caveats", UsageCaveat::ALL, UsageCaveat::as_str, word).map(UsageCaveat::as_str);
        let caveats = caveats.iter().map(caveat).collect::<PyResult<_>>()?;
        let [organization, project, intended_organization, intended_project, api_key] =
            [&organization, &project, &intended_organization, &intended_project, &api_key].map(Option::as_deref);
        let names = PackedNames::checked([organization, project, intended_organization, intended_project, api_key, Some(&policy)])?;
        Ok(Self { matches_intended, certainty, reason, remedies, caveats, revision: revision_of(revision)?, names })
    }

    /// The id of the organization to which the usage is booked; None if it is not known.
    #[getter]
    fn organization(&self) -> Option<&str> {
        self.names.get(0)
    }

    /// The id of the project to which the usage is booked; None if it is outside the directory.
    #[getter]
    fn project(&self) -> Option<&str> {
        self.names.get(1)
    }

    /// The id of the organization for which the principal worked.
    #[getter]
    fn intended_organization(&self) -> Option<&str> {
        self.names.get(2)
    }

    /// The id of the project in which the principal worked.
    #[getter]
    fn intended_project(&self) -> Option<&str> {
        self.names.get(3)
    }

    /// The id of the API key, if usage of this kind is reported by key; else None.
    #[getter]
    fn api_key(&self) -> Option<&str> {
        self.names.get(4)
    }

    /// The id of the policy that was applied.
    #[getter]
    fn policy(&self) -> &str {
        self.names.get(5).unwrap_or_default()
    }

    #[classattr]
    fn __match_args__(py: Python<'_>) -> PyResult<Bound<'_, PyTuple>> {
        PyTuple::new(
            py,
            [
                "organization",
                "project",
                "intended_organization",
                "intended_project",
                "matches_intended",
                "certainty",
                "reason",
                "api_key",
                "remedies",
                "caveats",
                "policy",
                "revision",
            ],
        )
    }

    /// The attribution as a dict of JSON values. Its keys have the same order in every language.
    ///
    /// >>> usage = guard.attribute("user:usr_bob", "batch", surface="api", project="prj_a")
    /// >>> [usage.to_dict()[key] for key in ("project", "certainty", "reason", "remedies")]
    /// ['prj_a', 'certain', 'project_scoped', []]
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let dict = PyDict::new(py);
        dict.set_item("organization", self.organization())?;
        dict.set_item("project", self.project())?;
        dict.set_item("intended_organization", self.intended_organization())?;
        dict.set_item("intended_project", self.intended_project())?;
        dict.set_item("matches_intended", self.matches_intended)?;
        dict.set_item("certainty", self.certainty)?;
        dict.set_item("reason", self.reason)?;
        dict.set_item("api_key", self.api_key())?;
        dict.set_item("remedies", &self.remedies)?;
        dict.set_item("caveats", &self.caveats)?;
        dict.set_item("policy", self.policy())?;
        dict.set_item("revision", self.revision)?;
        Ok(dict)
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        repr("Attribution", &self.to_dict(py)?)
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyType>, Bound<'py, PyTuple>)> {
        reduced::<Self>(&self.to_dict(py)?)
    }

    #[pyo3(signature = (**changes))]
    fn __replace__<'py>(&self, py: Python<'py>, changes: Option<&Bound<'py, PyDict>>) -> PyResult<Bound<'py, PyAny>> {
        replaced::<Self>(&self.to_dict(py)?, changes)
    }
}
