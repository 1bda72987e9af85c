-- Two customers to begin with.
BEGIN;
INSERT INTO users (id, email) VALUES
  ('usr_ada', 'ada@acme.example'), ('usr_bob', 'bob@acme.example'), ('usr_dan', 'dan@acme.example'), ('usr_eva', 'eva@acme.example'),
  ('usr_bea', 'bea@bolt.example'), ('usr_xia', 'xia@elsewhere.example');
INSERT INTO organizations (id, name, owner_id) VALUES ('org_acme', 'Acme', 'usr_ada'), ('org_bolt', 'Bolt', 'usr_bea');
INSERT INTO members (organization_id, user_id, role, accepted_at) VALUES
  ('org_acme', 'usr_ada', 'admin', now()), ('org_acme', 'usr_bob', 'member', now()), ('org_acme', 'usr_dan', 'member', now()),
  ('org_acme', 'usr_eva', 'member', now()), ('org_bolt', 'usr_bea', 'admin', now());
INSERT INTO teams (id, organization_id, name) VALUES ('grp_models', 'org_acme', 'Models');
INSERT INTO team_members (team_id, organization_id, user_id) VALUES ('grp_models', 'org_acme', 'usr_eva');
INSERT INTO projects (id, organization_id, name, is_default) VALUES
  ('prj_acme', 'org_acme', 'Default', true), ('prj_a', 'org_acme', 'A', false), ('prj_b', 'org_acme', 'B', false),
  ('prj_c', 'org_acme', 'C', false), ('prj_bolt', 'org_bolt', 'Default', true);
INSERT INTO collaborators (project_id, user_id, team_id, role) VALUES
  ('prj_a', 'usr_bob', NULL, 'member'), ('prj_a', 'usr_dan', NULL, 'member'), ('prj_a', 'usr_xia', NULL, 'member'),
  ('prj_b', NULL, 'grp_models', 'member'), ('prj_c', 'usr_eva', NULL, 'admin');
INSERT INTO api_keys (id, project_id, created_by, secret_sha256) VALUES ('key_ci', 'prj_a', 'usr_ada', sha256('the secret of key_ci'));
INSERT INTO resources (kind, id, project_id, created_by) VALUES ('instant_cluster', 'cl_1', 'prj_a', 'usr_ada'), ('file', 'file_a', 'prj_a', 'usr_bob');
COMMIT;
