-- What a picture was paid with, and how long it is kept: by the plan of its owner, from the day it was made; for ever
-- while it is on show, in use, or once it was sold.

alter table public.generations
  add column tokens_used_milli bigint not null default 0
    constraint generations_tokens_counted check (tokens_used_milli >= 0),
  add column is_used boolean not null default false,
  add column removal_begun_at timestamptz,
  add constraint generations_used_is_not_deleted check (not is_used or deleted_at is null),
  add constraint generations_removal_is_of_deleted check (removal_begun_at is null or deleted_at is not null);
comment on column public.generations.credits_used is 'Image credits that it was paid with; zero where it was paid in tokens.';
comment on column public.generations.tokens_used_milli is 'Thousandths of tokens that it was paid with.';
comment on column public.generations.is_used is 'It is a part of something of its owner''s that others see, such as a page: kept, and not deleted.';
comment on column public.generations.removal_begun_at is 'Its time is over and its files are being removed; empty again once that is done.';

-- What is due, whose files are still to go, and nothing else: what is kept for ever never stands in the way.
drop index public.generations_expiry_index;
create index generations_due_index on public.generations (expires_at)
  where expires_at is not null and deleted_at is null and kept_reason is null and not is_used;
create index generations_removing_index on public.generations (removal_begun_at) where removal_begun_at is not null;

-- When something goes that nothing keeps any more: the days of its owner's plan begin again, and it never goes earlier
-- than it would have gone before.
create function app.studio_keep_anew(p_user_id uuid, p_expires_at timestamptz, p_now timestamptz) returns timestamptz
language sql stable set search_path = '' as $$
  select case when p_expires_at is null or s.history_days is null then p_expires_at
              else greatest(p_expires_at, p_now + s.history_days * interval '24 hours') end
    from public.user_settings as s where s.user_id = p_user_id
$$;
revoke all on function app.studio_keep_anew(uuid, timestamptz, timestamptz)
  from public, anon, authenticated, service_role;
grant execute on function app.studio_keep_anew(uuid, timestamptz, timestamptz) to service_role;

-- A plan that keeps less takes nothing away before its person has been told for thirty days.
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

-- What was made before this rule existed keeps the time of its plan, and thirty days at least.
create policy generations_backfill on public.generations to current_user using (true) with check (true);
update public.generations as g
   set expires_at = greatest(g.created_at + s.history_days * interval '24 hours', now() + interval '30 days')
  from public.user_settings as s
 where s.user_id = g.user_id and s.history_days is not null and g.deleted_at is null;
drop policy generations_backfill on public.generations;
