//! Findings: what is risky or useless in a directory, and the changes that mend it.

mod admins;
mod condition;
mod fix;
mod found;
mod search;
mod sentence;
mod trial;

use serde::Serialize;

use crate::catalogue::finding::{FindingCode, Severity};
use crate::directory::Directory;
use crate::input::instant::Instant;
use crate::input::json_text::JsonText;

use search::found_in;
use trial::Trial;

/// What is risky or useless, and the changes that mend it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What is the matter.
    pub finding: FindingCode,
    /// How much it matters.
    pub severity: Severity,
    /// What it is about, as a reference.
    pub subject: String,
    /// Where, as a reference: of an API key and of an external collaborator the project, of a row what it is in, of a group and of a project the
    /// organization, of an organization its only admin.
    pub on: Option<String>,
    /// The finding in words.
    pub sentence: String,
    /// The changes that mend it, as `apply_many` takes them from the platform. They have been tried on a copy of the directory. None if no change
    /// mends it by itself.
    pub fix: Vec<JsonText>,
}

impl Directory {
    /// All findings at an instant, in byte order of finding, subject and place.
    pub(crate) fn findings(&self, at: Instant) -> Vec<Finding> {
        let tables = self.tables();
        let mut all: Vec<_> = found_in(tables, at)
            .into_iter()
            .map(|found| {
                let (subject, on) = tables.subject_of(found, at);
                let sentence = tables.sentence_of(found, &subject, on.as_deref());
                let severity = found.code.severity();
                (found, Finding { finding: found.code, severity, subject, on, sentence, fix: Vec::new() })
            })
            .collect();
        let mut trial = Trial::of(self, at);
        all.sort_by_key(|(found, _)| trial::turn(found.code));
        for (found, finding) in &mut all {
            finding.fix = trial.fix_that_works(*found);
        }
        let mut findings: Vec<_> = all.into_iter().map(|(_, finding)| finding).collect();
        let place = |finding: &Finding| (finding.finding.as_str(), finding.subject.clone(), finding.on.clone());
        findings.sort_by_cached_key(place);
        findings
    }
}

#[cfg(test)]
mod tests;
