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
    let mut readable = all().snapshots;
    readable.extend(specimens::all());
    readable
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

#[test]
fn what_is_written_in_the_present_format_is_read_as_it_was() {
    for specimen in specimens::all() {
        let (directory, most) = memory::most_of(|| specimen.load());
        assert!(most <= bound(specimen.bytes.len()), "{}: {most}", specimen.name);
        assert_eq!(written(&directory).to_string(), specimen.document.to_string(), "{}", specimen.name);
        let of_document = directory_of(&specimen.document);
        assert_eq!(answers(&directory), answers(&of_document), "{}", specimen.name);
        assert!(snapshot(&directory) == snapshot(&of_document), "{}", specimen.name);
        if specimen.after.is_none() {
            assert!(specimen.written_again(&directory) == specimen.bytes, "{}: it is written again as other bytes", specimen.name);
        }
    }
}
