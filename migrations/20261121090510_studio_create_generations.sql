-- What was made, by whom, of what kind, from which parent: the specifications' generation_history (1, §4),
-- generation_runs (3) and generations (4, §3.2) in one. Only the platform writes; the owner reads.

create table public.generations (
  id uuid primary key,
  user_id uuid not null references public.user_profiles (user_id) on delete restrict,
  kind text not null default 'wardrobe'
    constraint generations_kind_known check (kind in ('wardrobe', 'ad', 'page_image', 'edit')),
  status text not null default 'queued' constraint generations_status_known
    check (status in ('queued', 'processing', 'completed', 'failed', 'refused', 'cancelled')),

  provider text not null constraint generations_provider_known check (provider in ('gemini', 'openai', 'sketch')),
  model text not null,
  model_version text,
  prompt text not null constraint generations_prompt_length check (length(prompt) between 1 and 20000),
  negative_prompt text constraint generations_negative_length check (length(negative_prompt) <= 20000),
  aspect_ratio text not null constraint generations_ratio_is_one check (aspect_ratio ~ '^[1-9][0-9]?:[1-9][0-9]?$'),
  size text,
  seed bigint not null,
  answers jsonb,
  folder text not null default 'usergen'
    constraint generations_folder_known check (folder in ('usergen', 'public', 'catalog')),
  mode text not null default 'mobile-simple',

  -- Advertisements (specification 4): the format asked for, the template, what is said and how it looks.
  format jsonb,
  template_id uuid,
  template_name text,
  content jsonb,
  branding jsonb,
  product_image_id uuid,

  -- The edit history is the chain of parents; each edit says what was asked.
  parent_id uuid,
  edit_type text constraint generations_edit_known
    check (edit_type in ('text_change', 'color_adjust', 'style_change', 'element_remove')),
  edit_instruction text constraint generations_instruction_length check (length(edit_instruction) <= 4000),

  -- Publishing, written by the market inside its own transaction.
  is_public boolean not null default false,
  preview_path text,
  published_at timestamptz,
  -- Why the picture may not be deleted: it is on show, or somebody has bought it.
  kept_reason text constraint generations_kept_reason_known check (kept_reason in ('published', 'sold')),

  request_key bytea not null constraint generations_request_key_is_sha256 check (length(request_key) = 32),
  cache_key bytea not null constraint generations_cache_key_is_sha256 check (length(cache_key) = 32),
  variation integer not null default 0 constraint generations_variation_counted check (variation >= 0),

  credits_used integer not null default 0 constraint generations_credits_counted check (credits_used >= 0),
  input_tokens bigint not null default 0,
  output_tokens bigint not null default 0,
  total_tokens bigint not null default 0,
  failure_code text,
  width integer,
  height integer,
  ground text constraint generations_ground_is_a_colour check (ground ~ '^#[0-9a-f]{6}$'),

  expires_at timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  completed_at timestamptz,
  deleted_at timestamptz,
  files_removed_at timestamptz,

  constraint generations_owner unique (id, user_id),
  constraint generations_parent_is_own foreign key (parent_id, user_id)
    references public.generations (id, user_id) on delete restrict,
  constraint generations_failure_has_code check ((status in ('failed', 'refused')) = (failure_code is not null)),
  constraint generations_completed_is_measured
    check (status <> 'completed' or (completed_at is not null and width > 0 and height > 0)),
  constraint generations_public_has_preview
    check (not is_public or (status = 'completed' and preview_path is not null and published_at is not null)),
  constraint generations_kept_is_not_deleted check (kept_reason is null or deleted_at is null),
  constraint generations_public_is_kept check (not is_public or kept_reason is not null)
);
create index generations_mine_index on public.generations (user_id, created_at desc, id desc) where deleted_at is null;
create index generations_cache_index on public.generations (user_id, cache_key, completed_at desc)
  where status = 'completed' and deleted_at is null;
create index generations_request_index on public.generations (user_id, request_key, variation desc);
-- Identical requests in flight run once.
create unique index generations_in_flight on public.generations (user_id, cache_key)
  where status in ('queued', 'processing');
create index generations_parent_index on public.generations (parent_id, user_id) where parent_id is not null;
create index generations_expiry_index on public.generations (expires_at)
  where expires_at is not null and deleted_at is null;
create index generations_removal_index on public.generations (deleted_at)
  where deleted_at is not null and files_removed_at is null;

alter table public.generations enable row level security;
alter table public.generations force row level security;
revoke all on public.generations from public, anon, authenticated, service_role;
grant select on public.generations to authenticated;
grant select, insert, update, delete on public.generations to service_role;
create policy generations_service on public.generations for all to service_role using (true) with check (true);
create policy generations_owner_reads on public.generations for select to authenticated
  using (user_id = (select auth.uid()));

-- The stored files. Originals and thumbnails are private; what strangers see is made by the market.
create table public.media_images (
  id uuid primary key,
  user_id uuid not null references public.user_profiles (user_id) on delete restrict,
  generation_id uuid,
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
create unique index media_images_one_original on public.media_images (generation_id) where role = 'original';

alter table public.media_images enable row level security;
alter table public.media_images force row level security;
revoke all on public.media_images from public, anon, authenticated, service_role;
grant select on public.media_images to authenticated;
grant select, insert, update, delete on public.media_images to service_role;
create policy media_images_service on public.media_images for all to service_role using (true) with check (true);
create policy media_images_owner_reads on public.media_images for select to authenticated
  using (user_id = (select auth.uid()));
