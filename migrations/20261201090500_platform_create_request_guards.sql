-- Stored responses to repeated requests, and rate limits.

create table public.idempotency_keys (
  owner_id uuid not null,
  scope text not null,
  key text not null constraint idempotency_keys_key_length check (length(key) between 1 and 255),
  request_hash bytea not null,
  status smallint,
  body jsonb,
  -- What the request has done so far, written in the transaction that does it: 'none', 'made' (something is committed,
  -- the response is pending) or 'in_doubt' (something is committed, and no response tells all of it). Only a request
  -- with 'none' may be sent again.
  effect text not null default 'none'
    constraint idempotency_keys_effect check (effect in ('none', 'made', 'in_doubt')),
  created_at timestamptz not null,
  primary key (owner_id, scope, key)
);
create index idempotency_keys_created_index on public.idempotency_keys (created_at);

alter table public.idempotency_keys enable row level security;
alter table public.idempotency_keys force row level security;
revoke all on public.idempotency_keys from public, anon, authenticated, service_role;
grant select, insert, update, delete on public.idempotency_keys to service_role;
create policy idempotency_keys_service on public.idempotency_keys for all to service_role using (true) with check (true);

-- The theoretical arrival time of the generic cell rate algorithm, one row per limit and key. Losing the rows in a crash
-- only resets the limits, so the table needs no write-ahead log.
create unlogged table public.rate_limits (
  limit_name text not null,
  key text not null,
  arrival_at timestamptz not null,
  primary key (limit_name, key)
);
create index rate_limits_arrival_index on public.rate_limits (arrival_at);

alter table public.rate_limits enable row level security;
alter table public.rate_limits force row level security;
revoke all on public.rate_limits from public, anon, authenticated, service_role;
grant select, insert, update, delete on public.rate_limits to service_role;
create policy rate_limits_service on public.rate_limits for all to service_role using (true) with check (true);
