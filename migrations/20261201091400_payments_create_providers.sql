-- The payment providers. They come before the ledger, because its accounts of kind `provider` refer to them.

create table public.payment_providers (
  id smallint generated always as identity primary key,
  code text not null unique constraint payment_providers_code_shape check (code ~ '^[a-z][a-z0-9_]{1,30}$'),
  display_name text not null,
  -- The provider's usual fee; the actual fees are on the ledger.
  fee_percent numeric(5, 2) not null constraint payment_providers_fee_in_range check (fee_percent between 0 and 100),
  meta jsonb not null default '{}'
);
insert into public.payment_providers (code, display_name, fee_percent, meta) values
  ('stripe', 'Stripe', 3.60, '{"methods": "dynamic"}'),
  ('paypal', 'PayPal', 3.60, '{"capture": "after_approval"}'),
  ('paypay', 'PayPay', 3.60, '{"events": "unsigned"}'),
  ('sandbox', 'Sandbox', 3.60, '{"note": "no real money"}');

alter table public.payment_providers enable row level security;
alter table public.payment_providers force row level security;
revoke all on public.payment_providers from public, anon, authenticated, service_role;
grant select, insert, update on public.payment_providers to service_role;
grant select (id, code, display_name) on public.payment_providers to authenticated;
create policy payment_providers_service on public.payment_providers for all to service_role using (true) with check (true);
create policy payment_providers_names_are_public on public.payment_providers for select to authenticated using (true);
