//! Altering: changes all over the directory, the compaction that many removals cause, and copies that follow by deltas.

use std::fs;
use std::path::Path;
use std::time::Duration;

use bailiwick::boundary::{self, Bytes, VerifyingKeys};
use bailiwick::{Directory, Instant, Value};

use crate::figures::Figures;
use crate::load::load;
use crate::measure::{SIGNING_KEY, kinds, median, now, object, timed_and_worked, worked};
use crate::random::Random;
use crate::shape::{PROJECTS, Shape, project, resource};

/// The number of changes of each type.
const CHANGES: usize = 10_000;
const DELTAS: usize = 3;
/// A prime, so that resources are removed in another order than that of the tables.
const STRIDE: usize = 7_919;

/// Measures everything that changes cost.
pub(crate) fn everything(shape: Shape, snapshot: &Path, figures: &mut Figures) {
    let bytes = fs::read(snapshot).unwrap();
    let mut directory = load(&bytes);
    deltas(shape, &mut directory, load(&bytes), figures);
    drop(bytes);
    changes(shape, &mut directory, figures);
    figures.put_milliseconds("the worst of removing 30 % (a sweep) ms", sweep(shape, &mut directory));
}

/// The time of a change, by the clock and by the CPU.
fn apply(directory: &mut Directory, fields: &[(&str, &str)]) -> (Duration, Duration) {
    let change = object(fields);
    timed_and_worked(|| assert!(boundary::apply(directory, &change, &object(&[]), now()).is_ok()))
}

/// Adds resources and external collaborators to projects all over the directory, and removes them.
fn changes(shape: Shape, directory: &mut Directory, figures: &mut Figures) {
    let mut random = Random(11);
    let projects: Vec<_> = (0..CHANGES).map(|_| project(random.below(shape.organizations), random.below(PROJECTS))).collect();
    let mut times = Vec::with_capacity(4 * CHANGES);
    for (number, project) in projects.iter().enumerate() {
        let (resource, user) = (format!("new_{number:06}"), format!("ext_{number:06}"));
        times.push(apply(directory, &[("type", "add_resource"), ("project", project), ("resource", &resource), ("kind", "file")]));
        times.push(apply(directory, &[("type", "add_collaborator"), ("project", project), ("user", &user)]));
    }
    for (number, project) in projects.iter().enumerate() {
        let (resource, user) = (format!("file:new_{number:06}"), format!("ext_{number:06}"));
        times.push(apply(directory, &[("type", "remove_resource"), ("resource", &resource)]));
        times.push(apply(directory, &[("type", "remove_collaborator"), ("project", project), ("user", &user)]));
    }
    let (mut by_clock, by_processor): (Vec<_>, Vec<_>) = times.into_iter().unzip();
    figures.put_microseconds("apply, median µs", median(&mut by_clock));
    figures.put_microseconds("apply, 99 % µs", by_clock[by_clock.len() * 99 / 100]);
    figures.put_milliseconds("apply, worst of 40,000 ms", by_processor.into_iter().max().unwrap_or_default());
}

/// The slowest of enough removals to cause a compaction. (Below about 15,000 resources there is none: too little garbage is not worth it.)
fn sweep(shape: Shape, directory: &mut Directory) -> Duration {
    let all = shape.all_resources();
    let each_organization = PROJECTS * shape.resources;
    let kinds = kinds();
    let removed = (0..all * 3 / 10).map(|step| {
        let place = step * STRIDE % all;
        let (organization, rest) = (place / each_organization, place % each_organization);
        let number = rest % shape.resources;
        let reference = format!("{}:{}", kinds[number % kinds.len()], resource(organization, rest / shape.resources, number));
        apply(directory, &[("type", "remove_resource"), ("resource", &reference)])
    });
    removed.map(|(_, by_processor)| by_processor).max().unwrap_or_default()
}

/// A copy follows by deltas of ten changes.
fn deltas(shape: Shape, directory: &mut Directory, mut copy: Directory, figures: &mut Figures) {
    let key = Bytes::Given(&SIGNING_KEY);
    let mut random = Random(13);
    let (mut made, mut applied, mut size) = (Vec::new(), Vec::new(), 0);
    for round in 0..DELTAS {
        let since = Value::Number(directory.revision() as f64);
        for number in 0..10 {
            let (project, resource) =
                (project(random.below(shape.organizations), random.below(PROJECTS)), format!("delta_{round}_{number}"));
            apply(directory, &[("type", "add_resource"), ("project", &project), ("resource", &resource), ("kind", "file")]);
        }
        let mut delta = Vec::new();
        made.push(worked(|| delta = boundary::to_delta(directory, &since, &object(&[]), key).unwrap()));
        size = delta.len();
        applied.push(worked(|| {
            assert!(
                boundary::apply_delta(&mut copy, Bytes::Given(&delta), &object(&[]), &VerifyingKeys::default(), Instant::LATEST).is_ok()
            )
        }));
    }
    figures.put("a delta of ten changes bytes", size as f64);
    figures.put_milliseconds("a delta of ten changes, made ms", median(&mut made));
    figures.put_milliseconds("a delta of ten changes, applied ms", median(&mut applied));
}
