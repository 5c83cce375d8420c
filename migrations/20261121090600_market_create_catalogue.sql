-- The catalogue: what may be bought (specification 1, `listings`; specification 2, §1.2 and §1.3). Designs and prompts
-- are products alike. Only the platform writes; what a seller may do, the use cases decide.

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

create table public.tags (
  id bigint generated always as identity primary key,
  -- The name folded for comparing: NFKC, lower case.
  slug text not null constraint tags_slug_unique unique constraint tags_slug_length check (length(slug) between 1 and 60),
  name text not null constraint tags_name_length check (length(name) between 1 and 30)
);

-- How the price is divided, by kind of product; an order item keeps the rate of its day.
create table public.commission_rules (
  product_kind text primary key constraint commission_rules_kind_known check (product_kind in ('design', 'prompt')),
  seller_share_basis_points integer not null default 8000
    constraint commission_rules_share_in_range check (seller_share_basis_points between 0 and 10000)
);
insert into public.commission_rules (product_kind) values ('design'), ('prompt');

-- Pictures that descend from one another, or are the same picture: an exclusive licence is sold once for all of them.
-- A row for the first picture of every line of descent; lines that turn out to show the same picture share a canonical
-- row, which is what products refer to and what competing purchases queue for.
create table public.design_lineages (
  id uuid primary key,
  canonical_id uuid not null references public.design_lineages (id) on delete restrict,
  created_at timestamptz not null
);
create index design_lineages_canonical_index on public.design_lineages (canonical_id);

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
  -- As the seller wrote them; `product_tags` is the same, folded, for finding.
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
  -- Widths in pixels at which WebP and JPEG lie beside the preview.
  preview_widths integer[] not null default '{}',
  original_width integer,
  original_height integer,
  -- The model or program, for everybody to know.
  made_with text not null default '' constraint products_made_with_length check (length(made_with) <= 100),
  dominant_colour text constraint products_colour_shape check (dominant_colour ~ '^#[0-9a-f]{6}$'),
  placeholder_grid text constraint products_grid_shape check (placeholder_grid ~ '^[0-9a-f]{96}$'),
  perceptual_hash bytea constraint products_hash_length check (length(perceptual_hash) = 32),
  original_sha256 bytea constraint products_sha256_length check (length(original_sha256) = 32),

  like_count integer not null default 0 constraint products_likes_counted check (like_count >= 0),
  view_count integer not null default 0 constraint products_views_counted check (view_count >= 0),
  avg_rating numeric(3, 2) not null default 0 constraint products_rating_in_range check (avg_rating between 0 and 5),
  ratings_count integer not null default 0 constraint products_ratings_counted check (ratings_count >= 0),

  -- The exclusive sale that ended this offer, when it was one.
  retired_by_order_id uuid,
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
create index products_retired_index on public.products (retired_by_order_id) where retired_by_order_id is not null;

-- What a design's licence allows and how often it may be sold. Counters move only with reservations.
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

-- What a buyer gets is frozen here at the moment of publishing, for ever.
create table public.product_versions (
  id uuid primary key,
  product_id uuid not null,
  seller_id uuid not null,
  version integer not null constraint product_versions_counted check (version >= 1),
  title_snapshot text not null,
  description_snapshot text not null default '',
  sample_output_snapshot text not null default '',
  prompt_snapshot text not null default '',
  content_type text not null
    constraint product_versions_content_known check (content_type in ('text', 'file', 'mixed')),
  license_type text constraint product_versions_license_known
    check (license_type in ('exclusive', 'non-exclusive', 'single-use')),
  license_terms_edition text not null,
  price_yen bigint not null constraint product_versions_price_not_negative check (price_yen >= 0),
  made_with text not null default '',
  created_at timestamptz not null,
  published_at timestamptz,
  constraint product_versions_once unique (product_id, version),
  constraint product_versions_of_product unique (id, product_id),
  constraint product_versions_product_is_own foreign key (product_id, seller_id)
    references public.products (id, seller_id) on delete restrict
);
create index product_versions_product_index on public.product_versions (product_id, seller_id);

create table public.product_assets (
  id uuid primary key,
  product_version_id uuid not null references public.product_versions (id) on delete restrict,
  kind text not null
    constraint product_assets_kind_known check (kind in ('text_body', 'attachment', 'image', 'meta')),
  storage_key text,
  text_content text,
  sha256 bytea not null constraint product_assets_sha256_length check (length(sha256) = 32),
  size_bytes bigint not null constraint product_assets_size_counted check (size_bytes >= 0),
  created_at timestamptz not null,
  constraint product_assets_has_content check ((storage_key is null) <> (text_content is null))
);
create index product_assets_version_index on public.product_assets (product_version_id);

create table public.product_localizations (
  id uuid primary key,
  product_id uuid not null references public.products (id) on delete restrict,
  locale text not null constraint product_localizations_locale_known check (locale in ('ja', 'en')),
  title_l10n text not null constraint product_localizations_title_length check (length(title_l10n) between 1 and 120),
  short_description_l10n text not null default '',
  long_description_l10n text not null default '',
  constraint product_localizations_once unique (product_id, locale)
);

-- `listed_at` repeats the product's published_at while it is in the gallery, so that a tag's page is an index scan.
create table public.product_tags (
  product_id uuid not null references public.products (id) on delete restrict,
  tag_id bigint not null references public.tags (id) on delete restrict,
  listed_at timestamptz,
  primary key (product_id, tag_id)
);
create index product_tags_tag_index on public.product_tags (tag_id);
create index product_tags_listed_index on public.product_tags (tag_id, listed_at desc, product_id desc)
  where listed_at is not null;

-- What was sold stays as it was sold.
create trigger product_versions_frozen before update or delete on public.product_versions
  for each row execute function app.forbid_change();
create trigger product_versions_no_truncate before truncate on public.product_versions
  for each statement execute function app.forbid_change();
create trigger product_assets_frozen before update or delete on public.product_assets
  for each row execute function app.forbid_change();
create trigger product_assets_no_truncate before truncate on public.product_assets
  for each statement execute function app.forbid_change();

do $$
declare
  name text;
begin
  foreach name in array array['categories', 'tags', 'commission_rules', 'design_lineages', 'products', 'design_terms',
      'product_versions', 'product_assets', 'product_localizations', 'product_tags'] loop
    execute format('alter table public.%I enable row level security', name);
    execute format('alter table public.%I force row level security', name);
    execute format('revoke all on public.%I from public, anon, authenticated, service_role', name);
  end loop;
end
$$;

grant select, insert, update, delete on public.categories, public.tags, public.commission_rules, public.design_lineages,
  public.products, public.design_terms, public.product_localizations, public.product_tags to service_role;
grant select, insert on public.product_versions, public.product_assets to service_role;
create policy categories_service on public.categories for all to service_role using (true) with check (true);
create policy tags_service on public.tags for all to service_role using (true) with check (true);
create policy commission_rules_service on public.commission_rules for all to service_role using (true) with check (true);
create policy design_lineages_service on public.design_lineages for all to service_role using (true) with check (true);
create policy products_service on public.products for all to service_role using (true) with check (true);
create policy design_terms_service on public.design_terms for all to service_role using (true) with check (true);
create policy product_localizations_service on public.product_localizations for all to service_role using (true) with check (true);
create policy product_tags_service on public.product_tags for all to service_role using (true) with check (true);
create policy product_versions_service_reads on public.product_versions for select to service_role using (true);
create policy product_versions_service_writes on public.product_versions for insert to service_role with check (true);
create policy product_assets_service_reads on public.product_assets for select to service_role using (true);
create policy product_assets_service_writes on public.product_assets for insert to service_role with check (true);

grant select on public.categories, public.tags, public.commission_rules, public.product_localizations,
  public.product_tags to anon, authenticated;
create policy categories_are_public on public.categories for select to anon, authenticated using (true);
create policy tags_are_public on public.tags for select to anon, authenticated using (true);
create policy commission_rules_are_public on public.commission_rules for select to anon, authenticated using (true);
create policy product_tags_listed_are_public on public.product_tags for select to anon, authenticated
  using (listed_at is not null);

-- Everything about a published product is public but its hashes, which would help to find copies of the original.
grant select (id, kind, seller_id, category_id, title, slug, short_description, description, sample_output, tags, price_yen,
    currency, status, visibility, listed, preview_key, preview_width, preview_height, preview_widths, original_width,
    original_height, made_with, dominant_colour, placeholder_grid, like_count, view_count, avg_rating, ratings_count, published_at,
    created_at, updated_at)
  on public.products to anon, authenticated;
grant select (generation_id, current_version) on public.products to authenticated;
grant select on public.design_terms to anon, authenticated;
create policy products_published_are_public on public.products for select to anon
  using (visibility <> 'private' and status in ('active', 'sold_out'));
create policy products_published_or_own on public.products for select to authenticated
  using ((visibility <> 'private' and status in ('active', 'sold_out')) or seller_id = (select auth.uid()));
create policy design_terms_of_visible_products on public.design_terms for select to anon, authenticated
  using (exists (select from public.products as p where p.id = product_id));
create policy product_localizations_of_visible_products on public.product_localizations for select to anon, authenticated
  using (exists (select from public.products as p where p.id = product_id));
