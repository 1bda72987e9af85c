//! The columns of answers by FOCUS, the FinOps Open Cost and Usage Specification. `tests/python/whole_tables/focus_columns.json` has what it says of them.

use std::ops::Range;
use std::sync::Arc;

use arrow_array::{ArrayRef, RecordBatch, StringArray};
use arrow_schema::{DataType, Field, Schema};
use bailiwick::Directory;
use bailiwick::columns::{Dictionary, KnownNames, NONE};

use super::attribution_answers::AttributionAnswers;
use super::column_names::{RequestedColumn, RequestedPrincipal, RequestedUsage};
use super::error::TableError;
use super::focus_input::{Extract, FocusInput, of_api_key, of_principal, of_resource, of_user};
use super::focus_names::NameColumn;
use super::output::Encoding;

/// Which columns there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FocusVersion {
    V1_4,
    /// A draft, which adds the principal and its credential.
    V1_5Draft,
}

/// Which columns there are, and how they say that no account is known.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FocusForm {
    pub(crate) version: FocusVersion,
    /// Whether columns that may be null by the specification are null then.
    pub(crate) nulls: bool,
}

/// The value where no account is known, in columns that are not null then.
const UNATTRIBUTED: &str = "unattributed";

pub(super) struct Focus {
    form: FocusForm,
    names: Arc<dyn KnownNames>,
    organizations: NameColumn,
    projects: NameColumn,
    /// The columns that follow from those of the input.
    inputs: Vec<FocusInput>,
}

impl Focus {
    /// The columns with what is known by these names.
    pub(super) fn new(
        form: FocusForm,
        named: &RequestedUsage,
        schema: &Schema,
        directory: &Directory,
        names: Arc<dyn KnownNames>,
    ) -> Result<Self, TableError> {
        let resources = ["ResourceId", "ResourceName", "ResourceType"];
        let mut inputs = vec![FocusInput::new(&resources, schema, directory, &[(&named.resource, of_resource)])?];
        if form.version == FocusVersion::V1_5Draft {
            inputs.push(FocusInput::new(&["PrincipalId", "CredentialId"], schema, directory, &principals(&named.principal))?);
        }
        let [organizations, projects] = [NameColumn::new(directory), NameColumn::new(directory)];
        Ok(Self { form, names, organizations, projects, inputs })
    }

    pub(super) fn fields(&self, encoding: Encoding) -> Vec<Field> {
        let mut fields = vec![
            encoding.ids("BillingAccountId", false),
            encoding.ids("BillingAccountName", true),
            encoding.ids("SubAccountId", self.form.nulls),
            encoding.ids("SubAccountName", true),
        ];
        fields.extend(self.inputs.iter().flat_map(FocusInput::names).map(|name| encoding.ids(name, true)));
        fields.extend([
            encoding.ids("x_IntendedOrganization", true),
            encoding.ids("x_IntendedProject", true),
            Field::new("x_MatchesIntended", DataType::Boolean, false),
            encoding.words("x_Certainty", true),
            encoding.words("x_Reason", false),
            encoding.ids("x_ApiKeyId", true),
            encoding.words("x_Remedies", true),
            encoding.words("x_Caveats", true),
        ]);
        fields
    }

    /// The name of the column with the revision, which follows the others.
    pub(super) const REVISION: &str = "x_Revision";

    pub(super) fn open(&mut self, batch: &RecordBatch, encoding: Encoding) -> Result<(), TableError> {
        self.inputs.iter_mut().try_for_each(|input| input.open(batch, &*self.names, encoding))
    }

    /// Reads some rows of the batch.
    pub(super) fn read(&mut self, rows: &Range<usize>) -> Result<(), TableError> {
        self.inputs.iter_mut().try_for_each(|input| input.read(rows, &*self.names))
    }

    /// The columns for the rows that have been read and answered.
    pub(super) fn columns(&mut self, answers: &mut AttributionAnswers) -> Vec<ArrayRef> {
        let Self { form, names, organizations, projects, inputs } = self;
        let (rows, encoding) = (&mut answers.rows, answers.encoding);
        // The word for no account has no name, even if an organization has it as its id.
        let organization_names = organizations.column(&rows.organization, &rows.organizations, |id| names.known_organization(id), encoding);
        let project_names = projects.column(&rows.project, &rows.projects, |id| names.known_project(id), encoding);
        fill(&mut rows.organization, &mut rows.organizations);
        if !form.nulls {
            fill(&mut rows.project, &mut rows.projects);
        }
        let mut columns = vec![answers.organizations(), organization_names, answers.projects(), project_names];
        columns.extend(inputs.iter_mut().flat_map(|input| input.columns(encoding)));
        columns.extend([
            answers.intended_organizations(),
            answers.intended_projects(),
            answers.matches_intended(),
            answers.certainties(),
            answers.reasons(),
            answers.api_keys(),
            answers.remedy_lists(),
            answers.caveat_lists(),
        ]);
        columns
    }

    /// The words of the columns of ids and names, in their order.
    pub(super) fn words(&mut self, answers: &mut AttributionAnswers) -> Vec<Arc<StringArray>> {
        let [organizations, projects] = answers.places_words();
        let mut words = vec![organizations.clone(), self.organizations.words(), projects.clone(), self.projects.words()];
        words.extend(self.inputs.iter_mut().flat_map(FocusInput::words));
        words.extend([organizations, projects, answers.api_key_words()]);
        words
    }
}

/// The columns that name the principal. A key takes precedence over a user.
fn principals(named: &RequestedPrincipal) -> Vec<(&RequestedColumn, Extract)> {
    let RequestedPrincipal { principal, user, api_key } = named;
    if user.is_none() && api_key.is_none() {
        return vec![(principal, of_principal)];
    }
    let keys = api_key.iter().map(|named| (named, of_api_key as Extract));
    keys.chain(user.iter().map(|named| (named, of_user as Extract))).collect()
}

/// Fills in `unattributed` where no account is known.
fn fill(numbers: &mut [u32], words: &mut Dictionary) {
    if numbers.contains(&NONE) {
        let unattributed = words.intern(UNATTRIBUTED);
        for number in numbers.iter_mut().filter(|number| **number == NONE) {
            *number = unattributed;
        }
    }
}
