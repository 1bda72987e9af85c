//! Every table that a library could pass as Arrow's C structures is answered row by row, or refused: no memory outside the table is read.
#![no_main]

use std::sync::{Arc, LazyLock};

use arrow_array::{Array, RecordBatchReader};
use bailiwick::columns::TimeUnit;
use bailiwick::{Directory, Instant};
use bailiwick_fuzz::c_data::Table;
use libfuzzer_sys::{Corpus, fuzz_target};

// The code of the Python extension itself. It is not a crate of its own, since nothing else uses it. It does not depend on Python, so it
// can be included here.
#[path = "../../../bindings-python/src/arrow/mod.rs"]
#[expect(dead_code, reason = "the extension uses all of it")]
mod arrow;
#[path = "../../../bindings-python/src/panics.rs"]
#[expect(dead_code, reason = "the extension uses all of it")]
mod panics;

use arrow::attribution::{Naming, attribute};
use arrow::column_names::{ColumnName, usage};
use arrow::error::TableError;
use arrow::focus::{FocusForm, FocusVersion};
use arrow::instant::Times;
use arrow::output::Encoding;
use arrow::reader::AnswerReader;
use arrow::zone::Zone;

static DIRECTORY: LazyLock<Arc<Directory>> = LazyLock::new(|| Arc::new(bailiwick_fuzz::example()));

fuzz_target!(
    init: {
        // The fuzzer's panic hook ends the process, even if a panic of the Arrow crates is caught, as in the extension.
        std::panic::set_hook(Box::new(|panic| eprintln!("{panic}")));
    },
    |data: &[u8]| -> Corpus {
        let Some((how, bytes)) = data.split_first() else { return Corpus::Reject };
        let mut table = Table::new(bytes);
        if let Err(fault) = answer(&mut table, *how) {
            assert!(["unreadable", "missing_field", "wrong_type"].contains(&fault.code), "{fault:?}");
        }
        Corpus::Keep
    }
);

fn answer(table: &mut Table, how: u8) -> Result<(), TableError> {
    let keeps_input = how & 1 != 0;
    let encoding = match how >> 3 & 1 {
        _ if how & 2 == 0 => Encoding::Plain,
        0 => Encoding::Dictionary,
        _ => Encoding::Stream,
    };
    let form = FocusForm { version: FocusVersion::V1_5Draft, nulls: keeps_input };
    let naming = if how & 4 != 0 { Naming::Focus(form) } else { Naming::Bailiwick };
    let (schema, array) = table.handed_over();
    let imported = arrow::import::single(schema, array)?;
    let named = usage(
        [ColumnName::Default("principal"), ColumnName::None, ColumnName::None],
        ["kind", "surface", "project", "resource"].map(ColumnName::Default),
        ColumnName::Default("at"),
    )?;
    let zone = ["UTC", "-03:30", "America/Havana"].get(usize::from(how >> 4 & 3)).and_then(|name| Zone::named(name));
    let unit = if how >> 6 & 1 != 0 { TimeUnit::Nanosecond } else { TimeUnit::Millisecond };
    let times = Times { now: Instant::LATEST, zone, unit };
    let evaluator = attribute(Arc::clone(&DIRECTORY), &imported.schema, &named, naming, encoding, times)?;
    let mut reader = AnswerReader::new(imported, Box::new(evaluator), keeps_input, "answer_")?;
    let columns = reader.schema().fields().len();
    let mut batches = Vec::new();
    while let Some(answers) = reader.advance()? {
        batches.push(answers);
    }
    if encoding == Encoding::Dictionary {
        batches = reader.finish(batches)?;
    }
    let mut rows = 0;
    for answers in batches {
        rows += answers.num_rows();
        assert_eq!(answers.num_columns(), columns);
        if !keeps_input {
            answers.columns().iter().for_each(|column| column.to_data().validate_full().expect("the answers are proper columns"));
        }
    }
    assert_eq!(i64::try_from(rows), Ok(table.rows), "every row has an answer");
    Ok(())
}
