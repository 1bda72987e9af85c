//! Build step: turns the compiled module into the generated half of the npm package: the glue, its types, the unions of codes, the version.

#![forbid(unsafe_code)]

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use bailiwick::{AuthzenApi, Booking, Caveat, Certainty, ChangeType, ErrorCode, Reason, Remedy, Rule, UsageCaveat};
use wasm_bindgen_cli_support::Bindgen;

#[path = "../../src/constants.rs"]
mod constants;

const VERSION: &str = env!("CARGO_PKG_VERSION");
const REPOSITORY: &str = env!("CARGO_PKG_REPOSITORY");

/// The files that import constants. The constants are written into them, since a file of their own would make the package larger.
const WITH_CONSTANTS: [&str; 2] = ["fast_path.js", "value.js"];

fn main() -> Result<()> {
    let arguments: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    let [module, package, folder] = arguments.as_slice() else { bail!("usage: bailiwick-wasm-build MODULE PACKAGE FOLDER") };

    Bindgen::new().input_path(module).out_name("bailiwick").web(true)?.typescript(true).generate(folder)?;
    let types = folder.join("bailiwick.d.ts");
    fs::write(&types, of_the_class(&fs::read_to_string(&types)?)?)?;
    fs::remove_file(folder.join("bailiwick_bg.wasm.d.ts"))?;
    let glue = folder.join("bailiwick.js");
    fs::write(&glue, of_every_realm(&without_docs(&fs::read_to_string(&glue)?))?)?;

    fs::write(folder.join("codes.d.ts"), codes())?;
    fs::write(folder.join("version.js"), format!("export const version = \"{VERSION}\";\n"))?;
    fs::write(folder.join("package.json"), manifest(&fs::read_to_string(package.join("package.json"))?)?)?;
    for name in WITH_CONSTANTS {
        fs::write(folder.join(name), with_constants(&fs::read_to_string(package.join(name))?)?)?;
    }
    Ok(())
}

/// Removes the documentation of the glue: it is in the types, and every page would fetch it.
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

/// Accepts a module of another realm (a `vm` context, for example), and says how an engine is made if somebody calls `new`.
fn of_every_realm(glue: &str) -> Result<String> {
    const CONSTRUCTOR: &str = "\
export class Bailiwick {
    constructor() {
        throw new TypeError(\"an engine is made by `Bailiwick.fromDirectory` or `Bailiwick.fromSnapshot`\");
    }
";
    let glue = replaced(glue, "export class Bailiwick {\n", CONSTRUCTOR)?;
    replaced(&glue, "!(module instanceof WebAssembly.Module)", "Object.prototype.toString.call(module) !== \"[object WebAssembly.Module]\"")
}

/// Removes types that are not for users and need the types of a browser: how the module is loaded. Adds documentation, and signatures that
/// the generator cannot express.
fn of_the_class(types: &str) -> Result<String> {
    const FREE: &str = "    free(): void;\n    [Symbol.dispose](): void;\n";
    const DISPOSAL: &str = "\
    /**
     * Frees the engine's memory at once; later calls throw. An engine that is only dropped is freed by the garbage collector, perhaps much
     * later: free an engine that is replaced.
     */
    free(): void;
    /** `free()` at the end of a block: `using guard = Bailiwick.fromDirectory(document)`. */
    [Symbol.dispose](): void;
";
    const CONSTRUCTOR: &str = "    private constructor();\n";
    const LOADING: &str = "static fromDirectory(document: DirectoryDocument | string | Uint8Array, options?: Options): Bailiwick;";
    // An import of JSON is recognised by its `format`, which has the type `string` there.
    const LOADING_OF_JSON: &str = "\
static fromDirectory<const D extends FromJson<DirectoryDocument>, const P extends FromJson<PolicyDocument>>(
        document: DirectoryDocument | string | Uint8Array | Imported<D>,
        options?: Options | { readonly policy: Imported<P> },
    ): Bailiwick;";
    let (class, _) = types.split_once("export type InitInput").context("the generated types have another form")?;
    let class = replaced(class, FREE, DISPOSAL)?;
    let class =
        replaced(&class, CONSTRUCTOR, &format!("    /** Engines are made by `fromDirectory` and `fromSnapshot`. */\n{CONSTRUCTOR}"))?;
    replaced(&class, LOADING, LOADING_OF_JSON)
}

/// Replaces the lines that import constants with the constants.
fn with_constants(source: &str) -> Result<String> {
    let all = constants::all();
    let mut code = String::new();
    for line in source.lines() {
        let Some(names) = line.strip_prefix("import { ").and_then(|line| line.strip_suffix(" } from \"./constants.js\";")) else {
            code += &format!("{line}\n");
            continue;
        };
        let value = |name: &str| all.iter().find(|(known, _)| *known == name).map(|(_, value)| format!("{name} = {value}"));
        let values: Option<Vec<_>> = names.split(", ").map(value).collect();
        code += &format!("const {};\n", values.with_context(|| format!("not all are constants: {names}"))?.join(", "));
    }
    Ok(code)
}

/// Replaces a text that must occur exactly once.
fn replaced(text: &str, old: &str, new: &str) -> Result<String> {
    match text.matches(old).count() {
        1 => Ok(text.replace(old, new)),
        count => bail!("{count} times in what was generated, instead of once: {old}"),
    }
}

/// Words with their meanings, in order.
type Meanings = [(&'static str, &'static str)];

/// The lists of codes: each as a union, and as an interface that documents the words. Editors show the comment of an interface's member but
/// none of a union's; and a table of texts of that interface is known to be complete.
fn codes() -> String {
    let lists = [
        ("ErrorCode", "ErrorCodes", "What is wrong with the input.", ErrorCode::MEANINGS),
        ("Reason", "Reasons", "Why a decision allows or denies.", Reason::MEANINGS),
        ("Caveat", "Caveats", "A warning about an allowed action on a kind that is not scoped to projects.", Caveat::MEANINGS),
        ("AttributionReason", "AttributionReasons", "The rule by which usage is booked.", Booking::MEANINGS),
        ("Certainty", "Certainties", "How certain a booking is.", Certainty::MEANINGS),
        ("AuthzenApi", "AuthzenApis", "The calls of the AuthZEN Authorization API.", AuthzenApi::MEANINGS),
        ("ChangeType", "ChangeTypes", "What a change does.", ChangeType::MEANINGS),
        ("Remedy", "Remedies", "How to get such usage booked where it was intended.", Remedy::MEANINGS),
        ("UsageCaveat", "UsageCaveats", "A warning about usage that is attributed nevertheless.", UsageCaveat::MEANINGS),
        ("Rule", "Rules", "A rule of docs/rules.md.", Rule::MEANINGS),
    ];
    let verdict = |allows| move |word: &str| Reason::ALL.iter().any(|reason| reason.as_str() == word && reason.allows() == allows);
    let mut written = String::new();
    for (name, all, doc, meanings) in lists {
        if name == "Reason" {
            written += &union("AllowReason", "Why a decision allows; `Reasons` says what each means.", meanings, verdict(true));
            written += &union("DenyReason", "Why a decision denies; `Reasons` says what each means.", meanings, verdict(false));
            written += &format!("/** {doc} `{all}` says what each means. */\nexport type {name} = AllowReason | DenyReason;\n\n");
        } else {
            written += &union(name, &format!("{doc} `{all}` says what each means."), meanings, |_| true);
        }
        written +=
            &format!("/** A text for each `{name}`, and what each means. */\nexport interface {all} {{\n{}}}\n\n", members(meanings));
    }
    written
}

fn union(name: &str, doc: &str, meanings: &Meanings, is_in: impl Fn(&str) -> bool) -> String {
    let words: Vec<_> = meanings.iter().filter(|(word, _)| is_in(word)).map(|(word, _)| format!("\"{word}\"")).collect();
    format!("/** {doc} */\nexport type {name} = {};\n\n", words.join(" | "))
}

fn members(meanings: &Meanings) -> String {
    meanings.iter().map(|(word, meaning)| format!("  /** {} */\n  readonly {word}: string;\n", meaning.trim())).collect()
}

/// The package's manifest, with the version of the workspace.
fn manifest(template: &str) -> Result<String> {
    let mut manifest: serde_json::Map<String, serde_json::Value> = serde_json::from_str(template)?;
    manifest.shift_insert(1, "version".to_owned(), VERSION.into());
    manifest.insert("homepage".to_owned(), REPOSITORY.into());
    manifest.insert("repository".to_owned(), serde_json::json!({ "type": "git", "url": format!("git+{REPOSITORY}.git") }));
    manifest.insert("bugs".to_owned(), serde_json::json!({ "url": format!("{REPOSITORY}/issues") }));
    Ok(serde_json::to_string_pretty(&manifest)? + "\n")
}
