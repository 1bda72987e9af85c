//! The core beside baselines that a developer would write by hand and beside other engines, all asked the same.
//!
//! `bailiwick-bench FOLDER [--engines NAME,…] [--rounds N]` measures decisions on the data in a folder; `--load NAME` what one engine takes to
//! load, in this process of its own; `--start NAME` loads it and decides once. `bailiwick-bench --list` names the engines, and `--nothing` does nothing. Results are JSON on
//! standard output.

mod baseline;
mod casbin;
mod cedar;
mod core;
mod data;
mod document;
mod engine;
mod measure;
mod regorus;
mod resident;

use std::env;
use std::path::PathBuf;
use std::time::Instant as Clock;

use cpu_time::ProcessTime;
use serde_json::json;

use crate::data::Data;
use crate::engine::Engine;

const ENGINES: &[Engine] =
    &[baseline::STANDARD, baseline::FAST, core::CORE, cedar::CEDAR, casbin::CASBIN, casbin::CACHED, regorus::REGORUS];

fn main() {
    let arguments: Vec<String> = env::args().skip(1).collect();
    if arguments.iter().any(|one| one == "--nothing") {
        return;
    }
    let option = |name: &str| arguments.iter().position(|one| one == name).map(|at| arguments[at + 1].as_str());
    if arguments.iter().any(|one| one == "--list") {
        let engines = ENGINES.iter().map(|engine| json!({"engine": engine.name, "version": engine.version, "notes": engine.notes}));
        println!("{}", json!({"engines": engines.collect::<Vec<_>>()}));
        return;
    }
    let data = Data { folder: PathBuf::from(&arguments[0]) };
    let named = |name: &str| ENGINES.iter().find(|engine| engine.name == name).unwrap_or_else(|| panic!("no engine is called {name}"));
    if let Some(name) = option("--load") {
        println!("{}", load(named(name), &data));
    } else if let Some(name) = option("--start") {
        start(named(name), &data);
    } else {
        let chosen: Option<Vec<&str>> = option("--engines").map(|names| names.split(',').collect());
        let rounds = option("--rounds").map_or(30, |text| text.parse().unwrap());
        let questions = data.questions("requests.json");
        let engines: Vec<_> = ENGINES.iter().filter(|engine| chosen.as_ref().is_none_or(|names| names.contains(&engine.name))).collect();
        let ready: Vec<_> = engines.iter().map(|engine| (engine.load)(&data)).collect();
        let candidates =
            engines.iter().zip(&ready).flat_map(|(engine, ready)| ready.candidates(&questions).into_iter().map(|one| (engine.name, one)));
        println!("{}", measure::measure(candidates.collect(), rounds));
    }
}

/// The cost of loading.
fn load(engine: &Engine, data: &Data) -> serde_json::Value {
    let (before, clock, cpu) = (resident::kilobytes(), Clock::now(), ProcessTime::now());
    let ready = (engine.load)(data);
    let (cpu, wall) = (cpu.elapsed(), clock.elapsed());
    let resident = resident::kilobytes().saturating_sub(before);
    drop(ready);
    json!({"cpu_ms": cpu.as_secs_f64() * 1e3, "wall_ms": wall.as_secs_f64() * 1e3, "resident_kb": resident})
}

/// The cost of loading and one decision.
fn start(engine: &Engine, data: &Data) {
    let ready = (engine.load)(data);
    let first = data.questions("first.json");
    let mut candidates = ready.candidates(&first);
    let mut answers = [false];
    (candidates[0].run)(0..1, &mut answers);
    assert_eq!(answers[0], first[0].allowed);
}
