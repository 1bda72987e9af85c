//! What a panic of the engine becomes in Python's extension: an error that says where, and not what. (The extension itself cannot be made to panic.)

use std::panic::panic_any;

#[path = "../bindings-python/src/caught.rs"]
mod caught;

use caught::{caught, print_no_panics};

#[test]
fn a_panic_becomes_the_place_where_it_was() {
    print_no_panics();
    let secret = "acme_secret";
    let place = caught(|| -> u32 { panic!("asked with {secret}") }).expect_err("it panics");
    let file = file!();
    assert!(place.starts_with(&format!("{file}:")), "{place}");
    assert!(!place.contains(secret), "{place}");
    assert!(caught(|| panic_any(secret)).expect_err("it panics").starts_with(file));
    let empty: Vec<u32> = Vec::new();
    assert!(caught(|| empty.iter().copied().reduce(|one, _| one).expect("there is none")).expect_err("it panics").starts_with(file));
}

#[test]
fn what_does_not_panic_is_given() {
    assert_eq!(caught(|| 7), Ok(7));
    assert_eq!(caught(|| Err::<(), _>("an error is no panic")), Ok(Err("an error is no panic")));
}

#[test]
fn threads_do_not_take_each_others_places() {
    print_no_panics();
    let threads =
        (0..4).map(|_| std::thread::spawn(|| (0..100).all(|_| caught(|| panic!()).is_err_and(|place: String| !place.is_empty()))));
    let threads: Vec<_> = threads.collect();
    assert!(threads.into_iter().all(|thread| thread.join().expect("it is caught")));
}
