//! Figures: the measurements of a size in the order in which they were made, as a table and as JSON.

use std::fs;
use std::path::Path;
use std::time::Duration;

use serde_json::{Map, Value as Json};

/// Figures by their names, which end in the unit.
#[derive(Default)]
pub(crate) struct Figures(Map<String, Json>);

impl Figures {
    pub(crate) fn put(&mut self, name: &str, figure: f64) {
        // More than four digits would be noise.
        let scale = 10_f64.powf(3.0 - figure.abs().max(1e-9).log10().floor());
        self.0.insert(name.to_owned(), ((figure * scale).round() / scale).into());
    }

    pub(crate) fn put_bytes(&mut self, name: &str, bytes: usize) {
        self.put(name, bytes as f64 / 1e6);
    }

    pub(crate) fn put_milliseconds(&mut self, name: &str, time: Duration) {
        self.put(name, time.as_secs_f64() * 1e3);
    }

    pub(crate) fn put_microseconds(&mut self, name: &str, time: Duration) {
        self.put(name, time.as_secs_f64() * 1e6);
    }

    /// The figures that another process has printed.
    pub(crate) fn take(&mut self, printed: &[u8]) {
        let Json::Object(figures) = serde_json::from_slice(printed).unwrap() else { return };
        self.0.extend(figures);
    }

    pub(crate) fn to_json(&self) -> Json {
        Json::Object(self.0.clone())
    }

    pub(crate) fn resources(&self) -> u64 {
        self.0["resources"].as_f64().map_or(0, |figure| figure as u64)
    }
}

/// A line for each figure, a column for each size.
pub(crate) fn print(all: &[Figures]) {
    let Some(first) = all.first() else { return };
    for name in first.0.keys() {
        let cells = all.iter().map(|figures| match figures.0.get(name).and_then(Json::as_f64) {
            Some(figure) if figure >= 1_000.0 => format!("{figure:14.0}"),
            Some(figure) => format!("{figure:14.3}"),
            None => format!("{:>14}", "–"),
        });
        println!("growth {name:38}{}", cells.collect::<String>());
    }
}

/// Writes them as `directory`, and keeps the other members.
pub(crate) fn write(file: &Path, all: &[Figures]) {
    let mut whole: Map<String, Json> = fs::read(file).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default();
    whole.insert("directory".to_owned(), all.iter().map(Figures::to_json).collect());
    fs::write(file, serde_json::to_string_pretty(&whole).unwrap()).unwrap();
}
