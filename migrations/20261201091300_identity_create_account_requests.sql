-- What a user may demand for the whole account: a copy of all data, and its deletion.

-- A file with all data of a user, for that user.
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

-- A requested deletion of the account: due after a period in which the user may cancel it.
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
