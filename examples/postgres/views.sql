-- One view for each table of `Bailiwick.from_tables` (docs/loading.md). A column is called as Bailiwick calls it.
--
-- A row whose organization or project is missing would refuse all tables. So each view joins the one above it, and what was deleted takes everything
-- below it along.

CREATE SCHEMA access;

CREATE VIEW access.organizations AS
  SELECT id, name, owner_id AS owner, CASE sign_in WHEN 'sso' THEN 'sso' ELSE 'invitation' END AS membership,
         projects_enabled_at AS projects_since, closed_at AS suspended_at
  FROM public.organizations WHERE deleted_at IS NULL;

-- Nobody is a member by an invitation that is still open.
CREATE VIEW access.members AS
  SELECT m.organization_id AS organization, m.user_id AS "user", m.role, m.accepted_at AS added_at, m.expires_at, m.suspended_at
  FROM public.members m JOIN access.organizations o ON o.id = m.organization_id
  WHERE m.accepted_at IS NOT NULL;

-- Everything at the edge can be read there. E-mail addresses decide nothing, so they stay here.
CREATE VIEW access.users AS
  SELECT id, suspended_at FROM public.users WHERE suspended_at IS NOT NULL;

CREATE VIEW access.groups AS
  SELECT t.organization_id AS organization, t.id, t.name
  FROM public.teams t JOIN access.organizations o ON o.id = t.organization_id;

CREATE VIEW access.group_members AS
  SELECT t.team_id AS "group", t.user_id AS "user", t.added_at
  FROM public.team_members t
  JOIN access.groups g ON g.id = t.team_id
  JOIN access.members m ON m.organization = t.organization_id AND m."user" = t.user_id;

CREATE VIEW access.projects AS
  SELECT p.organization_id AS organization, p.id, p.name, p.is_default AS "default",
         p.externals_allowed AS allow_external_collaborators, p.paused_at AS suspended_at
  FROM public.projects p JOIN access.organizations o ON o.id = p.organization_id
  WHERE p.deleted_at IS NULL;

CREATE VIEW access.collaborators AS
  SELECT c.project_id AS project, c.user_id AS "user", c.team_id AS "group", c.role, c.added_at, c.expires_at
  FROM public.collaborators c JOIN access.projects p ON p.id = c.project_id;

CREATE VIEW access.api_keys AS
  SELECT k.project_id AS project, k.id, k.name, k.created_by, k.created_at, k.expires_at, k.revoked_at,
         'sha256:' || encode(k.secret_sha256, 'hex') AS digest,
         CASE WHEN k.is_organization_default THEN 'organization_default' ELSE 'project' END AS kind
  FROM public.api_keys k JOIN access.projects p ON p.id = k.project_id;

CREATE VIEW access.resources AS
  SELECT r.project_id AS project, r.id, r.kind, r.name, r.created_by, r.created_at
  FROM public.resources r JOIN access.projects p ON p.id = r.project_id
  WHERE r.deleted_at IS NULL;
