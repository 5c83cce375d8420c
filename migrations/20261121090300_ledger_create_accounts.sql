-- The ledger's chart of accounts. An account is a kind and a party: there is no account for "everything else".

create table public.ledger_account_kinds (
  code text primary key check (code ~ '^[a-z][a-z_]{2,40}$'),
  nature text not null check (nature in ('asset', 'liability', 'income', 'expense')),
  holder text not null check (holder in ('platform', 'provider', 'seller')),
  -- What the holder owns here may sink below zero: always, never, or only because a buyer got money back.
  floor_rule text not null check (floor_rule in ('none', 'zero', 'zero_except_refund')),
  -- Busy platform accounts keep their balance in several rows, so that sales do not queue for one row.
  slot_count smallint not null check (slot_count between 1 and 64),
  description text not null,
  unique (code, holder),
  check (floor_rule = 'none' or slot_count = 1)
);
comment on table public.ledger_account_kinds is 'The chart of accounts; rows come from migrations only.';

insert into public.ledger_account_kinds (code, nature, holder, floor_rule, slot_count, description) values
  ('provider_clearing', 'asset', 'provider', 'none', 16, 'Money that a payment provider has taken for the platform and not yet paid out or given back.'),
  ('dispute_receivable', 'asset', 'provider', 'none', 1, 'Money that a provider has withdrawn because of an open dispute.'),
  ('bank', 'asset', 'platform', 'none', 1, 'The platform''s bank account.'),
  ('refunds_owed', 'liability', 'provider', 'zero', 1, 'Money taken for what cannot be delivered; it goes back to the buyer.'),
  ('seller_pending', 'liability', 'seller', 'zero', 1, 'A seller''s share of sales that may still be refunded.'),
  ('seller_available', 'liability', 'seller', 'zero_except_refund', 1, 'A seller''s share that may be paid out.'),
  ('seller_frozen', 'liability', 'seller', 'zero', 1, 'A seller''s share of sales in dispute.'),
  ('payout_in_transit', 'liability', 'seller', 'zero', 1, 'A seller''s money on its way to the seller''s bank.'),
  ('platform_revenue', 'income', 'platform', 'none', 16, 'The platform''s share of sales.'),
  ('payment_fee_expense', 'expense', 'platform', 'none', 16, 'What providers charge for payments; borne by the platform.');

create table public.ledger_accounts (
  id uuid primary key default gen_random_uuid(),
  kind text not null,
  holder text not null,
  seller_id uuid references public.user_profiles (user_id) on delete restrict,
  provider text check (provider ~ '^[a-z][a-z0-9_]{1,30}$'),
  party text not null generated always as (coalesce(seller_id::text, provider, 'platform')) stored,
  currency text not null default 'JPY' check (currency = 'JPY'),
  created_at timestamptz not null default now(),
  foreign key (kind, holder) references public.ledger_account_kinds (code, holder),
  unique (kind, party, currency),
  check ((holder = 'seller') = (seller_id is not null)),
  check ((holder = 'provider') = (provider is not null))
);
create index ledger_accounts_seller on public.ledger_accounts (seller_id) where seller_id is not null;
create index ledger_accounts_kind_holder on public.ledger_accounts (kind, holder);
comment on table public.ledger_accounts is 'One account per kind and party; opened by app.ledger_post, never renamed, never closed.';

insert into public.ledger_accounts (kind, holder) select code, holder from public.ledger_account_kinds where holder = 'platform';

create table public.ledger_transfers (
  id uuid primary key,
  source text not null check (source ~ '^[a-z][a-z_]{1,40}$'),
  business_key text not null check (length(business_key) between 1 and 200),
  kind text not null check (kind in (
    'sale', 'receipt', 'refund', 'provider_fee', 'maturity', 'dispute_opened', 'dispute_won', 'dispute_lost',
    'payout_started', 'payout_paid', 'payout_failed', 'provider_settlement', 'adjustment')),
  body_hash bytea not null check (length(body_hash) = 32),
  order_id uuid,
  payment_id uuid,
  note text not null default '' check (length(note) <= 500),
  occurred_at timestamptz not null,
  created_at timestamptz not null default transaction_timestamp(),
  created_in xid8 not null default pg_current_xact_id(),
  unique (source, business_key, kind)
);
create index ledger_transfers_order on public.ledger_transfers (order_id) where order_id is not null;
create index ledger_transfers_payment on public.ledger_transfers (payment_id) where payment_id is not null;
-- Money that arrived is a sale or a receipt, once.
create unique index ledger_transfers_payment_accounted_once on public.ledger_transfers (payment_id)
  where kind in ('sale', 'receipt');
comment on table public.ledger_transfers is 'One business fact each; its entries sum to zero.';
comment on column public.ledger_transfers.created_in is 'Entries may be added in this transaction only.';

create table public.ledger_entries (
  id bigint generated always as identity primary key,
  transfer_id uuid not null references public.ledger_transfers (id),
  account_id uuid not null references public.ledger_accounts (id),
  slot smallint not null default 0 check (slot between 0 and 63),
  entry_type text not null check (entry_type in (
    'sale_gross', 'platform_fee', 'payment_fee', 'seller_net', 'payout', 'adjustment', 'refund')),
  order_id uuid,
  order_item_id uuid,
  seller_id uuid references public.user_profiles (user_id) on delete restrict,
  currency text not null default 'JPY' check (currency = 'JPY'),
  -- Positive is a debit, negative a credit; these sum to zero in every transfer.
  debit_jpy bigint not null check (debit_jpy <> 0 and debit_jpy between -1000000000000 and 1000000000000),
  -- The specification's sign: for a seller, what the seller gains (+) or gives (-); for the platform, the debit.
  amount_jpy bigint not null generated always as (case when seller_id is null then debit_jpy else -debit_jpy end) stored,
  note text not null default '' check (length(note) <= 500),
  created_at timestamptz not null default transaction_timestamp()
);
create index ledger_entries_transfer on public.ledger_entries (transfer_id);
create index ledger_entries_account on public.ledger_entries (account_id, id);
create index ledger_entries_seller on public.ledger_entries (seller_id, created_at desc) where seller_id is not null;
create index ledger_entries_order on public.ledger_entries (order_id) where order_id is not null;
create index ledger_entries_order_item on public.ledger_entries (order_item_id) where order_item_id is not null;

create table public.ledger_balances (
  account_id uuid not null references public.ledger_accounts (id),
  slot smallint not null,
  seller_id uuid references public.user_profiles (user_id) on delete restrict,
  debit_jpy bigint not null,
  entry_count bigint not null check (entry_count > 0),
  updated_at timestamptz not null default transaction_timestamp(),
  primary key (account_id, slot)
) with (fillfactor = 70);
create index ledger_balances_seller on public.ledger_balances (seller_id) where seller_id is not null;
comment on table public.ledger_balances is 'The sum of an account''s entries, kept by a trigger and by nothing else.';

-- What the specification calls seller_balances: what a seller owns, positive when the platform owes it.
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

-- Who may read: a seller the own part; operators work as the platform and read everything. Nobody may write but
-- app.ledger_post, whose owner is the only role with a writing policy.
alter table public.ledger_account_kinds enable row level security;
alter table public.ledger_account_kinds force row level security;
alter table public.ledger_accounts enable row level security;
alter table public.ledger_accounts force row level security;
alter table public.ledger_transfers enable row level security;
alter table public.ledger_transfers force row level security;
alter table public.ledger_entries enable row level security;
alter table public.ledger_entries force row level security;
alter table public.ledger_balances enable row level security;
alter table public.ledger_balances force row level security;

revoke all on public.ledger_account_kinds, public.ledger_accounts, public.ledger_transfers, public.ledger_entries,
  public.ledger_balances, public.seller_balances from public, anon, authenticated, service_role;
grant select on public.ledger_accounts, public.ledger_entries, public.ledger_balances, public.seller_balances
  to authenticated;
grant select on public.ledger_account_kinds, public.ledger_accounts, public.ledger_transfers, public.ledger_entries,
  public.ledger_balances, public.seller_balances to service_role;

create policy ledger_accounts_seller_reads on public.ledger_accounts for select to authenticated
  using (seller_id = (select auth.uid()));
create policy ledger_entries_seller_reads on public.ledger_entries for select to authenticated
  using (seller_id = (select auth.uid()));
create policy ledger_balances_seller_reads on public.ledger_balances for select to authenticated
  using (seller_id = (select auth.uid()));

create policy ledger_account_kinds_service on public.ledger_account_kinds for select to service_role using (true);
create policy ledger_accounts_service on public.ledger_accounts for select to service_role using (true);
create policy ledger_transfers_service on public.ledger_transfers for select to service_role using (true);
create policy ledger_entries_service on public.ledger_entries for select to service_role using (true);
create policy ledger_balances_service on public.ledger_balances for select to service_role using (true);

create policy ledger_account_kinds_owner on public.ledger_account_kinds to current_user using (true) with check (true);
create policy ledger_accounts_owner on public.ledger_accounts to current_user using (true) with check (true);
create policy ledger_transfers_owner on public.ledger_transfers to current_user using (true) with check (true);
create policy ledger_entries_owner on public.ledger_entries to current_user using (true) with check (true);
create policy ledger_balances_owner on public.ledger_balances to current_user using (true) with check (true);
