//! Bytes that nobody should believe: cut short, damaged, forged, or sealed around nonsense. And bytes that must be read for ever: `snapshots/`.

#![expect(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may stop at the first surprise"
)]

use std::fs;
use std::path::{Path, PathBuf};

use bailiwick::{Directory, Error, ErrorCode, Instant, PublicKey, PublicKeys, Seal, SecretKey, Trust, Value, boundary};
use format::{Envelope, columns, hash, length_prefix, payload, payload_of};
use serde_json::{Value as Json, json};

#[path = "../fuzz/format.rs"]
mod format;

/// How much memory this thread holds, and how much it held at the most.
mod memory {
    #![expect(unsafe_code, reason = "an allocator cannot be written without")]

    use std::alloc::{GlobalAlloc, Layout, System};
    use std::cell::Cell;

    thread_local! {
        static HELD: Cell<usize> = const { Cell::new(0) };
        static MOST: Cell<usize> = const { Cell::new(0) };
    }

    struct Counting;

    #[global_allocator]
    static ALLOCATOR: Counting = Counting;

    // A reallocation is counted as both, the old memory and the new, as the trait's own one is.
    unsafe impl GlobalAlloc for Counting {
        unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
            let held = HELD.get().saturating_add(layout.size());
            HELD.set(held);
            MOST.set(MOST.get().max(held));
            unsafe { System.alloc(layout) }
        }

        unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
            HELD.set(HELD.get().saturating_sub(layout.size()));
            unsafe { System.dealloc(pointer, layout) }
        }
    }

    /// What a call answers, and how many bytes it held at the most beside what was held before.
    pub(crate) fn most_of<T>(call: impl FnOnce() -> T) -> (T, usize) {
        let before = HELD.get();
        MOST.set(before);
        let answer = call();
        (answer, MOST.get().saturating_sub(before))
    }
}

/// What loading may hold at the most, by the length of the bytes.
const fn bound(length: usize) -> usize {
    32 * length + (1 << 20)
}

/// The same of JSON, which policies and changes are: a list within a list is two bytes, and has room for four values.
const fn json_bound(length: usize) -> usize {
    72 * length + (1 << 20)
}

const SEED: [u8; 32] = [7; 32];
const OTHER_SEED: [u8; 32] = [8; 32];

fn public_key(seed: &[u8; 32]) -> PublicKeys {
    SecretKey::from_bytes(seed).public_key().into()
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn read(path: &str) -> Vec<u8> {
    fs::read(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn read_json(path: &str) -> Json {
    serde_json::from_slice(&read(path)).unwrap()
}

fn written(directory: &Directory) -> Json {
    serde_json::to_value(directory.to_document()).unwrap()
}

fn snapshot(directory: &Directory) -> Vec<u8> {
    directory.to_snapshot(&Seal::default(), true)
}

/// What has to be signed by this key, if there is one.
fn by(key: Option<&PublicKeys>) -> Trust<'_> {
    Trust { public_keys: key, ..Trust::default() }
}

fn load(bytes: &[u8]) -> Result<Directory, Error> {
    Directory::from_snapshot(bytes, Trust::default(), None)
}

/// Loads bytes that are to fail, and sees to it that they do not take much memory to fail.
fn refused(bytes: &[u8], key: Option<&PublicKeys>) -> ErrorCode {
    let (outcome, most) = memory::most_of(|| Directory::from_snapshot(bytes, by(key), None).map(|_| ()));
    assert!(most <= bound(bytes.len()), "{} bytes took {most}: {} for each", bytes.len(), most / bytes.len());
    outcome.expect_err("these bytes are no snapshot").code()
}

/// Everything that can be seen of a directory: its document, its bytes, and the deltas that it can make.
#[derive(PartialEq)]
struct State {
    document: Json,
    bytes: Vec<u8>,
    deltas: Vec<Result<Vec<u8>, ErrorCode>>,
}

fn state(directory: &Directory) -> State {
    let bytes = snapshot(directory);
    let since = directory.revision().saturating_sub(20)..=directory.revision();
    let deltas = since.map(|revision| directory.to_delta(revision, &Seal::default()).map_err(|error| error.code()));
    State { document: written(directory), bytes, deltas: deltas.collect() }
}

fn apply(directory: &mut Directory, change: &Json) -> Result<u64, Error> {
    let at = Instant::parse("2026-02-01T12:00:00Z").unwrap();
    let text = change.to_string();
    let change = value(&serde_json::from_str(&text).unwrap());
    boundary::apply(directory, &change, &Value::Object(Vec::new()), at)
}

fn value(json: &Json) -> Value<'static> {
    match json {
        Json::Null => Value::Null,
        Json::Bool(boolean) => Value::Boolean(*boolean),
        Json::Number(number) => Value::Number(number.as_f64().unwrap()),
        Json::String(text) => Value::Text(text.clone().into()),
        Json::Array(items) => Value::List(items.iter().map(value).collect()),
        Json::Object(members) => Value::Object(members.iter().map(|(name, member)| (name.clone().into(), value(member))).collect()),
    }
}

/// The goldens: bytes that an earlier release wrote, and what they say. `snapshots/README.md` tells more.
mod goldens {
    use super::*;

    pub(crate) struct Golden {
        pub(crate) name: String,
        pub(crate) bytes: Vec<u8>,
        pub(crate) document: Json,
        /// The seed of the key that signed it.
        pub(crate) seed: Option<[u8; 32]>,
        /// Whether it has the digests of API keys.
        pub(crate) digests: bool,
        /// The name of the snapshot that a delta comes after.
        pub(crate) after: Option<String>,
    }

    impl Golden {
        pub(crate) fn key(&self) -> Option<PublicKeys> {
            self.seed.as_ref().map(public_key)
        }

        /// The directory that it is, or that it makes of the one it comes after. Whoever signed it is known.
        pub(crate) fn load(&self) -> Directory {
            match self.base() {
                None => Directory::from_snapshot(&self.bytes, by(self.key().as_ref()), None).unwrap(),
                Some(mut directory) => {
                    directory.apply_delta(&self.bytes, Trust::default()).unwrap();
                    directory
                }
            }
        }

        /// The directory that a delta comes after.
        pub(crate) fn base(&self) -> Option<Directory> {
            let after = self.after.as_ref()?;
            all().iter().find(|other| other.name == *after).map(Self::load)
        }

        /// The same of one that knows no key.
        pub(crate) fn open_base(&self) -> Option<Directory> {
            self.base().map(|directory| load(&snapshot(&directory)).unwrap())
        }

        /// Tries bytes in its place. What fails changes nothing.
        pub(crate) fn try_bytes(&self, bytes: &[u8], base: Option<&mut Directory>, key: Option<&PublicKeys>) -> Option<ErrorCode> {
            match base {
                None => Directory::from_snapshot(bytes, by(key), None).map(|_| ()),
                Some(directory) => directory.apply_delta(bytes, by(key)).map(|_| ()),
            }
            .err()
            .map(|error| error.code())
        }
    }

    pub(crate) fn all() -> Vec<Golden> {
        let index = read_json("tests/snapshots/index.json");
        let seed: Vec<u8> = index["signing_key"].as_str().unwrap().as_bytes().chunks(2).map(digits).collect();
        let entries = |list: &str| index[list].as_array().unwrap().clone();
        let golden = |entry: Json, suffix: &str| {
            let name = entry["name"].as_str().unwrap().to_owned();
            Golden {
                bytes: read(&format!("tests/snapshots/{name}.{suffix}")),
                document: read_json(&format!("tests/snapshots/{name}.json")),
                seed: (entry["signed"] == true).then(|| seed.clone().try_into().unwrap()),
                digests: entry["digests"] != false,
                after: entry["after"].as_str().map(str::to_owned),
                name,
            }
        };
        let snapshots = entries("snapshots").into_iter().map(|entry| golden(entry, "bin"));
        snapshots.chain(entries("deltas").into_iter().map(|entry| golden(entry, "delta"))).collect()
    }

    fn digits(pair: &[u8]) -> u8 {
        u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap()
    }

    pub(crate) fn named(name: &str) -> Golden {
        all().into_iter().find(|golden| golden.name == name).unwrap()
    }
}

#[test]
fn every_golden_is_read_as_it_always_was() {
    let goldens = goldens::all();
    let files = fs::read_dir(root().join("tests/snapshots")).unwrap().map(|file| file.unwrap().path());
    let bytes = files.filter(|path| path.extension().is_some_and(|suffix| suffix == "bin" || suffix == "delta"));
    assert_eq!(bytes.count(), goldens.len(), "the index lists every file");
    for golden in goldens {
        let (directory, most) = memory::most_of(|| golden.load());
        assert_eq!(written(&directory), golden.document, "{}", golden.name);
        assert_eq!(written(&directory).to_string(), golden.document.to_string(), "{}: the order of members", golden.name);
        assert!(most <= bound(golden.bytes.len()), "{}: {most}", golden.name);
    }
}

#[test]
fn every_golden_is_written_again_as_it_was() {
    for golden in goldens::all() {
        let directory = golden.load();
        let key = golden.seed.as_ref().map(SecretKey::from_bytes);
        let seal = Seal { signing_key: key.as_ref(), ..Seal::default() };
        let bytes = match golden.base() {
            None => directory.to_snapshot(&seal, golden.digests),
            Some(base) => directory.to_delta(base.revision(), &seal).unwrap(),
        };
        assert!(bytes == golden.bytes, "{}", golden.name);
    }
}

#[test]
fn a_golden_that_is_cut_short_is_refused() {
    for golden in goldens::all() {
        let mut base = golden.open_base();
        let before = base.as_ref().map(state);
        for length in 0..golden.bytes.len() {
            let code = golden.try_bytes(&golden.bytes[..length], base.as_mut(), None);
            assert_eq!(code, Some(ErrorCode::SnapshotCorrupt), "{} at {length}", golden.name);
        }
        assert!(base.as_ref().map(state) == before, "{}: a delta that failed has changed something", golden.name);
    }
}

#[test]
fn a_golden_with_something_behind_it_is_refused() {
    for golden in goldens::all() {
        for more in [&b"\0"[..], b"\n", &golden.bytes, &[0; 4096]] {
            let code = golden.try_bytes(&[&golden.bytes, more].concat(), golden.base().as_mut(), golden.key().as_ref());
            assert_eq!(code, Some(ErrorCode::SnapshotCorrupt), "{}", golden.name);
        }
    }
}

/// Flips every bit of the bytes, one at a time.
fn flip_every_bit(golden: &goldens::Golden, key: Option<&PublicKeys>) {
    let mut base = golden.open_base();
    let before = base.as_ref().map(state);
    let mut bytes = golden.bytes.clone();
    for offset in 0..bytes.len() {
        for bit in 0..8 {
            bytes[offset] ^= 1 << bit;
            let code = golden.try_bytes(&bytes, base.as_mut(), key);
            let is_version = (8..10).contains(&offset);
            let is_told = code == Some(ErrorCode::SnapshotCorrupt) || is_version && code == Some(ErrorCode::SnapshotVersion);
            assert!(is_told, "{}: bit {bit} of byte {offset}: {code:?}", golden.name);
            bytes[offset] ^= 1 << bit;
        }
    }
    assert!(base.as_ref().map(state) == before, "{}: a delta that failed has changed something", golden.name);
}

/// Goldens of so many bytes have every bit flipped.
const SMALL: usize = 4096;

#[test]
fn no_bit_of_a_golden_can_be_flipped() {
    let small: Vec<_> = goldens::all().into_iter().filter(|golden| golden.bytes.len() <= SMALL && golden.after.is_none()).collect();
    assert!(small.len() >= 3);
    small.iter().for_each(|golden| flip_every_bit(golden, None));
}

#[test]
fn no_bit_of_a_golden_delta_can_be_flipped() {
    let small: Vec<_> = goldens::all().into_iter().filter(|golden| golden.bytes.len() <= SMALL && golden.after.is_some()).collect();
    assert!(small.len() >= 2);
    small.iter().for_each(|golden| flip_every_bit(golden, None));
}

#[test]
fn no_bit_of_a_signed_golden_can_be_flipped_where_its_key_is_known() {
    let golden = goldens::named("v1-empty-signed");
    flip_every_bit(&golden, golden.key().as_ref());
    let renewed = goldens::named("v1-empty-signed-renewed");
    flip_every_bit(&renewed, renewed.key().as_ref());
}

#[test]
fn signatures_are_wanted_by_whoever_knows_a_key() {
    let (key, other) = (public_key(&SEED), public_key(&OTHER_SEED));
    let directory = Directory::from_json(&read("tests/directories/changes.json")).unwrap();
    let signer = SecretKey::from_bytes(&SEED);
    let seal = Seal { signing_key: Some(&signer), ..Seal::default() };
    let (unsigned, signed) = (snapshot(&directory), directory.to_snapshot(&seal, true));
    let code = |bytes: &[u8], key: Option<&PublicKeys>| Directory::from_snapshot(bytes, by(key), None).map_err(|error| error.code()).err();
    assert_eq!(code(&unsigned, None), None);
    assert_eq!(code(&signed, None), None);
    assert_eq!(code(&signed, Some(&key)), None);
    assert_eq!(code(&unsigned, Some(&key)), Some(ErrorCode::SignatureMissing));
    assert_eq!(code(&signed, Some(&other)), Some(ErrorCode::SignatureInvalid));
    // No point of the curve, one of small order, and all ones.
    for bytes in [[2; 32], [0; 32], [255; 32]] {
        assert_eq!(code(&signed, Some(&PublicKey::from_bytes(bytes).into())), Some(ErrorCode::SignatureInvalid));
    }

    // Changed after signing, with the checksum made to fit again: every byte of what is signed, of the key's id and of the signature.
    let header = signed.len() - payload_of(&signed).len();
    for offset in 12..header - 32 {
        let mut forged = signed.clone();
        forged[offset] ^= 1;
        let checksum = hash(&forged[..header - 32]);
        forged[header - 32..header].copy_from_slice(&checksum);
        assert_eq!(code(&forged, Some(&key)), Some(ErrorCode::SignatureInvalid), "{offset}");
    }
    // One that is signed by another key and says that it was this one.
    let mut forged = Envelope::of_snapshot(20).seal(payload_of(&signed), Some(&OTHER_SEED));
    let start = header - 32 - 64 - 8;
    forged[start..start + 8].copy_from_slice(&hash(&key.as_slice()[0].to_bytes())[..8]);
    let checksum = hash(&forged[..header - 32]);
    forged[header - 32..header].copy_from_slice(&checksum);
    assert_eq!(code(&forged, Some(&key)), Some(ErrorCode::SignatureInvalid));
    // The signature of one snapshot in the envelope of another, and the flag taken away together with the signature.
    let mut later = Envelope::of_snapshot(21).seal(payload_of(&signed), Some(&SEED));
    later[start + 8..start + 72].copy_from_slice(&signed[start + 8..start + 72]);
    let checksum = hash(&later[..header - 32]);
    later[header - 32..header].copy_from_slice(&checksum);
    assert_eq!(code(&later, Some(&key)), Some(ErrorCode::SignatureInvalid));
    assert_eq!(code(&Envelope::of_snapshot(20).seal(payload_of(&signed), None), Some(&key)), Some(ErrorCode::SignatureMissing));
    // This engine seals as the description of the format says.
    assert!(Envelope::of_snapshot(20).seal(payload_of(&signed), Some(&SEED)) == signed);
    assert!(Envelope::of_snapshot(20).seal(payload_of(&signed), None) == unsigned);
}

#[test]
fn an_engine_that_knows_a_key_takes_no_other_deltas() {
    let (signer, other) = (SecretKey::from_bytes(&SEED), SecretKey::from_bytes(&OTHER_SEED));
    let (key, other_key) = (public_key(&SEED), public_key(&OTHER_SEED));
    let mut directory = Directory::from_json(&read("tests/directories/changes.json")).unwrap();
    let seal = Seal { signing_key: Some(&signer), ..Seal::default() };
    let start = directory.to_snapshot(&seal, true);
    apply(&mut directory, &json!({"type": "revoke_api_key", "key": "key_mem"})).unwrap();
    let delta = |signing_key| directory.to_delta(20, &Seal { signing_key, ..Seal::default() }).unwrap();
    let (unsigned, by_other, by_signer) = (delta(None), delta(Some(&other)), delta(Some(&signer)));

    let mut copy = Directory::from_snapshot(&start, by(Some(&key)), None).unwrap();
    let before = state(&copy);
    let mut code = |bytes: &[u8], key: Option<&PublicKeys>| copy.apply_delta(bytes, by(key)).map_err(|error| error.code()).err();
    assert_eq!(code(&unsigned, None), Some(ErrorCode::SignatureMissing));
    assert_eq!(code(&unsigned, Some(&key)), Some(ErrorCode::SignatureMissing));
    assert_eq!(code(&unsigned, Some(&other_key)), Some(ErrorCode::SignatureMissing));
    assert_eq!(code(&by_other, None), Some(ErrorCode::SignatureInvalid));
    assert_eq!(code(&by_signer, Some(&other_key)), Some(ErrorCode::SignatureInvalid));
    // A signed snapshot is no delta, whoever signed it.
    assert_eq!(code(&start, None), Some(ErrorCode::SnapshotCorrupt));
    assert!(state(&copy) == before);
    assert_eq!(copy.apply_delta(&by_signer, Trust::default()), Ok(21));
    // The key stays wanted after a change and after a delta.
    let renewal = copy.to_delta(21, &Seal::default()).unwrap();
    assert_eq!(copy.apply_delta(&renewal, Trust::default()).unwrap_err().code(), ErrorCode::SignatureMissing);
    apply(&mut copy, &json!({"type": "remove_resource", "resource": "file:file_1"})).unwrap();
    let renewal = copy.to_delta(22, &Seal::default()).unwrap();
    assert_eq!(copy.apply_delta(&renewal, Trust::default()).unwrap_err().code(), ErrorCode::SignatureMissing);
    // An engine that knows no key takes all of them.
    for delta in [unsigned, by_other, by_signer] {
        assert_eq!(load(&start).unwrap().apply_delta(&delta, Trust::default()), Ok(21));
    }
}

// What follows has right checksums.

/// The places of the columns in a payload, in their order.
#[derive(Clone, Copy)]
#[expect(dead_code, reason = "some columns are reached by the one before them")]
enum Column {
    Policy,
    UserIds,
    UserIdLengths,
    ListedUsers,
    Emails,
    EmailLengths,
    Homes,
    HomeLengths,
    OrganizationIds,
    OrganizationIdLengths,
    OrganizationNames,
    OrganizationNameLengths,
    Owners,
    OrganizationFlags,
    ProjectsSince,
    MemberCounts,
    ProjectCounts,
    ProjectIds,
    ProjectIdLengths,
    ProjectNames,
    ProjectNameLengths,
    ProjectFlags,
    CollaboratorCounts,
    KeyCounts,
    ResourceCounts,
    MemberUsers,
    MemberRoles,
    CollaboratorUsers,
    CollaboratorRoles,
    KeyIds,
    KeyIdLengths,
    KeyNames,
    KeyNameLengths,
    KeyFlags,
    KeyCreatedBy,
    KeyCreatedAt,
    KeyExpiresAt,
    KeyRevokedAt,
    KeyDigests,
    ResourceIds,
    ResourceIdLengths,
    ResourceNames,
    ResourceNameLengths,
    ResourceKinds,
    ResourceCreatedBy,
    ResourceCreatedAt,
    ResourcesSorted,
}

const COLUMNS: usize = Column::ResourcesSorted as usize + 1;

/// The columns of the example organization, in which every column has something.
fn example() -> Vec<Vec<u8>> {
    let directory = Directory::from_json(&read("tests/directories/acme.json")).unwrap();
    let columns = columns(payload_of(&snapshot(&directory))).unwrap();
    assert_eq!(columns.len(), COLUMNS);
    assert!(columns.iter().all(|column| !column.is_empty()));
    columns
}

fn sealed(columns: &[Vec<u8>]) -> Vec<u8> {
    Envelope::of_snapshot(7).seal(&payload(columns), None)
}

/// Puts one value of a column of values of that size in the place of another.
fn set<const SIZE: usize>(columns: &mut [Vec<u8>], at: Column, place: usize, value: [u8; SIZE]) {
    columns[at as usize][place * SIZE..(place + 1) * SIZE].copy_from_slice(&value);
}

fn set_u32(columns: &mut [Vec<u8>], at: Column, place: usize, value: u32) {
    set(columns, at, place, value.to_le_bytes());
}

/// Puts a text in the place of another.
fn set_text(columns: &mut [Vec<u8>], text: Column, place: usize, new: &[u8]) {
    let lengths = text as usize + 1;
    let length_at = |columns: &[Vec<u8>], place: usize| {
        let length = u16::from_le_bytes(columns[lengths][place * 2..place * 2 + 2].try_into().unwrap());
        if length == u16::MAX { 0 } else { usize::from(length) }
    };
    let start: usize = (0..place).map(|place| length_at(columns, place)).sum();
    let end = start + length_at(columns, place);
    columns[text as usize].splice(start..end, new.iter().copied());
    let length = u16::try_from(new.len()).unwrap();
    columns[lengths][place * 2..place * 2 + 2].copy_from_slice(&length.to_le_bytes());
}

type Damage = (&'static str, fn(&mut Vec<Vec<u8>>));

// The example's users in byte order: ada, ben, cleo, dan, eve, finn, kai, pia, yan, zoe. Its first organization has the members 0 to 5 and three
// projects, the first of them the default one, with the API keys default and chat; its second organization has the members 7, 9, 8.
#[rustfmt::skip]
const DAMAGES: &[Damage] = &[
    ("users out of order", |c| { set_text(c, Column::UserIds, 0, b"usr_ben"); set_text(c, Column::UserIds, 1, b"usr_ada"); }),
    ("a user twice", |c| set_text(c, Column::UserIds, 1, b"usr_ada")),
    ("an empty id", |c| set_text(c, Column::UserIds, 0, b"")),
    ("a control character in an id", |c| set_text(c, Column::UserIds, 0, b"usr\n")),
    ("a control character beyond ASCII in an id", |c| set_text(c, Column::UserIds, 0, "usr\u{85}".as_bytes())),
    ("a delete character in an id", |c| set_text(c, Column::UserIds, 0, b"usr\x7f")),
    ("an id that is too long", |c| set_text(c, Column::UserIds, 0, &[b'a'; 257])),
    ("an id that is not UTF-8", |c| set_text(c, Column::UserIds, 0, b"usr\xff")),
    ("an id of a lone surrogate", |c| set_text(c, Column::UserIds, 0, b"\xed\xa0\x80")),
    ("an id that ends within a character", |c| {
        set_text(c, Column::UserIds, 0, "aé".as_bytes());
        set(c, Column::UserIdLengths, 0, 2_u16.to_le_bytes());
        set(c, Column::UserIdLengths, 1, 8_u16.to_le_bytes());
    }),
    ("no id", |c| set(c, Column::UserIdLengths, 0, u16::MAX.to_le_bytes())),
    ("an id that is longer than the column", |c| set(c, Column::UserIdLengths, 9, 60_000_u16.to_le_bytes())),
    ("text that belongs to no id", |c| c[Column::UserIds as usize].push(b'x')),
    ("half a length", |c| c[Column::UserIdLengths as usize].push(0)),
    ("no users", |c| { c[Column::UserIds as usize].clear(); c[Column::UserIdLengths as usize].clear(); }),
    ("a listed user who is not there", |c| set_u32(c, Column::ListedUsers, 0, 10)),
    ("a listed user of the largest number", |c| set_u32(c, Column::ListedUsers, 0, u32::MAX)),
    ("a user listed twice", |c| set_u32(c, Column::ListedUsers, 1, 0)),
    ("half a listed user", |c| { c[Column::ListedUsers as usize].pop(); }),
    ("an e-mail address too many", |c| c[Column::EmailLengths as usize].extend([0, 0])),
    ("an e-mail address that is too long", |c| set_text(c, Column::Emails, 0, &[b'a'; 4097])),
    ("an e-mail address that is not UTF-8", |c| set_text(c, Column::Emails, 0, b"\x80")),
    ("a home that is in the directory", |c| set_text(c, Column::Homes, 2, b"org_acme")),
    ("a home outside for a member", |c| set_text(c, Column::Homes, 0, b"org_x")),
    ("a home with a control character", |c| set_text(c, Column::Homes, 2, b"org\0")),
    ("an empty home", |c| set_text(c, Column::Homes, 2, b"")),
    ("an organization twice", |c| set_text(c, Column::OrganizationIds, 1, b"org_acme")),
    ("an organization's id with a control character", |c| set_text(c, Column::OrganizationIds, 1, b"\t")),
    ("an organization's name that is too long", |c| set_text(c, Column::OrganizationNames, 0, &[b'a'; 4097])),
    ("an owner who is not there", |c| set_u32(c, Column::Owners, 0, 10)),
    ("an owner who has not the strongest role", |c| set_u32(c, Column::Owners, 0, 2)),
    ("an owner who is a member elsewhere", |c| set_u32(c, Column::Owners, 0, 7)),
    ("an owner who is no member", |c| set_u32(c, Column::Owners, 0, 6)),
    ("an owner too few", |c| c[Column::Owners as usize].truncate(4)),
    ("an organization's flag that is unknown", |c| set(c, Column::OrganizationFlags, 0, [4])),
    ("projects beside the default one where there may be none", |c| set(c, Column::OrganizationFlags, 0, [0])),
    ("an instant after the year 9999", |c| set(c, Column::ProjectsSince, 0, 253_402_300_800_000_i64.to_le_bytes())),
    ("an instant before the year 0", |c| set(c, Column::ProjectsSince, 0, (-62_167_219_200_001_i64).to_le_bytes())),
    ("the largest instant", |c| set(c, Column::ProjectsSince, 0, i64::MAX.to_le_bytes())),
    ("the smallest instant but for none", |c| set(c, Column::ProjectsSince, 0, (i64::MIN + 1).to_le_bytes())),
    ("a member too many", |c| set_u32(c, Column::MemberCounts, 1, 4)),
    ("a member too few", |c| set_u32(c, Column::MemberCounts, 1, 2)),
    ("so many members that their sum would overflow", |c| { set_u32(c, Column::MemberCounts, 0, u32::MAX); set_u32(c, Column::MemberCounts, 1, 10); }),
    ("members of one organization in another", |c| { set_u32(c, Column::MemberCounts, 0, 9); set_u32(c, Column::MemberCounts, 1, 0); }),
    ("a project too many", |c| set_u32(c, Column::ProjectCounts, 1, 2)),
    ("an organization without a project", |c| { set_u32(c, Column::ProjectCounts, 0, 4); set_u32(c, Column::ProjectCounts, 1, 0); }),
    ("a project of one organization in another", |c| { set_u32(c, Column::ProjectCounts, 0, 2); set_u32(c, Column::ProjectCounts, 1, 2); }),
    ("a project twice", |c| set_text(c, Column::ProjectIds, 1, b"prj_default")),
    ("a project with an empty id", |c| set_text(c, Column::ProjectIds, 1, b"")),
    ("a project's name that is too long", |c| set_text(c, Column::ProjectNames, 0, &[b'a'; 4097])),
    ("two default projects", |c| set(c, Column::ProjectFlags, 1, [1])),
    ("no default project", |c| set(c, Column::ProjectFlags, 0, [0])),
    ("a project's flag that is unknown", |c| set(c, Column::ProjectFlags, 1, [255])),
    ("a collaborator too many", |c| set_u32(c, Column::CollaboratorCounts, 0, 1)),
    ("an API key too many", |c| set_u32(c, Column::KeyCounts, 0, 3)),
    ("a resource too many", |c| set_u32(c, Column::ResourceCounts, 0, 2)),
    ("a member who is not there", |c| set_u32(c, Column::MemberUsers, 2, 10)),
    ("a member twice", |c| set_u32(c, Column::MemberUsers, 2, 1)),
    ("a member of two organizations", |c| set_u32(c, Column::MemberUsers, 2, 8)),
    ("an organization role that is not there", |c| set(c, Column::MemberRoles, 2, [2])),
    ("the largest organization role", |c| set(c, Column::MemberRoles, 2, [255])),
    ("an owner with a weaker role", |c| set(c, Column::MemberRoles, 0, [1])),
    ("a member's role too few", |c| { c[Column::MemberRoles as usize].pop(); }),
    ("a member's user too few", |c| c[Column::MemberUsers as usize].truncate(32)),
    ("a collaborator who is not there", |c| set_u32(c, Column::CollaboratorUsers, 0, u32::MAX)),
    ("a collaborator twice", |c| set_u32(c, Column::CollaboratorUsers, 1, 2)),
    ("a project role that is not there", |c| set(c, Column::CollaboratorRoles, 0, [2])),
    ("a collaborator's role too many", |c| c[Column::CollaboratorRoles as usize].push(0)),
    ("an API key twice", |c| set_text(c, Column::KeyIds, 1, b"key_default")),
    ("an API key in two projects", |c| set_text(c, Column::KeyIds, 2, b"key_default")),
    ("an API key's id with a control character", |c| set_text(c, Column::KeyIds, 1, b"key\x1f")),
    ("an API key's name that is too long", |c| set_text(c, Column::KeyNames, 0, &[b'a'; 4097])),
    ("a second organization default key", |c| set(c, Column::KeyFlags, 1, [3])),
    ("an organization default key outside the default project", |c| { set(c, Column::KeyFlags, 0, [2]); set(c, Column::KeyFlags, 2, [3]); }),
    ("an organization default key that is revoked", |c| set(c, Column::KeyRevokedAt, 0, 0_i64.to_le_bytes())),
    ("an API key's flag that is unknown", |c| set(c, Column::KeyFlags, 1, [6])),
    ("a digest that belongs to no key", |c| set(c, Column::KeyFlags, 1, [0])),
    ("a digest that is missing", |c| c[Column::KeyDigests as usize].truncate(6 * 32)),
    ("a digest that is cut short", |c| { c[Column::KeyDigests as usize].pop(); }),
    ("a digest too many", |c| c[Column::KeyDigests as usize].extend([0; 32])),
    ("half a digest too many", |c| c[Column::KeyDigests as usize].extend([0; 16])),
    ("a creator who is not there", |c| set_u32(c, Column::KeyCreatedBy, 0, 10)),
    ("a creator of the largest number but one", |c| set_u32(c, Column::KeyCreatedBy, 0, u32::MAX - 1)),
    ("a creation at no instant", |c| set(c, Column::KeyCreatedAt, 0, i64::MAX.to_le_bytes())),
    ("an expiry at no instant", |c| set(c, Column::KeyExpiresAt, 0, i64::MAX.to_le_bytes())),
    ("a revocation at no instant", |c| set(c, Column::KeyRevokedAt, 1, (i64::MIN + 1).to_le_bytes())),
    ("an instant cut short", |c| { c[Column::KeyExpiresAt as usize].pop(); }),
    ("a resource twice", |c| set_text(c, Column::ResourceIds, 1, b"file_faq")),
    ("a resource's id that is too long", |c| set_text(c, Column::ResourceIds, 1, &[b'a'; 257])),
    ("a resource's name that is too long", |c| set_text(c, Column::ResourceNames, 0, &[b'a'; 4097])),
    ("a kind that is not there", |c| set(c, Column::ResourceKinds, 0, 4000_u16.to_le_bytes())),
    ("the largest kind", |c| set(c, Column::ResourceKinds, 0, u16::MAX.to_le_bytes())),
    ("a resource of the kind of API keys", |c| {
        let policy: Json = serde_json::from_slice(&c[Column::Policy as usize]).unwrap();
        let kinds = policy["kinds"].as_array().unwrap();
        let number = kinds.iter().position(|kind| kind["kind"] == policy["api_key_kind"]).unwrap();
        set(c, Column::ResourceKinds, 0, u16::try_from(number).unwrap().to_le_bytes());
    }),
    ("a kind cut short", |c| { c[Column::ResourceKinds as usize].pop(); }),
    ("a resource's creator who is not there", |c| set_u32(c, Column::ResourceCreatedBy, 0, 10)),
    ("a resource's creator too few", |c| c[Column::ResourceCreatedBy as usize].truncate(4)),
    ("a resource's instant that is none", |c| set(c, Column::ResourceCreatedAt, 0, i64::MAX.to_le_bytes())),
    ("an order of what is not there", |c| set_u32(c, Column::ResourcesSorted, 1, 4)),
    ("an order of the largest number", |c| set_u32(c, Column::ResourcesSorted, 1, u32::MAX)),
    ("an order in which one comes twice", |c| { let first: [u8; 4] = c[Column::ResourcesSorted as usize][4..8].try_into().unwrap(); set(c, Column::ResourcesSorted, 2, first); }),
    ("an order that is none", |c| c[Column::ResourcesSorted as usize][4..20].as_chunks_mut::<4>().0.reverse()),
    ("an order of too few", |c| c[Column::ResourcesSorted as usize].truncate(4)),
    ("an order of too many", |c| c[Column::ResourcesSorted as usize].extend([0; 4])),
    ("no policy", |c| c[Column::Policy as usize].clear()),
    ("a policy that is not JSON", |c| c[Column::Policy as usize].truncate(100)),
    ("a policy that is none", |c| c[Column::Policy as usize] = b"{}".to_vec()),
    ("the id of a policy", |c| c[Column::Policy as usize] = b"\"projects-2026-02\"".to_vec()),
    ("a policy of another format", |c| edit_policy(c, |policy| policy["format"] = json!("bailiwick-policy/2"))),
    ("a policy with a field that is unknown", |c| edit_policy(c, |policy| policy["more"] = json!(true))),
    ("a policy without a role that is used", |c| edit_policy(c, |policy| drop(policy["organization_roles"].as_array_mut().unwrap().pop()))),
    ("a policy with a surface that is unknown", |c| edit_policy(c, |policy| policy["default_surfaces"]["user"] = json!("nowhere"))),
    ("a policy with 65 roles", |c| edit_policy(c, |policy| policy["project_roles"] = (0..65).map(|n| json!(n.to_string())).collect())),
    ("a policy that is nested without end", |c| c[Column::Policy as usize] = vec![b'['; 1 << 20]),
    ("a policy with a control character in a name", |c| edit_policy(c, |policy| policy["id"] = json!("\u{0}"))),
    ("a policy with the same key twice", |c| { c[Column::Policy as usize].pop(); c[Column::Policy as usize].extend(b",\"id\":\"x\"}"); }),
];

fn edit_policy(columns: &mut [Vec<u8>], edit: impl FnOnce(&mut Json)) {
    let mut policy = serde_json::from_slice(&columns[Column::Policy as usize]).unwrap();
    edit(&mut policy);
    columns[Column::Policy as usize] = policy.to_string().into_bytes();
}

#[test]
fn what_no_document_could_say_is_refused_in_a_snapshot_too() {
    let whole = example();
    assert_eq!(written(&load(&sealed(&whole)).unwrap())["users"], read_json("tests/snapshots/v1-acme-signed.json")["users"]);
    for (what, damage) in DAMAGES {
        let mut columns = whole.clone();
        damage(&mut columns);
        assert!(columns != whole, "{what}: nothing is damaged");
        assert_eq!(refused(&sealed(&columns), None), ErrorCode::SnapshotCorrupt, "{what}");
    }
}

#[test]
fn a_payload_has_its_columns_and_nothing_else() {
    let whole = example();
    for number in 0..COLUMNS {
        let mut columns = whole.clone();
        columns.remove(number);
        assert_eq!(refused(&sealed(&columns), None), ErrorCode::SnapshotCorrupt, "without column {number}");
        let mut columns = whole.clone();
        columns.insert(number, Vec::new());
        assert_eq!(refused(&sealed(&columns), None), ErrorCode::SnapshotCorrupt, "with another column before {number}");
        let mut columns = whole.clone();
        columns[number].clear();
        let bytes = sealed(&columns);
        // What everybody can be without may be left out.
        let sparse = [Column::ResourceCreatedBy, Column::ResourceCreatedAt].map(|at| at as usize);
        if !sparse.contains(&number) {
            assert_eq!(refused(&bytes, None), ErrorCode::SnapshotCorrupt, "without anything in column {number}");
        }
        // One value more or less, and half a column.
        for size in [1, 2, 4, 8, 32] {
            let mut columns = whole.clone();
            columns[number].extend(vec![0; size]);
            assert_eq!(refused(&sealed(&columns), None), ErrorCode::SnapshotCorrupt, "{size} more in column {number}");
        }
        let mut columns = whole.clone();
        let half = columns[number].len() / 2;
        columns[number].truncate(half);
        assert_eq!(refused(&sealed(&columns), None), ErrorCode::SnapshotCorrupt, "half of column {number}");
    }
    let twice = [payload(&whole), payload(&whole)].concat();
    assert_eq!(refused(&Envelope::of_snapshot(7).seal(&twice, None), None), ErrorCode::SnapshotCorrupt);
    for junk in [&b""[..], b"\0", b"[]", b"{}", &[255; 64], &[251; 64], &[252; 64], &[253; 64], &[254; 64]] {
        assert_eq!(refused(&Envelope::of_snapshot(7).seal(junk, None), None), ErrorCode::SnapshotCorrupt);
    }
}

/// Lengths that no input has.
const CLAIMS: [u64; 9] = [1 << 16, 1 << 20, 1 << 30, 1 << 31, (1 << 32) - 1, 1 << 32, 1 << 40, 1 << 63, u64::MAX];

#[test]
fn lengths_that_claim_gigabytes_take_no_memory() {
    let whole = example();
    let bytes = payload(&whole);
    for length in CLAIMS.into_iter().chain([0, 1, bytes.len() as u64 - 1, bytes.len() as u64 + 1]) {
        let envelope = Envelope { length: Some(length), ..Envelope::of_snapshot(7) };
        assert_eq!(refused(&envelope.seal(&bytes, None), None), ErrorCode::SnapshotCorrupt, "{length} in the header");
        assert_eq!(refused(&envelope.seal(&bytes, Some(&SEED)), Some(&public_key(&SEED))), ErrorCode::SnapshotCorrupt);
    }
    for number in 0..COLUMNS {
        let start = payload(&whole[..number]);
        let claims = CLAIMS.into_iter().map(length_prefix);
        // What stands for longer numbers, or for none at all.
        for claim in claims.chain([vec![253; 9], vec![254; 17], vec![255; 17], vec![253]]) {
            let damaged = [&start, &claim, &payload(&whole[number..])[1..]].concat();
            let code = refused(&Envelope::of_snapshot(7).seal(&damaged, None), None);
            assert_eq!(code, ErrorCode::SnapshotCorrupt, "{claim:?} in column {number}");
            let cut = [start.as_slice(), &claim].concat();
            assert_eq!(refused(&Envelope::of_snapshot(7).seal(&cut, None), None), ErrorCode::SnapshotCorrupt);
        }
    }
    // Counts that are not lengths: how many there are of each below the one above.
    for at in [Column::MemberCounts, Column::ProjectCounts, Column::CollaboratorCounts, Column::KeyCounts, Column::ResourceCounts] {
        for count in [1 << 16, 1 << 30, u32::MAX] {
            let mut columns = whole.clone();
            set_u32(&mut columns, at, 0, count);
            assert_eq!(refused(&sealed(&columns), None), ErrorCode::SnapshotCorrupt);
        }
    }
}

#[test]
fn a_long_column_takes_memory_by_its_length() {
    let whole = example();
    for number in 1..COLUMNS {
        // Just beyond what fills a table, which then has twice the room.
        for (fill, length) in [(0, (7 << 16) + 8), (1, (7 << 16) + 8), (b'a', 1 << 18)] {
            let mut columns = whole.clone();
            columns[number] = vec![fill; length];
            refused(&sealed(&columns), None);
            // The same where there is next to nothing else.
            let mut columns = vec![Vec::new(); COLUMNS];
            columns[0].clone_from(&whole[0]);
            columns[number] = vec![fill; length];
            refused(&sealed(&columns), None);
        }
    }
}

/// JSON that takes much memory for its length.
fn long_json() -> Vec<String> {
    let deep = format!("{}0{},", "[".repeat(29), "]".repeat(29));
    let pieces = ["0,", "[],", "{},", "\"\",", "null,", "[0],", "[[0]],", "{\"\":0},", "{\"\":[0]},", "\"\\n\",", &deep];
    // Just beyond a power of two, where lists grow.
    pieces.iter().map(|piece| format!("[{}0]", piece.repeat((1 << 19) / piece.len().next_power_of_two() + 1))).collect()
}

#[test]
fn a_long_policy_takes_memory_by_its_length() {
    for text in long_json() {
        let mut columns = example();
        columns[Column::Policy as usize] = text.into_bytes();
        let bytes = sealed(&columns);
        let (outcome, most) = memory::most_of(|| load(&bytes).map(|_| ()));
        assert_eq!(outcome.unwrap_err().code(), ErrorCode::SnapshotCorrupt);
        assert!(most <= json_bound(bytes.len()), "{} for each", most / bytes.len());
    }
}

/// Requests of AuthZEN that say much in few bytes, or say it deep inside.
fn long_requests() -> Vec<String> {
    const LENGTH: usize = 1 << 19;
    let one = r#""subject":{"type":"user","id":"u"},"action":{"name":"a"},"resource":{"type":"file","id":"f"}"#;
    let items = |item: &str, count: usize| format!(r#""evaluations":[{}]"#, vec![item; count].join(","));
    let unknown = (0..100_000).map(|number| format!(r#""u{number}":{number}"#)).collect::<Vec<_>>().join(",");
    let nested = |open: &str, inside: &str, close: &str| {
        let depth = LENGTH / (open.len() + close.len());
        format!("{}{inside}{}", open.repeat(depth), close.repeat(depth))
    };
    vec![
        format!("{{{}}}", items("{}", LENGTH / 3)),
        format!("{{{one},{}}}", items("{}", LENGTH / 3)),
        format!("{{{one},{}}}", items("5", LENGTH / 2)),
        format!(r#"{{{one},{},"options":{{"evaluations_semantic":"deny_on_first_deny"}}}}"#, items("[]", LENGTH / 3)),
        format!("{{{unknown},{one},{}}}", items("{}", 100_000)),
        format!(r#"{{{one},"context":{{{unknown}}},{}}}"#, items(r#"{"context":{}}"#, 100_000)),
        format!(r#"{{"subject":{{"type":"user",{unknown},"id":"u"}},{}}}"#, items(r#"{"action":{"name":""}}"#, 100_000)),
        format!(r#"{{{one},"x":{}}}"#, nested("[", "", "]")),
        format!(r#"{{{one},"context":{{"x":{}}}}}"#, nested(r#"{"a":"#, "1", "}")),
        format!(r#"{{{one},"evaluations":{}}}"#, nested("[", "", "]")),
        nested(r#"{"evaluations":["#, "{}", "]}"),
        format!(r#"{{{},"page":{{"token":"2.{}"}}}}"#, one, "41".repeat(LENGTH / 2)),
        format!("{{{},{}}}", one.replace("\"u\"", &format!("\"{}\"", "u".repeat(1 << 14))), items("{}", 1 << 12)),
    ]
}

#[test]
fn a_long_authzen_request_takes_memory_by_what_is_said() {
    let directory = Directory::from_json(&read("tests/directories/acme.json")).unwrap();
    for (number, request) in long_requests().into_iter().enumerate() {
        for api in ["access_evaluation", "access_evaluations", "search_subject", "search_resource", "search_action"] {
            let (word, options) = (Value::Text(api.into()), Value::Object(vec![("reasons".into(), Value::Boolean(true))]));
            let ask = || boundary::authzen_json(&directory, &word, request.as_bytes(), &options, Instant::LATEST);
            let (answer, most) = memory::most_of(ask);
            // An answer that grows is held twice while it moves to a place of twice the size.
            let bound = json_bound(request.len()) + 3 * answer.map_or(0, |answer| answer.len());
            assert!(most <= bound, "request {number} of {api}, {} bytes, took {most}, and {bound} is the most", request.len());
        }
    }
}

#[test]
fn an_envelope_says_what_it_can_mean() {
    let bytes = payload(&example());
    let plain = Envelope::of_snapshot(7);
    let code = |envelope: &Envelope| refused(&envelope.seal(&bytes, None), None);
    for version in [2, 3, 256, u16::MAX] {
        assert_eq!(code(&Envelope { version, ..plain.clone() }), ErrorCode::SnapshotVersion);
    }
    assert_eq!(code(&Envelope { version: 0, ..plain.clone() }), ErrorCode::SnapshotCorrupt);
    for kind in [0, 2, 3, 255] {
        assert_eq!(code(&Envelope { kind, ..plain.clone() }), ErrorCode::SnapshotCorrupt);
    }
    // The flag of a signature without one, and flags that there are not.
    for flags in [4, 8, 16, 128, 255] {
        assert_eq!(code(&Envelope { flags, ..plain.clone() }), ErrorCode::SnapshotCorrupt);
    }
    assert_eq!(code(&Envelope { state: Some([0; 32]), ..plain.clone() }), ErrorCode::SnapshotCorrupt);
    let base = Some((7, hash(&bytes)));
    assert_eq!(code(&Envelope { base, ..plain.clone() }), ErrorCode::SnapshotCorrupt, "a base that no snapshot has");
    assert_eq!(code(&Envelope { kind: format::DELTA, base, ..plain.clone() }), ErrorCode::SnapshotCorrupt, "a delta");
    for issued_at in [253_402_300_800_000, -62_167_219_200_001, i64::MIN, i64::MAX] {
        assert_eq!(code(&Envelope { flags: 1, issued_at, ..plain.clone() }), ErrorCode::SnapshotCorrupt);
    }
    let whole = Envelope { flags: 3, issued_at: 253_402_300_799_999, max_age_seconds: (1 << 53) - 1, revision: (1 << 53) - 1, ..plain };
    let directory = load(&whole.seal(&bytes, None)).unwrap();
    let text = written(&directory).to_string();
    assert_eq!(written(&Directory::from_json(text.as_bytes()).unwrap()).to_string(), text);
}

#[test]
fn no_number_of_an_envelope_is_larger_than_documents_can_say() {
    let bytes = payload(&example());
    for number in [1 << 53, 1 << 63, u64::MAX] {
        for envelope in [Envelope::of_snapshot(number), Envelope { flags: 2, max_age_seconds: number, ..Envelope::of_snapshot(7) }] {
            let code = load(&envelope.seal(&bytes, None)).map(|_| ()).map_err(|error| error.code());
            assert_eq!(code, Err(ErrorCode::SnapshotCorrupt), "{number}");
        }
    }
}

/// Payloads that say the same as another and are not what this engine writes.
fn other_forms() -> Vec<(&'static str, Vec<u8>)> {
    let whole = example();
    let with = |edit: fn(&mut Vec<Vec<u8>>)| {
        let mut columns = whole.clone();
        edit(&mut columns);
        payload(&columns)
    };
    let mut long_length = payload(&whole[..Column::UserIdLengths as usize]);
    long_length.extend([253]);
    long_length.extend((whole[Column::UserIdLengths as usize].len() as u64).to_le_bytes());
    long_length.extend(&payload(&whole[Column::UserIdLengths as usize..])[1..]);
    vec![
        ("a length in more bytes than it needs", long_length),
        ("a policy with white space", with(|c| c[Column::Policy as usize].push(b' '))),
        (
            "a user of no use",
            with(|c| {
                c[Column::UserIds as usize].extend(b"zzz");
                c[Column::UserIdLengths as usize].extend(3_u16.to_le_bytes());
            }),
        ),
        (
            "names where all are none",
            with(|c| {
                c[Column::OrganizationNames as usize].clear();
                c[Column::OrganizationNameLengths as usize].fill(255);
            }),
        ),
    ]
}

/// Bytes in another form than the engine writes can come from another release. They are known by their own hash: a copy that is made from the loaded
/// directory is of another state, and a delta sends it to fetch a snapshot. It is never changed wrongly.
#[test]
fn a_copy_of_a_copy_in_another_form_is_brought_up_to_date_or_told_to_begin_again() {
    for (what, bytes) in other_forms() {
        // To refuse such bytes at once is right as well.
        let Ok(mut directory) = load(&Envelope::of_snapshot(42).seal(&bytes, None)) else { continue };
        let mut copy = load(&snapshot(&directory)).unwrap();
        let before = snapshot(&copy);
        apply(&mut directory, &json!({"type": "remove_resource", "resource": "instant_cluster:cl_1"})).unwrap();
        let delta = directory.to_delta(42, &Seal::default()).unwrap();
        match copy.apply_delta(&delta, Trust::default()) {
            Ok(revision) => assert_eq!((revision, snapshot(&copy)), (43, snapshot(&directory)), "{what}"),
            Err(error) => assert_eq!((error.code(), snapshot(&copy)), (ErrorCode::DeltaFork, before), "{what}"),
        }
    }
}

#[test]
fn a_policy_that_says_what_a_built_in_one_says_is_the_same_in_a_snapshot() {
    let mut document = read_json("tests/directories/minimal.json");
    document["policy"] = read_json("core/policies/projects-2026-02.json");
    let directory = Directory::from_json(document.to_string().as_bytes()).unwrap();
    assert_eq!(written(&load(&snapshot(&directory)).unwrap())["policy"], written(&directory)["policy"]);
}

/// A delta from a directory, sealed around these entries, that says it leads so many revisions further and to this state.
fn sealed_delta(base: &Directory, entries: &str, further: u64, state: [u8; 32]) -> Vec<u8> {
    let from = (base.revision(), hash(payload_of(&snapshot(base))));
    Envelope::of_delta(from, base.revision().wrapping_add(further), state).seal(entries.as_bytes(), None)
}

#[test]
fn a_delta_that_is_sealed_around_nonsense_changes_nothing() {
    let mut directory = Directory::from_json(&read("tests/directories/changes.json")).unwrap();
    let from = hash(payload_of(&snapshot(&directory)));
    // Some history, which has to stay as well.
    apply(&mut directory, &json!({"type": "add_collaborator", "project": "prj_o", "user": "usr_new"})).unwrap();
    let here = hash(payload_of(&snapshot(&directory)));
    let before = state(&directory);
    assert!(before.deltas.iter().filter(|delta| delta.is_ok()).count() == 2);

    let good = json!({"change": {"type": "remove_resource", "resource": "file:file_1"}, "at": "2026-02-01T12:00:00Z"});
    let mut after = directory.clone();
    apply(&mut after, &good["change"]).unwrap();
    let there = hash(payload_of(&snapshot(&after)));
    let one = json!([good]).to_string();
    assert_eq!(directory.clone().apply_delta(&sealed_delta(&directory, &one, 1, there), Trust::default()), Ok(22));

    let entry = |edit: fn(&mut Json)| {
        let mut entry = good.clone();
        edit(&mut entry);
        json!([entry]).to_string()
    };
    let bad: Vec<String> = vec![
        entry(|entry| entry["change"]["resource"] = json!("nothing")),
        entry(|entry| entry["change"]["resource"] = json!("")),
        entry(|entry| entry["change"]["type"] = json!("remove_everything")),
        entry(|entry| entry["change"]["more"] = json!(1)),
        entry(|entry| entry["more"] = json!(1)),
        entry(|entry| entry["at"] = json!("yesterday")),
        entry(|entry| entry["at"] = Json::Null),
        entry(|entry| entry["user"] = json!("a\nb")),
        entry(|entry| entry["user"] = json!(["usr_own"])),
        entry(|entry| drop(entry.as_object_mut().unwrap().remove("at"))),
        entry(|entry| drop(entry.as_object_mut().unwrap().remove("change"))),
        entry(|entry| entry["change"] = json!([])),
        entry(|entry| entry["change"] = json!({"type": "add_member", "organization": "org_a", "user": "usr_in"})),
        entry(|entry| entry["change"] = json!({"type": "remove_member", "organization": "org_a", "user": "usr_own"})),
        good.to_string(),
        String::new(),
        "[".to_owned(),
        "null".to_owned(),
        "[null]".to_owned(),
        "[[]]".to_owned(),
        format!("{one} x"),
        format!("{one}\0"),
        one.replace("\"at\"", "\"at\":\"2026-02-01T12:00:00Z\",\"at\""),
        "[".repeat(1 << 20),
        "{\"change\":".repeat(1 << 18),
    ];
    for entries in &bad {
        for (further, state_hash) in [(1, there), (0, here), (1, here), (1, [0; 32])] {
            let bytes = sealed_delta(&directory, entries, further, state_hash);
            let (outcome, most) = memory::most_of(|| directory.apply_delta(&bytes, Trust::default()));
            let shown: String = entries.chars().take(100).collect();
            assert_eq!(outcome.unwrap_err().code(), ErrorCode::SnapshotCorrupt, "{shown}");
            assert!(most <= bound(bytes.len()), "{most} for {shown}");
        }
    }
    // The first changes are good, the last one is not; they are too few, too many, or lead elsewhere.
    let two = json!([good, good]).to_string();
    let empty = "[]";
    for (entries, further, state_hash) in [
        (two.as_str(), 2, there),
        (&one, 0, there),
        (&one, 2, there),
        (&one, u64::MAX, there),
        (&one, 1 << 53, there),
        (&one, 1, here),
        (&one, 1, [0; 32]),
        (empty, 0, there),
        (empty, 1, here),
        (empty, 1, there),
    ] {
        let bytes = sealed_delta(&directory, entries, further, state_hash);
        assert_eq!(directory.apply_delta(&bytes, Trust::default()).unwrap_err().code(), ErrorCode::SnapshotCorrupt, "{entries} {further}");
    }
    // It begins elsewhere.
    for (base, code) in [
        ((20, from), ErrorCode::DeltaGap),
        ((22, here), ErrorCode::DeltaGap),
        ((u64::MAX, here), ErrorCode::SnapshotCorrupt),
        ((21, from), ErrorCode::DeltaFork),
        ((21, [0; 32]), ErrorCode::DeltaFork),
    ] {
        let bytes = Envelope::of_delta(base, base.0.wrapping_add(1), there).seal(one.as_bytes(), None);
        assert_eq!(directory.apply_delta(&bytes, Trust::default()).unwrap_err().code(), code);
    }
    let with = |edit: fn(&mut Envelope)| {
        let mut envelope = Envelope::of_delta((21, here), 22, there);
        edit(&mut envelope);
        envelope.seal(one.as_bytes(), None)
    };
    for (bytes, code) in [
        (with(|envelope| envelope.version = 2), ErrorCode::SnapshotVersion),
        (with(|envelope| envelope.version = 0), ErrorCode::SnapshotCorrupt),
        (with(|envelope| envelope.kind = format::SNAPSHOT), ErrorCode::SnapshotCorrupt),
        (with(|envelope| envelope.base = None), ErrorCode::SnapshotCorrupt),
        (with(|envelope| envelope.flags = 8), ErrorCode::SnapshotCorrupt),
        (with(|envelope| (envelope.flags, envelope.issued_at) = (1, i64::MAX)), ErrorCode::SnapshotCorrupt),
        (with(|envelope| envelope.length = Some(1 << 40)), ErrorCode::SnapshotCorrupt),
        (snapshot(&after), ErrorCode::SnapshotCorrupt),
    ] {
        assert_eq!(directory.apply_delta(&bytes, Trust::default()).unwrap_err().code(), code);
    }
    assert!(state(&directory) == before, "a delta that failed has changed something");
}

#[test]
fn a_long_delta_takes_memory_by_its_length() {
    let mut directory = Directory::from_json(&read("tests/directories/minimal.json")).unwrap();
    let state_hash = hash(payload_of(&snapshot(&directory)));
    let entries = format!("[{}0]", "{\"change\":0,\"at\":0},".repeat(1 << 15));
    for text in long_json().into_iter().chain([entries]) {
        let bytes = sealed_delta(&directory, &text, 1 << 15, state_hash);
        let (outcome, most) = memory::most_of(|| directory.apply_delta(&bytes, Trust::default()));
        assert_eq!(outcome.unwrap_err().code(), ErrorCode::SnapshotCorrupt);
        assert!(most <= json_bound(bytes.len()), "{} for each", most / bytes.len());
    }
}

#[test]
fn the_last_revision_has_none_after_it() {
    let document = {
        let mut document = read_json("tests/directories/minimal.json");
        document["revision"] = json!((1_u64 << 53) - 1);
        document.to_string()
    };
    let mut directory = Directory::from_json(document.as_bytes()).unwrap();
    let before = state(&directory);
    let change = json!({"type": "create_project", "organization": "org_m", "project": "p", "name": "P"});
    assert_eq!(apply(&mut directory, &change).unwrap_err().code(), ErrorCode::LimitExceeded);
    let entries = json!([{"change": change, "at": "2026-02-01T12:00:00Z"}]).to_string();
    let bytes = sealed_delta(&directory, &entries, 1, [0; 32]);
    assert_eq!(directory.apply_delta(&bytes, Trust::default()).unwrap_err().code(), ErrorCode::SnapshotCorrupt);
    assert!(state(&directory) == before);
}

/// A change of every type that cannot be made to `changes.json`.
#[rustfmt::skip]
fn failing_changes() -> Vec<(Json, ErrorCode)> {
    let digest = "sha256:f9dcc22ca38516d1a8fff0de667e9f0796a9ca50202e5bed2e0dcdc909792e98";
    vec![
        (json!({"type": "add_member", "organization": "org_a", "user": "usr_in"}), ErrorCode::UserInTwoOrganizations),
        (json!({"type": "add_member", "organization": "org_a", "user": "usr_new", "role": "boss"}), ErrorCode::UnknownRole),
        (json!({"type": "add_member", "organization": "org_a", "user": "usr_mem"}), ErrorCode::AlreadyExists),
        (json!({"type": "add_member", "organization": "org_a", "user": "usr\n"}), ErrorCode::InvalidId),
        (json!({"type": "remove_member", "organization": "org_a", "user": "usr_own"}), ErrorCode::OwnerProtected),
        (json!({"type": "remove_member", "organization": "org_a", "user": "usr_far"}), ErrorCode::NotAMember),
        (json!({"type": "set_member_role", "organization": "org_a", "user": "usr_mem", "role": "boss"}), ErrorCode::UnknownRole),
        (json!({"type": "set_member_role", "organization": "org_x", "user": "usr_mem", "role": "admin"}), ErrorCode::NotFound),
        (json!({"type": "create_project", "organization": "org_b", "project": "prj_new", "name": "New"}), ErrorCode::MultiProjectDisabled),
        (json!({"type": "create_project", "organization": "org_a", "project": "prj_b", "name": "New"}), ErrorCode::AlreadyExists),
        (json!({"type": "create_project", "organization": "org_a", "project": "prj_new", "name": "x".repeat(4097)}), ErrorCode::LimitExceeded),
        (json!({"type": "set_external_collaborators", "project": "prj_x", "allowed": true}), ErrorCode::NotFound),
        (json!({"type": "set_external_collaborators", "project": "prj_o", "allowed": 0}), ErrorCode::WrongType),
        (json!({"type": "add_collaborator", "project": "prj_c", "user": "usr_new"}), ErrorCode::ExternalCollaboratorsDisabled),
        (json!({"type": "add_collaborator", "project": "prj_o", "user": "usr_new", "role": "boss"}), ErrorCode::UnknownRole),
        (json!({"type": "add_collaborator", "project": "prj_o", "user": "usr_mem"}), ErrorCode::AlreadyExists),
        (json!({"type": "remove_collaborator", "project": "prj_d", "user": "usr_mem"}), ErrorCode::DefaultProjectProtected),
        (json!({"type": "remove_collaborator", "project": "prj_o", "user": "usr_sol"}), ErrorCode::NotFound),
        (json!({"type": "set_collaborator_role", "project": "prj_o", "user": "usr_mem", "role": "boss"}), ErrorCode::UnknownRole),
        (json!({"type": "set_collaborator_role", "project": "prj_o", "user": "usr_sol", "role": "admin"}), ErrorCode::NotFound),
        (json!({"type": "create_api_key", "project": "prj_o", "key": "key_new", "digest": digest}), ErrorCode::AlreadyExists),
        (json!({"type": "create_api_key", "project": "prj_o", "key": "key_b", "digest": digest.replace('f', "0")}), ErrorCode::AlreadyExists),
        (json!({"type": "create_api_key", "project": "prj_o", "key": "key_new", "digest": "bw_secret"}), ErrorCode::InvalidDigest),
        (json!({"type": "revoke_api_key", "key": "key_house"}), ErrorCode::DefaultKeyNotRevocable),
        (json!({"type": "revoke_api_key", "key": "key_old"}), ErrorCode::AlreadyRevoked),
        (json!({"type": "expire_api_key", "key": "key_house", "expires_at": "2027-01-01T00:00:00Z"}), ErrorCode::DefaultKeyNotRevocable),
        (json!({"type": "expire_api_key", "key": "key_mem", "expires_at": "soon"}), ErrorCode::InvalidTimestamp),
        (json!({"type": "regenerate_default_key", "organization": "org_b", "digest": digest}), ErrorCode::NotFound),
        (json!({"type": "regenerate_default_key", "organization": "org_a", "digest": digest}), ErrorCode::AlreadyExists),
        (json!({"type": "add_resource", "project": "prj_o", "resource": "file_1", "kind": "file"}), ErrorCode::AlreadyExists),
        (json!({"type": "add_resource", "project": "prj_o", "resource": "new", "kind": "api_key"}), ErrorCode::UnknownKind),
        (json!({"type": "remove_resource", "resource": "storage:file_1"}), ErrorCode::NotFound),
        (json!({"type": "remove_resource"}), ErrorCode::MissingField),
        (json!({"type": "remove_everything"}), ErrorCode::UnknownChange),
        (json!({}), ErrorCode::MissingField),
        (json!([]), ErrorCode::WrongType),
    ]
}

#[test]
fn a_change_that_fails_changes_nothing() {
    let mut directory = Directory::from_json(&read("tests/directories/changes.json")).unwrap();
    let first = snapshot(&directory);
    apply(&mut directory, &json!({"type": "add_collaborator", "project": "prj_o", "user": "usr_guest"})).unwrap();
    let before = state(&directory);
    for (change, code) in failing_changes() {
        assert_eq!(apply(&mut directory, &change).map_err(|error| error.code()), Err(code), "{change}");
        assert!(state(&directory) == before, "{change}");
    }
    // Nor do terms that are refused.
    let change = value(&json!({"type": "remove_resource", "resource": "file:file_1"}));
    let at = Instant::parse("2026-02-01T12:00:00Z").unwrap();
    for (terms, code) in [
        (json!({"actor": "user:usr_bea"}), ErrorCode::Forbidden),
        (json!({"actor": "user:nobody"}), ErrorCode::Forbidden),
        (json!({"actor": "usr_own"}), ErrorCode::InvalidReference),
        (json!({"expected_revision": 20}), ErrorCode::RevisionConflict),
        (json!({"expected_revision": 1.5}), ErrorCode::WrongType),
        (json!({"at": "never"}), ErrorCode::InvalidTimestamp),
        (json!({"by": "user:usr_own"}), ErrorCode::UnknownField),
    ] {
        let outcome = boundary::apply(&mut directory, &change, &value(&terms), at);
        assert_eq!(outcome.map_err(|error| error.code()), Err(code), "{terms}");
        assert!(state(&directory) == before, "{terms}");
    }
    // The history leads a copy to where the directory is.
    let delta = directory.to_delta(20, &Seal::default()).unwrap();
    let mut copy = load(&first).unwrap();
    assert_eq!(copy.apply_delta(&delta, Trust::default()), Ok(21));
    assert!(snapshot(&copy) == snapshot(&directory));
}

/// Writes goldens of the present format into `target/goldens`. Those in `snapshots/` are never written again: a new format gets new ones.
#[test]
#[ignore = "writes files for a new format"]
fn write_goldens() {
    let folder = root().join("target/goldens");
    fs::create_dir_all(&folder).unwrap();
    let signer = SecretKey::from_bytes(&std::array::from_fn(|index| u8::try_from(index).unwrap()));
    let key = PublicKeys::from(signer.public_key());
    let write = |name: &str, suffix: &str, bytes: &[u8], directory: &Directory| {
        fs::write(folder.join(format!("{name}.{suffix}")), bytes).unwrap();
        let document = serde_json::to_string_pretty(&directory.to_document()).unwrap();
        fs::write(folder.join(format!("{name}.json")), document + "\n").unwrap();
    };
    let write_snapshot = |name: &str, text: &[u8], policy: Option<&str>, seal: &Seal<'_>, digests: bool| {
        let policy = policy.map(|path| value(&read_json(path)));
        let directory = boundary::directory_from_json(text, policy.as_ref(), None).unwrap();
        let bytes = directory.to_snapshot(seal, digests);
        let directory = Directory::from_snapshot(&bytes, by(seal.signing_key.map(|_| &key)), None).unwrap();
        write(name, "bin", &bytes, &directory);
        directory
    };
    let write_delta = |name: &str, mut directory: Directory, changes: &[(Json, Json)], seal: &Seal<'_>| {
        let (since, mut copy) = (directory.revision(), directory.clone());
        for (change, terms) in changes {
            boundary::apply(&mut directory, &value(change), &value(terms), Instant::LATEST).unwrap();
        }
        let bytes = directory.to_delta(since, seal).unwrap();
        copy.apply_delta(&bytes, Trust::default()).unwrap();
        write(name, "delta", &bytes, &copy);
    };
    let signed = Seal { signing_key: Some(&signer), ..Seal::default() };
    let renewed = Seal { issued_at: Instant::parse("2026-02-01T06:00:00Z"), max_age_seconds: Some(3600), ..signed };
    let acme = read("tests/directories/acme.json");
    let tiny = json!({"format": "bailiwick/1", "policy": {
        "format": "bailiwick-policy/1", "id": "none", "surfaces": [{"surface": "any"}], "default_surfaces": {"user": "any", "api_key": "any"},
        "organization_roles": [], "project_roles": ["all"], "collaborator_role": "all",
    }, "organizations": []});

    let empty = write_snapshot("v1-empty-signed", tiny.to_string().as_bytes(), None, &signed, true);
    write_delta("v1-empty-signed-renewed", empty, &[], &renewed);
    let minimal = write_snapshot("v1-minimal", &read("tests/directories/minimal.json"), None, &Seal::default(), true);
    let at = json!({"at": "2026-02-01T12:00:00.5Z"});
    let changes = [
        (json!({"type": "create_project", "organization": "org_m", "project": "prj_new", "name": "é \"new\" 🦀"}), at.clone()),
        (json!({"type": "add_member", "organization": "org_m", "user": "usr_n", "email": "n@m.test"}), at),
    ];
    write_delta("v1-minimal-changed", minimal, &changes, &Seal::default());
    write_snapshot("v1-embedded-signed", &read("tests/directories/embedded.json"), None, &renewed, true);
    let far = Seal { issued_at: Instant::parse("9999-12-31T23:59:59.999Z"), max_age_seconds: Some(0), ..Seal::default() };
    write_snapshot("v1-studio", &read("tests/directories/studio.json"), Some("tests/policies/studio.json"), &far, true);
    write_snapshot("v1-acme-without-digests", &acme, None, &Seal::default(), false);
    let acme = write_snapshot("v1-acme-signed", &acme, None, &signed, true);
    write_delta("v1-acme-signed-changed", acme, &every_change(), &renewed);
}

/// A change of every type to the example organization, most of them by somebody.
#[rustfmt::skip]
fn every_change() -> Vec<(Json, Json)> {
    let terms = |actor: &str, minute: usize| json!({"actor": actor, "at": format!("2026-02-01T12:{minute:02}:00Z")});
    let digest = |digit: &str| format!("sha256:{}", digit.repeat(64));
    [
        ("user:usr_ada", json!({"type": "add_member", "organization": "org_acme", "user": "usr_gil", "email": "gil@acme.test"})),
        ("user:usr_ben", json!({"type": "set_member_role", "organization": "org_acme", "user": "usr_gil", "role": "admin"})),
        ("user:usr_gil", json!({"type": "create_project", "organization": "org_acme", "project": "prj_c", "name": "Project C"})),
        ("user:usr_gil", json!({"type": "set_external_collaborators", "project": "prj_c", "allowed": true})),
        ("user:usr_gil", json!({"type": "add_collaborator", "project": "prj_c", "user": "usr_zoe", "role": "member"})),
        ("user:usr_gil", json!({"type": "set_collaborator_role", "project": "prj_c", "user": "usr_zoe", "role": "admin"})),
        ("user:usr_zoe", json!({"type": "create_api_key", "project": "prj_c", "key": "key_c", "digest": digest("a"), "name": "c"})),
        ("user:usr_zoe", json!({"type": "expire_api_key", "key": "key_c", "expires_at": "2027-01-01T00:00:00+01:00"})),
        ("user:usr_dan", json!({"type": "revoke_api_key", "key": "key_ci"})),
        ("user:usr_ada", json!({"type": "regenerate_default_key", "organization": "org_acme", "digest": digest("c")})),
        ("user:usr_gil", json!({"type": "add_resource", "project": "prj_c", "resource": "file_c", "kind": "file", "name": "c.jsonl"})),
        ("user:usr_cleo", json!({"type": "remove_resource", "resource": "instant_cluster:cl_1"})),
        ("user:usr_gil", json!({"type": "remove_collaborator", "project": "prj_a", "user": "usr_kai"})),
        ("user:usr_ada", json!({"type": "remove_member", "organization": "org_acme", "user": "usr_dan"})),
    ].into_iter().enumerate().map(|(minute, (actor, change))| (change, terms(actor, minute))).collect()
}
