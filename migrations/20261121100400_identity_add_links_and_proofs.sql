-- Proofs of who somebody is: when and how a session was proved, links that work once, verified addresses, counters
-- against guessing, devices that are known, tokens for programs, and the way out of the app.

-- Supabase keeps the moment of verification in auth.users already; where the table is ours it gets the same column.
do $$
begin
  if not exists (select from pg_attribute
                  where attrelid = 'auth.users'::regclass and attname = 'email_confirmed_at' and not attisdropped) then
    alter table auth.users add column email_confirmed_at timestamptz;
  end if;
end
$$;

create function app.user_email_verified_at(p_id uuid) returns timestamptz
language sql stable security definer set search_path = '' as $$
  select u.email_confirmed_at from auth.users as u where u.id = p_id
$$;

-- Notes that mail reached the address; false when the account has another address by now.
create function app.verify_user_email(p_id uuid, p_email text, p_now timestamptz) returns boolean
language plpgsql security definer set search_path = '' as $$
begin
  update auth.users as u
     set email_confirmed_at = coalesce(u.email_confirmed_at, p_now), updated_at = p_now
   where u.id = p_id and u.email = p_email;
  return found;
end
$$;

-- Moves an account to an address that was proved; false when somebody else has it.
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

-- Takes from an account's row what says who it was. The row stays, because orders and the ledger point at it.
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
revoke all on function app.user_email_verified_at(uuid), app.verify_user_email(uuid, text, timestamptz),
  app.change_user_email(uuid, text, timestamptz), app.erase_user(uuid, timestamptz) from public, anon, authenticated;
grant execute on function app.user_email_verified_at(uuid), app.verify_user_email(uuid, text, timestamptz),
  app.change_user_email(uuid, text, timestamptz), app.erase_user(uuid, timestamptz) to service_role;

-- When and by what the person behind a session last proved who they are. Until now every session began with a password.
alter table public.sessions add column authenticated_at timestamptz;
alter table public.sessions add column factors text[] not null default '{password}'
  constraint sessions_factors_known
    check (factors <@ array['password', 'passkey', 'totp', 'recovery_code', 'oidc', 'link']);
alter table public.sessions no force row level security;
update public.sessions set authenticated_at = created_at;
alter table public.sessions force row level security;
alter table public.sessions alter column authenticated_at set not null;
grant select (authenticated_at, factors) on public.sessions to authenticated;

-- A link that works once, for one purpose. Only the hash of its secret is kept.
create table public.one_time_links (
  id uuid primary key,
  user_id uuid not null references public.user_profiles (user_id),
  purpose text not null constraint one_time_links_purpose_known
    check (purpose in ('set_password', 'recovery', 'verify_email', 'change_email_old', 'change_email_new')),
  -- The address that the link was sent to, and so proves.
  email text not null constraint one_time_links_email_length check (length(email) <= 254),
  secret_hash bytea not null constraint one_time_links_secret_hash_unique unique
    constraint one_time_links_secret_hash_is_sha256 check (length(secret_hash) = 32),
  created_at timestamptz not null,
  expires_at timestamptz not null,
  consumed_at timestamptz,
  revoked_at timestamptz,
  -- When the mail that carried it was cleared of it.
  cleared_at timestamptz
);
create index one_time_links_user_index on public.one_time_links (user_id, purpose, created_at desc);
create index one_time_links_uncleared_index on public.one_time_links (expires_at) where cleared_at is null;
alter table public.one_time_links enable row level security;
alter table public.one_time_links force row level security;
revoke all on public.one_time_links from public, anon, authenticated, service_role;
grant select, insert, update, delete on public.one_time_links to service_role;
create policy one_time_links_service on public.one_time_links for all to service_role using (true) with check (true);

-- An address that somebody wants instead of the present one: both must be shown to be theirs.
create table public.email_changes (
  id uuid primary key,
  user_id uuid not null references public.user_profiles (user_id),
  new_email text not null constraint email_changes_new_email_length check (length(new_email) <= 254),
  requested_at timestamptz not null,
  expires_at timestamptz not null,
  old_confirmed_at timestamptz,
  new_confirmed_at timestamptz,
  ended_at timestamptz
);
create unique index email_changes_open_unique on public.email_changes (user_id) where ended_at is null;
create index email_changes_user_index on public.email_changes (user_id);
alter table public.email_changes enable row level security;
alter table public.email_changes force row level security;
revoke all on public.email_changes from public, anon, authenticated, service_role;
grant select, insert, update, delete on public.email_changes to service_role;
create policy email_changes_service on public.email_changes for all to service_role using (true) with check (true);

-- Guesses are counted before they are looked at. The key is a hash, so that no address is kept for a stranger's guess.
create table public.login_throttles (
  subject text not null constraint login_throttles_subject_known check (subject in ('account', 'device', 'recovery')),
  key_hash bytea not null constraint login_throttles_key_hash_is_sha256 check (length(key_hash) = 32),
  attempts integer not null constraint login_throttles_attempts_positive check (attempts > 0),
  next_attempt_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (subject, key_hash)
);
create index login_throttles_updated_index on public.login_throttles (updated_at);
alter table public.login_throttles enable row level security;
alter table public.login_throttles force row level security;
revoke all on public.login_throttles from public, anon, authenticated, service_role;
grant select, insert, update, delete on public.login_throttles to service_role;
create policy login_throttles_service on public.login_throttles for all to service_role using (true) with check (true);

-- A browser from which somebody has logged in before: strangers' guesses do not make it wait.
create table public.known_devices (
  id uuid primary key,
  user_id uuid not null references public.user_profiles (user_id),
  token_hash bytea not null constraint known_devices_token_hash_unique unique
    constraint known_devices_token_hash_is_sha256 check (length(token_hash) = 32),
  created_at timestamptz not null,
  last_used_at timestamptz not null
);
create index known_devices_user_index on public.known_devices (user_id, last_used_at desc);
alter table public.known_devices enable row level security;
alter table public.known_devices force row level security;
revoke all on public.known_devices from public, anon, authenticated, service_role;
grant select, insert, update, delete on public.known_devices to service_role;
create policy known_devices_service on public.known_devices for all to service_role using (true) with check (true);

-- Tokens that people make for their own programs.
create table public.api_tokens (
  id uuid primary key,
  user_id uuid not null references public.user_profiles (user_id),
  name text not null constraint api_tokens_name_length check (length(name) between 1 and 60),
  token_hash bytea not null constraint api_tokens_token_hash_unique unique
    constraint api_tokens_token_hash_is_sha256 check (length(token_hash) = 32),
  -- The last characters, by which its owner knows it again.
  ending text not null constraint api_tokens_ending_length check (length(ending) = 4),
  scopes text[] not null constraint api_tokens_scopes_known
    check (scopes <@ array['read', 'make', 'publish', 'buy', 'account'] and cardinality(scopes) > 0),
  created_at timestamptz not null,
  expires_at timestamptz not null,
  last_used_at timestamptz,
  revoked_at timestamptz
);
create index api_tokens_user_index on public.api_tokens (user_id, created_at desc);
alter table public.api_tokens enable row level security;
alter table public.api_tokens force row level security;
revoke all on public.api_tokens from public, anon, authenticated, service_role;
grant select, insert, update, delete on public.api_tokens to service_role;
grant select (id, user_id, name, ending, scopes, created_at, expires_at, last_used_at, revoked_at)
  on public.api_tokens to authenticated;
create policy api_tokens_service on public.api_tokens for all to service_role using (true) with check (true);
create policy api_tokens_owner_reads on public.api_tokens for select to authenticated
  using (user_id = (select auth.uid()));

-- Everything about a person, as a file for that person.
create table public.account_exports (
  id uuid primary key,
  user_id uuid not null references public.user_profiles (user_id),
  state text not null default 'requested'
    constraint account_exports_state_known check (state in ('requested', 'ready', 'failed', 'ended')),
  storage_key text,
  size_bytes bigint,
  requested_at timestamptz not null,
  ready_at timestamptz,
  expires_at timestamptz,
  constraint account_exports_ready_has_file
    check (state <> 'ready' or (storage_key is not null and ready_at is not null and expires_at is not null))
);
create index account_exports_user_index on public.account_exports (user_id, requested_at desc);
create index account_exports_ready_index on public.account_exports (expires_at) where state = 'ready';
alter table public.account_exports enable row level security;
alter table public.account_exports force row level security;
revoke all on public.account_exports from public, anon, authenticated, service_role;
grant select, insert, update, delete on public.account_exports to service_role;
grant select (id, user_id, state, size_bytes, requested_at, ready_at, expires_at)
  on public.account_exports to authenticated;
create policy account_exports_service on public.account_exports for all to service_role using (true) with check (true);
create policy account_exports_owner_reads on public.account_exports for select to authenticated
  using (user_id = (select auth.uid()));

-- The wish to leave, and what became of it.
create table public.account_deletions (
  user_id uuid primary key references public.user_profiles (user_id),
  requested_at timestamptz not null,
  due_at timestamptz not null,
  cancelled_at timestamptz,
  erased_at timestamptz,
  constraint account_deletions_one_end check (cancelled_at is null or erased_at is null)
);
create index account_deletions_due_index on public.account_deletions (due_at)
  where cancelled_at is null and erased_at is null;
alter table public.account_deletions enable row level security;
alter table public.account_deletions force row level security;
revoke all on public.account_deletions from public, anon, authenticated, service_role;
grant select, insert, update, delete on public.account_deletions to service_role;
grant select on public.account_deletions to authenticated;
create policy account_deletions_service on public.account_deletions for all to service_role using (true) with check (true);
create policy account_deletions_owner_reads on public.account_deletions for select to authenticated
  using (user_id = (select auth.uid()));
