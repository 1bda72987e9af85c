//! Answers some questions again and again, to have its instructions counted: `bench/instructions.sh` runs it with two numbers of rounds,
//! and the difference is the cost of the questions alone.
//!
//! `instructions FOLDER is_allowed|check_access|attribution ROUNDS`, with the folder that `bench/generate.py` has written.

#![expect(clippy::unwrap_used, reason = "a benchmark may stop at the first surprise")]

use std::hint::black_box;
use std::{env, fs};

use bailiwick::columns::{AttributionColumns, InstantCell, ProjectCell, ResourceCell, SurfaceCell, UsageColumns, UsageNames};
use bailiwick::{Directory, Instant, boundary};
use serde_json::Value as Json;

/// The number of questions in a round; `instructions.sh` divides by it.
const QUESTIONS: usize = 200;

fn main() {
    let arguments: Vec<String> = env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let [folder, what, rounds] = arguments.as_slice() else { return };
    let text = fs::read(format!("{folder}/directory.json")).unwrap();
    let directory = boundary::load_directory(text.as_slice(), None, Some(7)).unwrap();
    let requests: Vec<Json> = serde_json::from_slice(&fs::read(format!("{folder}/requests.json")).unwrap()).unwrap();
    let field = |request: &Json, name: &str| request[name].as_str().unwrap().to_owned();
    let question = |request: &Json| ["principal", "action", "resource"].map(|name| field(request, name));
    let questions: Vec<[String; 3]> = requests.iter().take(QUESTIONS).map(question).collect();
    let at = Instant::parse("2026-02-01T00:00:00Z").unwrap();
    for _ in 0..rounds.parse().unwrap() {
        match what.as_str() {
            "is_allowed" => questions.iter().for_each(|[principal, action, resource]| {
                black_box(boundary::is_allowed(&directory, [principal, action, resource], at).unwrap());
            }),
            "check_access" => questions.iter().for_each(|[principal, action, resource]| {
                black_box(boundary::check_access(&directory, [principal, action, resource], at).unwrap());
            }),
            _ => attribute(&directory, &questions, at),
        }
    }
}

/// The questions as rows of a table of usage.
fn attribute(directory: &Directory, questions: &[[String; 3]], at: Instant) {
    let principal: Vec<_> = questions.iter().map(|question| directory.principal_cell(Some(&question[0]))).collect();
    let kind: Vec<_> = questions.iter().map(|question| directory.kind_cell(question[2].split(':').next())).collect();
    let resource: Vec<ResourceCell> = questions.iter().map(|question| directory.resource_cell(Some(&question[2]))).collect();
    let mut answers = AttributionColumns::new(directory);
    answers.attribute(
        directory,
        &UsageColumns {
            principal: &principal,
            kind: &kind,
            surface: &[SurfaceCell::ABSENT; QUESTIONS],
            project: &[ProjectCell::ABSENT; QUESTIONS],
            resource: &resource,
            at: &[InstantCell::from(at); QUESTIONS],
        },
    );
    black_box(&answers);
}
