-- To whom papers for the books are addressed, where that is not the account's own name: a company, perhaps a department and an
-- address. What is issued keeps its copy; a change counts for what is issued from then on.

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

alter table public.tax_invoices
  add column buyer_is_company boolean not null default false,
  add column buyer_department text constraint tax_invoices_buyer_department_length check (length(buyer_department) between 1 and 100),
  add column buyer_address text constraint tax_invoices_buyer_address_length check (length(buyer_address) between 1 and 200);
comment on column public.tax_invoices.buyer_name is 'The addressee on the day of issue: a company, or a person.';
