//! Mutations that preserve structure: JSON stays JSON, and columns keep the lengths that they declare.

use libfuzzer_sys::fuzzer_mutate;
use serde_json::{Value as Json, json};

use crate::format;

/// Random numbers from the seed that libFuzzer gives.
struct Random(u64);

impl Random {
    fn new(seed: u32) -> Self {
        Self(u64::from(seed) << 1 | 1)
    }

    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 16).unwrap_or_default() % bound.max(1)
    }
}

/// Mutates one column of a snapshot's payload; now and then all of it as bytes.
pub fn columns(data: &mut [u8], size: usize, max_size: usize, seed: u32) -> usize {
    let mut random = Random::new(seed);
    let columns = format::columns(&data[..size]).filter(|columns| !columns.is_empty());
    let Some(mut columns) = columns.filter(|_| random.below(16) > 0) else { return fuzzer_mutate(data, size, max_size) };
    for _ in 0..=random.below(2) {
        let number = random.below(columns.len());
        if number == 0 {
            let room = columns[0].len() + 64;
            let mut policy = columns[0].clone();
            policy.resize(room, b' ');
            let length = json(&mut policy, columns[0].len(), room, seed);
            policy.truncate(length);
            columns[0] = policy;
            continue;
        }
        let donor = columns[random.below(columns.len())].clone();
        let column = &mut columns[number];
        match random.below(8) {
            0 => *column = donor,
            1 => column.extend_from_within(..),
            2 => mutate(column),
            _ => set_value(column, &mut random),
        }
    }
    put(data, size, max_size, &format::payload(&columns))
}

/// Mutates the columns of a payload after a number; now and then takes one of these payloads with its number.
pub fn numbered_columns(data: &mut [u8], size: usize, max_size: usize, seed: u32, payloads: &[&[u8]]) -> usize {
    let mut random = Random::new(seed);
    if size < 2 || random.below(16) == 0 {
        let number = random.below(payloads.len());
        let first = u8::try_from(number).unwrap_or_default();
        return put(data, size, max_size, &[&[first], payloads[number]].concat());
    }
    // Alone, the number of another state makes every payload one that leads elsewhere.
    1 + columns(&mut data[1..], size - 1, max_size - 1, seed)
}

/// Replaces one value of a column with another, or with a number that may be an index, so that the column keeps its length.
fn set_value(column: &mut [u8], random: &mut Random) {
    let size = 1 << random.below(4);
    let count = column.len() / size;
    if count == 0 {
        return;
    }
    let (from, to) = (random.below(count) * size, random.below(count) * size);
    if random.below(2) == 0 {
        let (low, high) = (from.min(to), from.max(to));
        if low < high {
            let (left, right) = column.split_at_mut(high);
            left[low..low + size].swap_with_slice(&mut right[..size]);
        }
    } else if size == 1 && column[to].is_ascii_alphanumeric() {
        column[to] = b"abcxyz019_"[random.below(10)];
    } else if random.below(8) == 0 {
        // No user, no list of scopes, all projects.
        column[to..to + size].fill(u8::MAX);
    } else {
        column[to..to + size].fill(0);
        column[to] = u8::try_from(random.below(12)).unwrap_or_default();
    }
}

/// Mutates one value of a JSON text; now and then the text.
pub fn json(data: &mut [u8], size: usize, max_size: usize, seed: u32) -> usize {
    let mut random = Random::new(seed);
    let Ok(mut json) = serde_json::from_slice::<Json>(&data[..size]) else { return fuzzer_mutate(data, size, max_size) };
    if random.below(8) == 0 {
        return fuzzer_mutate(data, size, max_size);
    }
    for _ in 0..=random.below(3) {
        let count = count(&json);
        let donor = find(&mut json, &mut random.below(count)).cloned().unwrap_or_default();
        if let Some(node) = find(&mut json, &mut random.below(count)) {
            alter(node, donor, &mut random);
        }
    }
    put(data, size, max_size, json.to_string().as_bytes())
}

fn alter(node: &mut Json, donor: Json, random: &mut Random) {
    let place = random.below(8);
    match (random.below(6), node) {
        (0, node) => *node = donor,
        (1, node) => *node = atom(place),
        (2, Json::Array(items)) if !items.is_empty() => drop(items.remove(place % items.len())),
        (_, Json::Array(items)) if place == 0 => items.extend_from_within(..),
        (_, Json::Array(items)) => items.push(donor),
        (2 | 3, Json::Object(members)) if !members.is_empty() => {
            let name = members.keys().nth(place % members.len()).cloned().unwrap_or_default();
            members.shift_remove(&name);
        }
        (_, Json::Object(members)) => {
            let name = donor.as_str().map_or_else(|| members.keys().next().cloned().unwrap_or_default(), str::to_owned);
            members.insert(name, donor);
        }
        (_, Json::String(text)) => {
            let mut bytes = std::mem::take(text).into_bytes();
            mutate(&mut bytes);
            *text = String::from_utf8_lossy(&bytes).into_owned();
        }
        (_, node) => *node = atom(place),
    }
}

fn atom(number: usize) -> Json {
    match number {
        0 => Json::Null,
        1 => json!(true),
        2 => json!(false),
        3 => json!(0),
        4 => json!(9_007_199_254_740_991_u64),
        5 => json!([]),
        6 => json!("user:usr_own"),
        _ => json!("2026-02-01T00:00:00Z"),
    }
}

fn count(json: &Json) -> usize {
    1 + match json {
        Json::Array(items) => items.iter().map(count).sum(),
        Json::Object(members) => members.values().map(count).sum(),
        _ => 0,
    }
}

/// The value of that number, counted from the outside in.
fn find<'j>(json: &'j mut Json, number: &mut usize) -> Option<&'j mut Json> {
    if *number == 0 {
        return Some(json);
    }
    *number -= 1;
    match json {
        Json::Array(items) => items.iter_mut().find_map(|item| find(item, number)),
        Json::Object(members) => members.values_mut().find_map(|member| find(member, number)),
        _ => None,
    }
}

fn mutate(bytes: &mut Vec<u8>) {
    let (size, room) = (bytes.len(), bytes.len() + 16);
    bytes.resize(room, 0);
    let length = fuzzer_mutate(bytes, size, room);
    bytes.truncate(length);
}

/// Replaces the input with the mutation, if it fits.
fn put(data: &mut [u8], size: usize, max_size: usize, mutated: &[u8]) -> usize {
    if mutated.len() > max_size {
        return fuzzer_mutate(data, size, max_size);
    }
    data[..mutated.len()].copy_from_slice(mutated);
    mutated.len()
}
