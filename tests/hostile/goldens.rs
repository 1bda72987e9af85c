//! The goldens: bytes that a release wrote, and their contents. See `snapshots/README.md`.

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
    /// Whether it is an excerpt, which has more than its document says.
    pub(crate) is_excerpt: bool,
    /// The snapshot that a delta follows.
    pub(crate) after: Option<Box<Golden>>,
    /// Whether its version is one whose deltas are not read.
    pub(crate) refused: bool,
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

    /// The version of its format.
    pub(crate) fn version(&self) -> u8 {
        self.bytes[8]
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
            None if self.digests => directory.to_snapshot(&seal),
            None => directory.without_digests().unwrap().to_snapshot(&seal),
            Some(base) => directory.to_delta(base.revision(), &seal).unwrap(),
        }
    }
}

pub(crate) struct Goldens {
    pub(crate) snapshots: Vec<Golden>,
    pub(crate) deltas: Vec<Golden>,
}

pub(crate) fn all() -> Goldens {
    let index = read_json("tests/snapshots/index.json");
    let seed: Vec<u8> = index["signing_key"].as_str().unwrap().as_bytes().chunks(2).map(digits).collect();
    let golden = |entry: &Json, suffix: &str, after: Option<Box<Golden>>| {
        let name = entry["name"].as_str().unwrap().to_owned();
        Golden {
            bytes: read(&format!("tests/snapshots/{name}.{suffix}")),
            document: read_json(&format!("tests/snapshots/{name}.json")),
            seed: (entry["signed"] == true).then(|| seed.clone().try_into().unwrap()),
            digests: entry["digests"] != false,
            is_excerpt: entry["excerpt"] == true,
            refused: entry["refused"] == "snapshot_version",
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
pub(crate) fn readable() -> Vec<Golden> {
    let Goldens { snapshots, deltas } = all();
    snapshots.into_iter().chain(deltas).filter(|golden| !golden.refused).collect()
}

/// The goldens of format 1.
pub(crate) fn first() -> Goldens {
    let Goldens { mut snapshots, mut deltas } = all();
    snapshots.retain(|golden| golden.version() == 1);
    deltas.retain(|golden| golden.version() == 1);
    Goldens { snapshots, deltas }
}

/// A document as it is written now.
fn as_written(golden: &Golden) -> Json {
    if golden.version() == 1 { in_order(&golden.document) } else { golden.document.clone() }
}

/// A document of format 1 as it is written now: every list in byte order, and of the users' entries those that say something.
pub(crate) fn in_order(document: &Json) -> Json {
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
    for golden in readable() {
        let (directory, most) = memory::most_of(|| golden.load());
        let bound = bound(golden.bytes.len() + golden.after.as_ref().map_or(0, |after| after.bytes.len()));
        assert!(most <= bound, "{}: {most}", golden.name);
        assert_eq!(written(&directory).to_string(), as_written(&golden).to_string(), "{}", golden.name);
        let of_document = directory_of(&golden.document);
        // Of users whose home is left out, an excerpt says more than its document: where their usage is booked.
        if !golden.is_excerpt {
            assert_eq!(answers(&directory), answers(&of_document), "{}", golden.name);
            assert_eq!(boundary::state(&directory), boundary::state(&of_document), "{}", golden.name);
        }
    }
}

/// Deltas of the first format, and one of the next.
#[test]
fn deltas_of_other_formats_are_refused_and_change_nothing() {
    let refused: Vec<_> = all().deltas.into_iter().filter(|golden| golden.refused).collect();
    assert!([1, 3].iter().all(|version| refused.iter().any(|golden| golden.version() == *version)));
    for golden in refused {
        let mut base = golden.base().unwrap();
        let before = state(&base);
        let code = golden.try_bytes(&golden.bytes, Some(&mut base), golden.key().as_ref());
        assert_eq!(code, Some(ErrorCode::SnapshotVersion), "{}", golden.name);
        assert!(state(&base) == before, "{}: a delta that failed has changed something", golden.name);
    }
}

#[test]
fn every_golden_snapshot_is_written_again_in_the_present_format() {
    for golden in first().snapshots {
        let (directory, of_document) = (golden.load(), directory_of(&golden.document));
        let bytes = golden.written_again(&directory);
        assert_eq!(bytes[8..10], [2, 0], "{}: the version", golden.name);
        assert!(bytes == golden.written_again(&of_document), "{}: the document gives other bytes", golden.name);
        let again = Directory::from_snapshot(&bytes, by(golden.key().as_ref()), None).unwrap();
        assert_eq!(answers(&again), answers(&directory), "{}", golden.name);
        let same = if golden.digests { of_document.clone() } else { of_document.without_digests().unwrap() };
        assert!(state(&again) == state(&same), "{}", golden.name);
        // Both are in one state, so that a delta of one leads the other on.
        let mut ahead = load(&snapshot(&of_document)).unwrap();
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

/// The present format is written as it always was: the state hash in it too.
#[test]
fn every_golden_snapshot_of_the_present_format_is_written_as_the_same_bytes() {
    let goldens: Vec<_> = all().snapshots.into_iter().filter(|golden| golden.version() == 2).collect();
    assert!(goldens.len() >= 10);
    for golden in goldens {
        assert!(golden.written_again(&golden.load()) == golden.bytes, "{}", golden.name);
        if !golden.is_excerpt {
            assert!(golden.written_again(&directory_of(&golden.document)) == golden.bytes, "{}: its document", golden.name);
        }
    }
}

/// A delta from the directory that one led to leads there as well.
#[test]
fn every_golden_delta_of_the_present_format_is_passed_on() {
    let goldens: Vec<_> = all().deltas.into_iter().filter(|golden| golden.version() == 2).collect();
    assert!(goldens.len() >= 4);
    for golden in goldens {
        let (directory, mut copy) = (golden.load(), golden.base().unwrap());
        assert_eq!(copy.apply_delta(&golden.written_again(&directory), Trust::default()), Ok(directory.revision()), "{}", golden.name);
        assert!(snapshot(&copy) == snapshot(&directory), "{}", golden.name);
    }
}
