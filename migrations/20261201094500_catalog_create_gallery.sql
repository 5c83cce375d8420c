-- The gallery: products by tag, and the notification that empties its caches.

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

alter table public.product_tags enable row level security;
alter table public.product_tags force row level security;
revoke all on public.product_tags from public, anon, authenticated, service_role;
grant select on public.product_tags to anon, authenticated;
grant select, insert, update, delete on public.product_tags to service_role;
-- The owner's policy is for the functions below, since forced row level security holds for the owner too.
create policy product_tags_service on public.product_tags for all to service_role using (true) with check (true);
create policy product_tags_listed_are_public on public.product_tags for select to anon, authenticated
  using (listed_at is not null);
create policy product_tags_owner on public.product_tags to current_user using (true) with check (true);

-- Keeps `product_tags.listed_at` in step with the product, whoever changes it.
create function app.products_follow_tags() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  update public.product_tags as t
     set listed_at = case when new.listed then new.published_at end
   where t.product_id = new.id
     and t.listed_at is distinct from case when new.listed then new.published_at end;
  return null;
end $$;
create trigger products_tags_follow after update of status, visibility, published_at on public.products
  for each row execute function app.products_follow_tags();

-- Sets `listed_at` of a new tag.
create function app.product_tags_begin() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  select case when p.listed then p.published_at end into new.listed_at
    from public.products as p where p.id = new.product_id;
  return new;
end $$;
create trigger product_tags_listed before insert on public.product_tags
  for each row execute function app.product_tags_begin();

-- One notification per transaction and product, sent at commit, and only when something public has changed.
create function app.gallery_changed() returns trigger language plpgsql set search_path = '' as $$
begin
  if tg_op = 'INSERT' or new.listed is distinct from old.listed or new.status <> old.status
     or new.title <> old.title or new.price_yen <> old.price_yen or new.preview_key is distinct from old.preview_key
     or new.tags <> old.tags or new.published_at is distinct from old.published_at then
    perform pg_catalog.pg_notify('gallery', new.id::text);
  end if;
  return null;
end $$;
create trigger products_gallery_changed after insert or update on public.products
  for each row execute function app.gallery_changed();

revoke all on function app.products_follow_tags(), app.product_tags_begin(), app.gallery_changed()
  from public, anon, authenticated, service_role;
