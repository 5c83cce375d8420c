-- Products (specification 1, `listings`; specification 2, §1.2 and §1.3): designs and prompts alike. Only the program
-- writes; the use cases decide what a seller may do.

-- Lines of descent: pictures that descend from one another or are the same picture, of which an exclusive licence is sold
-- once. One row per first picture of a line; lines that turn out to show the same picture share a canonical row, which
-- products refer to and competing purchases lock.
create table public.design_lineages (
  id uuid primary key,
  canonical_id uuid not null references public.design_lineages (id) on delete restrict,
  -- The exclusive licence of the line, while an order reserves it or when it is sold. Only canonical rows count.
  exclusive_state text constraint design_lineages_exclusive_known check (exclusive_state in ('reserved', 'sold')),
  licences_sold integer not null default 0 constraint design_lineages_sold_counted check (licences_sold >= 0),
  created_at timestamptz not null,
  constraint design_lineages_exclusive_is_the_only_one check (exclusive_state is distinct from 'sold' or licences_sold = 1)
);
create index design_lineages_canonical_index on public.design_lineages (canonical_id);

alter table public.design_lineages enable row level security;
alter table public.design_lineages force row level security;
revoke all on public.design_lineages from public, anon, authenticated, service_role;
grant select, insert, update, delete on public.design_lineages to service_role;
create policy design_lineages_service on public.design_lineages for all to service_role using (true) with check (true);

create table public.products (
  id uuid primary key,
  kind text not null constraint products_kind_known check (kind in ('design', 'prompt')),
  seller_id uuid not null references public.user_profiles (user_id) on delete restrict,
  generation_id uuid,
  lineage_id uuid references public.design_lineages (id) on delete restrict,
  category_id bigint references public.categories (id) on delete restrict,
  title text not null constraint products_title_length check (length(title) between 1 and 120),
  slug text not null constraint products_slug_unique unique
    constraint products_slug_shape check (slug ~ '^[a-z0-9][a-z0-9-]{2,79}$'),
  short_description text not null default '' constraint products_short_description_length check (length(short_description) <= 200),
  description text not null default '' constraint products_description_length check (length(description) <= 4000),
  sample_output text not null default '' constraint products_sample_output_length check (length(sample_output) <= 4000),
  -- As the seller wrote them; `product_tags` has them folded, for search.
  tags text[] not null default '{}' constraint products_tags_counted check (cardinality(tags) <= 10),
  price_yen bigint not null
    constraint products_price_free_or_payable check (price_yen = 0 or price_yen between 50 and 9999999),
  currency text not null default 'JPY' constraint products_currency_known check (currency = 'JPY'),
  status text not null default 'draft' constraint products_status_known
    check (status in ('draft', 'active', 'paused', 'sold_out', 'suspended', 'deleted')),
  visibility text not null default 'public'
    constraint products_visibility_known check (visibility in ('public', 'unlisted', 'private')),
  listed boolean not null generated always as (status = 'active' and visibility = 'public') stored,
  current_version integer not null constraint products_version_counted check (current_version >= 1),

  preview_key text,
  preview_width integer,
  preview_height integer,
  -- The widths in pixels in which the preview is also stored as WebP and JPEG.
  preview_widths integer[] not null default '{}',
  original_width integer,
  original_height integer,
  -- The model or program, shown to everyone.
  made_with text not null default '' constraint products_made_with_length check (length(made_with) <= 100),
  dominant_colour text constraint products_colour_shape check (dominant_colour ~ '^#[0-9a-f]{6}$'),
  placeholder_grid text constraint products_grid_shape check (placeholder_grid ~ '^[0-9a-f]{96}$'),
  perceptual_hash bytea constraint products_hash_length check (length(perceptual_hash) = 32),
  original_sha256 bytea constraint products_sha256_length check (length(original_sha256) = 32),

  published_at timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null,

  constraint products_owner unique (id, seller_id),
  constraint products_generation_is_own foreign key (generation_id, seller_id)
    references public.generations (id, user_id) on delete restrict,
  constraint products_design_has_picture check (kind <> 'design' or (
    generation_id is not null and lineage_id is not null and preview_key is not null and preview_width > 0
    and preview_height > 0 and original_width > 0 and original_height > 0 and dominant_colour is not null
    and placeholder_grid is not null and perceptual_hash is not null and original_sha256 is not null)),
  constraint products_published_has_time check (status = 'draft' or published_at is not null)
);
create unique index products_one_per_generation on public.products (generation_id) where status <> 'deleted';
create index products_generation_index on public.products (generation_id, seller_id) where generation_id is not null;
create index products_newest_index on public.products (published_at desc, id desc) where listed;
create index products_price_index on public.products (price_yen, published_at desc, id desc) where listed;
create index products_seller_index on public.products (seller_id, published_at desc, id desc);
create index products_lineage_index on public.products (lineage_id) where lineage_id is not null;
create index products_sha256_index on public.products (original_sha256) where original_sha256 is not null;
create index products_category_index on public.products (category_id) where category_id is not null;

alter table public.products enable row level security;
alter table public.products force row level security;
revoke all on public.products from public, anon, authenticated, service_role;
grant select, insert, update, delete on public.products to service_role;
-- A published product is public but for its hashes, which would help to find copies of the original.
grant select (id, kind, seller_id, category_id, title, slug, short_description, description, sample_output, tags,
    price_yen, currency, status, visibility, listed, preview_key, preview_width, preview_height, preview_widths,
    original_width, original_height, made_with, dominant_colour, placeholder_grid, published_at, created_at, updated_at)
  on public.products to anon, authenticated;
grant select (generation_id, current_version) on public.products to authenticated;
-- What users who are logged in may read depends on their orders: see orders_create_order_items. The owner's policy is for
-- the security definer functions of the gallery.
create policy products_service on public.products for all to service_role using (true) with check (true);
create policy products_published_are_public on public.products for select to anon
  using (visibility <> 'private' and status in ('active', 'sold_out'));
create policy products_owner on public.products for select to current_user using (true);

-- What is counted of a product, apart from the product, so that counting neither waits for its changes nor rewrites it.
create table public.product_counters (
  product_id uuid primary key references public.products (id) on delete restrict,
  like_count integer not null default 0 constraint product_counters_likes_counted check (like_count >= 0),
  view_count integer not null default 0 constraint product_counters_views_counted check (view_count >= 0),
  sales_count integer not null default 0 constraint product_counters_sales_counted check (sales_count >= 0),
  avg_rating numeric(3, 2) not null default 0
    constraint product_counters_rating_in_range check (avg_rating between 0 and 5),
  ratings_count integer not null default 0 constraint product_counters_ratings_counted check (ratings_count >= 0)
);

alter table public.product_counters enable row level security;
alter table public.product_counters force row level security;
revoke all on public.product_counters from public, anon, authenticated, service_role;
grant select on public.product_counters to anon, authenticated;
grant select, insert, update, delete on public.product_counters to service_role;
create policy product_counters_service on public.product_counters for all to service_role using (true) with check (true);
create policy product_counters_of_visible_products on public.product_counters for select to anon, authenticated
  using (exists (select from public.products as p where p.id = product_id));

-- What a design's licence allows and how often it may be sold. The counters change only with reservations.
create table public.design_terms (
  product_id uuid primary key references public.products (id) on delete restrict,
  license_type text not null
    constraint design_terms_license_known check (license_type in ('exclusive', 'non-exclusive', 'single-use')),
  max_sales integer constraint design_terms_max_sales_counted check (max_sales between 1 and 1000000),
  total_sold integer not null default 0 constraint design_terms_sold_counted check (total_sold >= 0),
  total_reserved integer not null default 0 constraint design_terms_reserved_counted check (total_reserved >= 0),
  constraint design_terms_exclusive_is_one check (license_type <> 'exclusive' or coalesce(max_sales, 0) = 1),
  constraint design_terms_not_oversold check (max_sales is null or total_sold + total_reserved <= max_sales)
);

alter table public.design_terms enable row level security;
alter table public.design_terms force row level security;
revoke all on public.design_terms from public, anon, authenticated, service_role;
grant select on public.design_terms to anon, authenticated;
grant select, insert, update, delete on public.design_terms to service_role;
create policy design_terms_service on public.design_terms for all to service_role using (true) with check (true);
create policy design_terms_of_visible_products on public.design_terms for select to anon, authenticated
  using (exists (select from public.products as p where p.id = product_id));

create table public.product_localizations (
  id uuid primary key,
  product_id uuid not null references public.products (id) on delete restrict,
  locale text not null constraint product_localizations_locale_known check (locale in ('ja', 'en')),
  title_l10n text not null constraint product_localizations_title_length check (length(title_l10n) between 1 and 120),
  short_description_l10n text not null default '',
  long_description_l10n text not null default '',
  constraint product_localizations_once unique (product_id, locale)
);

alter table public.product_localizations enable row level security;
alter table public.product_localizations force row level security;
revoke all on public.product_localizations from public, anon, authenticated, service_role;
grant select on public.product_localizations to anon, authenticated;
grant select, insert, update, delete on public.product_localizations to service_role;
create policy product_localizations_service on public.product_localizations for all to service_role using (true) with check (true);
create policy product_localizations_of_visible_products on public.product_localizations for select to anon, authenticated
  using (exists (select from public.products as p where p.id = product_id));
