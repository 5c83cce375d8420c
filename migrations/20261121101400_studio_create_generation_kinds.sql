-- Generations by kind: one typed specification each, the files that go in, and what comes out.

alter table public.generations
  drop constraint generations_kind_known,
  add constraint generations_kind_known
    check (kind in ('wardrobe', 'advertisement', 'page_section', 'edit', 'text')),
  drop column answers,
  drop column format,
  drop column template_id,
  drop column template_name,
  drop column content,
  drop column branding,
  drop column product_image_id,
  drop column edit_type,
  drop column edit_instruction,
  -- What was asked for, by kind: answers; format, template, content and branding; the edit and its instruction.
  add column spec jsonb not null default '{}' constraint generations_spec_is_object check (jsonb_typeof(spec) = 'object'),
  alter column aspect_ratio drop not null,
  add constraint generations_only_texts_have_no_ratio check ((kind = 'text') = (aspect_ratio is null)),
  drop constraint generations_completed_is_measured,
  add constraint generations_completed_is_measured
    check (status <> 'completed' or (completed_at is not null and (kind = 'text' or (width > 0 and height > 0))));

alter table public.media_images
  add column position integer not null default 0 constraint media_images_position_counted check (position >= 0);
comment on column public.media_images.position is 'Which of the outputs of its generation it belongs to.';
drop index public.media_images_one_original;
create unique index media_images_one_original on public.media_images (generation_id, position) where role = 'original';

-- What a text model has written so far; empty again when it has ended.
alter table public.ai_jobs add column partial_text text;
grant select (partial_text) on public.ai_jobs to authenticated;

-- The files that go into a generation: pictures to go by, the one that is changed, a mask, the product, a logo.
create table public.generation_inputs (
  generation_id uuid not null,
  user_id uuid not null references public.user_profiles (user_id) on delete restrict,
  position integer not null constraint generation_inputs_position_counted check (position >= 0),
  role text not null constraint generation_inputs_role_known
    check (role in ('source', 'reference', 'mask', 'product', 'logo')),
  source_generation_id uuid,
  sha256 bytea not null constraint generation_inputs_sha256_length check (length(sha256) = 32),
  primary key (generation_id, position),
  constraint generation_inputs_generation_is_own foreign key (generation_id, user_id)
    references public.generations (id, user_id) on delete cascade,
  constraint generation_inputs_source_is_own foreign key (source_generation_id, user_id)
    references public.generations (id, user_id) on delete set null (source_generation_id)
);
create index generation_inputs_user_index on public.generation_inputs (user_id);
create index generation_inputs_generation_index on public.generation_inputs (generation_id, user_id);
create index generation_inputs_source_index on public.generation_inputs (source_generation_id, user_id);

-- What a generation made: one act, any number of pictures or a text.
create table public.generation_outputs (
  generation_id uuid not null,
  user_id uuid not null references public.user_profiles (user_id) on delete restrict,
  position integer not null constraint generation_outputs_position_counted check (position >= 0),
  image_id uuid constraint generation_outputs_image_unique unique
    references public.media_images (id) on delete cascade,
  content jsonb,
  created_at timestamptz not null,
  primary key (generation_id, position),
  constraint generation_outputs_generation_is_own foreign key (generation_id, user_id)
    references public.generations (id, user_id) on delete cascade,
  constraint generation_outputs_is_picture_or_text check (num_nonnulls(image_id, content) = 1)
);
comment on column public.generation_outputs.content is 'Of a text: a string, or a value in the form that was asked for.';
create index generation_outputs_user_index on public.generation_outputs (user_id);
create index generation_outputs_generation_index on public.generation_outputs (generation_id, user_id);

-- Text models. OpenAI's names of text models change as often as those of images; an operator adds them.
alter table public.ai_models
  drop constraint ai_models_operations_known,
  add constraint ai_models_operations_known check (operations <@ array['generate', 'edit', 'analyse', 'text']);
drop index public.ai_models_one_default;
create unique index ai_models_one_default on public.ai_models (provider, (operations && array['analyse', 'text']))
  where is_default;

alter table public.ai_models no force row level security;
insert into public.ai_models
  (provider, model, label, operations, ratios, reference_limit, is_default, position)
values
  ('gemini', 'gemini-3.8-flash', 'Gemini 3.8 Flash', '{text,analyse}', '{}', 14, true, 310),
  ('gemini', 'gemini-3.5-flash-lite', 'Gemini 3.5 Flash Lite', '{text,analyse}', '{}', 14, false, 320),
  ('sketch', 'studio-templates-1', 'Studio templates (no AI)', '{text,analyse}', '{}', 14, true, 400);
alter table public.ai_models force row level security;

-- Per 1,000 tokens of the model: a text uses 200 to 1,000 of them and costs about 100 to 500, an analysis about 500
-- (specification 3, §9). Without AI a text costs next to nothing.
insert into public.operation_prices (id, operation, provider, model, image_credits, tokens_milli, valid_from)
select gen_random_uuid(), o.operation, m.provider, m.model, 0,
       case m.provider when 'sketch' then 10000 else 500000 end, '2026-11-01T00:00:00Z'
  from (values ('gemini', 'gemini-3.8-flash'), ('gemini', 'gemini-3.5-flash-lite'), ('sketch', 'studio-templates-1'))
       as m (provider, model)
 cross join (values ('text'), ('analyse')) as o (operation);

-- Last, because forced row level security would refuse the rows above to an owner who is no superuser.
do $$
declare
  name text;
begin
  foreach name in array array['generation_inputs', 'generation_outputs'] loop
    execute format('alter table public.%I enable row level security', name);
    execute format('alter table public.%I force row level security', name);
    execute format('revoke all on public.%I from public, anon, authenticated, service_role', name);
    execute format('grant select on public.%I to authenticated', name);
    execute format('grant select, insert, update, delete on public.%I to service_role', name);
    execute format('create policy %I on public.%I for all to service_role using (true) with check (true)',
                   name || '_service', name);
    execute format('create policy %I on public.%I for select to authenticated using (user_id = (select auth.uid()))',
                   name || '_owner_reads', name);
  end loop;
end $$;

drop function app.studio_keep_anew(uuid, timestamptz, timestamptz);
