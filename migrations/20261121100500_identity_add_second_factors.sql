-- Second factors and other ways in: authenticator apps, recovery codes, passkeys, accounts at other sites, and what is
-- remembered between the two steps of a log-in. Nobody reads these rows but the app.

-- The secret is sealed with a key that is not in this database: whoever has only the database cannot make codes.
create table public.totp_secrets (
  user_id uuid primary key references public.user_profiles (user_id),
  sealed_secret bytea not null constraint totp_secrets_sealed_length check (length(sealed_secret) between 41 and 200),
  created_at timestamptz not null,
  -- Set when the first code was right; until then the secret counts for nothing.
  confirmed_at timestamptz,
  -- The last time step (30 seconds each, since 1970) of which a code was taken; a code works once.
  last_step bigint not null default 0 constraint totp_secrets_last_step_positive check (last_step >= 0),
  -- Wrong codes in a row, counted before they are looked at.
  failures integer not null default 0 constraint totp_secrets_failures_counted check (failures between 0 and 100)
);
alter table public.totp_secrets enable row level security;
alter table public.totp_secrets force row level security;
revoke all on public.totp_secrets from public, anon, authenticated, service_role;
grant select, insert, update, delete on public.totp_secrets to service_role;
create policy totp_secrets_service on public.totp_secrets for all to service_role using (true) with check (true);

-- Codes for the day when the second factor is lost. The first character of a code names its slot.
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

-- Public keys of authenticators (WebAuthn). The user handle at the authenticator is the account's id.
create table public.passkeys (
  id uuid primary key,
  user_id uuid not null references public.user_profiles (user_id),
  credential_id bytea not null constraint passkeys_credential_id_unique unique
    constraint passkeys_credential_id_length check (length(credential_id) between 16 and 1023),
  -- The key and what else never changes, and the counter and flags that do, as `webauthn_rp` writes them.
  fixed_state bytea not null,
  moving_state bytea not null constraint passkeys_moving_state_length check (length(moving_state) = 7),
  transports smallint not null,
  name text not null constraint passkeys_name_length check (length(name) between 1 and 60),
  created_at timestamptz not null,
  last_used_at timestamptz
);
create index passkeys_user_index on public.passkeys (user_id, created_at);
alter table public.passkeys enable row level security;
alter table public.passkeys force row level security;
revoke all on public.passkeys from public, anon, authenticated, service_role;
grant select, insert, update, delete on public.passkeys to service_role;
create policy passkeys_service on public.passkeys for all to service_role using (true) with check (true);

-- A ceremony that has begun: the challenge that the authenticator is to sign. The row goes when it is answered.
create table public.passkey_ceremonies (
  token_hash bytea primary key constraint passkey_ceremonies_token_hash_is_sha256 check (length(token_hash) = 32),
  purpose text not null constraint passkey_ceremonies_purpose_known
    check (purpose in ('register', 'log_in', 'second_factor', 'prove')),
  -- Whose passkey it must be; nobody's in particular for a log-in.
  user_id uuid references public.user_profiles (user_id),
  state bytea not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  constraint passkey_ceremonies_user_known check ((purpose = 'log_in') = (user_id is null))
);
create index passkey_ceremonies_user_index on public.passkey_ceremonies (user_id);
create index passkey_ceremonies_expiry_index on public.passkey_ceremonies (expires_at);
alter table public.passkey_ceremonies enable row level security;
alter table public.passkey_ceremonies force row level security;
revoke all on public.passkey_ceremonies from public, anon, authenticated, service_role;
grant select, insert, update, delete on public.passkey_ceremonies to service_role;
create policy passkey_ceremonies_service on public.passkey_ceremonies for all to service_role using (true) with check (true);

-- Somebody has given the first proof and owes the second.
create table public.login_challenges (
  id uuid primary key,
  token_hash bytea not null constraint login_challenges_token_hash_unique unique
    constraint login_challenges_token_hash_is_sha256 check (length(token_hash) = 32),
  user_id uuid not null references public.user_profiles (user_id),
  proved_by text not null constraint login_challenges_proved_by_known check (proved_by in ('password', 'oidc', 'link')),
  kind text not null constraint login_challenges_kind_known check (kind in ('cookie', 'bearer')),
  -- Counted before the code is looked at.
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

-- Accounts at other sites (OpenID Connect) by which somebody logs in. The subject counts, never the address.
create table public.oidc_identities (
  issuer text not null constraint oidc_identities_issuer_length check (length(issuer) between 1 and 500),
  subject text not null constraint oidc_identities_subject_length check (length(subject) between 1 and 255),
  user_id uuid not null references public.user_profiles (user_id),
  -- The address there when it was linked, by which its owner knows it again.
  email text constraint oidc_identities_email_length check (length(email) <= 254),
  created_at timestamptz not null,
  last_used_at timestamptz not null,
  primary key (issuer, subject),
  constraint oidc_identities_user_issuer_unique unique (user_id, issuer)
);
alter table public.oidc_identities enable row level security;
alter table public.oidc_identities force row level security;
revoke all on public.oidc_identities from public, anon, authenticated, service_role;
grant select, insert, update, delete on public.oidc_identities to service_role;
create policy oidc_identities_service on public.oidc_identities for all to service_role using (true) with check (true);

-- Somebody is on the way to another site and back. The row goes when they are back.
create table public.oidc_flows (
  state_hash bytea primary key constraint oidc_flows_state_hash_is_sha256 check (length(state_hash) = 32),
  -- The browser that left, by the hash of a cookie: nobody else may come back in its place.
  browser_hash bytea not null constraint oidc_flows_browser_hash_is_sha256 check (length(browser_hash) = 32),
  -- The nonce and the PKCE verifier, sealed.
  sealed_secrets bytea not null,
  -- Who links an account there to theirs here; nobody for a log-in.
  user_id uuid references public.user_profiles (user_id),
  next_path text not null constraint oidc_flows_next_path_length check (length(next_path) <= 2000),
  created_at timestamptz not null,
  expires_at timestamptz not null
);
create index oidc_flows_user_index on public.oidc_flows (user_id);
create index oidc_flows_expiry_index on public.oidc_flows (expires_at);
alter table public.oidc_flows enable row level security;
alter table public.oidc_flows force row level security;
revoke all on public.oidc_flows from public, anon, authenticated, service_role;
grant select, insert, update, delete on public.oidc_flows to service_role;
create policy oidc_flows_service on public.oidc_flows for all to service_role using (true) with check (true);
