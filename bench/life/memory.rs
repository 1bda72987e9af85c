//! Memory, always measured in a process of its own, so that freed memory of earlier work hides nothing.

use std::hint::black_box;
use std::process::Command;
use std::{env, fs};

use bailiwick::boundary;

use crate::churn::{self, CHANGES};
use crate::load;
use crate::measure::{SEED, forget_peak, kinds, peak, resident};

/// Bytes beyond those of the process before it began, including its input.
pub(crate) struct Memory {
    pub(crate) taken: usize,
    pub(crate) peak: usize,
}

/// The memory of `json`, `snapshot`, `changed-snapshot`, or of the `million` changes to a loaded directory.
pub(crate) fn of(what: &str) -> Memory {
    told(Command::new(env::current_exe().unwrap()).args(["--memory-of", what]))
}

/// The same if glibc returns large blocks to the system as soon as they are freed. Other allocators ignore this setting.
pub(crate) fn of_what_is_used(what: &str) -> Memory {
    let own = env::current_exe().unwrap();
    told(Command::new(own).args(["--memory-of", what]).env("GLIBC_TUNABLES", "glibc.malloc.mmap_threshold=131072"))
}

fn told(command: &mut Command) -> Memory {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let told = String::from_utf8(output.stdout).unwrap();
    let mut numbers = told.split_whitespace().map(|number| number.parse().unwrap());
    Memory { taken: numbers.next().unwrap(), peak: numbers.next().unwrap() }
}

/// Measures it in this process, and prints it for `of`.
pub(crate) fn tell(folder: &str, what: &str) {
    let file = if what == "json" {
        "json"
    } else if what == "changed-snapshot" {
        "changed.snapshot"
    } else {
        "snapshot"
    };
    let input = fs::read(format!("{folder}/directory.{file}")).unwrap();
    let kinds = kinds();
    forget_peak();
    let before = resident();
    let mut directory = if what == "json" { boundary::load_directory(input.as_slice(), None, SEED).unwrap() } else { load(&input) };
    if what == "million" {
        for number in 0..CHANGES {
            churn::apply(&mut directory, number, &kinds);
        }
    }
    println!("{} {}", resident().saturating_sub(before), peak().saturating_sub(before));
    drop(black_box(directory));
}
