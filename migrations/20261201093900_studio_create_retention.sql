-- How long generations are kept: by the plan of their owner, from the day of creation; for ever while they are published
-- or in use, or once they were sold.

-- A plan with a shorter history deletes nothing until its user was notified thirty days before.
create table public.retention_notices (
  id uuid primary key,
  user_id uuid not null references public.user_profiles (user_id) on delete restrict,
  plan text not null,
  history_days_before integer constraint retention_notices_before_positive check (history_days_before > 0),
  history_days integer not null constraint retention_notices_days_positive check (history_days > 0),
  picture_count bigint not null constraint retention_notices_pictures_counted check (picture_count > 0),
  told_at timestamptz not null,
  takes_effect_at timestamptz not null,
  withdrawn_at timestamptz,
  constraint retention_notices_comes_first check (takes_effect_at > told_at)
);
comment on column public.retention_notices.history_days_before is 'Null: for ever.';
create index retention_notices_user_index on public.retention_notices (user_id, takes_effect_at desc);

alter table public.retention_notices enable row level security;
alter table public.retention_notices force row level security;
revoke all on public.retention_notices from public, anon, authenticated, service_role;
grant select on public.retention_notices to authenticated;
grant select, insert, update on public.retention_notices to service_role;
create policy retention_notices_service on public.retention_notices for all to service_role
  using (true) with check (true);
create policy retention_notices_owner_reads on public.retention_notices for select to authenticated
  using (user_id = (select auth.uid()));
