//! The methods of the engine that tell rows of insight as tables.

use std::sync::Arc;

use bailiwick::boundary;
use pyo3::prelude::*;

use super::AnswerTable;
use crate::clock::now;
use crate::engine::Bailiwick;
use crate::error::answer;
use crate::request::request;

#[pymethods]
impl Bailiwick {
    /// What differs between this engine and another one, as a table: the rows of `impact`, however many there are. They are worked out while they are
    /// read, and can be read once.
    ///
    /// The columns are `kind` (`access` or `bookings`), `principal`, and of access `on`, `gained`, `lost`; of bookings `project`,
    /// `before_organization`, `before_project`, `after_organization`, `after_project`, `usage`. The others are null.
    /// Raises BailiwickError as impact.
    ///
    /// >>> import copy
    /// >>> before, after = copy.copy(guard), guard
    /// >>> after.apply({"type": "remove_collaborator", "project": "prj_a", "user": "usr_bob"})
    /// 1
    /// >>> before.impact_table(after).to_pyarrow().column("principal").to_pylist()
    /// ['user:usr_bob']
    #[pyo3(signature = (other, *, at=None))]
    fn impact_table(&self, py: Python<'_>, other: &Bound<'_, PyAny>, at: Option<&Bound<'_, PyAny>>) -> PyResult<AnswerTable> {
        let (request, now) = (request(&[], &[("at", at)]), now()?);
        let [before, after] = self.with_other(other)?;
        let named = (before.policy_id().to_owned(), before.revision());
        let rows = answer(py, || py.detach(|| boundary::impact_rows(before, after, &request, now)))?;
        Ok(AnswerTable::of_rows(rows, named))
    }

    /// Who has what, why and since when, as a table: the rows of `review`, however many there are. They are worked out while they are read, and can be
    /// read once. `added_at` and `expires_at` are timestamps in UTC.
    ///
    /// Raises BailiwickError as review, but for the limit.
    ///
    /// >>> review = guard.review_table()
    /// >>> review.to_pyarrow().num_rows == review.num_rows == len(guard.review())
    /// True
    #[pyo3(signature = (*, organization=None, at=None))]
    fn review_table(
        &self,
        py: Python<'_>,
        organization: Option<&Bound<'_, PyAny>>,
        at: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<AnswerTable> {
        let (options, now) = (request(&[], &[("organization", organization), ("at", at)]), now()?);
        let directory = self.directory.ask(py, Arc::clone)?;
        let named = (directory.policy_id().to_owned(), directory.revision());
        let rows = answer(py, || py.detach(|| boundary::review_in_parts(directory, &options, now)))?;
        Ok(AnswerTable::of_rows(rows, named))
    }
}
