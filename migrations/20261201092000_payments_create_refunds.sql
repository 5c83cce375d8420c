-- Refunds of payments.

create table public.refunds (
  id uuid primary key,
  payment_id uuid not null references public.payments (id),
  provider_id smallint not null references public.payment_providers (id),
  buyer_id uuid references public.user_profiles (user_id) on delete restrict,
  amount_jpy bigint not null constraint refunds_amount_positive check (amount_jpy > 0),
  reason text not null constraint refunds_reason_known check (reason in (
    'unfulfillable', 'requested', 'duplicate', 'amount_differs', 'fraudulent', 'unknown_payment', 'made_at_provider')),
  -- Chosen by whoever asks, so that a repeated request is one refund and two equal ones are two. Of a refund that was
  -- made at the provider it is the provider's id.
  request_key text not null constraint refunds_request_key_length check (length(request_key) between 1 and 255),
  -- How its lines were found: asked for, derived from the amount (docs/MONEY.md §5), or corrected by an operator.
  attribution text constraint refunds_attribution_known check (attribution in ('requested', 'derived', 'corrected')),
  -- Counts the corrections; the lines of the last revision hold.
  revision integer not null default 0,
  status text not null constraint refunds_status_known check (status in ('requested', 'pending', 'succeeded', 'failed')),
  provider_refund_id text,
  idempotency_key text not null unique,
  generation integer not null default 1,
  attempts integer not null default 0,
  last_failure_code text,
  next_check_at timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  settled_at timestamptz,
  constraint refunds_asked_once unique (payment_id, request_key),
  constraint refunds_provider_once unique (provider_id, provider_refund_id)
);
create index refunds_check_index on public.refunds (next_check_at) where next_check_at is not null;
create index refunds_buyer_index on public.refunds (buyer_id) where buyer_id is not null;

alter table public.refunds enable row level security;
alter table public.refunds force row level security;
revoke all on public.refunds from public, anon, authenticated, service_role;
grant select, insert, update on public.refunds to service_role;
grant select (id, payment_id, buyer_id, amount_jpy, reason, status, created_at, updated_at, settled_at)
  on public.refunds to authenticated;
create policy refunds_service on public.refunds for all to service_role using (true) with check (true);
create policy refunds_buyer_reads on public.refunds for select to authenticated using (buyer_id = (select auth.uid()));

-- The order items that a refund is for, by revision. They sum to the refund; a refund of money that bought no order items
-- has none.
create table public.refund_lines (
  refund_id uuid not null references public.refunds (id),
  revision integer not null,
  order_item_id uuid not null,
  amount_jpy bigint not null constraint refund_lines_amount_positive check (amount_jpy > 0),
  primary key (refund_id, revision, order_item_id)
);

alter table public.refund_lines enable row level security;
alter table public.refund_lines force row level security;
revoke all on public.refund_lines from public, anon, authenticated, service_role;
grant select, insert on public.refund_lines to service_role;
create policy refund_lines_service on public.refund_lines for all to service_role using (true) with check (true);
