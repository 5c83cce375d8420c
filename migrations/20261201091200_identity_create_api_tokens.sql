-- Access tokens that users create for their own programs. Only the hash is kept.

create table public.api_tokens (
  id uuid primary key,
  user_id uuid not null references public.user_profiles (user_id),
  name text not null constraint api_tokens_name_length check (length(name) between 1 and 60),
  token_hash bytea not null constraint api_tokens_token_hash_unique unique
    constraint api_tokens_token_hash_is_sha256 check (length(token_hash) = 32),
  -- The last characters, shown to the user to tell tokens apart.
  ending text not null constraint api_tokens_ending_length check (length(ending) = 4),
  scopes text[] not null constraint api_tokens_scopes_known
    check (scopes <@ array['read', 'generations:write', 'listings:write', 'orders:write', 'account:write'] and cardinality(scopes) > 0),
  created_at timestamptz not null,
  expires_at timestamptz not null,
  last_used_at timestamptz,
  revoked_at timestamptz
);
create index api_tokens_user_index on public.api_tokens (user_id, created_at desc);

alter table public.api_tokens enable row level security;
alter table public.api_tokens force row level security;
revoke all on public.api_tokens from public, anon, authenticated, service_role;
grant select, insert, update, delete on public.api_tokens to service_role;
grant select (id, user_id, name, ending, scopes, created_at, expires_at, last_used_at, revoked_at)
  on public.api_tokens to authenticated;
create policy api_tokens_service on public.api_tokens for all to service_role using (true) with check (true);
create policy api_tokens_owner_reads on public.api_tokens for select to authenticated
  using (user_id = (select auth.uid()));
