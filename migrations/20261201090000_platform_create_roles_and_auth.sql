-- Roles, the `auth` schema where the database has none, and the schema of the program's own functions.
--
-- Supabase brings its own roles and its own `auth`: nothing there is replaced, and nothing is created inside it.

do $$
declare
  role_name text;
begin
  -- Roles belong to the cluster, so the migration of another database may create them at the same moment.
  foreach role_name in array array['anon', 'authenticated', 'service_role'] loop
    begin
      if not exists (select from pg_roles where rolname = role_name) then
        execute format('create role %I nologin noinherit nosuperuser nocreatedb nocreaterole nobypassrls', role_name);
      end if;
    exception when duplicate_object or unique_violation then
      null;
    end;
  end loop;
end
$$;

revoke create on schema public from public;
grant usage on schema public to anon, authenticated, service_role;

-- Supabase's default privileges grant everything that the owner creates here to these roles. Each migration grants what
-- it means to grant.
alter default privileges in schema public revoke all on tables from anon, authenticated, service_role;
alter default privileges in schema public revoke all on sequences from anon, authenticated, service_role;
alter default privileges in schema public revoke all on functions from anon, authenticated, service_role;

do $$
begin
  if not exists (select from pg_namespace where nspname = 'auth') then
    create schema auth;
    grant usage on schema auth to anon, authenticated, service_role;
  end if;

  if to_regclass('auth.users') is null then
    create table auth.users (
      id uuid primary key,
      email text not null,
      email_confirmed_at timestamptz,
      created_at timestamptz not null,
      updated_at timestamptz not null,
      constraint users_email_is_lower_case check (email = lower(email)),
      constraint users_email_key unique (email)
    );
    alter table auth.users enable row level security;
    alter table auth.users force row level security;
    revoke all on auth.users from public, anon, authenticated, service_role;
    -- Read and written only by the security definer functions of the next file, which run as this owner.
    create policy users_owner on auth.users to current_user using (true) with check (true);
  end if;

  if to_regprocedure('auth.uid()') is null then
    execute $fn$
      create function auth.uid() returns uuid language sql stable set search_path = '' as
      $body$ select (nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub')::uuid $body$
    $fn$;
  end if;
  if to_regprocedure('auth.role()') is null then
    execute $fn$
      create function auth.role() returns text language sql stable set search_path = '' as
      $body$ select nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'role' $body$
    $fn$;
  end if;
  if to_regprocedure('auth.jwt()') is null then
    execute $fn$
      create function auth.jwt() returns jsonb language sql stable set search_path = '' as
      $body$ select nullif(current_setting('request.jwt.claims', true), '')::jsonb $body$
    $fn$;
  end if;
end
$$;

-- The program's functions have a schema of their own, so that exposing `public` (as Supabase's API does) exposes none.
create schema app;
revoke all on schema app from public;
grant usage on schema app to anon, authenticated, service_role;

-- The trigger function of append-only tables.
create function app.forbid_change() returns trigger language plpgsql set search_path = '' as $$
begin
  raise exception '% on %.% is not allowed: its rows are kept as they were written', tg_op, tg_table_schema, tg_table_name
    using errcode = 'restrict_violation';
end
$$;
revoke all on function app.forbid_change() from public, anon, authenticated;
