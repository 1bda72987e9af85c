//! The shared suite against the core. `tests/README.md` describes the cases.
//!
//! Every answer is also written to `target/answers/core.tsv`, to be compared byte by byte with those of the other targets.

#![expect(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

use std::cell::OnceCell;
use std::path::Path;
use std::{env, fs};

use bailiwick::{Directory, boundary};
use serde_json::{Value as Json, json};

#[path = "suite/differences.rs"]
mod differences;
#[path = "suite/documents.rs"]
mod documents;
#[path = "suite/insight.rs"]
mod insight;
#[path = "suite/shared.rs"]
mod shared;
#[path = "suite/steps.rs"]
mod steps;

use differences::differences;
use documents::{Outcome, load, named, read, value, written};
use shared::{wanted, with_default_at};

fn main() -> Outcome<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().ok_or("the core lies in the repository")?;
    // A part of a case's note, of its file's name or of its topic; empty for all cases.
    let chosen = env::var("CASE").unwrap_or_default();
    let cases = env::var_os("SUITE_CASES").map_or_else(|| root.join("tests/cases"), Into::into);
    let answers = env::var_os("SUITE_ANSWERS")
        .map_or_else(|| root.join("target/answers").join(if chosen.is_empty() { "core.tsv" } else { "case/core.tsv" }), Into::into);
    let index = read(&cases.join("index.json"))?;
    let mut lines = String::new();
    let (mut expected, mut ran, mut failed) = (0, 0, 0);
    for (name, count) in index["files"].as_object().ok_or("the index lists files")? {
        let file = read(&cases.join(name))?;
        let cases = chosen_of(&chosen, name, &file)?;
        expected += if chosen.is_empty() { usize::try_from(count.as_u64().ok_or("the index counts cases")?)? } else { cases.len() };
        let shared = OnceCell::new();
        for case in cases {
            let note = case["note"].as_str().ok_or("a case has a note")?;
            let (found, text) = answer(root, &file, case, &shared)?;
            let wrong = differences(&wanted(&file, case), &found);
            ran += 1;
            if !wrong.is_empty() {
                failed += 1;
                println!("{name}: {note}\n  {}", wrong.join("\n  "));
            }
            lines += &format!("{note}\t{text}\n");
        }
    }
    fs::create_dir_all(answers.parent().unwrap_or(root))?;
    fs::write(answers, lines)?;
    println!("core: {} passed, {failed} failed", ran - failed);
    if ran == 0 {
        return Err(format!("no case has `{chosen}` in its note, in its file's name or in its topic").into());
    }
    if failed > 0 || ran != expected { Err(format!("{expected} cases should have passed").into()) } else { Ok(()) }
}

fn chosen_of<'f>(chosen: &str, name: &str, file: &'f Json) -> Outcome<Vec<&'f Json>> {
    let has = |text: &Json| text.as_str().is_some_and(|text| text.contains(chosen));
    let is_whole = name.contains(chosen) || has(&file["topic"]);
    Ok(file["cases"].as_array().ok_or("a file has cases")?.iter().filter(|case| is_whole || has(&case["note"])).collect())
}

/// The core's answer, as a document to compare and as its text.
fn answer(root: &Path, file: &Json, case: &Json, shared: &OnceCell<Directory>) -> Outcome<(Json, String)> {
    let text = match call(root, file, case, shared)? {
        Ok(text) => text,
        Err(error) => json!({"code": error.code().as_str(), "path": error.path()}).to_string(),
    };
    Ok((steps::comparable(serde_json::from_str(&text)?), text))
}

/// The options of `load` and `to_directory`.
const LOADING: [&str; 4] = ["policy", "quarantine", "max_bytes", "max_values"];

/// What `load` answers.
fn loaded_answer(directory: &Directory) -> String {
    let answer = json!({"revision": directory.revision(), "policy": directory.policy_id(), "issued_at": directory.issued_at()});
    steps::with_quarantined(answer, directory).to_string()
}

fn call(root: &Path, file: &Json, case: &Json, shared: &OnceCell<Directory>) -> Outcome<Result<String, bailiwick::Error>> {
    let (name, input) = (case["call"].as_str().unwrap_or_default(), &case["input"]);
    if name == "load" || name == "to_directory" {
        let mut options = json!({});
        for option in LOADING.iter().filter(|option| input.get(option).is_some()) {
            options[option] = if *option == "policy" { named(root, "policies", &input[option])? } else { input[option].clone() };
        }
        let loaded = match input.get("text") {
            Some(text) => boundary::load_directory_with(text.as_str().unwrap_or_default().as_bytes(), &value(&options), None),
            None => {
                let document = named(root, "directories", input.get("directory").unwrap_or(input))?;
                boundary::load_directory_with(&value(&document), &value(&options), None)
            }
        };
        return Ok(loaded.map(|directory| if name == "load" { loaded_answer(&directory) } else { written(&directory.to_document()) }));
    }
    if name == "steps" {
        let mut directory = load(root, file, case)?;
        return Ok(Ok(steps::Sequence::new(root, &mut directory, file.get("at")).run(&input["steps"])));
    }
    // Only a case with a directory or policy of its own needs another directory than the file's.
    let own = if case.get("directory").or(case.get("policy")).is_some() { Some(load(root, file, case)?) } else { None };
    let directory = match &own {
        Some(own) => own,
        None => shared.get_or_init(|| load(root, file, case).unwrap_or_else(|error| panic!("the file's own directory: {error}"))),
    };
    Ok(steps::call(directory, name, &with_default_at(input, file.get("at").filter(|_| !name.starts_with("authenticate")))))
}
