-- Disputes (chargebacks). States only move forward: raised, withdrawn (the provider has taken the money from the
-- platform's balance), won or lost. `held_jpy` is what the ledger holds for the dispute.

create table public.disputes (
  id uuid primary key,
  payment_id uuid not null references public.payments (id),
  buyer_id uuid references public.user_profiles (user_id) on delete restrict,
  provider_dispute_id text not null
    constraint disputes_name_length check (length(provider_dispute_id) between 1 and 255),
  amount_jpy bigint not null constraint disputes_amount_positive check (amount_jpy > 0),
  held_jpy bigint not null default 0 constraint disputes_held_within_amount check (held_jpy between 0 and amount_jpy),
  -- The provider's word for why.
  reason text not null default '' constraint disputes_reason_length check (length(reason) <= 100),
  state text not null constraint disputes_state_known check (state in ('raised', 'withdrawn', 'won', 'lost')),
  created_at timestamptz not null,
  updated_at timestamptz not null,
  closed_at timestamptz,
  constraint disputes_once unique (payment_id, provider_dispute_id),
  constraint disputes_closed_has_time check ((state in ('won', 'lost')) = (closed_at is not null))
);
create index disputes_changed_index on public.disputes (updated_at);
create index disputes_buyer_index on public.disputes (buyer_id) where buyer_id is not null;

alter table public.disputes enable row level security;
alter table public.disputes force row level security;
revoke all on public.disputes from public, anon, authenticated, service_role;
grant select, insert, update on public.disputes to service_role;
-- The buyer sees neither the provider's id nor what the ledger holds.
grant select (id, payment_id, buyer_id, amount_jpy, reason, state, created_at, updated_at, closed_at)
  on public.disputes to authenticated;
create policy disputes_service on public.disputes for all to service_role using (true) with check (true);
create policy disputes_buyer_reads on public.disputes for select to authenticated using (buyer_id = (select auth.uid()));

-- The order items of which the ledger holds money for a dispute; written when it is withdrawn, and kept.
create table public.dispute_lines (
  dispute_id uuid not null references public.disputes (id),
  order_item_id uuid not null,
  amount_jpy bigint not null constraint dispute_lines_amount_positive check (amount_jpy > 0),
  primary key (dispute_id, order_item_id)
);

alter table public.dispute_lines enable row level security;
alter table public.dispute_lines force row level security;
revoke all on public.dispute_lines from public, anon, authenticated, service_role;
grant select, insert on public.dispute_lines to service_role;
create policy dispute_lines_service on public.dispute_lines for all to service_role using (true) with check (true);
