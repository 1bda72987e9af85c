//! The core, by each of its calls.

use std::borrow::Cow;
use std::ops::Range;

use bailiwick::{Directory, Instant, Reference, Usage, Value, boundary};

use crate::data::Question;
use crate::engine::{Candidate, Engine, Ready};

pub const CORE: Engine = Engine {
    name: "bailiwick",
    version: "",
    notes: "from strings, as a caller has them; carries out all rules, with reasons, caveats and attribution",
    load: |data| Box::new(Core { directory: Directory::from_json(data.text("directory.json").as_bytes()).unwrap() }),
};

/// The number of questions in a call that takes many.
const MANY: usize = 200;

struct Core {
    directory: Directory,
}

impl Ready for Core {
    fn candidates<'r>(&'r self, questions: &'r [Question]) -> Vec<Candidate<'r>> {
        let directory = &self.directory;
        let at = Instant::parse("2026-02-01T00:00:00Z").unwrap();
        let prepared: Vec<[&str; 3]> = questions.iter().map(|one| [&*one.principal, &*one.action, &*one.resource]).collect();
        let usages: Vec<[&str; 3]> = prepared.iter().filter_map(|[principal, _, resource]| usage(principal, resource)).collect();
        vec![
            Candidate::one_by_one("is_allowed", questions, prepared.clone(), move |[principal, action, resource]| {
                boundary::is_allowed(directory, [principal, action, resource], at).unwrap()
            }),
            Candidate::one_by_one("check_access", questions, prepared.clone(), move |[principal, action, resource]| {
                boundary::check_access(directory, [principal, action, resource], at).unwrap().allowed
            }),
            many("check_many", ["principal", "action", "resource"], &prepared, Some(questions), move |requests, answers| {
                let decisions = boundary::check_many(directory, requests, at).unwrap();
                decisions.iter().zip(answers).for_each(|(decision, answer)| *answer = decision.allowed);
            }),
            Candidate {
                expected: None,
                len: usages.len(),
                ..Candidate::one_by_one("attribute", questions, usages.clone(), move |[principal, kind, resource]| {
                    let principal = Reference::parse(principal).unwrap();
                    let resource = Some(Reference::parse(resource).unwrap());
                    let usage = Usage { principal, kind, surface: None, project: None, resource, at };
                    directory.attribute(&usage).is_ok_and(|attribution| attribution.matches_intended)
                })
            },
            many("attribute_many", ["principal", "kind", "resource"], &usages, None, move |usages, answers| {
                let attributions = boundary::attribute_many(directory, usages, at).unwrap();
                attributions.rows.iter().zip(answers).for_each(|(row, answer)| *answer = row.matches_intended);
            }),
        ]
    }
}

/// The question as a usage, if its object can be used.
fn usage<'q>(principal: &'q str, resource: &'q str) -> Option<[&'q str; 3]> {
    let kind = resource.split(':').next().filter(|kind| !["organization", "project"].contains(kind))?;
    Some([principal, kind, resource])
}

/// A call that takes a list of objects.
fn many<'r>(
    operation: &'static str,
    names: [&'static str; 3],
    texts: &[[&'r str; 3]],
    questions: Option<&[Question]>,
    mut ask: impl FnMut(&Value<'r>, &mut [bool]) + 'r,
) -> Candidate<'r> {
    let object = |texts: &[&'r str; 3]| {
        Value::Object(names.iter().zip(texts).map(|(name, text)| (Cow::Borrowed(*name), Value::Text(Cow::Borrowed(*text)))).collect())
    };
    let batch = texts.len().clamp(1, MANY);
    let lists: Vec<Value<'r>> = texts.chunks_exact(batch).map(|chunk| Value::List(chunk.iter().map(object).collect())).collect();
    let run = move |range: Range<usize>, answers: &mut [bool]| {
        for (list, answers) in lists[range.start / batch..range.end / batch].iter().zip(answers.chunks_mut(batch)) {
            ask(list, answers);
        }
    };
    let len = texts.len() / batch * batch;
    let expected = questions.map(|questions| questions.iter().take(len).map(|question| question.allowed).collect());
    Candidate { operation, len, batch, expected, run: Box::new(run) }
}
