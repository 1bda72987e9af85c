-- Tell the service that something has changed. The message is empty: the service reads the views. PostgreSQL sends it when the transaction commits,
-- and only once, however many statements it had.

CREATE FUNCTION access.tell() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NOTIFY access_changed;
  RETURN NULL;
END $$;

CREATE TRIGGER tell_access AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON organizations FOR EACH STATEMENT EXECUTE FUNCTION access.tell();
CREATE TRIGGER tell_access AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON members       FOR EACH STATEMENT EXECUTE FUNCTION access.tell();
CREATE TRIGGER tell_access AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON teams         FOR EACH STATEMENT EXECUTE FUNCTION access.tell();
CREATE TRIGGER tell_access AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON team_members  FOR EACH STATEMENT EXECUTE FUNCTION access.tell();
CREATE TRIGGER tell_access AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON projects      FOR EACH STATEMENT EXECUTE FUNCTION access.tell();
CREATE TRIGGER tell_access AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON collaborators FOR EACH STATEMENT EXECUTE FUNCTION access.tell();
CREATE TRIGGER tell_access AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON resources     FOR EACH STATEMENT EXECUTE FUNCTION access.tell();

-- These change all the time in columns that decide nothing (`last_used_at`), so the columns that views read are named.
CREATE TRIGGER tell_access AFTER INSERT OR DELETE OR TRUNCATE
  OR UPDATE OF id, project_id, name, secret_sha256, is_organization_default, created_by, created_at, expires_at, revoked_at
  ON api_keys FOR EACH STATEMENT EXECUTE FUNCTION access.tell();
CREATE TRIGGER tell_access AFTER INSERT OR DELETE OR TRUNCATE OR UPDATE OF id, suspended_at
  ON users FOR EACH STATEMENT EXECUTE FUNCTION access.tell();
