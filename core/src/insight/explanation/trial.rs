//! Trials: changes that are made to the directory, looked at, and undone.

use crate::access::AccessRequest;
use crate::change::{Change, Terms};
use crate::directory::Directory;
use crate::input::error::Error;
use crate::input::id::Reference;
use crate::input::instant::Instant;
use crate::input::json;
use crate::input::json_text::JsonText;
use crate::input::path::Path;
use crate::listing::{PageRequest, PrincipalQuery};

/// How many of those who may make a change are named.
const MOST_MAKERS: usize = 10;
/// How many of those who have the permission are asked whether they really may: rules beside the permission rarely stop anybody.
const MOST_ASKED: usize = 1_000;

impl Directory {
    /// What holds after changes of an actor, or of the platform. `None` if they cannot be made.
    pub(super) fn after<T>(
        &mut self,
        changes: &[JsonText],
        actor: Option<Reference<'_>>,
        at: Instant,
        look: impl FnOnce(&Self) -> Option<T>,
    ) -> Option<T> {
        let tried = self.try_out(|directory| {
            for change in changes {
                let value = json::parse(change.as_str().as_bytes())?;
                directory.make(&Change::read(&value, &Path::Root)?, &Terms { actor, at, expected_revision: None })?;
            }
            Ok::<_, Error>(look(directory))
        });
        tried.ok().flatten()
    }

    /// Those who may make a change that makes a request allowed, at most ten, as references in byte order. `None` if not even the platform may.
    pub(super) fn makers(&mut self, change: &JsonText, request: &AccessRequest<'_>) -> Option<Vec<String>> {
        let changes = std::slice::from_ref(change);
        let value = json::parse(change.as_str().as_bytes()).ok()?;
        let change = Change::read(&value, &Path::Root).ok()?;
        if change.is_by_oneself() {
            return self.is_allowed_after(changes, Some(request.principal), request).then(|| vec![request.principal.to_string()]);
        }
        if !self.is_allowed_after(changes, None, request) {
            return None;
        }
        let (action, resource) = self.tables().permission_for(&change);
        let mut makers = Vec::new();
        let (mut cursor, mut asked) = (None, 0_usize);
        while let Some(resource) = Reference::split(&resource).filter(|_| asked < MOST_ASKED) {
            let query = PrincipalQuery { action: &action, resource, of_type: None, surface: None, at: request.at };
            let page = self.list_principals(&query, &PageRequest { limit: Some(MOST_MAKERS), cursor: cursor.as_deref() }).ok()?;
            asked = asked.saturating_add(page.items.len());
            for maker in page.items {
                if Reference::split(&maker).is_some_and(|actor| self.is_allowed_after(changes, Some(actor), request)) {
                    makers.push(maker);
                }
                if makers.len() == MOST_MAKERS {
                    return Some(makers);
                }
            }
            cursor = page.next_cursor;
            if cursor.is_none() {
                break;
            }
        }
        Some(makers)
    }

    fn is_allowed_after(&mut self, changes: &[JsonText], actor: Option<Reference<'_>>, request: &AccessRequest<'_>) -> bool {
        self.after(changes, actor, request.at, |after| after.decide(request).ground.allows().then_some(())).is_some()
    }
}
