-- Transfers, their entries and the balances. Sellers read their own entries and balances, operators work as
-- `service_role` and read all; only app.ledger_post writes, whose owner is the only role with a writing policy.

create table public.ledger_transfers (
  id uuid primary key,
  source text not null check (source ~ '^[a-z][a-z_]{1,40}$'),
  business_key text not null check (length(business_key) between 1 and 200),
  kind text not null check (kind in (
    'sale', 'receipt', 'refund', 'provider_fee', 'maturity', 'dispute_opened', 'dispute_won', 'dispute_lost',
    'payout_started', 'payout_paid', 'payout_failed', 'provider_settlement', 'adjustment', 'credit_recognised', 'refund_correction')),
  body_hash bytea not null check (length(body_hash) = 32),
  order_id uuid,
  payment_id uuid,
  note text not null default '' check (length(note) <= 500),
  occurred_at timestamptz not null,
  created_at timestamptz not null default transaction_timestamp(),
  created_in xid8 not null default pg_current_xact_id(),
  unique (source, business_key, kind)
);
comment on table public.ledger_transfers is 'One business event each; its entries sum to zero.';
comment on column public.ledger_transfers.created_in is 'Entries may be added in this transaction only.';
create index ledger_transfers_order on public.ledger_transfers (order_id) where order_id is not null;
create index ledger_transfers_payment on public.ledger_transfers (payment_id) where payment_id is not null;
-- A captured payment is accounted for once, as a sale or as a receipt.
create unique index ledger_transfers_payment_accounted_once on public.ledger_transfers (payment_id)
  where kind in ('sale', 'receipt');
create index ledger_transfers_occurred_index on public.ledger_transfers (occurred_at);
create trigger ledger_transfers_fixed before update or delete or truncate on public.ledger_transfers
  for each statement execute function app.ledger_refuse_change();

alter table public.ledger_transfers enable row level security;
alter table public.ledger_transfers force row level security;
revoke all on public.ledger_transfers from public, anon, authenticated, service_role;
grant select on public.ledger_transfers to service_role;
create policy ledger_transfers_service on public.ledger_transfers for select to service_role using (true);
create policy ledger_transfers_owner on public.ledger_transfers to current_user using (true) with check (true);

create table public.ledger_entries (
  id bigint generated always as identity primary key,
  transfer_id uuid not null references public.ledger_transfers (id),
  account_id uuid not null references public.ledger_accounts (id),
  slot smallint not null default 0 check (slot between 0 and 63),
  entry_type text not null check (entry_type in (
    'sale_gross', 'platform_fee', 'payment_fee', 'seller_net', 'payout', 'adjustment', 'refund')),
  order_id uuid,
  order_item_id uuid,
  -- That of the account, which refers to the profile.
  seller_id uuid,
  currency text not null default 'JPY' check (currency = 'JPY'),
  -- Positive is a debit, negative a credit; these sum to zero in every transfer.
  debit_jpy bigint not null check (debit_jpy <> 0 and debit_jpy between -1000000000000 and 1000000000000),
  -- The specification's sign: for a seller, what the seller gains (+) or gives (-); for other accounts, the debit.
  amount_jpy bigint not null generated always as (case when seller_id is null then debit_jpy else -debit_jpy end) stored,
  note text not null default '' check (length(note) <= 500),
  created_at timestamptz not null default transaction_timestamp()
);
create index ledger_entries_transfer on public.ledger_entries (transfer_id);
create index ledger_entries_account on public.ledger_entries (account_id, id);
create index ledger_entries_seller on public.ledger_entries (seller_id, created_at desc) where seller_id is not null;
create index ledger_entries_order on public.ledger_entries (order_id) where order_id is not null;
create index ledger_entries_order_item on public.ledger_entries (order_item_id) where order_item_id is not null;
create trigger ledger_entries_fixed before update or delete or truncate on public.ledger_entries
  for each statement execute function app.ledger_refuse_change();

alter table public.ledger_entries enable row level security;
alter table public.ledger_entries force row level security;
revoke all on public.ledger_entries from public, anon, authenticated, service_role;
grant select on public.ledger_entries to authenticated, service_role;
create policy ledger_entries_seller_reads on public.ledger_entries for select to authenticated
  using (seller_id = (select auth.uid()));
create policy ledger_entries_service on public.ledger_entries for select to service_role using (true);
create policy ledger_entries_owner on public.ledger_entries to current_user using (true) with check (true);

create table public.ledger_balances (
  account_id uuid not null references public.ledger_accounts (id),
  slot smallint not null,
  seller_id uuid references public.user_profiles (user_id) on delete restrict,
  debit_jpy bigint not null,
  entry_count bigint not null check (entry_count > 0),
  updated_at timestamptz not null default transaction_timestamp(),
  primary key (account_id, slot)
) with (fillfactor = 70);
comment on table public.ledger_balances is 'The sum of an account''s entries, written by a trigger only.';
create index ledger_balances_seller on public.ledger_balances (seller_id) where seller_id is not null;
create trigger ledger_balances_fixed before delete or truncate on public.ledger_balances
  for each statement execute function app.ledger_refuse_change();

alter table public.ledger_balances enable row level security;
alter table public.ledger_balances force row level security;
revoke all on public.ledger_balances from public, anon, authenticated, service_role;
grant select on public.ledger_balances to authenticated, service_role;
create policy ledger_balances_seller_reads on public.ledger_balances for select to authenticated
  using (seller_id = (select auth.uid()));
create policy ledger_balances_service on public.ledger_balances for select to service_role using (true);
create policy ledger_balances_owner on public.ledger_balances to current_user using (true) with check (true);

-- The specification's seller_balances: what the platform owes a seller, by state.
create view public.seller_balances with (security_invoker = true, security_barrier = true) as
select
  b.seller_id,
  coalesce(sum(-b.debit_jpy) filter (where a.kind = 'seller_available'), 0)::bigint as available_jpy,
  coalesce(sum(-b.debit_jpy) filter (where a.kind = 'seller_pending'), 0)::bigint as pending_jpy,
  coalesce(sum(-b.debit_jpy) filter (where a.kind = 'seller_frozen'), 0)::bigint as frozen_jpy,
  coalesce(sum(-b.debit_jpy) filter (where a.kind = 'payout_in_transit'), 0)::bigint as in_transit_jpy,
  max(b.updated_at) as updated_at
from public.ledger_balances as b
join public.ledger_accounts as a on a.id = b.account_id
where b.seller_id is not null
group by b.seller_id;
revoke all on public.seller_balances from public, anon, authenticated, service_role;
grant select on public.seller_balances to authenticated, service_role;
