//! Cost against size: what loading, asking, changing and listing cost in directories of a thousand to ten million resources.
//!
//! `make growth` runs it; `--most N` sets the greatest size. Each size is loaded from JSON in one process and measured in another, which
//! starts from its snapshot, so that memory is counted correctly. The figures are printed, and written as `directory` into
//! target/bench/growth.json.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::cast_precision_loss,
    reason = "a benchmark may stop at the first surprise"
)]

mod alter;
mod ask;
mod document;
mod figures;
mod latency;
mod load;
#[path = "../measure.rs"]
mod measure;
mod questions;
mod random;
mod shape;

use std::env;
use std::path::PathBuf;
use std::process::Command;

use figures::Figures;
use shape::Shape;

const SIZES: [usize; 5] = [1_000, 10_000, 100_000, 1_000_000, 10_000_000];
/// Lets glibc use huge pages, with which the CPU translates addresses faster. Other allocators ignore it.
const HUGE_PAGES: (&str, &str) = ("GLIBC_TUNABLES", "glibc.malloc.hugetlb=1");

fn main() {
    let after = |name: &str| env::args().skip_while(|argument| argument != name).nth(1);
    let folder =
        PathBuf::from(env::var("GROWTH_DATA").unwrap_or_else(|_| concat!(env!("CARGO_MANIFEST_DIR"), "/../target/bench").to_owned()));
    if let Some(part) = after("--part") {
        let shape = Shape::of(after("--resources").unwrap().parse().unwrap());
        let snapshot = folder.join(format!("growth-{}.snapshot", shape.all_resources()));
        let mut figures = Figures::default();
        match part.as_str() {
            "load" => load::from_json(shape, &snapshot, &mut figures),
            "ask" => {
                let (directory, taken) = load::from_snapshot(&snapshot, &mut figures);
                ask::everything(shape, directory, taken, &mut figures);
                alter::everything(shape, &snapshot, &mut figures);
            }
            _ => ask::with_huge_pages(shape, &snapshot, &mut figures),
        }
        println!("{}", figures.to_json());
        return;
    }
    let most = after("--most").map_or(SIZES[SIZES.len() - 1], |most| most.parse().unwrap());
    let sizes = SIZES.into_iter().filter(|size| *size <= most);
    let all: Vec<_> = sizes.map(measured).inspect(|figures| eprintln!("growth {} resources measured", figures.resources())).collect();
    figures::print(&all);
    figures::write(&folder.join("growth.json"), &all);
}

/// All figures of a size.
fn measured(resources: usize) -> Figures {
    let mut figures = Figures::default();
    for part in ["load", "ask", "huge pages"] {
        let mut command = Command::new(env::current_exe().unwrap());
        command.args(["--part", part, "--resources", &resources.to_string()]);
        if part == "huge pages" {
            command.env(HUGE_PAGES.0, HUGE_PAGES.1);
        }
        let output = command.output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        figures.take(&output.stdout);
    }
    figures
}
