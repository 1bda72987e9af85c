//! Loading: from JSON text, and from a snapshot.

use std::fs;
use std::hint::black_box;
use std::path::Path;

use bailiwick::boundary::{self, Bytes};
use bailiwick::{Directory, Instant};

use crate::document;
use crate::figures::Figures;
use crate::measure::{SEED, SIGNING_KEY, forget_peak, kinds, object, peak, resident, worked};
use crate::shape::Shape;

const LOADS: usize = 5;

/// Loads the document, and writes its snapshot.
pub(crate) fn from_json(shape: Shape, snapshot: &Path, figures: &mut Figures) {
    let text = document::write(shape, &kinds());
    figures.put("resources", shape.all_resources() as f64);
    figures.put_bytes("JSON MB", text.len());
    forget_peak();
    let before = resident();
    let mut loaded = None;
    let time = worked(|| loaded = Some(boundary::load_directory(text.as_bytes(), None, SEED).unwrap()));
    figures.put_milliseconds("load JSON ms", time);
    figures.put_bytes("load JSON, peak beside the text MB", peak().saturating_sub(before));
    let mut bytes = Vec::new();
    let directory = loaded.unwrap();
    let write = || bytes = boundary::to_snapshot(&directory, &object(&[]), Bytes::Given(&SIGNING_KEY)).unwrap();
    figures.put_milliseconds("write snapshot ms", worked(write));
    figures.put_bytes("snapshot MB", bytes.len());
    figures.put("snapshot bytes/resource", bytes.len() as f64 / shape.all_resources() as f64);
    fs::write(snapshot, bytes).unwrap();
}

/// Loads the snapshot, and measures its memory and time. The memory is that of the first load, and the time is that of the best, since
/// noise only ever adds.
pub(crate) fn from_snapshot(snapshot: &Path, figures: &mut Figures) -> (Directory, usize) {
    let bytes = fs::read(snapshot).unwrap();
    forget_peak();
    let before = resident();
    let mut loaded = None;
    let mut times = vec![worked(|| loaded = Some(load(&bytes)))];
    let taken = resident().saturating_sub(before);
    figures.put_bytes("resident MB", taken);
    figures.put("resident × snapshot", taken as f64 / bytes.len() as f64);
    figures.put_bytes("load snapshot, peak MB", peak().saturating_sub(before));
    for _ in 1..LOADS {
        drop(black_box(loaded.take()));
        times.push(worked(|| loaded = Some(load(&bytes))));
    }
    figures.put_milliseconds("load snapshot ms", times.into_iter().min().unwrap_or_default());
    (loaded.unwrap(), taken)
}

/// The directory of a signed snapshot.
pub(crate) fn load(snapshot: &[u8]) -> Directory {
    let public_key = boundary::public_key_of(Bytes::Given(&SIGNING_KEY)).unwrap();
    boundary::directory_from_snapshot(Bytes::Given(snapshot), &object(&[]), &Bytes::Given(&public_key).into(), SEED, Instant::LATEST)
        .unwrap()
}
