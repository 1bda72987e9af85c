//! `list_principals`: who may do an action on a resource.

use crate::access::{Conditions, Object, Principal};
use crate::directory::Directory;
use crate::input::error::Error;
use crate::input::id::Reference;

use super::cursor::Fingerprint;
use super::merge::Merge;
use super::page::{Page, PageRequest};
use super::query::PrincipalQuery;

impl Directory {
    /// The principals who may do an action on a resource, as references: API keys before users.
    pub(crate) fn list_principals(&self, query: &PrincipalQuery<'_>, page: &PageRequest<'_>) -> Result<Page, Error> {
        let tables = self.tables();
        let resource = query.resource.to_string();
        let surface = query.surface.map(|surface| tables.policy().surface_name(surface));
        let arguments = [Some(query.action), Some(resource.as_str()), query.of_type, surface];
        let fingerprint = Fingerprint::new("list_principals", &arguments);
        let after = page.after(fingerprint)?;
        let (action, object) = (tables.policy().action(query.action), tables.find_object(query.resource, None));
        let (Some(action), Some(object), Ok(fresh)) = (action, object, self.admit(&Conditions::at(query.at))) else {
            return Ok(Page::default());
        };
        let itself = if let Object::User(user) = object { Some(user) } else { None };
        let (mut api_keys, mut users) = tables.candidates(object);
        users.push(itself.as_slice());
        if query.of_type.is_some_and(|wanted| wanted != "api_key") {
            api_keys.clear();
        }
        if query.of_type.is_some_and(|wanted| wanted != "user") {
            users.clear();
        }
        let is_allowed =
            |principal| fresh.live(Some(principal)).is_ok_and(|principal| tables.is_allowed(principal, action, object, query.surface));
        let (after_key, after_user) = match after.as_deref().and_then(Reference::split) {
            Some(Reference { type_name: "user", id }) => (None, Some(id)),
            Some(Reference { id, .. }) => (Some(id), None),
            None => (None, None),
        };
        // If the last item was a user, all API keys have been listed.
        if after_user.is_some() {
            api_keys.clear();
        }
        let api_keys = Merge::new(api_keys, after_key, |key| tables.api_key_id(key))
            .filter(|key| is_allowed(Principal::ApiKey(*key)))
            .map(|key| format!("api_key:{}", tables.api_key_id(key)));
        let users = Merge::new(users, after_user, |user| tables.user_id(user))
            .filter(|user| is_allowed(Principal::User(*user)))
            .map(|user| format!("user:{}", tables.user_id(user)));
        Ok(page.take(fingerprint, &mut api_keys.chain(users)))
    }
}
