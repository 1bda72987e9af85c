//! The journal: which entries a change alters, and what they were. A change that fails is undone from it, deltas are made from it, and previews tell
//! it.

use crate::wire::column::Damage;

use super::entry::{EntryIndex, Images, Key};
use super::tables::{Journal, Tables};

impl Tables {
    /// Opens the journal: from now on every edit can be undone.
    pub(crate) fn open_journal(&mut self) {
        self.journal = Journal { is_open: true, ..Journal::default() };
    }

    /// Notes an entry before it is created, altered or removed. Every edit calls this first, for each entry that it alters.
    pub(super) fn touch(&mut self, entry: EntryIndex) {
        // Only the first time tells what the entry was.
        if !self.journal.is_open || !self.journal.touched.insert(entry) {
            return;
        }
        if let Some(key) = self.key_of(entry).map(Key::to_text)
            && !self.journal.before.contains_key(&key)
        {
            let image = self.image_of(entry);
            self.journal.before.insert(key, image);
        }
        // The entry in `users` of somebody whom nothing else mentions goes with the first mention.
        if let Some(user) = entry.user().filter(|user| entry != EntryIndex::User(*user) && self.has_entry(*user)) {
            self.touch(EntryIndex::User(user));
        }
    }

    /// Finds the keys of what was touched, while the indices are valid, and keeps the list of users true.
    pub(super) fn settle(&mut self) {
        for entry in std::mem::take(&mut self.journal.touched) {
            if let Some(user) = entry.user() {
                self.list_or_unlist(user);
            }
            if let Some(key) = self.key_of(entry).map(Key::to_text) {
                self.journal.before.entry(key).or_insert(None);
            }
        }
    }

    /// Sorts the lists in which entries have been touched.
    pub(super) fn sort_touched(&mut self) {
        self.sort_last_organization();
        for entry in self.journal.touched.clone() {
            match entry {
                EntryIndex::Collaborator(project, _) | EntryIndex::Grant(project, _) => self.sort_contents_of(project),
                EntryIndex::ApiKey(key) => {
                    let project = self.api_key_rows.find(key).map(|row| row.project);
                    project.into_iter().for_each(|project| {
                        self.sort_contents_of(project);
                        self.sort_lists_of(self.project_rows[project].organization);
                    });
                }
                EntryIndex::Resource(resource) => {
                    let project = self.resource_rows.find(resource).map(|row| row.project);
                    project.into_iter().for_each(|project| self.sort_contents_of(project));
                }
                EntryIndex::GroupMember(group, _) => self.sort_members_of(group),
                EntryIndex::Member(organization, _) => self.sort_lists_of(organization),
                EntryIndex::Group(group) => {
                    let organization = self.group_rows.find(group).map(|row| row.organization);
                    organization.into_iter().for_each(|organization| self.sort_lists_of(organization));
                }
                EntryIndex::Project(project) => {
                    let organization = self.project_rows.find(project).map(|row| row.organization);
                    organization.into_iter().for_each(|organization| self.sort_lists_of(organization));
                }
                EntryIndex::User(_) | EntryIndex::Organization(_) => {}
            }
        }
    }

    /// What the entries that have been touched so far were before.
    pub(crate) fn journal(&mut self) -> &Images {
        self.settle();
        &self.journal.before
    }

    /// Closes the journal. Returns what the entries that differ now were before.
    pub(crate) fn close_journal(&mut self) -> Images {
        self.settle();
        let mut before = std::mem::take(&mut self.journal).before;
        before.retain(|key, image| self.image_at(key) != *image);
        before
    }

    /// Undoes everything since the journal was opened, and closes it.
    pub(crate) fn roll_back(&mut self) {
        self.settle();
        if let Some(replaced) = self.journal.replaced.take() {
            *self = *replaced;
        }
        let before = std::mem::take(&mut self.journal.before);
        // INVARIANT: these entries have been there together, so each can be put again.
        let _ = self.revisit(&before);
    }

    /// Goes back (or forth) to a state that there has been, by what the entries were there that differ.
    pub(crate) fn revisit(&mut self, entries: &Images) -> Result<(), Damage> {
        self.journal = Journal { is_open: true, is_undoing: true, ..Journal::default() };
        let restored = self.restore(entries);
        self.settle();
        self.journal = Journal::default();
        restored
    }

    /// Takes over the journal of the tables under another policy, which these replace, with the entries that differ between the two.
    pub(crate) fn replace(&mut self, mut replaced: Self, differing: Images) {
        replaced.settle();
        let mut before = replaced.journal.before.clone();
        for (key, image) in differing {
            before.entry(key).or_insert(image);
        }
        self.journal = Journal { is_open: true, before, ..Journal::default() };
        // Of several policies in one list of changes, the first one is what is gone back to.
        self.journal.replaced = Some(match replaced.journal.replaced.take() {
            Some(first) => first,
            None => Box::new(replaced),
        });
    }

    /// Whether the policy has been replaced since the journal was opened.
    pub(crate) fn has_another_policy(&self) -> bool {
        self.journal.replaced.is_some()
    }

    /// The bytes of the entry of a key, if there is one.
    pub(crate) fn image_at(&self, key: &str) -> Option<Vec<u8>> {
        self.image_of(self.find_entry(Key::parse(key)?)?)
    }

    fn list_or_unlist(&mut self, user: super::indices::User) {
        let has_entry = self.has_entry(user);
        let Self { users, listed, .. } = self;
        match listed.binary_search_by(|other| users.name(*other).cmp(users.name(user))) {
            Ok(place) if !has_entry => {
                listed.remove(place);
            }
            Err(place) if has_entry => listed.insert(place, user),
            _ => {}
        }
    }
}
