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

-- Supabase gives everything that its owner creates here to everybody; each migration gives what it means to give.
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
      created_at timestamptz not null,
      updated_at timestamptz not null,
      constraint users_email_is_lower_case check (email = lower(email)),
      constraint users_email_key unique (email)
    );
    alter table auth.users enable row level security;
    alter table auth.users force row level security;
    revoke all on auth.users from public, anon, authenticated, service_role;
    -- Nobody reads or writes it but through the functions below, whose owner this is.
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

-- Functions of the platform live apart, so that nothing exposes them by exposing `public`.
create schema app;
revoke all on schema app from public;
grant usage on schema app to anon, authenticated, service_role;

create function app.forbid_change() returns trigger language plpgsql set search_path = '' as $$
begin
  raise exception '% on %.% is not allowed: its rows are kept as they were written', tg_op, tg_table_schema, tg_table_name
    using errcode = 'restrict_violation';
end
$$;
revoke all on function app.forbid_change() from public, anon, authenticated;

-- The accounts, for the platform: on Supabase service_role may not touch auth.users, and the owner of these functions may.
create function app.user_email(p_id uuid) returns text language sql stable security definer set search_path = '' as $$
  select u.email::text from auth.users as u where u.id = p_id
$$;
create function app.user_id_of_email(p_email text) returns uuid
language sql stable security definer set search_path = '' as $$
  select u.id from auth.users as u where u.email = p_email order by u.created_at, u.id limit 1
$$;

-- Makes an account; false when the address or the id is taken. A row that Supabase's own server cannot read would break
-- its listings, so there it gets the values that server would have written.
do $$
begin
  if exists (select from pg_attribute where attrelid = 'auth.users'::regclass and attname = 'instance_id') then
    create function app.register_user(p_id uuid, p_email text, p_now timestamptz) returns boolean
    language plpgsql security definer set search_path = '' as $fn$
    begin
      if exists (select from auth.users as u where u.email = p_email) then
        return false;
      end if;
      insert into auth.users
          (instance_id, id, aud, role, email, raw_app_meta_data, raw_user_meta_data, confirmation_token, recovery_token,
           email_change_token_new, email_change, created_at, updated_at)
        values ('00000000-0000-0000-0000-000000000000', p_id, 'authenticated', 'authenticated', p_email,
                '{"provider": "email", "providers": ["email"]}', '{}', '', '', '', '', p_now, p_now)
        on conflict do nothing;
      return found;
    end
    $fn$;
  else
    create function app.register_user(p_id uuid, p_email text, p_now timestamptz) returns boolean
    language plpgsql security definer set search_path = '' as $fn$
    begin
      insert into auth.users (id, email, created_at, updated_at) values (p_id, p_email, p_now, p_now)
        on conflict do nothing;
      return found;
    end
    $fn$;
  end if;
end
$$;
revoke all on function app.user_email(uuid), app.user_id_of_email(text),
  app.register_user(uuid, text, timestamptz) from public, anon, authenticated;
grant execute on function app.user_email(uuid), app.user_id_of_email(text),
  app.register_user(uuid, text, timestamptz) to service_role;
