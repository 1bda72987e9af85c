//! Writes goldens of the present format.

use crate::*;

/// Writes the specimens of the present format into `target/goldens`. Those in `snapshots/` are never rewritten: a new format gets new ones.
#[test]
#[ignore = "writes files for a new format"]
fn write_goldens() {
    let folder = root().join("target/goldens");
    fs::create_dir_all(&folder).unwrap();
    for specimen in specimens::all() {
        let suffix = if specimen.after.is_some() { "delta" } else { "bin" };
        fs::write(folder.join(format!("{}.{suffix}", specimen.name)), &specimen.bytes).unwrap();
        let document = serde_json::to_string_pretty(&specimen.document).unwrap();
        fs::write(folder.join(format!("{}.json", specimen.name)), document + "\n").unwrap();
    }
}
