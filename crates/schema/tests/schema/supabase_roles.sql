-- A stand-in for a fresh Supabase project: its roles, its schemas, its auth.users, and who owns and may what there.

create role supabase_admin superuser createdb createrole replication bypassrls login;
create role postgres nosuperuser createdb createrole replication bypassrls login;
create role supabase_auth_admin nosuperuser noinherit createrole login;
create role anon nologin noinherit;
create role authenticated nologin noinherit;
create role service_role nologin noinherit bypassrls;
create role authenticator login noinherit;
create role dashboard_user nosuperuser createdb createrole replication nologin;
do $$
begin
  if current_setting('server_version_num')::int >= 160000 then
    grant anon, authenticated, service_role, authenticator to postgres with admin option;
  else
    grant anon, authenticated, service_role to postgres;
  end if;
end
$$;
grant anon, authenticated, service_role to authenticator;
