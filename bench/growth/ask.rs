//! Asking: single answers about a few entries again and again, and about entries all over the directory; pages of listings.

use std::borrow::Cow;
use std::fs;
use std::hint::black_box;
use std::path::Path;
use std::time::Duration;

use bailiwick::{AccessRequest, Directory, Instant, Reference, Usage, Value, boundary};

use crate::figures::Figures;
use crate::latency;
use crate::load::load;
use crate::measure::{kinds, median, now, object, timed, worked};
use crate::questions::{Question, Questions};
use crate::random::Random;
use crate::shape::{Shape, user};

/// This many questions all over the directory, each asked once before any is asked again: what they read does not fit into a small cache.
const MIXED: usize = 1_000_000;
/// This many are asked per reading of the clock.
const PART: usize = 50_000;
/// This few, again and again: what they read stays in the fastest cache.
const HOT: usize = 16;
const PAGES: usize = 1_000;
/// With less memory than this, huge pages make no difference.
const LEAST: usize = 1 << 18;

/// Measures everything that answers cost in a directory that takes this much memory.
pub(crate) fn everything(shape: Shape, directory: Directory, taken: usize, figures: &mut Figures) {
    let at = now();
    let questions = Questions::draw(shape, &kinds(), MIXED);
    check(&directory, &questions);
    let hot = nanoseconds(&questions, HOT, |question| is_allowed(&directory, question, at));
    figures.put("is_allowed, hot ns", hot);
    figures.put("is_allowed, mixed ns", nanoseconds(&questions, MIXED, |question| is_allowed(&directory, question, at)));
    figures.put("check_access, mixed ns", nanoseconds(&questions, MIXED, |question| check_access(&directory, question, at)));
    figures.put("attribute, mixed ns", nanoseconds(&questions, MIXED, |question| attribute(&directory, question, at)));
    figures.put(
        "reading the questions alone ns",
        nanoseconds(&questions, MIXED, |question| question.principal.len() > question.resource.len()),
    );
    figures.put_microseconds("list_resources, a page of 100 µs", page(shape, &directory));
    drop((questions, directory));
    figures.put("a dependent read in as much memory ns", latency::of_reads_in(taken.max(LEAST)));
}

/// The same mixed questions with huge pages.
pub(crate) fn with_huge_pages(shape: Shape, snapshot: &Path, figures: &mut Figures) {
    let directory = load(&fs::read(snapshot).unwrap());
    let at = now();
    let questions = Questions::draw(shape, &kinds(), MIXED);
    check(&directory, &questions);
    figures.put("is_allowed, mixed, huge pages ns", nanoseconds(&questions, MIXED, |question| is_allowed(&directory, question, at)));
}

fn check(directory: &Directory, questions: &Questions) {
    let at = now();
    for number in 0..questions.len() {
        let question = questions.get(number);
        assert_eq!(
            is_allowed(directory, &question, at),
            question.allowed,
            "{} {} {}",
            question.principal,
            question.action,
            question.resource
        );
    }
}

fn is_allowed(directory: &Directory, question: &Question<'_>, at: Instant) -> bool {
    boundary::is_allowed(directory, [question.principal, question.action, question.resource], at).unwrap()
}

fn check_access(directory: &Directory, question: &Question<'_>, at: Instant) -> bool {
    let (principal, resource) = (Reference::parse(question.principal).unwrap(), Reference::parse(question.resource).unwrap());
    directory.check_access(&AccessRequest::new(principal, question.action, resource, at)).allowed
}

fn attribute(directory: &Directory, question: &Question<'_>, at: Instant) -> bool {
    let (kind, _) = question.resource.split_once(':').unwrap();
    let (principal, resource) = (Reference::parse(question.principal).unwrap(), Reference::parse(question.resource).unwrap());
    let usage = Usage { principal, kind, surface: None, project: None, resource: Some(resource), at };
    directory.attribute(&usage).is_ok_and(|attribution| attribution.matches_intended)
}

/// Nanoseconds per question among the first ones: those of the best part, since noise only ever adds.
fn nanoseconds(questions: &Questions, among: usize, ask: impl Fn(&Question<'_>) -> bool) -> f64 {
    let part = |number: usize| {
        for question in number * PART..(number + 1) * PART {
            black_box(ask(&questions.get(question % among)));
        }
    };
    let best = (0..MIXED / PART).map(|number| worked(|| part(number))).min().unwrap_or_default();
    best.as_secs_f64() * 1e9 / PART as f64
}

/// One page of everything that an administrator can read in all projects of their organization.
fn page(shape: Shape, directory: &Directory) -> Duration {
    let mut random = Random(7);
    let mut times: Vec<_> = (0..PAGES)
        .map(|_| {
            let principal = format!("user:{}", user(random.below(shape.organizations), 1));
            let mut request = object(&[("principal", principal.as_str()), ("action", "file.read")]);
            if let Value::Object(members) = &mut request {
                members.push((Cow::Borrowed("limit"), Value::Number(100.0)));
            }
            timed(|| drop(black_box(boundary::list_resources(directory, &request, now()).unwrap())))
        })
        .collect();
    median(&mut times)
}
