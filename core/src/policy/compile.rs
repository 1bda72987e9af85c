//! Policy document → policy: names become indices, tables become bit sets, and contradictions are faults.

use std::sync::Arc;

use crate::catalogue::change_type::{ChangeType, needs_verb};
use crate::catalogue::error_code::ErrorCode;
use crate::collections::hasher::Hasher;
use crate::collections::names::Names;
use crate::collections::order;
use crate::collections::table::Table;
use crate::input::error::{Error, quoted};
use crate::input::faults::Faults;
use crate::input::path::Path;

use super::action_set::ActionSet;
use super::compiler::{Compiler, Defined};
use super::document::{DefaultProjectRole, KindDocument, PolicyDocument, Support};
use super::indices::{Action, Kind, OrganizationRole, ProjectRole, Surface, Target};
use super::roles::Roles;
use super::suspension::Unsuspended;
use super::tables::{KindRow, Policy};
use super::visibilities::VisibilityRow;

/// The most organization roles, project roles, surfaces and visibilities: the tables grow by their product with actions and kinds.
const MOST: usize = 64;
/// The most scopes of API keys: each has a set of actions.
const MOST_SCOPES: usize = 1 << 10;
/// The most kinds: snapshots store them in two bytes.
const MOST_KINDS: usize = 1 << 15;

/// The reference types of every directory; no kind may have their names.
const RESERVED_TYPES: [&str; 3] = ["user", "organization", "project"];

/// Compiles a document; adds its faults of meaning to `faults`.
pub(super) fn compile(document: Arc<PolicyDocument>, hasher: Hasher, faults: &mut Faults<'_>, path: &Path<'_>) -> Result<Policy, Error> {
    let compiler = &mut Compiler { hasher: &hasher, faults, is_below_duplicate: false };

    let mut surfaces = Names::new();
    let mut books_to_default_project = Table::new();
    let at = &path.field("surfaces");
    compiler.bounded(document.surfaces.len(), MOST, at)?;
    for (number, row) in document.surfaces.iter().enumerate() {
        if compiler.define(&mut surfaces, &row.surface, &at.item(number).field("surface"))?.1 {
            books_to_default_project.push(row.books_to_default_project);
        }
    }
    let at = &path.field("default_surfaces");
    let none = Surface::from(0);
    let user_surface =
        compiler.resolve(&surfaces, &document.default_surfaces.user, ErrorCode::UnknownSurface, &at.field("user")).unwrap_or(none);
    let api_key_surface =
        compiler.resolve(&surfaces, &document.default_surfaces.api_key, ErrorCode::UnknownSurface, &at.field("api_key")).unwrap_or(none);

    let mut project_roles = Names::<ProjectRole>::new();
    let at = &path.field("project_roles");
    compiler.bounded(document.project_roles.len(), MOST, at)?;
    for (number, role) in document.project_roles.iter().enumerate() {
        compiler.define(&mut project_roles, role, &at.item(number))?;
    }
    let at = &path.field("collaborator_role");
    let collaborator_role = compiler.resolve(&project_roles, &document.collaborator_role, ErrorCode::UnknownRole, at);

    let mut organization_roles = Names::<OrganizationRole>::new();
    let mut implied_roles = Table::new();
    let at = &path.field("organization_roles");
    compiler.bounded(document.organization_roles.len(), MOST, at)?;
    for (number, row) in document.organization_roles.iter().enumerate() {
        let at = &at.item(number);
        let implied = row
            .project_role
            .as_deref()
            .and_then(|role| compiler.resolve(&project_roles, role, ErrorCode::UnknownRole, &at.field("project_role")));
        if compiler.define(&mut organization_roles, &row.role, &at.field("role"))?.1 {
            implied_roles.push(implied);
        }
    }

    let at = &path.field("default_project_role");
    let default_roles = match &document.default_project_role {
        None => Table::of_same(None, document.organization_roles.len()),
        Some(DefaultProjectRole::OfAll(role)) => {
            Table::of_same(compiler.resolve(&project_roles, role, ErrorCode::UnknownRole, at), document.organization_roles.len())
        }
        Some(DefaultProjectRole::ByRole(map)) => compiler.project_role_by_organization_role(map, (&organization_roles, &project_roles), at),
    };

    let mut permissions = Permissions::with_capacity_for(&document);
    let table = path.field("self_actions");
    for (number, action) in document.self_actions.iter().enumerate() {
        permissions.define(compiler, action, Target::User, &table.item(number))?;
    }
    let table = path.field("organization_actions");
    for (number, row) in document.organization_actions.iter().enumerate() {
        let at = &table.item(number);
        let action = permissions.define(compiler, &row.action, Target::Organization, &at.field("action"))?;
        for (number, role) in row.roles.iter().enumerate() {
            if let Some(role) = compiler.resolve(&organization_roles, role, ErrorCode::UnknownRole, &at.field("roles").item(number)) {
                permissions.organization[role].insert(action);
            }
        }
        permissions.external.insert_if(row.external, action);
        permissions.owner.insert_if(row.owner, action);
        permissions.api_key.insert_if(row.api_key, action);
        if row.owner && row.api_key {
            compiler.fault(
                ErrorCode::WrongType,
                &at.field("api_key"),
                "an API key is never the owner, so `owner` and `api_key` exclude each other",
            );
        }
    }
    let table = path.field("project_actions");
    for (number, row) in document.project_actions.iter().enumerate() {
        let at = &table.item(number);
        let action = permissions.define(compiler, &row.action, Target::Project, &at.field("action"))?;
        permissions.grant(compiler, &project_roles, &row.roles, &[action], &at.field("roles"));
        permissions.api_key.insert_if(row.api_key, action);
        permissions.internal.insert_if(!row.external, action);
    }

    let mut kinds = Names::new();
    let mut kind_rows = Table::new();
    let table = path.field("kinds");
    compiler.bounded(document.kinds.len(), MOST_KINDS, &table)?;
    for (number, row) in document.kinds.iter().enumerate() {
        let at = &table.item(number);
        let (kind, new) = compiler.define(&mut kinds, &row.kind, &at.field("kind"))?;
        if RESERVED_TYPES.contains(&row.kind.as_str()) {
            compiler.faults.report(
                ErrorCode::DuplicateId,
                &at.field("kind"),
                format_args!("{} is a reserved reference type", quoted(&row.kind)),
            );
        }
        if row.kind.contains(':') {
            compiler.faults.report(
                ErrorCode::InvalidId,
                &at.field("kind"),
                "a kind cannot contain a colon, since references could not name it",
            );
        }
        let support = compile_support(compiler, &surfaces, row, at);
        if new {
            kind_rows.push(KindRow { support, usage_by_api_key: row.usage_by_api_key });
        }
        compiler.is_below_duplicate = !new;
        permissions.define_verbs(compiler, &document, row, kind, &project_roles, at)?;
        compiler.is_below_duplicate = false;
    }
    let api_key_kind = document
        .api_key_kind
        .as_deref()
        .and_then(|kind| compiler.resolve(&kinds, kind, ErrorCode::UnknownKind, &path.field("api_key_kind")));
    if let Some(verb) = &document.create_verb
        && !document.kinds.iter().any(|kind| kind.has_verb(verb))
    {
        compiler.no_such_verb(verb, &path.field("create_verb"));
    }
    let mut changes = Vec::new();
    let table = path.field("changes");
    for (change, action) in &document.changes {
        let at = &table.field(change);
        let Some(needs_verb) = needs_verb(change) else {
            compiler.faults.report(ErrorCode::UnknownChange, at, ChangeType::not_granted_message(quoted(change)));
            continue;
        };
        if needs_verb {
            if !document.kinds.iter().any(|kind| kind.has_verb(action)) {
                compiler.no_such_verb(action, at);
            }
        } else {
            compiler.resolve(&permissions.actions, action, ErrorCode::UnknownAction, at);
        }
        changes.push((Box::from(change.as_str()), Box::from(action.as_str())));
    }

    let defined = &Defined {
        organization_roles: &organization_roles,
        project_roles: &project_roles,
        actions: &permissions.actions,
        targets: &permissions.targets,
        kinds: &kinds,
        no_actions: &permissions.none,
    };
    let mut visibilities = Names::new();
    let mut visibility_rows = Table::new();
    let table = path.field("visibilities");
    compiler.bounded(document.visibilities.len(), MOST, &table)?;
    for (number, row) in document.visibilities.iter().enumerate() {
        let at = &table.item(number);
        let is_new = compiler.define(&mut visibilities, &row.visibility, &at.field("visibility"))?.1;
        let row = VisibilityRow::compile(row, defined, compiler, at);
        if is_new {
            visibility_rows.push(row);
        }
    }
    if document.visibilities.is_empty() {
        visibility_rows.push(VisibilityRow::none());
    }
    let mut scopes = Names::new();
    let mut scope_actions = Table::new();
    let table = path.field("api_key_scopes");
    compiler.bounded(document.api_key_scopes.len(), MOST_SCOPES, &table)?;
    for (number, row) in document.api_key_scopes.iter().enumerate() {
        let at = &table.item(number);
        let is_new = compiler.define(&mut scopes, &row.scope, &at.field("scope"))?.1;
        let actions = row.compile(defined, compiler, at);
        if is_new {
            scope_actions.push(actions);
        }
    }
    let unsuspended = match &document.suspended_actions {
        Some(actions) => Unsuspended::compile(actions, defined, compiler, &path.field("suspended_actions")),
        None => Unsuspended::nothing(&permissions.none),
    };
    let kind_ranks = ranks_of(&kinds);

    let role_combination = document.role_combination;
    let has_visible_actions = visibility_rows.iter().any(|(_, row): (_, &VisibilityRow)| row.has_actions);
    let always_implies_roles = visibility_rows.iter().all(|(_, row)| row.implies_roles);
    Ok(Policy {
        changes,
        document,
        built_in: false,
        hasher,
        surfaces,
        books_to_default_project,
        user_surface,
        api_key_surface,
        organization_roles,
        implied_roles,
        organization_permissions: permissions.organization,
        project_roles,
        roles_with: permissions.roles_with,
        default_roles,
        role_combination,
        actions: permissions.actions,
        targets: permissions.targets,
        owner_permissions: permissions.owner,
        external_permissions: permissions.external,
        api_key_permissions: permissions.api_key,
        internal_actions: permissions.internal,
        kinds,
        kind_rows,
        kind_ranks,
        visibilities,
        has_visible_actions,
        always_implies_roles,
        visibility_rows,
        scopes,
        scope_actions,
        unsuspended,
        api_key_kind,
        // An unknown role has been reported, so there will be no policy.
        collaborator_role: collaborator_role.unwrap_or(ProjectRole::from(u32::MAX)),
    })
}

/// The place of each kind in the byte order of references: `a-b:` comes before `a:`.
fn ranks_of(kinds: &Names<Kind>) -> Table<Kind, u32> {
    let reference = |kind| kinds.name(kind).bytes().chain([b':']);
    let mut sorted: Vec<Kind> = kinds.iter().map(|(kind, _)| kind).collect();
    order::sort_by(&mut sorted, |one, other| reference(one).cmp(reference(other)));
    let mut ranks = Table::of_same(0, sorted.len());
    for (rank, kind) in (0_u32..).zip(sorted) {
        ranks[kind] = rank;
    }
    ranks
}

fn compile_support(
    compiler: &mut Compiler<'_, '_>,
    surfaces: &Names<Surface>,
    row: &KindDocument,
    at: &Path<'_>,
) -> Table<Surface, Support> {
    let mut support = Table::new();
    for _ in surfaces.iter() {
        support.push(Support::Unsupported);
    }
    for (name, declared) in &row.support {
        if let Some(surface) = compiler.resolve(surfaces, name, ErrorCode::UnknownSurface, &at.field("support").field(name)) {
            support[surface] = *declared;
        }
    }
    support
}

/// The actions so far, and the permissions.
struct Permissions {
    actions: Names<Action>,
    targets: Table<Action, Target>,
    organization: Table<OrganizationRole, ActionSet>,
    /// The project roles that have each action.
    roles_with: Table<Action, Roles>,
    owner: ActionSet,
    external: ActionSet,
    api_key: ActionSet,
    /// The actions on projects and kinds that no external collaborator has.
    internal: ActionSet,
    none: ActionSet,
}

impl Permissions {
    fn with_capacity_for(document: &PolicyDocument) -> Self {
        let kind_actions = document.kinds.iter().flat_map(|kind| &kind.verbs).map(|row| row.verbs.len());
        let tables = [document.self_actions.len(), document.organization_actions.len(), document.project_actions.len()];
        let none = ActionSet::with_capacity(kind_actions.chain(tables).fold(0, usize::saturating_add));
        Self {
            actions: Names::new(),
            targets: Table::new(),
            organization: Table::of_same(none.clone(), document.organization_roles.len()),
            roles_with: Table::new(),
            owner: none.clone(),
            external: none.clone(),
            api_key: none.clone(),
            internal: none.clone(),
            none,
        }
    }

    fn define(&mut self, compiler: &mut Compiler<'_, '_>, name: &str, target: Target, path: &Path<'_>) -> Result<Action, Error> {
        let (action, new) = compiler.define(&mut self.actions, name, path)?;
        if new {
            self.targets.push(target);
            self.roles_with.push(Roles::NONE);
        }
        Ok(action)
    }

    fn grant(&mut self, compiler: &mut Compiler<'_, '_>, known: &Names<ProjectRole>, roles: &[String], actions: &[Action], at: &Path<'_>) {
        for (number, role) in roles.iter().enumerate() {
            if let Some(role) = compiler.resolve(known, role, ErrorCode::UnknownRole, &at.item(number)) {
                for action in actions {
                    self.roles_with[*action] = self.roles_with[*action].or(Roles::of(Some(role)));
                }
            }
        }
    }

    /// A kind's verbs become the actions `<kind>.<verb>`.
    fn define_verbs(
        &mut self,
        compiler: &mut Compiler<'_, '_>,
        document: &PolicyDocument,
        row: &KindDocument,
        kind: Kind,
        project_roles: &Names<ProjectRole>,
        at: &Path<'_>,
    ) -> Result<(), Error> {
        let table = at.field("verbs");
        for (number, group) in row.verbs.iter().enumerate() {
            let at = &table.item(number);
            let mut actions = Vec::new();
            for (number, verb) in group.verbs.iter().enumerate() {
                let is_create = document.create_verb.as_ref() == Some(verb);
                let target = if is_create { Target::NewOfKind(kind) } else { Target::Kind(kind) };
                actions.push(self.define(compiler, &format!("{}.{verb}", row.kind), target, &at.field("verbs").item(number))?);
            }
            self.grant(compiler, project_roles, &group.roles, &actions, &at.field("roles"));
            actions.iter().for_each(|action| self.internal.insert_if(!group.external, *action));
        }
        let table = at.field("api_key_verbs");
        for (number, verb) in row.api_key_verbs.iter().enumerate() {
            let at = &table.item(number);
            let action = compiler.resolve(&self.actions, &format!("{}.{verb}", row.kind), ErrorCode::UnknownAction, at);
            if let Some(action) = action {
                self.api_key.insert(action);
            }
        }
        Ok(())
    }
}
