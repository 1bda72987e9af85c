-- A platform's own tables, as they often are. Bailiwick needs none of this: views.sql says what it is in Bailiwick's words.

CREATE TABLE users (
  id           text PRIMARY KEY CHECK (id <> ''),
  email        text UNIQUE,
  created_at   timestamptz NOT NULL DEFAULT now(),
  suspended_at timestamptz
);

CREATE TABLE organizations (
  id                  text PRIMARY KEY CHECK (id <> ''),
  name                text NOT NULL,
  owner_id            text NOT NULL REFERENCES users,
  sign_in             text NOT NULL DEFAULT 'password' CHECK (sign_in IN ('password', 'sso')),
  created_at          timestamptz NOT NULL DEFAULT now(),
  projects_enabled_at timestamptz,
  closed_at           timestamptz,
  deleted_at          timestamptz
);

CREATE TABLE members (
  organization_id text NOT NULL REFERENCES organizations,
  -- One organization each.
  user_id         text NOT NULL UNIQUE REFERENCES users ON DELETE CASCADE,
  role            text NOT NULL DEFAULT 'member',
  invited_at      timestamptz NOT NULL DEFAULT now(),
  -- Null while an invitation is open.
  accepted_at     timestamptz,
  expires_at      timestamptz,
  suspended_at    timestamptz,
  PRIMARY KEY (organization_id, user_id)
);

-- The owner is a member. Deferred, since an organization and its first member come in one transaction.
ALTER TABLE organizations ADD CONSTRAINT owner_is_member
  FOREIGN KEY (id, owner_id) REFERENCES members (organization_id, user_id) DEFERRABLE INITIALLY DEFERRED;

CREATE TABLE teams (
  id              text PRIMARY KEY CHECK (id <> ''),
  organization_id text NOT NULL REFERENCES organizations,
  name            text NOT NULL,
  UNIQUE (id, organization_id)
);

CREATE TABLE team_members (
  team_id         text NOT NULL,
  organization_id text NOT NULL,
  user_id         text NOT NULL,
  added_at        timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (team_id, user_id),
  FOREIGN KEY (team_id, organization_id) REFERENCES teams (id, organization_id) ON DELETE CASCADE,
  -- Whoever leaves the organization leaves its teams.
  FOREIGN KEY (organization_id, user_id) REFERENCES members (organization_id, user_id) ON DELETE CASCADE
);

CREATE TABLE projects (
  id                text PRIMARY KEY CHECK (id <> ''),
  organization_id   text NOT NULL REFERENCES organizations,
  name              text NOT NULL,
  is_default        boolean NOT NULL DEFAULT false,
  externals_allowed boolean NOT NULL DEFAULT false,
  created_at        timestamptz NOT NULL DEFAULT now(),
  paused_at         timestamptz,
  deleted_at        timestamptz
);
CREATE UNIQUE INDEX one_default_project ON projects (organization_id) WHERE is_default AND deleted_at IS NULL;

-- A user or a team.
CREATE TABLE collaborators (
  project_id text NOT NULL REFERENCES projects,
  user_id    text REFERENCES users ON DELETE CASCADE,
  team_id    text REFERENCES teams ON DELETE CASCADE,
  role       text NOT NULL DEFAULT 'member',
  added_at   timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz,
  CHECK (num_nonnulls(user_id, team_id) = 1),
  UNIQUE (project_id, user_id),
  UNIQUE (project_id, team_id)
);

CREATE TABLE api_keys (
  id                      text PRIMARY KEY CHECK (id <> ''),
  project_id              text NOT NULL REFERENCES projects,
  name                    text,
  secret_sha256           bytea UNIQUE CHECK (length(secret_sha256) = 32),
  is_organization_default boolean NOT NULL DEFAULT false,
  created_by              text REFERENCES users ON DELETE SET NULL,
  created_at              timestamptz NOT NULL DEFAULT now(),
  expires_at              timestamptz,
  revoked_at              timestamptz,
  last_used_at            timestamptz
);

CREATE TABLE resources (
  kind       text NOT NULL,
  id         text NOT NULL CHECK (id <> ''),
  project_id text NOT NULL REFERENCES projects,
  name       text,
  created_by text REFERENCES users ON DELETE SET NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  deleted_at timestamptz,
  PRIMARY KEY (kind, id)
);
