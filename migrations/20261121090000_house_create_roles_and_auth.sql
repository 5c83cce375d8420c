-- The ground: roles, the `auth` schema where the database has none, and the functions that policies and triggers use.
--
-- Supabase brings roles and `auth` of its own; nothing there is replaced, and nothing of ours is created inside it.

do $$
declare
  role_name text;
begin
  -- Roles belong to the cluster, so another database's migration may create them at this very moment.
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

do $$
begin
  if not exists (select from pg_namespace where nspname = 'auth') then
    create schema auth;
  end if;

  if to_regclass('auth.users') is null then
    create table auth.users (
      id uuid primary key,
      email text not null,
      created_at timestamptz not null,
      updated_at timestamptz not null,
      constraint users_email_is_lower_case check (email = lower(email)),
      constraint users_email_key unique (email)
    );
    alter table auth.users enable row level security;
    alter table auth.users force row level security;
    revoke all on auth.users from public, anon, authenticated, service_role;
    grant select, insert, update, delete on auth.users to service_role;
    create policy users_house on auth.users for all to service_role using (true) with check (true);
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

grant usage on schema auth to anon, authenticated, service_role;

-- Functions of the house live apart, so that nothing exposes them by exposing `public`.
create schema house;
revoke all on schema house from public;
grant usage on schema house to anon, authenticated, service_role;

create function house.forbid_change() returns trigger language plpgsql set search_path = '' as $$
begin
  raise exception '% on %.% is not allowed: its rows are kept as they were written', tg_op, tg_table_schema, tg_table_name
    using errcode = 'restrict_violation';
end
$$;
revoke all on function house.forbid_change() from public, anon, authenticated;
