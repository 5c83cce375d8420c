-- Categories, tags and commission rates of products. Only the program writes.

create table public.categories (
  id bigint generated always as identity primary key,
  slug text not null constraint categories_slug_unique unique
    constraint categories_slug_shape check (slug ~ '^[a-z0-9][a-z0-9-]{0,59}$'),
  name text not null constraint categories_name_length check (length(name) between 1 and 60),
  name_en text not null constraint categories_name_en_length check (length(name_en) between 1 and 60),
  description text not null default '' constraint categories_description_length check (length(description) <= 500),
  parent_id bigint references public.categories (id) on delete restrict,
  sort_order integer not null default 0
);
create index categories_parent_index on public.categories (parent_id) where parent_id is not null;
insert into public.categories (slug, name, name_en, sort_order) values
  ('wardrobe', '服のデザイン', 'Fashion designs', 10),
  ('prompts', 'プロンプト', 'Prompts', 20);

alter table public.categories enable row level security;
alter table public.categories force row level security;
revoke all on public.categories from public, anon, authenticated, service_role;
grant select on public.categories to anon, authenticated;
grant select, insert, update, delete on public.categories to service_role;
create policy categories_service on public.categories for all to service_role using (true) with check (true);
create policy categories_are_public on public.categories for select to anon, authenticated using (true);

create table public.tags (
  id bigint generated always as identity primary key,
  -- The name folded for comparison: NFKC, lower case.
  slug text not null constraint tags_slug_unique unique constraint tags_slug_length check (length(slug) between 1 and 60),
  name text not null constraint tags_name_length check (length(name) between 1 and 30)
);

alter table public.tags enable row level security;
alter table public.tags force row level security;
revoke all on public.tags from public, anon, authenticated, service_role;
grant select on public.tags to anon, authenticated;
grant select, insert, update, delete on public.tags to service_role;
create policy tags_service on public.tags for all to service_role using (true) with check (true);
create policy tags_are_public on public.tags for select to anon, authenticated using (true);

-- The seller's share of the price, by kind of product; an order item keeps the rate at the time of the order.
create table public.commission_rules (
  product_kind text primary key constraint commission_rules_kind_known check (product_kind in ('design', 'prompt')),
  seller_share_basis_points integer not null default 8000
    constraint commission_rules_share_in_range check (seller_share_basis_points between 0 and 10000)
);
insert into public.commission_rules (product_kind) values ('design'), ('prompt');

alter table public.commission_rules enable row level security;
alter table public.commission_rules force row level security;
revoke all on public.commission_rules from public, anon, authenticated, service_role;
grant select on public.commission_rules to anon, authenticated;
grant select, insert, update, delete on public.commission_rules to service_role;
create policy commission_rules_service on public.commission_rules for all to service_role using (true) with check (true);
create policy commission_rules_are_public on public.commission_rules for select to anon, authenticated using (true);
