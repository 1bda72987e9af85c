//! Before and after a million changes: the cost of a changed directory, compared with its cost when it was new.

use std::fs;
use std::hint::black_box;
use std::time::Duration;

use bailiwick::{Directory, boundary};
use serde_json::Value as Json;

use crate::churn::{self, CHANGES};
use crate::mark::Mark;
use crate::measure::{kinds, median, now, worked};
use crate::{LOADS, load, load_time, megabytes, memory, signed};

const ROUNDS: usize = 21;
/// Changes slower than this are counted: a percentile does not show one in a million.
const LONG: Duration = Duration::from_millis(10);

/// A question of the benchmarks, before and after the entries that it names were replaced, and the expected answer.
struct Question {
    principal: String,
    action: String,
    before: String,
    after: String,
    allowed: bool,
}

/// Makes the changes, and compares.
pub(crate) fn marks(folder: &str, snapshot: &[u8], new: &Directory) -> Vec<(&'static str, Mark)> {
    let kinds = kinds();
    let mut directory = load(snapshot);
    let times: Vec<_> = (0..CHANGES).map(|number| churn::apply(&mut directory, number, &kinds)).collect();
    let changed = signed(&directory);
    fs::write(format!("{folder}/directory.changed.snapshot"), &changed).unwrap();

    let (first, second) = times.split_at(CHANGES / 2);
    let (first, second) = (told("first half", first), told("second half", second));
    let (mut load_before, mut load_after) = (Vec::new(), Vec::new());
    for _ in 0..LOADS {
        load_before.push(load_time(snapshot));
        load_after.push(load_time(&changed));
    }
    let load_ratio = ratio(median(&mut load_after), median(&mut load_before));
    let (asked_before, asked_after) = asked(&questions(folder), new, &directory);
    println!("life   is_allowed before {asked_before:.1} ns, after {asked_after:.1} ns");

    let (fresh, lived, afresh) = (memory::of("snapshot"), memory::of("million"), memory::of("changed-snapshot"));
    println!(
        "life   memory: {:.1} MB when new, {:.1} MB after a million changes ({:.1} MB at the peak), of which {:.1} MB without what the allocator \
         keeps; the same state loaded afresh {:.1} MB",
        megabytes(fresh.taken),
        megabytes(lived.taken),
        megabytes(lived.peak),
        megabytes(memory::of_what_is_used("million").taken),
        megabytes(afresh.taken)
    );
    let times = |figure: f64| Mark { figure, most: 1.5, unit: "× before" };
    vec![
        ("after a million changes: resident", times(lived.taken as f64 / fresh.taken as f64)),
        ("after a million changes: snapshot", times(changed.len() as f64 / snapshot.len() as f64)),
        ("after a million changes: load the snapshot", times(load_ratio)),
        ("after a million changes: is_allowed", times(asked_after / asked_before)),
        ("the second half of them: median", times(ratio(second.0, first.0))),
        ("the second half of them: worst", times(ratio(second.1, first.1))),
    ]
}

fn questions(folder: &str) -> Vec<Question> {
    let requests: Vec<Json> = serde_json::from_slice(&fs::read(format!("{folder}/requests.json")).unwrap()).unwrap();
    let generations = churn::generations();
    let text = |value: &Json| value.as_str().unwrap().to_owned();
    let question = |request: &Json| {
        let before = text(&request["resource"]);
        let (kind, id) = before.split_once(':').unwrap();
        let after = if id.starts_with("res_") { format!("{kind}:{}", churn::renamed(id, &generations)) } else { before.clone() };
        let allowed = request["allowed"].as_bool().unwrap();
        Question { principal: text(&request["principal"]), action: text(&request["action"]), before, after, allowed }
    };
    requests.iter().map(question).collect()
}

/// Nanoseconds per question, before and after: medians of alternating rounds, so that a busy machine affects both equally.
fn asked(questions: &[Question], new: &Directory, old: &Directory) -> (f64, f64) {
    let at = now();
    let ask = |directory: &Directory, question: &Question, resource: &str| {
        let answer = boundary::is_allowed(directory, [&question.principal, &question.action, resource], at).unwrap();
        assert_eq!(black_box(answer), question.allowed, "{resource}");
    };
    let (mut before, mut after) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        before.push(twice(|| questions.iter().for_each(|question| ask(new, question, &question.before))));
        after.push(twice(|| questions.iter().for_each(|question| ask(old, question, &question.after))));
    }
    let each = |times: &mut Vec<Duration>| median(times).as_secs_f64() * 1e9 / questions.len() as f64;
    (each(&mut before), each(&mut after))
}

/// The time of the second run: the first fills the caches.
fn twice(run: impl Fn()) -> Duration {
    run();
    worked(run)
}

/// The median and the worst of these times, which are reported.
fn told(what: &str, times: &[(Duration, Duration)]) -> (Duration, Duration) {
    let (mut by_clock, mut by_processor): (Vec<_>, Vec<_>) = times.iter().copied().unzip();
    let middle = median(&mut by_clock);
    by_processor.sort_unstable();
    let long = by_processor.iter().filter(|time| **time > LONG).count();
    let (percentile, worst) = (by_clock[times.len() * 999 / 1000], by_processor[times.len() - 1]);
    println!(
        "life   a million changes, the {what}: median {middle:.1?}, 99.9 % {percentile:.1?}, worst {worst:.1?}, {long} longer than {LONG:?}"
    );
    (middle, worst)
}

fn ratio(after: Duration, before: Duration) -> f64 {
    after.as_secs_f64() / before.as_secs_f64()
}
