-- Users: the profile (specification 2, §1.1), the password and the sessions.

create table public.user_profiles (
  user_id uuid primary key references auth.users (id) on delete restrict,
  display_name text not null
    constraint user_profiles_display_name_length check (length(display_name) between 1 and 60),
  avatar_url text,
  bio text constraint user_profiles_bio_length check (length(bio) <= 2000),
  contact jsonb not null default '{}',
  role text not null default 'user' constraint user_profiles_role_known check (role in ('user', 'seller', 'admin')),
  locale text not null default 'ja' constraint user_profiles_locale_known check (locale in ('ja', 'en')),
  is_banned boolean not null default false,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create index user_profiles_role_index on public.user_profiles (role);
create index user_profiles_banned_index on public.user_profiles (is_banned) where is_banned;
create index user_profiles_newest_index on public.user_profiles (created_at desc, user_id desc);
create index user_profiles_name_index on public.user_profiles (lower(display_name) text_pattern_ops);

alter table public.user_profiles enable row level security;
alter table public.user_profiles force row level security;
revoke all on public.user_profiles from public, anon, authenticated, service_role;
grant select, insert, update, delete on public.user_profiles to service_role;
-- The seller name on a shop page is public; role, contact data and bans are not.
grant select (user_id, display_name, avatar_url, bio, created_at) on public.user_profiles to anon, authenticated;
create policy user_profiles_service on public.user_profiles for all to service_role using (true) with check (true);
create policy user_profiles_names_are_public on public.user_profiles for select to anon, authenticated using (true);

create table public.user_passwords (
  user_id uuid primary key references public.user_profiles (user_id) on delete cascade,
  password_hash text not null constraint user_passwords_is_argon2id check (password_hash like '$argon2id$%'),
  updated_at timestamptz not null
);

alter table public.user_passwords enable row level security;
alter table public.user_passwords force row level security;
revoke all on public.user_passwords from public, anon, authenticated, service_role;
grant select, insert, update, delete on public.user_passwords to service_role;
create policy user_passwords_service on public.user_passwords for all to service_role using (true) with check (true);

-- A cookie session and a bearer token differ only in how they are sent. Only the hash of the secret is kept.
create table public.sessions (
  id uuid primary key,
  user_id uuid not null references public.user_profiles (user_id) on delete cascade,
  kind text not null constraint sessions_kind_known check (kind in ('cookie', 'bearer')),
  token_hash bytea not null constraint sessions_token_hash_unique unique
    constraint sessions_token_hash_is_sha256 check (length(token_hash) = 32),
  user_agent text not null default '' constraint sessions_user_agent_length check (length(user_agent) <= 400),
  ip inet,
  -- When, and by which factors, the user of this session was last authenticated.
  authenticated_at timestamptz not null,
  factors text[] not null default '{password}' constraint sessions_factors_known
    check (factors <@ array['password', 'passkey', 'totp', 'recovery_code', 'oidc', 'link']),
  created_at timestamptz not null,
  last_seen_at timestamptz not null,
  expires_at timestamptz not null,
  revoked_at timestamptz
);
create index sessions_user_index on public.sessions (user_id, created_at desc);
create index sessions_expiry_index on public.sessions (expires_at);

alter table public.sessions enable row level security;
alter table public.sessions force row level security;
revoke all on public.sessions from public, anon, authenticated, service_role;
grant select, insert, update, delete on public.sessions to service_role;
grant select (id, user_id, kind, user_agent, ip, authenticated_at, factors, created_at, last_seen_at, expires_at,
              revoked_at)
  on public.sessions to authenticated;
create policy sessions_service on public.sessions for all to service_role using (true) with check (true);
create policy sessions_owner_reads on public.sessions for select to authenticated using (user_id = (select auth.uid()));
