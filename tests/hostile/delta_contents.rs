//! The payload of a delta: what is in it, and entries as bytes, written independently from their description.

use crate::*;

/// A value of an entry's fields.
#[derive(Clone, Copy)]
pub(crate) enum Field<'f> {
    Text(&'f str),
    Flag(bool),
    Number(u64),
    Bytes(&'f [u8]),
    /// Unix milliseconds.
    At(i64),
    /// No instant.
    Never,
    /// No text or digest.
    None,
    /// A text that may be missing.
    Some(&'f str),
}

/// An entry: its fields one after the other.
pub(crate) fn image(fields: &[Field<'_>]) -> Vec<u8> {
    let text = |text: &str| [&u16::try_from(text.len()).unwrap().to_le_bytes()[..], text.as_bytes()].concat();
    let bytes = fields.iter().map(|field| match *field {
        Field::Text(value) => text(value),
        Field::Flag(value) => vec![value.into()],
        Field::Number(value) => value.to_le_bytes().to_vec(),
        Field::Bytes(value) => value.to_vec(),
        Field::At(value) => value.to_le_bytes().to_vec(),
        Field::Never => i64::MIN.to_le_bytes().to_vec(),
        Field::None => vec![0],
        Field::Some(value) => [vec![1], text(value)].concat(),
    });
    bytes.collect::<Vec<_>>().concat()
}

/// The key of an entry from its parts.
pub(crate) fn key(parts: &[&str]) -> String {
    parts.join("\0")
}

/// A change as a delta lists it: type, actor, and when.
pub(crate) type Listed = (String, Option<String>, i64);

/// What a delta contains.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Contents {
    pub(crate) policy: String,
    /// Keys, and the bytes of the entries that are put.
    pub(crate) entries: Vec<(String, Option<Vec<u8>>)>,
    pub(crate) changes: Vec<Listed>,
}

/// The columns of a delta.
#[derive(Clone, Copy, Debug)]
#[expect(dead_code, reason = "some columns are reached by the one before them")]
pub(crate) enum DeltaColumn {
    Policy,
    Keys,
    KeyLengths,
    Lengths,
    Entries,
    Types,
    TypeLengths,
    Actors,
    ActorLengths,
    Times,
}

pub(crate) const DELTA_COLUMNS: usize = DeltaColumn::Times as usize + 1;

impl Contents {
    pub(crate) fn of(delta: &[u8]) -> Self {
        let columns = columns(payload_of(delta)).unwrap();
        assert_eq!(columns.len(), DELTA_COLUMNS);
        let column = |at: DeltaColumn| columns[at as usize].as_slice();
        let texts = |at: DeltaColumn| {
            let mut rest = std::str::from_utf8(column(at)).unwrap();
            let lengths = columns[at as usize + 1].chunks(2).map(|length| u16::from_le_bytes(length.try_into().unwrap()));
            let texts = lengths.map(|length| {
                let length = if length == u16::MAX { return None } else { usize::from(length) };
                let (text, others) = rest.split_at(length);
                rest = others;
                Some(text.to_owned())
            });
            texts.collect::<Vec<_>>()
        };
        let mut rest = column(DeltaColumn::Entries);
        let images = column(DeltaColumn::Lengths).chunks(4).map(|length| {
            let length = u32::from_le_bytes(length.try_into().unwrap());
            (length != u32::MAX).then(|| {
                let (image, others) = rest.split_at(length as usize);
                rest = others;
                image.to_vec()
            })
        });
        let images: Vec<_> = images.collect();
        let entries = texts(DeltaColumn::Keys).into_iter().flatten().zip(images).collect();
        let types = texts(DeltaColumn::Types).into_iter().flatten();
        let mut actors = texts(DeltaColumn::Actors);
        actors.resize(types.clone().count(), None);
        let times = column(DeltaColumn::Times).chunks(8).map(|at| i64::from_le_bytes(at.try_into().unwrap()));
        let changes = types.zip(actors).zip(times).map(|((word, actor), at)| (word, actor, at)).collect();
        Self { policy: String::from_utf8(column(DeltaColumn::Policy).to_vec()).unwrap(), entries, changes }
    }

    /// Puts an entry, or removes it.
    pub(crate) fn set(&mut self, parts: &[&str], image: Option<Vec<u8>>) {
        let key = key(parts);
        self.entries.retain(|(other, _)| *other != key);
        self.entries.push((key, image));
        self.entries.sort();
    }

    pub(crate) fn put(&mut self, parts: &[&str], fields: &[Field<'_>]) {
        self.set(parts, Some(image(fields)));
    }

    pub(crate) fn remove(&mut self, parts: &[&str]) {
        self.set(parts, None);
    }

    pub(crate) fn columns(&self) -> Vec<Vec<u8>> {
        let texts = |texts: Vec<Option<&str>>| {
            let lengths = texts.iter().flat_map(|text| text.map_or(u16::MAX, |text| u16::try_from(text.len()).unwrap()).to_le_bytes());
            let lengths = if texts.iter().all(Option::is_none) { Vec::new() } else { lengths.collect() };
            [texts.iter().flatten().flat_map(|text| text.bytes()).collect(), lengths]
        };
        let [keys, key_lengths] = texts(self.entries.iter().map(|(key, _)| Some(key.as_str())).collect());
        let [types, type_lengths] = texts(self.changes.iter().map(|(word, ..)| Some(word.as_str())).collect());
        let [actors, actor_lengths] = texts(self.changes.iter().map(|(_, actor, _)| actor.as_deref()).collect());
        let length = |image: &Option<Vec<u8>>| image.as_ref().map_or(u32::MAX, |image| u32::try_from(image.len()).unwrap());
        vec![
            self.policy.clone().into_bytes(),
            keys,
            key_lengths,
            self.entries.iter().flat_map(|(_, image)| length(image).to_le_bytes()).collect(),
            self.entries.iter().filter_map(|(_, image)| image.clone()).flatten().collect(),
            types,
            type_lengths,
            actors,
            actor_lengths,
            self.changes.iter().flat_map(|(.., at)| at.to_le_bytes()).collect(),
        ]
    }

    pub(crate) fn payload(&self) -> Vec<u8> {
        payload(&self.columns())
    }
}
