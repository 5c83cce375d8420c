-- Papers for the buyer's books: 適格請求書 for what was paid, 適格返還請求書 for what went back.
--
-- What always holds: the numbers of a year follow one another without a gap; a payment has one invoice and a refund one
-- credit note at most; nothing of a paper changes once it is written.

create table public.tax_invoice_counters (
  year integer primary key constraint tax_invoice_counters_year_sane check (year between 2026 and 9999),
  -- The last number that was given out.
  last integer not null default 0 constraint tax_invoice_counters_last_counted check (last between 0 and 999999)
);
comment on table public.tax_invoice_counters is
  'One row a year, locked by who issues until that transaction ends: what is rolled back gives its number back.';

create table public.tax_invoices (
  id uuid primary key,
  kind text not null constraint tax_invoices_kind_known check (kind in ('invoice', 'credit_note')),
  year integer not null references public.tax_invoice_counters (year) on delete restrict,
  serial integer not null constraint tax_invoices_serial_counted check (serial between 1 and 999999),
  number text not null generated always as (lpad(year::text, 4, '0') || '-' || lpad(serial::text, 6, '0')) stored,
  issued_for text not null
    constraint tax_invoices_issued_for_known check (issued_for in ('subscription', 'credit_pack', 'order')),
  payment_id uuid not null references public.payments (id) on delete restrict,
  refund_id uuid constraint tax_invoices_refund_once unique references public.refunds (id) on delete restrict,
  -- The invoice that a credit note takes back from.
  invoice_id uuid references public.tax_invoices (id) on delete restrict,
  buyer_id uuid not null references public.user_profiles (user_id) on delete restrict,
  -- As all of them were on the day of issue.
  issuer_name text not null constraint tax_invoices_issuer_name_length check (length(issuer_name) between 1 and 200),
  issuer_address text constraint tax_invoices_issuer_address_length check (length(issuer_address) between 1 and 300),
  registration_number text
    constraint tax_invoices_registration_number_shape check (registration_number ~ '^T[1-9][0-9]{12}$'),
  buyer_name text not null constraint tax_invoices_buyer_name_length check (length(buyer_name) between 1 and 200),
  lines jsonb not null constraint tax_invoices_lines_are_a_list
    check (jsonb_typeof(lines) = 'array' and jsonb_array_length(lines) between 1 and 100),
  totals jsonb not null constraint tax_invoices_totals_are_a_list
    check (jsonb_typeof(totals) = 'array' and jsonb_array_length(totals) between 1 and 10),
  total_jpy bigint not null constraint tax_invoices_total_positive check (total_jpy between 1 and 10000000000),
  tax_jpy bigint not null constraint tax_invoices_tax_within_total check (tax_jpy between 0 and total_jpy),
  transaction_date date not null,
  issued_at timestamptz not null,
  constraint tax_invoices_number_once unique (year, serial),
  constraint tax_invoices_credit_note_names_both
    check ((kind = 'credit_note') = (refund_id is not null) and (kind = 'credit_note') = (invoice_id is not null))
);
create unique index tax_invoices_one_a_payment on public.tax_invoices (payment_id) where kind = 'invoice';
create index tax_invoices_payment_index on public.tax_invoices (payment_id);
create index tax_invoices_invoice_index on public.tax_invoices (invoice_id) where invoice_id is not null;
create index tax_invoices_buyer_index on public.tax_invoices (buyer_id, issued_at desc, id desc);
-- Searched by date and amount, as 電子帳簿保存法 wants.
create index tax_invoices_date_index on public.tax_invoices (transaction_date, total_jpy);

-- Nobody edits what was written, not even the owner of the tables.
create function app.tax_invoices_refuse_change() returns trigger language plpgsql set search_path = '' as $$
begin
  raise exception 'tax invoices are append-only: % on % is refused', tg_op, tg_table_name using errcode = 'MT002';
end $$;
create trigger tax_invoices_fixed before update or delete or truncate on public.tax_invoices
  for each statement execute function app.tax_invoices_refuse_change();
create trigger tax_invoice_counters_fixed before delete or truncate on public.tax_invoice_counters
  for each statement execute function app.tax_invoices_refuse_change();

-- A counter goes on by one, and never back.
create function app.tax_invoices_guard_counter() returns trigger language plpgsql set search_path = '' as $$
begin
  if new.year <> old.year or new.last <> old.last + 1 then
    raise exception 'numbers of tax invoices follow one another' using errcode = 'MT001';
  end if;
  return new;
end $$;
create trigger tax_invoice_counters_guarded before update on public.tax_invoice_counters
  for each row execute function app.tax_invoices_guard_counter();
revoke all on function app.tax_invoices_refuse_change(), app.tax_invoices_guard_counter()
  from public, anon, authenticated, service_role;

alter table public.tax_invoice_counters enable row level security;
alter table public.tax_invoice_counters force row level security;
alter table public.tax_invoices enable row level security;
alter table public.tax_invoices force row level security;

revoke all on public.tax_invoice_counters, public.tax_invoices from public, anon, authenticated, service_role;
grant select, insert, update on public.tax_invoice_counters to service_role;
grant select, insert on public.tax_invoices to service_role;
grant select on public.tax_invoices to authenticated;

create policy tax_invoice_counters_service on public.tax_invoice_counters
  for all to service_role using (true) with check (true);
create policy tax_invoices_service_reads on public.tax_invoices for select to service_role using (true);
create policy tax_invoices_service_writes on public.tax_invoices for insert to service_role with check (true);
create policy tax_invoices_buyer_reads on public.tax_invoices for select to authenticated
  using (buyer_id = (select auth.uid()));
