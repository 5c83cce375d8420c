-- The ledger's chart of accounts. An account is a kind and a party: there is no account for "everything else".
-- Errors have SQLSTATEs of their own (ML0xx), which crates/ledger maps to codes.

create function app.ledger_refuse_change() returns trigger
language plpgsql set search_path = '' as $$
begin
  raise exception 'the ledger is append-only: % on % is refused', tg_op, tg_table_name using errcode = 'ML002';
end $$;
revoke all on function app.ledger_refuse_change() from public, anon, authenticated, service_role;

create table public.ledger_account_kinds (
  code text primary key check (code ~ '^[a-z][a-z_]{2,40}$'),
  nature text not null check (nature in ('asset', 'liability', 'income', 'expense')),
  holder text not null check (holder in ('platform', 'provider', 'seller')),
  -- Whether the holder's balance may fall below zero: always, never, or only by a refund to a buyer.
  floor_rule text not null check (floor_rule in ('none', 'zero', 'zero_except_refund')),
  -- Busy accounts keep their balance in several rows, so that sales do not queue for one row.
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
  ('payment_fee_expense', 'expense', 'platform', 'none', 16, 'What providers charge for payments; borne by the platform.'),
  -- Credits that were paid for are a liability until they are used or expire (reference/payments.md).
  ('deferred_credits', 'liability', 'platform', 'none', 16, 'What was paid for credits that are neither used nor expired.'),
  ('credit_revenue', 'income', 'platform', 'none', 16, 'What was paid for credits that were used or have expired.');

create trigger ledger_account_kinds_fixed before update or delete or truncate on public.ledger_account_kinds
  for each statement execute function app.ledger_refuse_change();

alter table public.ledger_account_kinds enable row level security;
alter table public.ledger_account_kinds force row level security;
revoke all on public.ledger_account_kinds from public, anon, authenticated, service_role;
grant select on public.ledger_account_kinds to service_role;
create policy ledger_account_kinds_service on public.ledger_account_kinds for select to service_role using (true);
create policy ledger_account_kinds_owner on public.ledger_account_kinds to current_user using (true) with check (true);

create table public.ledger_accounts (
  id uuid primary key default gen_random_uuid(),
  kind text not null,
  holder text not null,
  seller_id uuid references public.user_profiles (user_id) on delete restrict,
  provider text check (provider ~ '^[a-z][a-z0-9_]{1,30}$')
    constraint ledger_accounts_provider_known references public.payment_providers (code),
  party text not null generated always as (coalesce(seller_id::text, provider, 'platform')) stored,
  currency text not null default 'JPY' check (currency = 'JPY'),
  created_at timestamptz not null default now(),
  foreign key (kind, holder) references public.ledger_account_kinds (code, holder),
  unique (kind, party, currency),
  check ((holder = 'seller') = (seller_id is not null)),
  check ((holder = 'provider') = (provider is not null))
);
comment on table public.ledger_accounts is 'One account per kind and party; opened by app.ledger_post, never renamed, never closed.';
create index ledger_accounts_seller on public.ledger_accounts (seller_id) where seller_id is not null;
create index ledger_accounts_kind_holder on public.ledger_accounts (kind, holder);
create index ledger_accounts_provider on public.ledger_accounts (provider) where provider is not null;
insert into public.ledger_accounts (kind, holder)
  select k.code, k.holder from public.ledger_account_kinds as k where k.holder = 'platform';

create trigger ledger_accounts_fixed before update or delete or truncate on public.ledger_accounts
  for each statement execute function app.ledger_refuse_change();

-- Sellers read their own accounts, operators work as `service_role` and read all. Only app.ledger_post writes: its owner
-- is the only role with a writing policy.
alter table public.ledger_accounts enable row level security;
alter table public.ledger_accounts force row level security;
revoke all on public.ledger_accounts from public, anon, authenticated, service_role;
grant select on public.ledger_accounts to authenticated, service_role;
create policy ledger_accounts_seller_reads on public.ledger_accounts for select to authenticated
  using (seller_id = (select auth.uid()));
create policy ledger_accounts_service on public.ledger_accounts for select to service_role using (true);
create policy ledger_accounts_owner on public.ledger_accounts to current_user using (true) with check (true);
