-- Authenticator apps (TOTP) and recovery codes. Only the program reads these rows.

-- The secret is encrypted with a key outside this database: a copy of the database alone yields no codes.
create table public.totp_secrets (
  user_id uuid primary key references public.user_profiles (user_id),
  sealed_secret bytea not null constraint totp_secrets_sealed_length check (length(sealed_secret) between 41 and 200),
  created_at timestamptz not null,
  -- Set with the first correct code; until then the secret is not in use.
  confirmed_at timestamptz,
  -- The last time step (30 seconds each, since 1970) whose code was accepted: a code works once.
  last_step bigint not null default 0 constraint totp_secrets_last_step_positive check (last_step >= 0),
  -- Consecutive wrong codes, counted before they are checked.
  failures integer not null default 0 constraint totp_secrets_failures_counted check (failures between 0 and 100)
);

alter table public.totp_secrets enable row level security;
alter table public.totp_secrets force row level security;
revoke all on public.totp_secrets from public, anon, authenticated, service_role;
grant select, insert, update, delete on public.totp_secrets to service_role;
create policy totp_secrets_service on public.totp_secrets for all to service_role using (true) with check (true);

-- Single-use codes for a user who has lost the second factor. The first character of a code names its slot.
create table public.recovery_codes (
  user_id uuid not null references public.user_profiles (user_id),
  slot smallint not null constraint recovery_codes_slot_known check (slot between 0 and 9),
  code_hash text not null constraint recovery_codes_is_argon2id check (code_hash like '$argon2id$%'),
  created_at timestamptz not null,
  used_at timestamptz,
  primary key (user_id, slot)
);

alter table public.recovery_codes enable row level security;
alter table public.recovery_codes force row level security;
revoke all on public.recovery_codes from public, anon, authenticated, service_role;
grant select, insert, update, delete on public.recovery_codes to service_role;
create policy recovery_codes_service on public.recovery_codes for all to service_role using (true) with check (true);
