//! What a panic of the engine becomes in Python's extension: an error that says where, and not what. (The extension itself cannot be made to panic.)

use std::panic::panic_any;

#[path = "../bindings-python/src/panics.rs"]
mod panics;

use panics::{catch_panic, silence_panics};

#[test]
fn a_panic_becomes_the_place_where_it_was() {
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
fn what_does_not_panic_is_given() {
    assert_eq!(catch_panic(|| 7), Ok(7));
    assert_eq!(catch_panic(|| Err::<(), _>("an error is no panic")), Ok(Err("an error is no panic")));
}

#[test]
fn threads_do_not_take_each_others_places() {
    silence_panics();
    let threads =
        (0..4).map(|_| std::thread::spawn(|| (0..100).all(|_| catch_panic(|| panic!()).is_err_and(|place: String| !place.is_empty()))));
    let threads: Vec<_> = threads.collect();
    assert!(threads.into_iter().all(|thread| thread.join().expect("it is caught")));
}
