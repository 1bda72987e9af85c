//! A panic of the engine becomes an error in Python's extension that says where it was, and nothing else. (The extension itself cannot be
//! made to panic.)

use std::panic::panic_any;

#[path = "../bindings-python/src/panics.rs"]
mod panics;

use panics::{catch_panic, silence_panics};

#[test]
fn a_panic_becomes_its_source_location() {
    silence_panics();
    let secret = "acme_secret";
    let place = catch_panic(|| -> u32 { panic!("asked with {secret}") }).expect_err("it panics");
    let file = file!();
    assert!(place.starts_with(&format!("{file}:")), "{place}");
    assert!(!place.contains(secret), "{place}");
    assert!(catch_panic(|| panic_any(secret)).expect_err("it panics").starts_with(file));
    let empty: Vec<u32> = Vec::new();
    assert!(catch_panic(|| empty.iter().copied().reduce(|one, _| one).expect("there is none")).expect_err("it panics").starts_with(file));
}

#[test]
fn a_result_without_a_panic_is_returned() {
    assert_eq!(catch_panic(|| 7), Ok(7));
    assert_eq!(catch_panic(|| Err::<(), _>("an error is no panic")), Ok(Err("an error is no panic")));
}

#[test]
fn threads_do_not_mix_up_their_locations() {
    silence_panics();
    let threads =
        (0..4).map(|_| std::thread::spawn(|| (0..100).all(|_| catch_panic(|| panic!()).is_err_and(|place: String| !place.is_empty()))));
    let threads: Vec<_> = threads.collect();
    assert!(threads.into_iter().all(|thread| thread.join().expect("it is caught")));
}
