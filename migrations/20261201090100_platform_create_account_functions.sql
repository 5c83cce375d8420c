-- Functions over `auth.users`. On Supabase `service_role` has no rights on that table, while the owner of these functions
-- has them; elsewhere only that owner has them.

create function app.user_email(p_id uuid) returns text language sql stable security definer set search_path = '' as $$
  select u.email::text from auth.users as u where u.id = p_id
$$;

create function app.user_id_of_email(p_email text) returns uuid
language sql stable security definer set search_path = '' as $$
  select u.id from auth.users as u where u.email = p_email order by u.created_at, u.id limit 1
$$;

create function app.user_email_verified_at(p_id uuid) returns timestamptz
language sql stable security definer set search_path = '' as $$
  select u.email_confirmed_at from auth.users as u where u.id = p_id
$$;

-- Creates an account; false when the address or the id is taken. Supabase's auth server fails to list users whose row it
-- cannot read, so on Supabase the row gets the values that this server itself would write.
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

-- Records that mail reached the address; false when the account has another address by now.
create function app.verify_user_email(p_id uuid, p_email text, p_now timestamptz) returns boolean
language plpgsql security definer set search_path = '' as $$
begin
  update auth.users as u
     set email_confirmed_at = coalesce(u.email_confirmed_at, p_now), updated_at = p_now
   where u.id = p_id and u.email = p_email;
  return found;
end
$$;

-- Moves an account to an address that was verified; false when another account has it.
create function app.change_user_email(p_id uuid, p_email text, p_now timestamptz) returns boolean
language plpgsql security definer set search_path = '' as $$
begin
  if exists (select from auth.users as u where u.email = p_email and u.id <> p_id) then
    return false;
  end if;
  update auth.users as u set email = p_email, email_confirmed_at = p_now, updated_at = p_now where u.id = p_id;
  return found;
exception when unique_violation then
  return false;
end
$$;

-- Removes the personal data from an account's row. The row itself stays, because orders and the ledger reference it.
do $$
begin
  if exists (select from pg_attribute where attrelid = 'auth.users'::regclass and attname = 'raw_user_meta_data') then
    create function app.erase_user(p_id uuid, p_now timestamptz) returns void
    language plpgsql security definer set search_path = '' as $fn$
    begin
      update auth.users as u
         set email = 'erased-' || p_id || '@erased.invalid', encrypted_password = null, phone = null,
             raw_user_meta_data = '{}', email_change = '', phone_change = '', email_confirmed_at = null, updated_at = p_now
       where u.id = p_id;
      if to_regclass('auth.identities') is not null then
        execute 'delete from auth.identities where user_id = $1' using p_id;
      end if;
      if to_regclass('auth.sessions') is not null then
        execute 'delete from auth.sessions where user_id = $1' using p_id;
      end if;
    end
    $fn$;
  else
    create function app.erase_user(p_id uuid, p_now timestamptz) returns void
    language plpgsql security definer set search_path = '' as $fn$
    begin
      update auth.users as u
         set email = 'erased-' || p_id || '@erased.invalid', email_confirmed_at = null, updated_at = p_now
       where u.id = p_id;
    end
    $fn$;
  end if;
end
$$;

revoke all on function app.user_email(uuid), app.user_id_of_email(text), app.user_email_verified_at(uuid),
  app.register_user(uuid, text, timestamptz), app.verify_user_email(uuid, text, timestamptz),
  app.change_user_email(uuid, text, timestamptz), app.erase_user(uuid, timestamptz) from public, anon, authenticated;
grant execute on function app.user_email(uuid), app.user_id_of_email(text), app.user_email_verified_at(uuid),
  app.register_user(uuid, text, timestamptz), app.verify_user_email(uuid, text, timestamptz),
  app.change_user_email(uuid, text, timestamptz), app.erase_user(uuid, timestamptz) to service_role;
