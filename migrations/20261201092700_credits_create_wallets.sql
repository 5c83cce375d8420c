-- Wallets. A wallet is the sum of its lots; its transactions record, append-only, every change of the available balance.
--
-- Two units: 'token', counted in thousandths, and 'image', counted in image credits. Users read their own rows without the
-- hashes, `service_role` reads all. Only functions of the owner write: the owner is the only role with a writing policy.
-- Errors have SQLSTATEs of their own (MC0xx), which crates/credits maps to codes.

-- Rows are append-only, even for the owner of the tables.
create function app.credits_refuse_change() returns trigger language plpgsql set search_path = '' as $$
begin
  raise exception 'credits are append-only: % on % is refused', tg_op, tg_table_name using errcode = 'MC002';
end $$;
revoke all on function app.credits_refuse_change() from public, anon, authenticated, service_role;

create table public.wallets (
  user_id uuid primary key references public.user_profiles (user_id) on delete restrict,
  tokens_available bigint not null default 0 constraint wallets_tokens_available check (tokens_available >= 0),
  tokens_held bigint not null default 0 constraint wallets_tokens_held check (tokens_held >= 0),
  tokens_granted bigint not null default 0,
  tokens_used bigint not null default 0,
  tokens_expired bigint not null default 0,
  tokens_refunded bigint not null default 0,
  images_available bigint not null default 0 constraint wallets_images_available check (images_available >= 0),
  images_held bigint not null default 0 constraint wallets_images_held check (images_held >= 0),
  images_granted bigint not null default 0,
  images_used bigint not null default 0,
  images_expired bigint not null default 0,
  images_refunded bigint not null default 0,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint wallets_tokens_add_up
    check (tokens_granted = tokens_available + tokens_held + tokens_used + tokens_expired + tokens_refunded),
  constraint wallets_images_add_up
    check (images_granted = images_available + images_held + images_used + images_expired + images_refunded)
) with (fillfactor = 70);
comment on table public.wallets is 'The sum of a user''s lots, written by a trigger only; every operation locks its row first.';
create trigger wallets_fixed before delete or truncate on public.wallets
  for each statement execute function app.credits_refuse_change();

alter table public.wallets enable row level security;
alter table public.wallets force row level security;
revoke all on public.wallets from public, anon, authenticated, service_role;
grant select on public.wallets to authenticated, service_role;
create policy wallets_owner_reads on public.wallets for select to authenticated
  using (user_id = (select auth.uid()));
create policy wallets_service on public.wallets for select to service_role using (true);
create policy wallets_owner on public.wallets to current_user using (true) with check (true);

create view public.credit_balances with (security_invoker = true, security_barrier = true) as
select
  w.user_id,
  round(w.tokens_available / 1500000.0, 2) as balance_usd,
  round(w.tokens_available / 1000.0, 3) as tokens,
  round(w.tokens_held / 1000.0, 3) as tokens_held,
  w.images_available as image_credits,
  w.images_held as image_credits_held,
  w.updated_at
from public.wallets as w;
revoke all on public.credit_balances from public, anon, authenticated, service_role;
grant select on public.credit_balances to authenticated, service_role;

create table public.credit_lots (
  id uuid primary key,
  user_id uuid not null references public.wallets (user_id) on delete restrict,
  unit text not null constraint credit_lots_unit_known check (unit in ('token', 'image')),
  source text not null constraint credit_lots_source_known
    check (source in ('plan_grant', 'purchase', 'refund', 'admin_adjustment', 'sign_up')),
  business_key text not null constraint credit_lots_key_unique unique
    constraint credit_lots_key_length check (length(business_key) between 1 and 200),
  body_hash bytea not null constraint credit_lots_hash_is_sha256 check (length(body_hash) = 32),
  granted bigint not null constraint credit_lots_granted_positive check (granted between 1 and 100000000000),
  available bigint not null constraint credit_lots_available check (available >= 0),
  held bigint not null default 0 constraint credit_lots_held check (held >= 0),
  used bigint not null default 0 constraint credit_lots_used check (used >= 0),
  expired bigint not null default 0 constraint credit_lots_expired check (expired >= 0),
  refunded bigint not null default 0 constraint credit_lots_refunded check (refunded >= 0),
  paid_yen bigint not null default 0 constraint credit_lots_paid check (paid_yen between 0 and 10000000),
  recognised_yen bigint not null default 0 constraint credit_lots_recognised check (recognised_yen >= 0),
  refunded_yen bigint not null default 0 constraint credit_lots_refunded_yen check (refunded_yen >= 0),
  taken_back_yen bigint not null default 0
    constraint credit_lots_taken_back_yen check (taken_back_yen between 0 and refunded_yen),
  refund_seen_yen bigint not null default 0 constraint credit_lots_refund_seen check (refund_seen_yen >= 0),
  payment_id uuid,
  issued_at timestamptz not null,
  expires_at timestamptz,
  ended_at timestamptz,
  taken_back_at timestamptz,
  updated_at timestamptz not null,
  constraint credit_lots_add_up check (granted = available + held + used + expired + refunded),
  constraint credit_lots_ended_gives_nothing check (ended_at is null or available = 0),
  constraint credit_lots_money_adds_up check (recognised_yen + refunded_yen <= paid_yen)
) with (fillfactor = 70);
comment on column public.credit_lots.expired is 'Ended unspent: by time, or withdrawn by an operator without a refund.';
comment on column public.credit_lots.refunded is 'Taken back because its payment is refunded.';
comment on column public.credit_lots.paid_yen is 'What was paid for the lot; earned only as it is used or expires.';
comment on column public.credit_lots.refunded_yen is 'The refunded part of what was paid for the lot: never earned.';
comment on column public.credit_lots.taken_back_yen is 'The part that was refunded because the unspent credits were taken back.';
comment on column public.credit_lots.refund_seen_yen is
  'How much of the whole payment had been refunded from what was owed when this lot was last updated.';
create index credit_lots_wallet_index on public.credit_lots (user_id);
create index credit_lots_expiry_index on public.credit_lots (expires_at) where ended_at is null;
create index credit_lots_payment_index on public.credit_lots (payment_id) where payment_id is not null;
create index credit_lots_deferred_index on public.credit_lots (user_id, id) where paid_yen > recognised_yen + refunded_yen;
create trigger credit_lots_fixed before delete or truncate on public.credit_lots
  for each statement execute function app.credits_refuse_change();
create trigger credit_lots_terms_fixed
  before update of id, user_id, unit, source, business_key, body_hash, granted, paid_yen, payment_id, issued_at, expires_at
  on public.credit_lots for each row execute function app.credits_refuse_change();

alter table public.credit_lots enable row level security;
alter table public.credit_lots force row level security;
revoke all on public.credit_lots from public, anon, authenticated, service_role;
grant select (id, user_id, unit, source, granted, available, held, used, expired, refunded, paid_yen, payment_id,
  issued_at, expires_at, ended_at, taken_back_at, updated_at) on public.credit_lots to authenticated;
grant select on public.credit_lots to service_role;
create policy credit_lots_owner_reads on public.credit_lots for select to authenticated
  using (user_id = (select auth.uid()));
create policy credit_lots_service on public.credit_lots for select to service_role using (true);
create policy credit_lots_owner on public.credit_lots to current_user using (true) with check (true);

-- `amount` is the change of the available balance, so that all rows of a unit sum to it. Closing a hold gives all of it
-- back ('release') and takes what was used ('api_usage').
create table public.credit_transactions (
  id bigint generated always as identity primary key,
  user_id uuid not null references public.wallets (user_id) on delete restrict,
  type text not null constraint credit_transactions_type_known check (type in (
    'plan_grant', 'purchase', 'api_usage', 'refund', 'admin_adjustment', 'hold', 'release', 'expiry')),
  unit text not null constraint credit_transactions_unit_known check (unit in ('token', 'image')),
  amount bigint not null,
  available_after bigint not null constraint credit_transactions_never_below_zero check (available_after >= 0),
  lot_id uuid,
  hold_id uuid,
  generation_id uuid,
  payment_id uuid,
  operation text,
  provider text,
  model text,
  -- The key of an operation without a lot or hold of its own, and the number of this row within it.
  business_key text constraint credit_transactions_key_length check (length(business_key) between 1 and 200),
  part integer,
  body_hash bytea constraint credit_transactions_hash_is_sha256 check (length(body_hash) = 32),
  detail jsonb not null default '{}' constraint credit_transactions_detail_object check (jsonb_typeof(detail) = 'object'),
  created_at timestamptz not null,
  constraint credit_transactions_key_has_part
    check ((business_key is null) = (part is null) and (business_key is null) = (body_hash is null))
);
create index credit_transactions_wallet_index on public.credit_transactions (user_id, created_at desc, id desc);
create unique index credit_transactions_key_index on public.credit_transactions (business_key, part)
  where business_key is not null;
create index credit_transactions_lot_index on public.credit_transactions (lot_id) where lot_id is not null;
create index credit_transactions_used_index on public.credit_transactions (created_at) where type = 'api_usage';
create trigger credit_transactions_fixed before update or delete or truncate on public.credit_transactions
  for each statement execute function app.credits_refuse_change();

alter table public.credit_transactions enable row level security;
alter table public.credit_transactions force row level security;
revoke all on public.credit_transactions from public, anon, authenticated, service_role;
grant select (id, user_id, type, unit, amount, available_after, lot_id, hold_id, generation_id, payment_id, operation,
  provider, model, created_at) on public.credit_transactions to authenticated;
grant select on public.credit_transactions to service_role;
create policy credit_transactions_owner_reads on public.credit_transactions for select to authenticated
  using (user_id = (select auth.uid()));
create policy credit_transactions_service on public.credit_transactions for select to service_role using (true);
create policy credit_transactions_owner on public.credit_transactions to current_user using (true) with check (true);

-- A wallet changes only inside the trigger on lots, which is one trigger deeper than this one.
create function app.credits_guard_wallet() returns trigger language plpgsql set search_path = '' as $$
begin
  if pg_catalog.pg_trigger_depth() < 2 then
    raise exception 'a wallet changes only through its lots' using errcode = 'MC002';
  end if;
  return new;
end $$;
create trigger wallets_guarded before update on public.wallets
  for each row execute function app.credits_guard_wallet();
create trigger wallets_begin_empty before insert on public.wallets
  for each row when (new.tokens_granted <> 0 or new.images_granted <> 0)
  execute function app.credits_guard_wallet();

-- Keeps the wallet as the sum of its lots.
create function app.credits_apply_lots() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  if tg_op = 'INSERT' then
    update public.wallets as w
       set tokens_available = w.tokens_available + d.tokens, tokens_granted = w.tokens_granted + d.tokens,
           images_available = w.images_available + d.images, images_granted = w.images_granted + d.images,
           updated_at = greatest(w.updated_at, d.moved_at)
      from (select f.user_id, coalesce(sum(f.granted) filter (where f.unit = 'token'), 0) as tokens,
                   coalesce(sum(f.granted) filter (where f.unit = 'image'), 0) as images, max(f.updated_at) as moved_at
              from fresh as f group by f.user_id) as d
     where w.user_id = d.user_id;
    return null;
  end if;
  -- One row per wallet, since a statement may end lots of both units and an update joins each wallet to one row only.
  update public.wallets as w
     set tokens_available = w.tokens_available + d.tokens[1], tokens_held = w.tokens_held + d.tokens[2],
         tokens_used = w.tokens_used + d.tokens[3], tokens_expired = w.tokens_expired + d.tokens[4],
         tokens_refunded = w.tokens_refunded + d.tokens[5],
         images_available = w.images_available + d.images[1], images_held = w.images_held + d.images[2],
         images_used = w.images_used + d.images[3], images_expired = w.images_expired + d.images[4],
         images_refunded = w.images_refunded + d.images[5],
         updated_at = greatest(w.updated_at, d.moved_at)
    from (select m.user_id, max(m.updated_at) as moved_at,
                 array[sum(m.available * m.is_token), sum(m.held * m.is_token), sum(m.used * m.is_token),
                       sum(m.expired * m.is_token), sum(m.refunded * m.is_token)]::bigint[] as tokens,
                 array[sum(m.available * (1 - m.is_token)), sum(m.held * (1 - m.is_token)),
                       sum(m.used * (1 - m.is_token)), sum(m.expired * (1 - m.is_token)),
                       sum(m.refunded * (1 - m.is_token))]::bigint[] as images
            from (select f.user_id, f.updated_at, case f.unit when 'token' then 1 else 0 end as is_token,
                         f.available - s.available as available, f.held - s.held as held, f.used - s.used as used,
                         f.expired - s.expired as expired, f.refunded - s.refunded as refunded
                    from fresh as f join stale as s on s.id = f.id) as m
           group by m.user_id) as d
   where w.user_id = d.user_id and (d.tokens <> '{0,0,0,0,0}' or d.images <> '{0,0,0,0,0}');
  return null;
end $$;
create trigger credit_lots_opened after insert on public.credit_lots
  referencing new table as fresh for each statement execute function app.credits_apply_lots();
create trigger credit_lots_applied after update on public.credit_lots
  referencing old table as stale new table as fresh for each statement execute function app.credits_apply_lots();

revoke all on function app.credits_guard_wallet(), app.credits_apply_lots()
  from public, anon, authenticated, service_role;
