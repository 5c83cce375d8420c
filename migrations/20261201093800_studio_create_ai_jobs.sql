-- The execution of a generation at a provider. The id is that of the queued job; this row stays when that job is deleted.

create table public.ai_jobs (
  id uuid primary key,
  user_id uuid not null references public.user_profiles (user_id) on delete restrict,
  generation_id uuid not null,
  status text not null default 'queued' constraint ai_jobs_status_known
    check (status in ('queued', 'processing', 'completed', 'failed', 'refused', 'cancelled')),
  attempts integer not null default 0 constraint ai_jobs_attempts_counted check (attempts >= 0),
  -- Requests that were sent, and those whose outcome is unknown; both may have been billed.
  provider_calls integer not null default 0 constraint ai_jobs_calls_counted check (provider_calls >= 0),
  unknown_calls integer not null default 0 constraint ai_jobs_unknown_counted check (unknown_calls >= 0),
  cost_micro_usd bigint not null default 0 constraint ai_jobs_cost_counted check (cost_micro_usd >= 0),
  failure_code text,
  -- Files that an attempt was about to write; those without a row afterwards are removed.
  staged_keys text[] not null default '{}',
  -- What a text model has written so far; null again once the execution has ended.
  partial_text text,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  started_at timestamptz,
  finished_at timestamptz,
  constraint ai_jobs_generation_is_own foreign key (generation_id, user_id)
    references public.generations (id, user_id) on delete restrict
);
create index ai_jobs_generation_index on public.ai_jobs (generation_id, user_id, created_at desc);
create index ai_jobs_open_index on public.ai_jobs (id) where status in ('queued', 'processing');
create index ai_jobs_user_index on public.ai_jobs (user_id, created_at desc);

alter table public.ai_jobs enable row level security;
alter table public.ai_jobs force row level security;
revoke all on public.ai_jobs from public, anon, authenticated, service_role;
-- The user does not see what a picture cost the platform.
grant select (id, user_id, generation_id, status, attempts, failure_code, partial_text, created_at, updated_at,
              started_at, finished_at)
  on public.ai_jobs to authenticated;
grant select, insert, update, delete on public.ai_jobs to service_role;
create policy ai_jobs_service on public.ai_jobs for all to service_role using (true) with check (true);
create policy ai_jobs_owner_reads on public.ai_jobs for select to authenticated using (user_id = (select auth.uid()));
