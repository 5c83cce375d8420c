-- Holds: parts of lots that are reserved for work in progress. Users read their own, `service_role` reads all; only
-- functions of the owner write.

create table public.credit_holds (
  id uuid primary key,
  user_id uuid not null references public.wallets (user_id) on delete restrict,
  business_key text not null constraint credit_holds_key_unique unique
    constraint credit_holds_key_length check (length(business_key) between 1 and 200),
  body_hash bytea not null constraint credit_holds_hash_is_sha256 check (length(body_hash) = 32),
  operation text not null constraint credit_holds_operation_known
    check (operation in ('generate', 'edit', 'analyse', 'text', 'video')),
  provider text not null,
  model text not null,
  price_id uuid not null,
  unit text not null constraint credit_holds_unit_known check (unit in ('token', 'image')),
  amount bigint not null constraint credit_holds_amount check (amount >= 0),
  captured bigint not null default 0 constraint credit_holds_captured check (captured between 0 and amount),
  state text not null constraint credit_holds_state_known check (state in ('held', 'captured', 'released')),
  release_reason text constraint credit_holds_reason_known
    check (release_reason in ('failed', 'refused', 'cancelled', 'timed_out', 'lapsed', 'unused')),
  generation_id uuid,
  expires_at timestamptz not null,
  created_at timestamptz not null,
  closed_at timestamptz,
  constraint credit_holds_only_capture_uses check (state = 'captured' or captured = 0),
  constraint credit_holds_released_has_reason check ((state = 'released') = (release_reason is not null)),
  constraint credit_holds_closed_has_time check ((state = 'held') = (closed_at is null))
) with (fillfactor = 80);
create index credit_holds_wallet_index on public.credit_holds (user_id, created_at desc);
create index credit_holds_due_index on public.credit_holds (expires_at) where state = 'held';
create index credit_holds_generation_index on public.credit_holds (generation_id) where generation_id is not null;
create trigger credit_holds_fixed before delete or truncate on public.credit_holds
  for each statement execute function app.credits_refuse_change();
create trigger credit_holds_closed_fixed before update on public.credit_holds
  for each row when (old.state <> 'held') execute function app.credits_refuse_change();
create trigger credit_holds_terms_fixed
  before update of id, user_id, business_key, body_hash, operation, price_id, unit, amount, generation_id, created_at
  on public.credit_holds for each row execute function app.credits_refuse_change();

alter table public.credit_holds enable row level security;
alter table public.credit_holds force row level security;
revoke all on public.credit_holds from public, anon, authenticated, service_role;
grant select (id, user_id, operation, provider, model, unit, amount, captured, state, release_reason, generation_id,
  expires_at, created_at, closed_at) on public.credit_holds to authenticated;
grant select on public.credit_holds to service_role;
create policy credit_holds_owner_reads on public.credit_holds for select to authenticated
  using (user_id = (select auth.uid()));
create policy credit_holds_service on public.credit_holds for select to service_role using (true);
create policy credit_holds_owner on public.credit_holds to current_user using (true) with check (true);

-- The lots that a hold reserves, in the order in which they are spent, and what became of each part.
create table public.credit_hold_lots (
  hold_id uuid not null references public.credit_holds (id) on delete restrict,
  position integer not null constraint credit_hold_lots_position check (position > 0),
  lot_id uuid not null references public.credit_lots (id) on delete restrict,
  amount bigint not null constraint credit_hold_lots_amount check (amount > 0),
  used bigint not null default 0 constraint credit_hold_lots_used check (used >= 0),
  expired bigint not null default 0 constraint credit_hold_lots_expired check (expired >= 0),
  primary key (hold_id, position),
  constraint credit_hold_lots_adds_up check (used + expired <= amount)
) with (fillfactor = 80);
create index credit_hold_lots_lot_index on public.credit_hold_lots (lot_id);
create trigger credit_hold_lots_fixed before delete or truncate on public.credit_hold_lots
  for each statement execute function app.credits_refuse_change();

alter table public.credit_hold_lots enable row level security;
alter table public.credit_hold_lots force row level security;
revoke all on public.credit_hold_lots from public, anon, authenticated, service_role;
grant select on public.credit_hold_lots to service_role;
create policy credit_hold_lots_service on public.credit_hold_lots for select to service_role using (true);
create policy credit_hold_lots_owner on public.credit_hold_lots to current_user using (true) with check (true);
