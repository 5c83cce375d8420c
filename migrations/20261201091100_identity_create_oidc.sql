-- Log-in by an external identity provider (OpenID Connect). Only the program reads these rows.

-- Linked external accounts. They are recognised by issuer and subject, never by the address.
create table public.oidc_identities (
  issuer text not null constraint oidc_identities_issuer_length check (length(issuer) between 1 and 500),
  subject text not null constraint oidc_identities_subject_length check (length(subject) between 1 and 255),
  user_id uuid not null references public.user_profiles (user_id),
  -- The address at the provider when it was linked, shown to the user to tell linked accounts apart.
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

-- Authorizations in progress. The row is deleted at the callback.
create table public.oidc_flows (
  state_hash bytea primary key constraint oidc_flows_state_hash_is_sha256 check (length(state_hash) = 32),
  -- The hash of a cookie in the browser that started it: no other browser may complete the flow.
  browser_hash bytea not null constraint oidc_flows_browser_hash_is_sha256 check (length(browser_hash) = 32),
  -- The nonce and the PKCE verifier, encrypted.
  sealed_secrets bytea not null,
  -- The user who links an external account; null for a log-in.
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
