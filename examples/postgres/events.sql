-- Twenty-one things that happen to customers, in SQL. docs/life.md has the same as changes. The service needs to know none of them.

-- A customer signs up
INSERT INTO users (id, email) VALUES ('usr_mia', 'mia@tide.example');
INSERT INTO organizations (id, name, owner_id) VALUES ('org_tide', 'Tide', 'usr_mia');
INSERT INTO members (organization_id, user_id, role, accepted_at) VALUES ('org_tide', 'usr_mia', 'admin', now());
INSERT INTO projects (id, organization_id, name, is_default) VALUES ('prj_tide', 'org_tide', 'Default', true);

-- … is renamed
UPDATE organizations SET name = 'Tide & Sons' WHERE id = 'org_tide';

-- … switches to single sign-on
UPDATE organizations SET sign_in = 'sso' WHERE id = 'org_tide';

-- … changes owner
INSERT INTO users (id) VALUES ('usr_leo');
INSERT INTO members (organization_id, user_id, role, accepted_at) VALUES ('org_tide', 'usr_leo', 'admin', now());
UPDATE organizations SET owner_id = 'usr_leo' WHERE id = 'org_tide';

-- … closes
UPDATE organizations SET closed_at = now() WHERE id = 'org_tide';

-- … reopens
UPDATE organizations SET closed_at = NULL WHERE id = 'org_tide';

-- … is deleted
UPDATE organizations SET deleted_at = now() WHERE id = 'org_tide';

-- Somebody is invited
INSERT INTO users (id) VALUES ('usr_cem');
INSERT INTO members (organization_id, user_id) VALUES ('org_acme', 'usr_cem'); -- which gives nothing yet
UPDATE members SET accepted_at = now() WHERE user_id = 'usr_cem';

-- … changes role
UPDATE members SET role = 'admin' WHERE user_id = 'usr_cem';

-- … is suspended
UPDATE members SET suspended_at = now() WHERE user_id = 'usr_cem';

-- … leaves
DELETE FROM members WHERE user_id = 'usr_bob' AND organization_id = 'org_acme';
DELETE FROM collaborators WHERE user_id = 'usr_bob' AND project_id IN (SELECT id FROM projects WHERE organization_id = 'org_acme');

-- … moves to another customer
UPDATE members SET organization_id = 'org_bolt', role = 'member', suspended_at = NULL WHERE user_id = 'usr_cem';

-- … is forgotten
DELETE FROM users WHERE id = 'usr_dan';

-- A project is created
INSERT INTO projects (id, organization_id, name) VALUES ('prj_new', 'org_acme', 'New');
INSERT INTO collaborators (project_id, user_id, role) VALUES ('prj_new', 'usr_eva', 'admin');

-- … is renamed
UPDATE projects SET name = 'Newer' WHERE id = 'prj_new';

-- … is opened to externals
UPDATE projects SET externals_allowed = true WHERE id = 'prj_a';

-- … is moved to another customer
DELETE FROM collaborators WHERE project_id = 'prj_b' AND team_id IS NOT NULL;
UPDATE projects SET organization_id = 'org_bolt' WHERE id = 'prj_b';

-- … is deleted
UPDATE projects SET deleted_at = now() WHERE id = 'prj_c';

-- A key is made for somebody by support
INSERT INTO api_keys (id, project_id, created_by, secret_sha256) VALUES ('key_eva', 'prj_a', 'usr_eva', sha256('the secret of key_eva'));

-- … is rotated
INSERT INTO api_keys (id, project_id, created_by, secret_sha256) VALUES ('key_ci_2', 'prj_a', 'usr_ada', sha256('the new secret of key_ci'));
UPDATE api_keys SET expires_at = now() WHERE id = 'key_ci';

-- A resource is moved
UPDATE resources SET project_id = 'prj_bolt' WHERE kind = 'file' AND id = 'file_a';
