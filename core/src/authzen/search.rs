//! Searches: the engine's listings as lists of the standard's entities. They never contain what an evaluation denies.

use serde::Serialize;

use crate::catalogue::authzen_api::AuthzenApi;
use crate::directory::Directory;
use crate::input::error::Error;
use crate::input::path::Path;
use crate::input::value::Value;
use crate::listing::{ActionQuery, Page, PageRequest, PrincipalQuery, ResourceQuery};
use crate::policy::Surface;

use super::page::{PageQuery, PageResponse};
use super::request::{Context, Request, RequestReader, RequestedSurface};
use super::response::to_json;

/// The response. The page comes first, for callers that read it as a stream.
#[derive(Serialize)]
struct SearchResponse<'i> {
    #[serde(skip_serializing_if = "Option::is_none")]
    page: Option<PageResponse>,
    results: Vec<Entity<'i>>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Entity<'i> {
    /// A subject or a resource.
    Thing {
        r#type: &'i str,
        id: &'i str,
    },
    Action {
        name: &'i str,
    },
}

impl Directory {
    pub(super) fn search(&self, request: &Value<'_>, reader: RequestReader<'_>) -> Result<String, Error> {
        let required: &[&str] = if reader.api == AuthzenApi::SearchAction { &["subject", "resource"] } else { &Request::REQUIRED };
        let request = reader.request(request, &Path::Root, required)?;
        let wanted = request.page.unwrap_or(PageQuery::FIRST);
        let context = request.context.unwrap_or(reader.default_context());
        let (page, items) = match context {
            Context { surface: RequestedSurface::Known(surface), .. } => {
                wanted.answer(&|page| self.list_entities(reader.api, &request, context, surface, page))?
            }
            Context { surface: RequestedSurface::Unknown, .. } => wanted.nothing(),
        };
        let entity = |item| match str::split_once(item, ':') {
            Some((r#type, id)) if reader.api != AuthzenApi::SearchAction => Entity::Thing { r#type, id },
            _ => Entity::Action { name: item },
        };
        Ok(to_json(&SearchResponse { page, results: items.iter().map(String::as_str).map(entity).collect() }))
    }

    fn list_entities(
        &self,
        api: AuthzenApi,
        request: &Request<'_>,
        Context { at, .. }: Context,
        surface: Option<Surface>,
        page: &PageRequest<'_>,
    ) -> Result<Page, Error> {
        let (subject, action, resource) = request.parts();
        let action = &*self.action_or_verb(action, resource.type_name);
        match api {
            AuthzenApi::SearchSubject => {
                let of_type = Some(subject.type_name);
                self.list_principals(&PrincipalQuery { action, resource, of_type, surface, at }, page)
            }
            AuthzenApi::SearchResource => {
                let query = ResourceQuery { principal: subject, action, kind: None, project: None, surface, at };
                self.list_of_type(resource.type_name, &query, page)
            }
            _ => self.list_actions(&ActionQuery { principal: subject, resource, surface, at }, page),
        }
    }
}
