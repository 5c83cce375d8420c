-- The stored image files. Originals and thumbnails are private; public previews are made when a product is published.

create table public.media_images (
  id uuid primary key,
  user_id uuid not null references public.user_profiles (user_id) on delete restrict,
  generation_id uuid,
  -- Which of the outputs of its generation it belongs to.
  position integer not null default 0 constraint media_images_position_counted check (position >= 0),
  role text not null constraint media_images_role_known
    check (role in ('original', 'thumbnail', 'preview', 'logo', 'product', 'reference', 'mask')),
  storage_key text not null constraint media_images_key_unique unique,
  file_name text,
  sha256 bytea not null constraint media_images_sha256_length check (length(sha256) = 32),
  size_bytes bigint not null constraint media_images_not_empty check (size_bytes > 0),
  width integer not null constraint media_images_width_positive check (width > 0),
  height integer not null constraint media_images_height_positive check (height > 0),
  mime_type text not null
    constraint media_images_type_known check (mime_type in ('image/png', 'image/jpeg', 'image/webp')),
  created_at timestamptz not null,
  constraint media_images_generation_is_own foreign key (generation_id, user_id)
    references public.generations (id, user_id) on delete restrict
);
create index media_images_user_index on public.media_images (user_id, created_at desc, id desc);
create index media_images_generation_index on public.media_images (generation_id, user_id, role, width);
create unique index media_images_one_original on public.media_images (generation_id, position) where role = 'original';

alter table public.media_images enable row level security;
alter table public.media_images force row level security;
revoke all on public.media_images from public, anon, authenticated, service_role;
grant select on public.media_images to authenticated;
grant select, insert, update, delete on public.media_images to service_role;
create policy media_images_service on public.media_images for all to service_role using (true) with check (true);
create policy media_images_owner_reads on public.media_images for select to authenticated
  using (user_id = (select auth.uid()));
