//! Turns the compiled module into the generated half of the npm package: the glue, its types, the unions of codes, the version.

#![forbid(unsafe_code)]

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use bailiwick::{AuthzenApi, Booking, Caveat, Certainty, ChangeType, ErrorCode, Reason, Remedy, UsageCaveat};
use wasm_bindgen_cli_support::Bindgen;

const VERSION: &str = env!("CARGO_PKG_VERSION");

fn main() -> Result<()> {
    let arguments: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    let [module, template, folder] = arguments.as_slice() else { bail!("usage: bailiwick-wasm-build MODULE PACKAGE_JSON FOLDER") };

    Bindgen::new().input_path(module).out_name("bailiwick").web(true)?.typescript(true).generate(folder)?;
    let types = folder.join("bailiwick.d.ts");
    fs::write(&types, of_the_class(&fs::read_to_string(&types)?)?)?;
    fs::remove_file(folder.join("bailiwick_bg.wasm.d.ts"))?;
    let glue = folder.join("bailiwick.js");
    fs::write(&glue, without_docs(&fs::read_to_string(&glue)?))?;

    fs::write(folder.join("codes.d.ts"), codes())?;
    fs::write(folder.join("version.js"), format!("export const version = \"{VERSION}\";\n"))?;
    fs::write(folder.join("package.json"), manifest(&fs::read_to_string(template)?)?)?;
    Ok(())
}

/// Leaves out the documentation of the glue: it stands in the types, and would be fetched by every page.
fn without_docs(glue: &str) -> String {
    let mut is_doc = false;
    let code = glue.lines().filter(|line| {
        let line = line.trim();
        is_doc |= line.starts_with("/**");
        let is_code = !is_doc;
        is_doc &= !line.ends_with("*/");
        is_code
    });
    code.map(|line| format!("{line}\n")).collect()
}

/// Leaves out what is not for users, and would ask their compiler for types of a browser: how the module is loaded. Says what is left unsaid.
fn of_the_class(types: &str) -> Result<String> {
    const FREE: &str = "    free(): void;\n    [Symbol.dispose](): void;\n";
    const DISPOSAL: &str = "\
    /**
     * Gives the engine's memory back at once; whatever is asked of it later throws. An engine that is merely dropped is freed by the garbage
     * collector, which may take its time: free the one that another takes the place of.
     */
    free(): void;
    /** `free()` at the end of a block: `using guard = Bailiwick.fromDirectory(document)`. */
    [Symbol.dispose](): void;
";
    let (class, _) = types.split_once("export type InitInput").context("the generated types have another form")?;
    let (before, after) = class.split_once(FREE).context("the generated class has no `free` of the known form")?;
    Ok([before, DISPOSAL, after].concat())
}

fn codes() -> String {
    let unions = [
        ("ErrorCode", "What is wrong with an input.", ErrorCode::TYPESCRIPT),
        ("Reason", "Why a decision is what it is.", Reason::TYPESCRIPT),
        ("Caveat", "What to know about an allowed action on a kind that is not scoped to projects.", Caveat::TYPESCRIPT),
        ("AttributionReason", "The rule by which usage is booked.", Booking::TYPESCRIPT),
        ("Certainty", "How sure a booking is.", Certainty::TYPESCRIPT),
        ("AuthzenApi", "The calls of the AuthZEN Authorization API.", AuthzenApi::TYPESCRIPT),
        ("ChangeType", "What a change does.", ChangeType::TYPESCRIPT),
        ("Remedy", "What gets such usage booked where it was intended.", Remedy::TYPESCRIPT),
        ("UsageCaveat", "What to know about usage that is attributed all the same.", UsageCaveat::TYPESCRIPT),
    ];
    unions.into_iter().map(|(name, doc, union)| format!("/** {doc} */\nexport type {name} = {};\n\n", union.trim())).collect()
}

/// The package's own manifest, with the one version.
fn manifest(template: &str) -> Result<String> {
    let mut manifest: serde_json::Map<String, serde_json::Value> = serde_json::from_str(template)?;
    manifest.shift_insert(1, "version".to_owned(), VERSION.into());
    Ok(serde_json::to_string_pretty(&manifest)? + "\n")
}
