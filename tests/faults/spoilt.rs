//! Invalid documents: valid ones with one changed value.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Value as Json, json};

/// A way to change one value.
pub(crate) type Spoiling = (Index, u8, Index);

pub(crate) fn spoilings() -> impl Strategy<Value = Vec<Spoiling>> {
    vec((any::<Index>(), 0..9_u8, any::<Index>()), 1..6)
}

/// A value that is valid almost nowhere.
fn nonsense(number: Index) -> Json {
    let long = "x".repeat(5_000);
    let deep = (0..40).fold(json!(0), |inner, _| json!([inner]));
    let all = [
        json!(null),
        json!(true),
        json!(false),
        json!(-1),
        json!(1.5),
        json!(7),
        json!(1_u64 << 60),
        json!(""),
        json!("é\n"),
        json!("admin"),
        json!("2026-02-30T00:00:00Z"),
        json!("sha256:00"),
        json!("project"),
        json!(long),
        json!([]),
        json!([0, "", null]),
        json!({}),
        json!({"id": "x", "": {"a/b~": []}}),
        deep,
    ];
    all[number.index(all.len())].clone()
}

/// The pointers of all values of a document, in its order.
fn places(document: &Json) -> Vec<String> {
    fn collect(value: &Json, pointer: &str, places: &mut Vec<String>) {
        places.push(pointer.to_owned());
        match value {
            Json::Array(items) => items.iter().enumerate().for_each(|(index, item)| collect(item, &format!("{pointer}/{index}"), places)),
            Json::Object(members) => members.iter().for_each(|(name, member)| {
                collect(member, &format!("{pointer}/{}", name.replace('~', "~0").replace('/', "~1")), places);
            }),
            _ => {}
        }
    }
    let mut places = Vec::new();
    collect(document, "", &mut places);
    places
}

/// Changes one value of a document, which usually makes it invalid.
pub(crate) fn spoil(document: &mut Json, (place, way, what): &Spoiling) {
    let places = places(document);
    let pointer = place.get::<String>(&places).as_str();
    let other = document.pointer(what.get::<String>(&places)).unwrap().clone();
    let (parent, name) = pointer.rsplit_once('/').unwrap_or(("", ""));
    match (way, document.pointer_mut(if *way < 5 { pointer } else { parent }).unwrap()) {
        (0, node) => *node = nonsense(*what),
        // A value from elsewhere in the document: a name, a list, a row.
        (1 | 2, node) if other.is_string() || *way == 1 => *node = other,
        (3, Json::Object(members)) => drop(members.insert(format!("{}~/", "unknown".repeat(what.index(50))), json!([1]))),
        (4, Json::Object(members)) => *members = std::mem::take(members).into_iter().rev().collect(),
        (4, Json::Array(items)) => items.reverse(),
        (5 | 6, Json::Object(members)) => drop(members.shift_remove(name)),
        (5, Json::Array(items)) if !items.is_empty() => drop(items.remove(what.index(items.len()))),
        (_, Json::Array(items)) if !items.is_empty() => {
            let copy = items[what.index(items.len())].clone();
            items.push(copy);
        }
        (_, node) => *node = nonsense(*what),
    }
}
