-- Protection of the log-in against guessing: counters, known devices, and log-ins that wait for the second factor.

-- Attempts are counted before they are checked. The key is a hash, so that no address of a failed attempt is stored.
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

-- A browser from which the user has logged in before: attempts by others do not delay its log-ins.
create table public.known_devices (
  id uuid primary key,
  user_id uuid not null references public.user_profiles (user_id),
  token_hash bytea not null
    constraint known_devices_token_hash_is_sha256 check (length(token_hash) = 32),
  created_at timestamptz not null,
  last_used_at timestamptz not null,
  -- A shared browser is known to each of its users.
  constraint known_devices_user_token_unique unique (user_id, token_hash)
);
create index known_devices_token_index on public.known_devices (token_hash);

alter table public.known_devices enable row level security;
alter table public.known_devices force row level security;
revoke all on public.known_devices from public, anon, authenticated, service_role;
grant select, insert, update, delete on public.known_devices to service_role;
create policy known_devices_service on public.known_devices for all to service_role using (true) with check (true);

-- A log-in that has passed its first factor and waits for the second.
create table public.login_challenges (
  id uuid primary key,
  token_hash bytea not null constraint login_challenges_token_hash_unique unique
    constraint login_challenges_token_hash_is_sha256 check (length(token_hash) = 32),
  user_id uuid not null references public.user_profiles (user_id),
  proved_by text not null constraint login_challenges_proved_by_known check (proved_by in ('password', 'oidc', 'link')),
  kind text not null constraint login_challenges_kind_known check (kind in ('cookie', 'bearer')),
  -- Counted before the code is checked.
  attempts integer not null default 0 constraint login_challenges_attempts_counted check (attempts between 0 and 5),
  created_at timestamptz not null,
  expires_at timestamptz not null,
  consumed_at timestamptz
);
create index login_challenges_user_index on public.login_challenges (user_id);
create index login_challenges_expiry_index on public.login_challenges (expires_at);

alter table public.login_challenges enable row level security;
alter table public.login_challenges force row level security;
revoke all on public.login_challenges from public, anon, authenticated, service_role;
grant select, insert, update, delete on public.login_challenges to service_role;
create policy login_challenges_service on public.login_challenges for all to service_role using (true) with check (true);
