-- Tax invoices: 適格請求書 for payments, 適格返還請求書 (credit notes) for refunds.
--
-- What always holds: the numbers of a year have no gap; a payment has one invoice and a refund one credit note at most;
-- an issued invoice or credit note never changes.

create table public.tax_invoice_counters (
  year integer primary key constraint tax_invoice_counters_year_sane check (year between 2026 and 9999),
  -- The last number that was issued.
  last integer not null default 0 constraint tax_invoice_counters_last_counted check (last between 0 and 999999)
);
comment on table public.tax_invoice_counters is
  'One row per year, locked until the transaction that issues ends: a rollback returns the number.';
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
  -- The invoice that a credit note corrects.
  invoice_id uuid references public.tax_invoices (id) on delete restrict,
  buyer_id uuid not null references public.user_profiles (user_id) on delete restrict,
  -- Issuer and buyer as they were on the day of issue.
  issuer_name text not null constraint tax_invoices_issuer_name_length check (length(issuer_name) between 1 and 200),
  issuer_address text constraint tax_invoices_issuer_address_length check (length(issuer_address) between 1 and 300),
  registration_number text
    constraint tax_invoices_registration_number_shape check (registration_number ~ '^T[1-9][0-9]{12}$'),
  buyer_name text not null constraint tax_invoices_buyer_name_length check (length(buyer_name) between 1 and 200),
  buyer_is_company boolean not null default false,
  buyer_department text
    constraint tax_invoices_buyer_department_length check (length(buyer_department) between 1 and 100),
  buyer_address text constraint tax_invoices_buyer_address_length check (length(buyer_address) between 1 and 200),
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
comment on column public.tax_invoices.buyer_name is 'The addressee on the day of issue: a company or an individual.';
create unique index tax_invoices_one_a_payment on public.tax_invoices (payment_id) where kind = 'invoice';
create index tax_invoices_payment_index on public.tax_invoices (payment_id);
create index tax_invoices_invoice_index on public.tax_invoices (invoice_id) where invoice_id is not null;
create index tax_invoices_buyer_index on public.tax_invoices (buyer_id, issued_at desc, id desc);
-- 電子帳簿保存法 requires a search by date and amount.
create index tax_invoices_date_index on public.tax_invoices (transaction_date, total_jpy);

-- Rows are append-only, even for the owner of the tables.
create function app.tax_invoices_refuse_change() returns trigger language plpgsql set search_path = '' as $$
begin
  raise exception 'tax invoices are append-only: % on % is refused', tg_op, tg_table_name using errcode = 'MT002';
end $$;
create trigger tax_invoices_fixed before update or delete or truncate on public.tax_invoices
  for each statement execute function app.tax_invoices_refuse_change();
create trigger tax_invoice_counters_fixed before delete or truncate on public.tax_invoice_counters
  for each statement execute function app.tax_invoices_refuse_change();

-- A counter increases by one and never decreases.
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
revoke all on public.tax_invoice_counters from public, anon, authenticated, service_role;
grant select, insert, update on public.tax_invoice_counters to service_role;
create policy tax_invoice_counters_service on public.tax_invoice_counters
  for all to service_role using (true) with check (true);

alter table public.tax_invoices enable row level security;
alter table public.tax_invoices force row level security;
revoke all on public.tax_invoices from public, anon, authenticated, service_role;
grant select, insert on public.tax_invoices to service_role;
grant select on public.tax_invoices to authenticated;
create policy tax_invoices_service_reads on public.tax_invoices for select to service_role using (true);
create policy tax_invoices_service_writes on public.tax_invoices for insert to service_role with check (true);
create policy tax_invoices_buyer_reads on public.tax_invoices for select to authenticated
  using (buyer_id = (select auth.uid()));

-- The addressee of a user's tax invoices, where it is not the account's own name: a company, perhaps with a department
-- and an address. An issued invoice keeps its copy; a change applies to invoices issued later.
create table public.invoice_addressees (
  user_id uuid primary key references public.user_profiles (user_id) on delete restrict,
  is_company boolean not null,
  name text not null constraint invoice_addressees_name_length check (length(name) between 1 and 100),
  department text constraint invoice_addressees_department_length check (length(department) between 1 and 100),
  address text constraint invoice_addressees_address_length check (length(address) between 1 and 200),
  updated_at timestamptz not null,
  constraint invoice_addressees_one_line_each
    check (name !~ '[[:cntrl:]]' and department !~ '[[:cntrl:]]' and address !~ '[[:cntrl:]]')
);

alter table public.invoice_addressees enable row level security;
alter table public.invoice_addressees force row level security;
revoke all on public.invoice_addressees from public, anon, authenticated, service_role;
grant select, insert, update, delete on public.invoice_addressees to authenticated, service_role;
create policy invoice_addressees_own on public.invoice_addressees for all to authenticated
  using (user_id = (select auth.uid())) with check (user_id = (select auth.uid()));
create policy invoice_addressees_service on public.invoice_addressees for all to service_role using (true) with check (true);
