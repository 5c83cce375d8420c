-- What was generated: by whom, of what kind, from which parent. One table for the specifications' generation_history (1,
-- §4), generation_runs (3) and generations (4, §3.2). Only the program writes; the owner reads.

create table public.generations (
  id uuid primary key,
  user_id uuid not null references public.user_profiles (user_id) on delete restrict,
  kind text not null default 'wardrobe'
    constraint generations_kind_known check (kind in ('wardrobe', 'advertisement', 'page_section', 'edit', 'text')),
  status text not null default 'queued' constraint generations_status_known
    check (status in ('queued', 'processing', 'completed', 'failed', 'refused', 'cancelled')),

  provider text not null constraint generations_provider_known check (provider in ('gemini', 'openai', 'sketch')),
  model text not null,
  model_version text,
  prompt text not null constraint generations_prompt_length check (length(prompt) between 1 and 20000),
  negative_prompt text constraint generations_negative_length check (length(negative_prompt) <= 20000),
  aspect_ratio text constraint generations_ratio_is_one check (aspect_ratio ~ '^[1-9][0-9]?:[1-9][0-9]?$'),
  size text,
  seed bigint not null,
  -- What was asked for, by kind: answers; format, template, content and branding; the edit and its instruction.
  spec jsonb not null default '{}' constraint generations_spec_is_object check (jsonb_typeof(spec) = 'object'),
  folder text not null default 'usergen'
    constraint generations_folder_known check (folder in ('usergen', 'public', 'catalog')),
  mode text not null default 'mobile-simple',

  -- The edit history is the chain of parents; each edit keeps its instruction.
  parent_id uuid,

  -- Publishing, set by the catalogue in the transaction that publishes.
  is_public boolean not null default false,
  preview_path text,
  published_at timestamptz,
  -- Why the picture may not be deleted: it is published, or it was sold.
  kept_reason text constraint generations_kept_reason_known check (kept_reason in ('published', 'sold')),
  is_used boolean not null default false,

  request_key bytea not null constraint generations_request_key_is_sha256 check (length(request_key) = 32),
  cache_key bytea not null constraint generations_cache_key_is_sha256 check (length(cache_key) = 32),
  variation integer not null default 0 constraint generations_variation_counted check (variation >= 0),

  credits_used integer not null default 0 constraint generations_credits_counted check (credits_used >= 0),
  tokens_used_milli bigint not null default 0
    constraint generations_tokens_counted check (tokens_used_milli >= 0),
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
  removal_begun_at timestamptz,
  files_removed_at timestamptz,

  constraint generations_owner unique (id, user_id),
  constraint generations_parent_is_own foreign key (parent_id, user_id)
    references public.generations (id, user_id) on delete restrict,
  constraint generations_failure_has_code check ((status in ('failed', 'refused')) = (failure_code is not null)),
  constraint generations_completed_is_measured
    check (status <> 'completed' or (completed_at is not null and (kind = 'text' or (width > 0 and height > 0)))),
  constraint generations_only_texts_have_no_ratio check ((kind = 'text') = (aspect_ratio is null)),
  constraint generations_public_has_preview
    check (not is_public or (status = 'completed' and preview_path is not null and published_at is not null)),
  constraint generations_kept_is_not_deleted check (kept_reason is null or deleted_at is null),
  constraint generations_used_is_not_deleted check (not is_used or deleted_at is null),
  constraint generations_removal_is_of_deleted check (removal_begun_at is null or deleted_at is not null),
  constraint generations_public_is_kept check (not is_public or kept_reason is not null)
);
comment on column public.generations.credits_used is 'The price in image credits; zero where it was paid in tokens.';
comment on column public.generations.tokens_used_milli is 'The price in thousandths of tokens; zero where it was paid in image credits.';
comment on column public.generations.is_used is 'Part of something public of its owner, such as a page: kept, and not deleted.';
comment on column public.generations.removal_begun_at is 'Expired, and its files are being removed; null again once that is done.';
create index generations_mine_index on public.generations (user_id, created_at desc, id desc) where deleted_at is null;
create index generations_cache_index on public.generations (user_id, cache_key, completed_at desc)
  where status = 'completed' and deleted_at is null;
create index generations_request_index on public.generations (user_id, request_key, variation desc);
-- Identical concurrent requests run once.
create unique index generations_in_flight on public.generations (user_id, cache_key)
  where status in ('queued', 'processing');
create index generations_parent_index on public.generations (parent_id, user_id) where parent_id is not null;
create index generations_removal_index on public.generations (deleted_at)
  where deleted_at is not null and files_removed_at is null;
create index generations_due_index on public.generations (expires_at)
  where expires_at is not null and deleted_at is null and kept_reason is null and not is_used;
create index generations_removing_index on public.generations (removal_begun_at) where removal_begun_at is not null;
create index generations_made_index on public.generations (created_at);

alter table public.generations enable row level security;
alter table public.generations force row level security;
revoke all on public.generations from public, anon, authenticated, service_role;
grant select on public.generations to authenticated;
grant select, insert, update, delete on public.generations to service_role;
create policy generations_service on public.generations for all to service_role using (true) with check (true);
create policy generations_owner_reads on public.generations for select to authenticated
  using (user_id = (select auth.uid()));
