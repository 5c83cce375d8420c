-- Links that are sent by mail, and changes of the address, which both addresses must confirm.

-- A link works once, for one purpose. Only the hash of its secret is kept.
create table public.one_time_links (
  id uuid primary key,
  user_id uuid not null references public.user_profiles (user_id),
  purpose text not null constraint one_time_links_purpose_known
    check (purpose in ('set_password', 'recovery', 'verify_email', 'change_email_old', 'change_email_new')),
  -- The address that the link was sent to, and so verifies.
  email text not null constraint one_time_links_email_length check (length(email) <= 254),
  secret_hash bytea not null constraint one_time_links_secret_hash_unique unique
    constraint one_time_links_secret_hash_is_sha256 check (length(secret_hash) = 32),
  created_at timestamptz not null,
  expires_at timestamptz not null,
  consumed_at timestamptz,
  revoked_at timestamptz,
  -- When the link was removed from the stored mail.
  cleared_at timestamptz
);
create index one_time_links_user_index on public.one_time_links (user_id, purpose, created_at desc);
create index one_time_links_uncleared_index on public.one_time_links (expires_at) where cleared_at is null;

alter table public.one_time_links enable row level security;
alter table public.one_time_links force row level security;
revoke all on public.one_time_links from public, anon, authenticated, service_role;
grant select, insert, update, delete on public.one_time_links to service_role;
create policy one_time_links_service on public.one_time_links for all to service_role using (true) with check (true);

-- A requested new address: the user must confirm both the old and the new one.
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
