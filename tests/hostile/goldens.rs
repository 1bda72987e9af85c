//! The goldens: bytes that an earlier release wrote, and their contents. See `snapshots/README.md`. Those that exist have format 1.

use crate::answers::answers;
use crate::columns::directory_of;
use crate::memory::bound;
use crate::*;

/// A snapshot, or a delta and the snapshot that it follows.
#[derive(Clone)]
pub(crate) struct Golden {
    pub(crate) name: String,
    pub(crate) bytes: Vec<u8>,
    pub(crate) document: Json,
    /// The seed of the key that signed it.
    pub(crate) seed: Option<[u8; 32]>,
    /// Whether it has the digests of API keys.
    pub(crate) digests: bool,
    /// The snapshot that a delta follows.
    pub(crate) after: Option<Box<Golden>>,
}

impl Golden {
    pub(crate) fn key(&self) -> Option<PublicKeys> {
        self.seed.as_ref().map(public_key)
    }

    /// The directory of a snapshot, or of a delta after the snapshot that it follows, verified with the signer's key.
    pub(crate) fn load(&self) -> Directory {
        match self.base() {
            None => Directory::from_snapshot(&self.bytes, by(self.key().as_ref()), None).unwrap(),
            Some(mut directory) => {
                directory.apply_delta(&self.bytes, Trust::default()).unwrap();
                directory
            }
        }
    }

    /// The directory that a delta follows.
    pub(crate) fn base(&self) -> Option<Directory> {
        self.after.as_ref().map(|after| after.load())
    }

    /// The same without a key.
    pub(crate) fn open_base(&self) -> Option<Directory> {
        self.base().map(|directory| load(&snapshot(&directory)).unwrap())
    }

    /// Loads other bytes in its place. Bytes that fail change nothing.
    pub(crate) fn try_bytes(&self, bytes: &[u8], base: Option<&mut Directory>, key: Option<&PublicKeys>) -> Option<ErrorCode> {
        match base {
            None => Directory::from_snapshot(bytes, by(key), None).map(|_| ()),
            Some(directory) => directory.apply_delta(bytes, by(key)).map(|_| ()),
        }
        .err()
        .map(|error| error.code())
    }

    /// The bytes of the directory that it contains, in the present format.
    fn written_again(&self, directory: &Directory) -> Vec<u8> {
        let key = self.seed.as_ref().map(SecretKey::from_bytes);
        let seal = Seal { signing_key: key.as_ref(), ..Seal::default() };
        match self.base() {
            None => directory.to_snapshot(&seal, self.digests),
            Some(base) => directory.to_delta(base.revision(), &seal).unwrap(),
        }
    }
}

struct Goldens {
    snapshots: Vec<Golden>,
    deltas: Vec<Golden>,
}

fn all() -> Goldens {
    let index = read_json("tests/snapshots/index.json");
    let seed: Vec<u8> = index["signing_key"].as_str().unwrap().as_bytes().chunks(2).map(digits).collect();
    let golden = |entry: &Json, suffix: &str, after: Option<Box<Golden>>| {
        let name = entry["name"].as_str().unwrap().to_owned();
        Golden {
            bytes: read(&format!("tests/snapshots/{name}.{suffix}")),
            document: read_json(&format!("tests/snapshots/{name}.json")),
            seed: (entry["signed"] == true).then(|| seed.clone().try_into().unwrap()),
            digests: entry["digests"] != false,
            after,
            name,
        }
    };
    let entries = |list: &str| index[list].as_array().unwrap().clone();
    let snapshots: Vec<_> = entries("snapshots").iter().map(|entry| golden(entry, "bin", None)).collect();
    let after = |entry: &Json| snapshots.iter().find(|golden| entry["after"] == golden.name).cloned().map(Box::new);
    let deltas = entries("deltas").iter().map(|entry| golden(entry, "delta", after(entry))).collect();
    Goldens { snapshots, deltas }
}

fn digits(pair: &[u8]) -> u8 {
    u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap()
}

/// The snapshots of every format, and the deltas of the present one.
fn readable() -> Vec<Golden> {
    let mut readable = all().snapshots;
    readable.extend(specimens::all());
    readable
}

/// A document of format 1 as it is written now: every list in byte order, and of the users' entries those that say something.
fn in_order(document: &Json) -> Json {
    let mut document = document.clone();
    let sort = |entry: &mut Json, list: &str, key: fn(&Json) -> String| {
        entry[list].as_array_mut().unwrap().sort_by_key(key);
    };
    let text = |entry: &Json, name: &str| entry[name].as_str().unwrap().to_owned();
    let id = |entry: &Json| entry["id"].as_str().unwrap().to_owned();
    let user = |entry: &Json| entry["user"].as_str().unwrap().to_owned();
    let reference = |entry: &Json| format!("{}:{}", entry["kind"].as_str().unwrap(), entry["id"].as_str().unwrap());
    let mut mentioned = Vec::new();
    sort(&mut document, "organizations", id);
    for organization in document["organizations"].as_array_mut().unwrap() {
        sort(organization, "members", user);
        sort(organization, "projects", id);
        mentioned.extend(organization["members"].as_array().unwrap().iter().map(|row| text(row, "user")));
        for project in organization["projects"].as_array_mut().unwrap() {
            sort(project, "collaborators", user);
            sort(project, "api_keys", id);
            sort(project, "resources", reference);
            mentioned.extend(project["collaborators"].as_array().unwrap().iter().map(|row| text(row, "user")));
        }
    }
    sort(&mut document, "users", id);
    let organizations: Vec<_> = document["organizations"].as_array().unwrap().iter().map(id).collect();
    let says_something = |user: &Json| {
        let is_outside = user["organization"].as_str().is_some_and(|home| !organizations.iter().any(|id| id == home));
        user["email"].is_string() || is_outside || !mentioned.contains(&text(user, "id"))
    };
    document["users"].as_array_mut().unwrap().retain(says_something);
    document
}

#[test]
fn every_golden_snapshot_is_read_as_it_always_was() {
    let goldens = all();
    let files = fs::read_dir(root().join("tests/snapshots")).unwrap().map(|file| file.unwrap().path());
    let bytes = files.filter(|path| path.extension().is_some_and(|suffix| suffix == "bin" || suffix == "delta"));
    assert_eq!(bytes.count(), goldens.snapshots.len() + goldens.deltas.len(), "the index lists every file");
    for golden in goldens.snapshots {
        let (directory, most) = memory::most_of(|| golden.load());
        assert!(most <= bound(golden.bytes.len()), "{}: {most}", golden.name);
        assert_eq!(written(&directory), in_order(&golden.document), "{}", golden.name);
        assert_eq!(written(&directory).to_string(), in_order(&golden.document).to_string(), "{}: the order of members", golden.name);
        let of_document = directory_of(&golden.document);
        assert_eq!(answers(&directory), answers(&of_document), "{}", golden.name);
    }
}

#[test]
fn every_golden_snapshot_is_written_again_in_the_present_format() {
    for golden in all().snapshots {
        let (directory, of_document) = (golden.load(), directory_of(&golden.document));
        let bytes = golden.written_again(&directory);
        assert_eq!((golden.bytes[8..10].to_vec(), bytes[8..10].to_vec()), (vec![1, 0], vec![2, 0]), "{}: the version", golden.name);
        assert!(bytes == golden.written_again(&of_document), "{}: the document gives other bytes", golden.name);
        let again = Directory::from_snapshot(&bytes, by(golden.key().as_ref()), None).unwrap();
        assert_eq!(answers(&again), answers(&directory), "{}", golden.name);
        assert!(state(&again) == state(&of_document), "{}", golden.name);
        // Both are in one state, so that a delta of one leads the other on.
        let mut ahead = of_document;
        let since = ahead.revision();
        if let Some(organization) = golden.document.pointer("/organizations/0/id") {
            apply(&mut ahead, &json!({"type": "add_member", "organization": organization, "user": "usr_unheard_of"})).unwrap();
        }
        let key = golden.seed.as_ref().map(SecretKey::from_bytes);
        let delta = ahead.to_delta(since, &Seal { signing_key: key.as_ref(), ..Seal::default() }).unwrap();
        let mut copy = golden.load();
        assert_eq!(copy.apply_delta(&delta, Trust::default()), Ok(ahead.revision()), "{}", golden.name);
        assert!(snapshot(&copy) == snapshot(&ahead), "{}", golden.name);
    }
}

#[test]
fn a_delta_of_format_1_is_refused_whatever_is_in_it() {
    let deltas = all().deltas;
    assert!(deltas.len() >= 3);
    for golden in deltas {
        let after = golden.after.as_ref().unwrap();
        for mut base in [after.load(), directory_of(&after.document)] {
            let before = state(&base);
            let mut code = |bytes: &[u8]| golden.try_bytes(bytes, Some(&mut base), golden.key().as_ref());
            assert_eq!(code(&golden.bytes), Some(ErrorCode::SnapshotVersion), "{}", golden.name);
            for length in 0..golden.bytes.len() {
                // Its type follows the version.
                let expected = if length < 12 { ErrorCode::SnapshotCorrupt } else { ErrorCode::SnapshotVersion };
                assert_eq!(code(&golden.bytes[..length]), Some(expected), "{} at {length}", golden.name);
            }
            assert!(state(&base) == before, "{}: a delta that failed has changed something", golden.name);
        }
        // Nor is it a snapshot.
        assert_eq!(golden.try_bytes(&golden.bytes, None, None), Some(ErrorCode::SnapshotVersion), "{}", golden.name);
    }
}

#[test]
fn what_is_written_in_the_present_format_is_read_as_it_was() {
    for specimen in specimens::all() {
        let (directory, most) = memory::most_of(|| specimen.load());
        assert!(most <= bound(specimen.bytes.len()), "{}: {most}", specimen.name);
        assert_eq!(written(&directory).to_string(), specimen.document.to_string(), "{}", specimen.name);
        let of_document = directory_of(&specimen.document);
        assert_eq!(answers(&directory), answers(&of_document), "{}", specimen.name);
        assert!(snapshot(&directory) == snapshot(&of_document), "{}", specimen.name);
        assert!(specimen.written_again(&directory) == specimen.bytes, "{}: it is written again as other bytes", specimen.name);
    }
}

#[test]
fn bytes_that_are_cut_short_are_refused() {
    for golden in readable() {
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
fn trailing_bytes_are_refused() {
    for golden in readable() {
        for more in [&b"\0"[..], b"\n", &golden.bytes, &[0; 4096]] {
            let code = golden.try_bytes(&[&golden.bytes, more].concat(), golden.base().as_mut(), golden.key().as_ref());
            assert_eq!(code, Some(ErrorCode::SnapshotCorrupt), "{}", golden.name);
        }
    }
}

/// Flips every bit of the bytes, one at a time.
fn flip_every_bit(golden: &Golden, key: Option<&PublicKeys>) {
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

/// Bytes up to this size have every bit flipped.
const SMALL: usize = 4096;

#[test]
fn no_bit_of_a_snapshot_can_be_flipped() {
    let small: Vec<_> = readable().into_iter().filter(|golden| golden.bytes.len() <= SMALL && golden.after.is_none()).collect();
    let of_version = |version: u8| small.iter().filter(|golden| golden.bytes[8] == version).count();
    assert!(of_version(1) >= 3 && of_version(2) >= 3);
    small.iter().for_each(|golden| flip_every_bit(golden, None));
}

#[test]
fn no_bit_of_a_delta_can_be_flipped() {
    let small: Vec<_> = readable().into_iter().filter(|golden| golden.bytes.len() <= SMALL && golden.after.is_some()).collect();
    assert!(small.len() >= 2);
    small.iter().for_each(|golden| flip_every_bit(golden, None));
}

#[test]
fn no_bit_of_a_delta_of_format_1_can_be_flipped_so_that_it_is_read() {
    for golden in all().deltas.iter().filter(|golden| golden.bytes.len() <= SMALL) {
        let mut base = golden.open_base().unwrap();
        let before = state(&base);
        let mut bytes = golden.bytes.clone();
        for offset in 0..bytes.len() {
            for bit in 0..8 {
                bytes[offset] ^= 1 << bit;
                let code = golden.try_bytes(&bytes, Some(&mut base), None);
                let is_told = matches!(code, Some(ErrorCode::SnapshotVersion | ErrorCode::SnapshotCorrupt));
                assert!(is_told, "{}: bit {bit} of byte {offset}: {code:?}", golden.name);
                bytes[offset] ^= 1 << bit;
            }
        }
        assert!(state(&base) == before);
    }
}

#[test]
fn no_bit_of_signed_bytes_can_be_flipped_where_the_key_is_known() {
    let signed: Vec<_> = readable().into_iter().filter(|golden| golden.name.contains("-empty-signed")).collect();
    assert_eq!(signed.len(), 3, "the snapshots of both formats, and a delta");
    signed.iter().for_each(|golden| flip_every_bit(golden, golden.key().as_ref()));
}

/// The order of a project's resources, which format 1 had in its last column. It is not read.
const UNREAD: usize = 46;

/// Damage to the columns of format 1, which have other positions than those of the present one.
#[test]
fn the_columns_of_format_1_are_checked_as_they_always_were() {
    let golden = all().snapshots.into_iter().find(|golden| golden.name == "v1-acme-signed").unwrap();
    let whole = columns(payload_of(&golden.bytes)).unwrap();
    assert_eq!(whole.len(), UNREAD + 1);
    let sealed = |columns: &[Vec<u8>]| Envelope { version: 1, ..Envelope::of_snapshot(7) }.seal(&payload(columns), None);
    assert_eq!(written(&load(&sealed(&whole)).unwrap())["users"], in_order(&golden.document)["users"]);
    for number in 0..whole.len() {
        let with = |edit: &dyn Fn(&mut Vec<Vec<u8>>)| {
            let mut columns = whole.clone();
            edit(&mut columns);
            sealed(&columns)
        };
        let is_refused = |bytes: &[u8], what: &str| {
            assert_eq!(refused(bytes, None), ErrorCode::SnapshotCorrupt, "{what} in column {number}");
        };
        is_refused(&with(&|columns| drop(columns.remove(number))), "nothing");
        is_refused(&with(&|columns| columns.insert(number, Vec::new())), "another column");
        if number == UNREAD {
            for order in [vec![], vec![255; 64], vec![0; 3]] {
                let bytes = with(&|columns| columns[number].clone_from(&order));
                assert!(payload_of(&snapshot(&load(&bytes).unwrap())) == payload_of(&snapshot(&golden.load())));
            }
            continue;
        }
        // A creator and an instant of creation that no resource has.
        if !(44..46).contains(&number) {
            is_refused(&with(&|columns| columns[number].clear()), "no value");
        }
        for size in [1, 2, 4, 8, 32] {
            is_refused(&with(&|columns| columns[number].extend(vec![0; size])), "more");
        }
        is_refused(
            &with(&|columns| {
                let half = columns[number].len() / 2;
                columns[number].truncate(half);
            }),
            "half",
        );
        // Digests may be any bytes. As a creator, the largest number is none, and as an instant it is a millisecond before 1970.
        let may_be_anything = number == 0 || number == 38;
        let may_be_largest = may_be_anything || matches!(number, 14 | 34..=37 | 44 | 45);
        for (byte, is_valid) in [(0x80, may_be_anything), (0xff, may_be_largest)] {
            if !is_valid {
                is_refused(&with(&|columns| columns[number].fill(byte)), "a number that nothing has");
            }
        }
    }
}
