-- Passkeys: the public keys of authenticators (WebAuthn) and ceremonies in progress. Only the program reads these rows.

-- The user handle at the authenticator is the account's id.
create table public.passkeys (
  id uuid primary key,
  user_id uuid not null references public.user_profiles (user_id),
  credential_id bytea not null constraint passkeys_credential_id_unique unique
    constraint passkeys_credential_id_length check (length(credential_id) between 16 and 1023),
  -- The public key and other constant state, and the counter and flags that change, as `webauthn_rp` encodes them.
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

-- A ceremony in progress, with the challenge that the authenticator is to sign. The row is deleted when it is answered.
create table public.passkey_ceremonies (
  token_hash bytea primary key constraint passkey_ceremonies_token_hash_is_sha256 check (length(token_hash) = 32),
  purpose text not null constraint passkey_ceremonies_purpose_known
    check (purpose in ('register', 'log_in', 'second_factor', 'prove')),
  -- The user whose passkey it must be; null for a log-in, where any user's will do.
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
