//! The answers of attribution, and each of them as a column. Which columns there are, and their names, is for [`attribution`](super::attribution) and
//! [`focus`](super::focus).

use std::mem::take;
use std::sync::Arc;

use arrow_array::{ArrayRef, StringArray};
use arrow_buffer::BooleanBuffer;
use arrow_schema::{DataType, Field};
use bailiwick::columns::{AttributionColumns, UsageColumns};
use bailiwick::{Certainty, Directory, Remedy, UsageCaveat};

use super::output::{Encoding, FixedWords, Vocabulary, booleans};

pub(super) struct AttributionAnswers {
    directory: Arc<Directory>,
    pub(super) encoding: Encoding,
    pub(super) rows: AttributionColumns,
    organizations: Vocabulary,
    projects: Vocabulary,
    api_keys: Vocabulary,
    reasons: FixedWords,
    certainties: FixedWords,
    remedies: FixedWords,
    caveats: FixedWords,
    remedy_lists: FixedWords,
    caveat_lists: FixedWords,
    /// The index of the certainty of each reason.
    certainty_of: Vec<Option<i8>>,
}

impl AttributionAnswers {
    pub(super) fn new(directory: Arc<Directory>, encoding: Encoding) -> Self {
        let index = |of: Certainty| Certainty::ALL.iter().position(|other| *other == of).and_then(|index| i8::try_from(index).ok());
        Self {
            rows: AttributionColumns::new(&directory),
            directory,
            encoding,
            organizations: Vocabulary::default(),
            projects: Vocabulary::default(),
            api_keys: Vocabulary::default(),
            reasons: FixedWords::new(AttributionColumns::reasons()),
            certainties: FixedWords::new(Certainty::ALL.iter().map(|certainty| certainty.as_str())),
            remedies: FixedWords::new(Remedy::ALL.iter().map(|remedy| remedy.as_str())),
            caveats: FixedWords::new(UsageCaveat::ALL.iter().map(|caveat| caveat.as_str())),
            remedy_lists: FixedWords::of_sets(Remedy::ALL.iter().map(|remedy| remedy.as_str())),
            caveat_lists: FixedWords::of_sets(UsageCaveat::ALL.iter().map(|caveat| caveat.as_str())),
            certainty_of: (0..=u8::MAX).map(|reason| AttributionColumns::certainty(reason).and_then(index)).collect(),
        }
    }

    /// The columns that have the names of single answers.
    pub(super) fn fields(encoding: Encoding) -> Vec<Field> {
        vec![
            encoding.ids("organization", true),
            encoding.ids("project", true),
            encoding.ids("intended_organization", true),
            encoding.ids("intended_project", true),
            Field::new("matches_intended", DataType::Boolean, false),
            encoding.words("certainty", true),
            encoding.words("reason", false),
            encoding.ids("api_key", true),
            encoding.sets("remedies"),
            encoding.sets("caveats"),
        ]
    }

    /// The answers as these columns.
    pub(super) fn columns(&mut self) -> Vec<ArrayRef> {
        vec![
            self.organizations(),
            self.projects(),
            self.intended_organizations(),
            self.intended_projects(),
            self.matches_intended(),
            self.certainties(),
            self.reasons(),
            self.api_keys(),
            self.remedies(),
            self.caveats(),
        ]
    }

    /// The words of those of them that hold ids.
    pub(super) fn words(&mut self) -> Vec<Arc<StringArray>> {
        let [organizations, projects] = self.places_words();
        vec![organizations.clone(), projects.clone(), organizations, projects, self.api_key_words()]
    }

    /// Forgets the answers so far, and reserves memory for so many.
    pub(super) fn begin(&mut self, count: usize) {
        // One dictionary for all rows needs all words.
        if self.encoding != Encoding::Dictionary {
            self.rows.bound_dictionaries();
        }
        self.rows.clear();
        self.rows.reserve(count);
    }

    pub(super) fn attribute(&mut self, usage: &UsageColumns<'_>) {
        self.rows.attribute(&self.directory, usage);
    }

    /// The words of the columns of organizations, and of those of projects.
    pub(super) fn places_words(&mut self) -> [Arc<StringArray>; 2] {
        [self.organizations.of(&self.rows.organizations), self.projects.of(&self.rows.projects)]
    }

    pub(super) fn api_key_words(&mut self) -> Arc<StringArray> {
        self.api_keys.of(&self.rows.api_keys)
    }

    pub(super) fn organizations(&mut self) -> ArrayRef {
        self.organizations.column(take(&mut self.rows.organization), &self.rows.organizations, self.encoding)
    }

    pub(super) fn projects(&mut self) -> ArrayRef {
        self.projects.column(take(&mut self.rows.project), &self.rows.projects, self.encoding)
    }

    pub(super) fn intended_organizations(&mut self) -> ArrayRef {
        self.organizations.column(take(&mut self.rows.intended_organization), &self.rows.organizations, self.encoding)
    }

    pub(super) fn intended_projects(&mut self) -> ArrayRef {
        self.projects.column(take(&mut self.rows.intended_project), &self.rows.projects, self.encoding)
    }

    pub(super) fn matches_intended(&self) -> ArrayRef {
        booleans(&self.rows.matches_intended)
    }

    pub(super) fn certainties(&self) -> ArrayRef {
        let reasons = &self.rows.reason;
        let of = |reason: u8| self.certainty_of.get(usize::from(reason)).copied().flatten();
        let is_attributed = |row: usize| reasons.get(row).is_some_and(|reason| usize::from(*reason) < AttributionColumns::RULES);
        let indices = reasons.iter().map(|reason| of(*reason).unwrap_or(0)).collect();
        self.certainties.column(indices, Some(BooleanBuffer::collect_bool(reasons.len(), is_attributed)), self.encoding)
    }

    pub(super) fn reasons(&self) -> ArrayRef {
        self.reasons.of(&self.rows.reason, self.encoding)
    }

    pub(super) fn api_keys(&mut self) -> ArrayRef {
        self.api_keys.column(take(&mut self.rows.api_key), &self.rows.api_keys, self.encoding)
    }

    pub(super) fn remedies(&self) -> ArrayRef {
        self.remedies.sets(&self.rows.remedies, self.encoding)
    }

    pub(super) fn caveats(&self) -> ArrayRef {
        self.caveats.sets(&self.rows.caveats, self.encoding)
    }

    /// The remedies of each row as one text.
    pub(super) fn remedy_lists(&self) -> ArrayRef {
        self.remedy_lists.joined(&self.rows.remedies, self.encoding)
    }

    /// The caveats of each row as one text.
    pub(super) fn caveat_lists(&self) -> ArrayRef {
        self.caveat_lists.joined(&self.rows.caveats, self.encoding)
    }
}
