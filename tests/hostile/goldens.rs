//! The goldens: bytes that an earlier release wrote, and their contents. See `snapshots/README.md`.

use crate::memory::bound;
use crate::*;

pub(crate) struct Golden {
    pub(crate) name: String,
    pub(crate) bytes: Vec<u8>,
    pub(crate) document: Json,
    /// The seed of the key that signed it.
    pub(crate) seed: Option<[u8; 32]>,
    /// Whether it has the digests of API keys.
    pub(crate) digests: bool,
    /// The name of the snapshot that a delta follows.
    pub(crate) after: Option<String>,
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
        let after = self.after.as_ref()?;
        all().iter().find(|other| other.name == *after).map(Self::load)
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

#[test]
fn every_golden_is_read_as_it_always_was() {
    let goldens = all();
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
    for golden in all() {
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
    for golden in all() {
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
fn a_golden_with_trailing_bytes_is_refused() {
    for golden in all() {
        for more in [&b"\0"[..], b"\n", &golden.bytes, &[0; 4096]] {
            let code = golden.try_bytes(&[&golden.bytes, more].concat(), golden.base().as_mut(), golden.key().as_ref());
            assert_eq!(code, Some(ErrorCode::SnapshotCorrupt), "{}", golden.name);
        }
    }
}

/// Flips every bit of the bytes, one at a time.
pub(crate) fn flip_every_bit(golden: &Golden, key: Option<&PublicKeys>) {
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

/// Goldens up to this size have every bit flipped.
pub(crate) const SMALL: usize = 4096;

#[test]
fn no_bit_of_a_golden_can_be_flipped() {
    let small: Vec<_> = all().into_iter().filter(|golden| golden.bytes.len() <= SMALL && golden.after.is_none()).collect();
    assert!(small.len() >= 3);
    small.iter().for_each(|golden| flip_every_bit(golden, None));
}

#[test]
fn no_bit_of_a_golden_delta_can_be_flipped() {
    let small: Vec<_> = all().into_iter().filter(|golden| golden.bytes.len() <= SMALL && golden.after.is_some()).collect();
    assert!(small.len() >= 2);
    small.iter().for_each(|golden| flip_every_bit(golden, None));
}

#[test]
fn no_bit_of_a_signed_golden_can_be_flipped_where_its_key_is_known() {
    let golden = named("v1-empty-signed");
    flip_every_bit(&golden, golden.key().as_ref());
    let renewed = named("v1-empty-signed-renewed");
    flip_every_bit(&renewed, renewed.key().as_ref());
}
