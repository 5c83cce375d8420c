-- The job queue. A row is enqueued in the transaction that causes the work and claimed with SKIP LOCKED; only the holder
-- of the lease token of the running attempt may finish it (reference/security.md, "Jobs, on PostgreSQL").

create table public.jobs (
  id uuid primary key,
  name text not null,
  payload jsonb not null,
  unique_key text,
  owner_id uuid,
  priority smallint not null default 0,
  state text not null default 'queued'
    constraint jobs_state_known check (state in ('queued', 'running', 'succeeded', 'failed', 'dead', 'cancelled')),
  attempts integer not null default 0,
  max_attempts integer not null,
  run_at timestamptz not null,
  lease_token uuid,
  -- The advisory lock that the worker holds as long as it lives.
  lease_session bigint,
  progress_percent smallint not null default 0
    constraint jobs_progress_in_range check (progress_percent between 0 and 100),
  progress_stage text not null default 'queued',
  outcome jsonb,
  last_error text,
  request_id uuid not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  finished_at timestamptz,
  constraint jobs_attempts_within_bounds check (attempts between 0 and max_attempts and max_attempts between 1 and 100),
  constraint jobs_running_has_lease check ((state = 'running') = (lease_token is not null and lease_session is not null))
);
create index jobs_claim_index on public.jobs (priority desc, run_at, id) where state = 'queued';
create index jobs_running_index on public.jobs (lease_session) where state = 'running';
create unique index jobs_unique_key_open on public.jobs (name, unique_key) where state in ('queued', 'running');
create index jobs_owner_index on public.jobs (owner_id, created_at desc) where owner_id is not null;
create index jobs_finished_index on public.jobs (finished_at) where finished_at is not null;
create index jobs_dead_index on public.jobs (name, finished_at) where state = 'dead';

alter table public.jobs enable row level security;
alter table public.jobs force row level security;
revoke all on public.jobs from public, anon, authenticated, service_role;
grant select, insert, update, delete on public.jobs to service_role;
-- A user sees the progress of their own jobs, but not the payload and the errors.
grant select (id, name, owner_id, state, progress_percent, progress_stage, outcome, created_at, updated_at, finished_at)
  on public.jobs to authenticated;
create policy jobs_service on public.jobs for all to service_role using (true) with check (true);
create policy jobs_owner_reads on public.jobs for select to authenticated using (owner_id = (select auth.uid()));

-- Recurring jobs: one row per schedule, advanced in the transaction that enqueues the run.
create table public.job_schedules (
  name text primary key,
  every_seconds integer not null constraint job_schedules_interval_positive check (every_seconds > 0),
  next_run_at timestamptz not null
);

alter table public.job_schedules enable row level security;
alter table public.job_schedules force row level security;
revoke all on public.job_schedules from public, anon, authenticated, service_role;
grant select, insert, update, delete on public.job_schedules to service_role;
create policy job_schedules_service on public.job_schedules for all to service_role using (true) with check (true);
