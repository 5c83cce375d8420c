-- What the gallery's index and its caches are told when a product enters, leaves or changes.

-- Keeps `product_tags.listed_at` as the product is, whoever changes it.
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

create function app.product_tags_begin() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  select case when p.listed then p.published_at end into new.listed_at
    from public.products as p where p.id = new.product_id;
  return new;
end $$;
create trigger product_tags_listed before insert on public.product_tags
  for each row execute function app.product_tags_begin();

-- One notification a transaction and product, sent at commit, and only when what strangers see has changed.
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

-- The functions above run as the owner, to whom forced row level security applies as well.
create policy product_tags_owner on public.product_tags to current_user using (true) with check (true);
create policy products_owner on public.products for select to current_user using (true);
