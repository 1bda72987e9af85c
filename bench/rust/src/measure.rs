//! The method: all candidates are checked on all questions, then measured in turn, round by round, and the medians are reported.
//!
//! The CPU time of this process is measured, so that other processes disturb as little as possible. In a round each candidate first runs
//! once without being measured, so that none pays for cache lines that the one before has evicted.

use std::time::{Duration, Instant as Clock};

use cpu_time::ProcessTime;
use serde_json::{Value as Json, json};

use crate::engine::Candidate;

/// A loop over this many questions is the best case for caches.
const HOT: usize = 200;
/// A slow candidate answers as many questions in a round as this allows, and the next ones in the next round.
const BUDGET: Duration = Duration::from_millis(20);
/// A slow candidate is checked on as many questions as this allows.
const PATIENCE: Duration = Duration::from_secs(60);
/// A fast candidate repeats the questions until the time is long enough to measure.
const LEAST: usize = 10_000;

struct Course<'r> {
    engine: &'static str,
    candidate: Candidate<'r>,
    /// The number of questions that it was checked on.
    checked: usize,
    answers: Vec<bool>,
    nanoseconds: f64,
}

pub fn measure(candidates: Vec<(&'static str, Candidate<'_>)>, rounds: usize) -> Json {
    let mut courses: Vec<_> = candidates.into_iter().map(|(engine, candidate)| check(engine, candidate)).collect();
    let hot = run(&mut courses, rounds, |candidate| HOT.min(candidate.len));
    let mixed = run(&mut courses, rounds, |candidate| candidate.len);
    let rows = courses.iter().zip(hot).zip(mixed).map(|((course, hot), mixed)| {
        json!({"engine": course.engine, "operation": course.candidate.operation, "checked": course.checked, "hot": hot, "mixed": mixed})
    });
    json!({"rows": rows.collect::<Vec<_>>()})
}

/// Asks all questions once, and stops at the first unexpected answer.
fn check<'r>(engine: &'static str, mut candidate: Candidate<'r>) -> Course<'r> {
    let mut answers = vec![false; candidate.len];
    let (clock, cpu) = (Clock::now(), ProcessTime::now());
    let mut checked = 0;
    while checked < candidate.len && clock.elapsed() < PATIENCE {
        let end = (checked + candidate.batch).min(candidate.len);
        (candidate.run)(checked..end, &mut answers[checked..end]);
        checked = end;
    }
    let nanoseconds = cpu.elapsed().as_secs_f64() * 1e9 / checked as f64;
    for (number, expected) in candidate.expected.iter().flatten().take(checked).enumerate() {
        assert_eq!(answers[number], *expected, "{engine}, {}: question {number}", candidate.operation);
    }
    Course { engine, candidate, checked, answers, nanoseconds }
}

/// One set of questions: the first `length` of each candidate's.
fn run(courses: &mut [Course<'_>], rounds: usize, length: impl Fn(&Candidate<'_>) -> usize) -> Vec<Json> {
    let mut times = vec![Vec::with_capacity(rounds); courses.len()];
    for round in 0..rounds {
        for (course, times) in courses.iter_mut().zip(&mut times) {
            times.push(course.round(round, length(&course.candidate)));
        }
    }
    times.iter_mut().map(|times| told(times)).collect()
}

impl Course<'_> {
    /// Nanoseconds per question in this round.
    fn round(&mut self, round: usize, length: usize) -> f64 {
        let Self { candidate, answers, .. } = self;
        let afford = (BUDGET.as_secs_f64() * 1e9 / self.nanoseconds) as usize;
        let window = (afford / candidate.batch).max(1) * candidate.batch;
        let window = window.min(length);
        let start = if window < length { (round * window) % (length - window + 1) / candidate.batch * candidate.batch } else { 0 };
        let passes = (LEAST.min(afford) / window).max(1);
        let range = start..start + window;
        (candidate.run)(range.clone(), &mut answers[range.clone()]);
        let cpu = ProcessTime::now();
        for _ in 0..passes {
            (candidate.run)(range.clone(), &mut answers[range.clone()]);
        }
        cpu.elapsed().as_secs_f64() * 1e9 / (window * passes) as f64
    }
}

/// The median, and the range of nine of ten rounds.
fn told(times: &mut [f64]) -> Json {
    times.sort_by(f64::total_cmp);
    let at = |share: f64| times[((times.len() - 1) as f64 * share).round() as usize];
    json!({"median_ns": at(0.5), "low_ns": at(0.05), "high_ns": at(0.95)})
}
