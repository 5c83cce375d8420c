-- Subscriptions to a plan: the checkout that starts one, its state as the provider last reported it, and its invoices with
-- what each of them grants. And purchases of token packs.
--
-- What always holds: a user has one live subscription at most; an invoice is recorded once, whoever reports it.

create table public.subscription_checkouts (
  id uuid primary key,
  -- The user who was logged in, else the account that the subscription started with.
  user_id uuid references public.user_profiles (user_id) on delete restrict,
  plan text not null references public.subscription_plans (code) on delete restrict,
  period text not null constraint subscription_checkouts_period_known check (period in ('month', 'year')),
  price_yen bigint not null constraint subscription_checkouts_price_payable check (price_yen between 50 and 100000000),
  locale text not null constraint subscription_checkouts_locale_known check (locale in ('ja', 'en')),
  -- Where the page is, and its name there.
  provider text constraint subscription_checkouts_provider_is_a_name check (provider ~ '^[a-z][a-z0-9_]{1,30}$'),
  session_id text constraint subscription_checkouts_session_unique unique
    constraint subscription_checkouts_session_length check (length(session_id) between 1 and 255),
  state text not null
    constraint subscription_checkouts_state_known check (state in ('open', 'begun', 'given_back', 'lapsed')),
  -- Shown on the page after payment; the full address is in the account.
  email_masked text constraint subscription_checkouts_email_length check (length(email_masked) between 3 and 254),
  is_new_user boolean,
  next_check_at timestamptz,
  check_count integer not null default 0,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint subscription_checkouts_session_has_provider check ((session_id is null) = (provider is null)),
  constraint subscription_checkouts_begun_is_somebodys check (state <> 'begun' or user_id is not null),
  constraint subscription_checkouts_only_open_is_checked check (state = 'open' or next_check_at is null)
);
comment on column public.subscription_checkouts.state is
  'given_back: it was paid but could not start (the user has a live subscription, or no account could be created).';
create index subscription_checkouts_user_index on public.subscription_checkouts (user_id) where user_id is not null;
create index subscription_checkouts_plan_index on public.subscription_checkouts (plan);
create index subscription_checkouts_due_index on public.subscription_checkouts (next_check_at)
  where next_check_at is not null;

alter table public.subscription_checkouts enable row level security;
alter table public.subscription_checkouts force row level security;
revoke all on public.subscription_checkouts from public, anon, authenticated, service_role;
grant select (id, user_id, plan, period, price_yen, state, created_at, updated_at) on public.subscription_checkouts
  to authenticated;
grant select, insert, update on public.subscription_checkouts to service_role;
create policy subscription_checkouts_owner_reads on public.subscription_checkouts for select to authenticated
  using (user_id = (select auth.uid()));
create policy subscription_checkouts_service on public.subscription_checkouts
  for all to service_role using (true) with check (true);

create table public.subscriptions (
  id uuid primary key,
  user_id uuid references public.user_profiles (user_id) on delete restrict,
  checkout_id uuid not null constraint subscriptions_one_a_checkout unique
    references public.subscription_checkouts (id) on delete restrict,
  provider text not null constraint subscriptions_provider_is_a_name check (provider ~ '^[a-z][a-z0-9_]{1,30}$'),
  provider_subscription_id text not null constraint subscriptions_provider_id_unique unique,
  provider_customer_id text not null,
  plan text not null references public.subscription_plans (code) on delete restrict,
  period text not null constraint subscriptions_period_known check (period in ('month', 'year')),
  price_yen bigint not null,
  status text not null
    constraint subscriptions_status_known check (status in ('active', 'past_due', 'ended', 'given_back')),
  period_start timestamptz not null,
  period_end timestamptz not null,
  next_plan text references public.subscription_plans (code) on delete restrict,
  next_period text constraint subscriptions_next_period_known check (next_period in ('month', 'year')),
  next_price_yen bigint,
  cancel_at_period_end boolean not null default false,
  past_due_since timestamptz,
  -- When the standing changes next while the subscription is past due.
  dunning_due_at timestamptz,
  ended_at timestamptz,
  -- The last change requested from the provider and its idempotency key, which a repeated request reuses.
  requested_change text,
  requested_change_key text,
  -- When this state was read from the provider, so that an older reading never overwrites a newer one.
  as_of timestamptz not null,
  next_check_at timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint subscriptions_live_is_somebodys check (user_id is not null or status = 'given_back'),
  constraint subscriptions_period_runs_forward check (period_start <= period_end),
  constraint subscriptions_next_is_whole
    check ((next_plan is null) = (next_period is null) and (next_plan is null) = (next_price_yen is null)),
  constraint subscriptions_past_due_has_its_begin check ((status = 'past_due') = (past_due_since is not null)),
  constraint subscriptions_only_past_due_moves check (dunning_due_at is null or status = 'past_due'),
  constraint subscriptions_over_has_its_time check ((status in ('ended', 'given_back')) = (ended_at is not null)),
  constraint subscriptions_requested_change_has_its_key check ((requested_change is null) = (requested_change_key is null))
) with (fillfactor = 80);
create unique index subscriptions_one_live on public.subscriptions (user_id) where status in ('active', 'past_due');
create index subscriptions_user_index on public.subscriptions (user_id, created_at desc);
create index subscriptions_plan_index on public.subscriptions (plan);
create index subscriptions_next_plan_index on public.subscriptions (next_plan) where next_plan is not null;
create index subscriptions_dunning_index on public.subscriptions (dunning_due_at) where dunning_due_at is not null;
create index subscriptions_check_index on public.subscriptions (next_check_at) where next_check_at is not null;

alter table public.subscriptions enable row level security;
alter table public.subscriptions force row level security;
revoke all on public.subscriptions from public, anon, authenticated, service_role;
grant select (id, user_id, plan, period, price_yen, status, period_start, period_end, next_plan, next_period,
  next_price_yen, cancel_at_period_end, past_due_since, dunning_due_at, ended_at, created_at, updated_at)
  on public.subscriptions to authenticated;
grant select, insert, update on public.subscriptions to service_role;
create policy subscriptions_owner_reads on public.subscriptions for select to authenticated
  using (user_id = (select auth.uid()));
create policy subscriptions_service on public.subscriptions for all to service_role using (true) with check (true);

create table public.subscription_invoices (
  id uuid primary key,
  subscription_id uuid not null references public.subscriptions (id) on delete restrict,
  user_id uuid references public.user_profiles (user_id) on delete restrict,
  provider_invoice_id text not null constraint subscription_invoices_provider_id_unique unique,
  reason text not null constraint subscription_invoices_reason_known check (reason in ('create', 'cycle', 'update', 'other')),
  status text not null constraint subscription_invoices_status_known
    check (status in ('open', 'paid', 'void', 'uncollectible')),
  plan text references public.subscription_plans (code) on delete restrict,
  amount_yen bigint not null constraint subscription_invoices_amount_counted check (amount_yen between 0 and 100000000),
  -- The paid period as the provider reports it.
  period_start timestamptz not null,
  period_end timestamptz not null,
  -- What it grants in each of its months; the first month may be a smaller share.
  months integer not null default 0 constraint subscription_invoices_months_counted check (months between 0 and 12),
  months_granted integer not null default 0,
  tokens_month_milli bigint not null default 0,
  image_credits_month bigint not null default 0,
  tokens_first_milli bigint not null default 0,
  image_credits_first bigint not null default 0,
  -- The price of a picture in tokens at payment, by which the amount is divided between tokens and image credits.
  image_price_milli bigint not null default 0,
  next_grant_at timestamptz,
  payment_id uuid references public.payments (id) on delete restrict,
  paid_at timestamptz,
  refunded_at timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint subscription_invoices_grants_within_months check (months_granted between 0 and months),
  constraint subscription_invoices_gives_only_when_paid check (status = 'paid' or months = 0),
  constraint subscription_invoices_paid_has_its_time check ((status = 'paid') = (paid_at is not null)),
  constraint subscription_invoices_next_grant_is_open check (next_grant_at is null or months_granted < months)
) with (fillfactor = 80);
create index subscription_invoices_subscription_index on public.subscription_invoices (subscription_id, period_start desc);
create index subscription_invoices_user_index on public.subscription_invoices (user_id, created_at desc);
create index subscription_invoices_plan_index on public.subscription_invoices (plan);
create index subscription_invoices_payment_index on public.subscription_invoices (payment_id) where payment_id is not null;
create index subscription_invoices_due_index on public.subscription_invoices (next_grant_at) where next_grant_at is not null;

alter table public.subscription_invoices enable row level security;
alter table public.subscription_invoices force row level security;
revoke all on public.subscription_invoices from public, anon, authenticated, service_role;
grant select on public.subscription_invoices to authenticated;
grant select, insert, update on public.subscription_invoices to service_role;
create policy subscription_invoices_owner_reads on public.subscription_invoices for select to authenticated
  using (user_id = (select auth.uid()));
create policy subscription_invoices_service on public.subscription_invoices
  for all to service_role using (true) with check (true);

create table public.pack_purchases (
  id uuid primary key,
  user_id uuid not null references public.user_profiles (user_id) on delete restrict,
  pack_id integer not null references public.credit_packs (id) on delete restrict,
  tokens_milli bigint not null constraint pack_purchases_tokens_counted check (tokens_milli between 1 and 100000000000),
  price_yen bigint not null constraint pack_purchases_price_payable check (price_yen between 50 and 10000000),
  state text not null
    constraint pack_purchases_state_known check (state in ('open', 'paid', 'lapsed', 'refunded')),
  payment_id uuid references public.payments (id) on delete restrict,
  paid_at timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint pack_purchases_paid_has_its_time check ((state in ('paid', 'refunded')) = (paid_at is not null))
);
create index pack_purchases_user_index on public.pack_purchases (user_id, created_at desc);
create index pack_purchases_pack_index on public.pack_purchases (pack_id);
create index pack_purchases_payment_index on public.pack_purchases (payment_id) where payment_id is not null;

alter table public.pack_purchases enable row level security;
alter table public.pack_purchases force row level security;
revoke all on public.pack_purchases from public, anon, authenticated, service_role;
grant select on public.pack_purchases to authenticated;
grant select, insert, update on public.pack_purchases to service_role;
create policy pack_purchases_owner_reads on public.pack_purchases for select to authenticated
  using (user_id = (select auth.uid()));
create policy pack_purchases_service on public.pack_purchases for all to service_role using (true) with check (true);
