-- The models that can be used, as data: their names change every few months (reference/ai-providers.md).
-- Prices are millionths of a US dollar per picture, by size; '-' is the size of a model that takes none.

create table public.ai_models (
  provider text not null constraint ai_models_provider_known check (provider in ('gemini', 'openai', 'sketch')),
  model text not null constraint ai_models_model_is_a_name check (model ~ '^[A-Za-z0-9][A-Za-z0-9._:-]{0,99}$'),
  label text not null constraint ai_models_label_length check (length(label) between 1 and 80),
  operations text[] not null,
  ratios text[] not null,
  sizes text[] not null default '{}',
  pixels jsonb not null default '{}',
  reference_limit integer not null default 0 constraint ai_models_references_counted check (reference_limit >= 0),
  price_micro_usd jsonb not null default '{}',
  is_default boolean not null default false,
  is_offered boolean not null default true,
  position integer not null default 0,
  retired_at timestamptz,
  primary key (provider, model),
  constraint ai_models_operations_known check (operations <@ array['generate', 'edit', 'analyse', 'text']),
  constraint ai_models_objects check (jsonb_typeof(pixels) = 'object' and jsonb_typeof(price_micro_usd) = 'object')
);
-- One default for pictures and one for texts.
create unique index ai_models_one_default on public.ai_models (provider, (operations && array['analyse', 'text']))
  where is_default;

-- `pixels` holds width and height at the size that the studio asks for (1K), against which a model's answer is checked.
insert into public.ai_models
  (provider, model, label, operations, ratios, sizes, pixels, reference_limit, price_micro_usd, is_default, is_offered, position, retired_at)
select 'gemini', m.model, m.label, '{generate,edit}',
  '{1:1,2:3,3:2,3:4,4:3,4:5,5:4,9:16,16:9,21:9}', m.sizes,
  '{"1:1":[1024,1024],"2:3":[848,1264],"3:2":[1264,848],"3:4":[896,1200],"4:3":[1200,896],"4:5":[928,1152],"5:4":[1152,928],"9:16":[768,1376],"16:9":[1376,768],"21:9":[1584,672]}'::jsonb,
  m.reference_limit, m.price::jsonb, m.is_default, m.is_offered, m.position, m.retired_at::timestamptz
from (values
  ('gemini-nano-banana-2.1', 'Nano Banana 2.1', '{1K,2K,4K}'::text[], 14,
   '{"1K":33600,"2K":50400,"4K":113000}', true, true, 10, null),
  ('gemini-3-pro-image', 'Gemini 3 Pro Image', '{1K,2K,4K}', 14, '{"1K":134000}', false, true, 20, null),
  ('gemini-3.1-flash-image', 'Gemini 3.1 Flash Image', '{1K,2K,4K}', 14,
   '{"1K":67000,"2K":101000,"4K":151000}', false, true, 30, null),
  -- The prices of the next two were not published where the others were. The first is offered once an operator has
  -- entered its price.
  ('gemini-3.1-flash-lite-image', 'Gemini 3.1 Flash Lite Image', '{1K}', 14, '{}', false, false, 40, null),
  -- The specification's model: past its announced end, and still selectable.
  ('gemini-2.5-flash-image', 'Gemini 2.5 Flash Image', '{}', 3, '{}', false, true, 50, '2026-10-02T00:00:00Z')
) as m (model, label, sizes, reference_limit, price, is_default, is_offered, position, retired_at);
insert into public.ai_models
  (provider, model, label, operations, ratios, pixels, reference_limit, is_default, is_offered, position)
select 'openai', m.model, m.label, '{generate,edit}', '{1:1,2:3,3:2,3:4,4:3,4:5,5:4,9:16,16:9,21:9}',
  '{"1:1":[1024,1024],"2:3":[1024,1536],"3:4":[1024,1536],"4:5":[1024,1536],"9:16":[1024,1536],"3:2":[1536,1024],"4:3":[1536,1024],"5:4":[1536,1024],"16:9":[1536,1024],"21:9":[1536,1024]}'::jsonb,
  16, m.is_default, true, m.position
from (values
  ('gpt-image-2.5-flare', 'GPT Image 2.5 Flare', true, 110),
  ('gpt-image-2.5-sunburst', 'GPT Image 2.5 Sunburst', false, 120)
) as m (model, label, is_default, position);
insert into public.ai_models
  (provider, model, label, operations, ratios, sizes, price_micro_usd, is_default, position)
values
  ('sketch', 'studio-illustrator-1', 'Studio illustrator (no AI)', '{generate}',
   '{1:1,2:3,3:2,3:4,4:3,4:5,5:4,9:16,16:9,21:9}', '{1K,2K,4K}', '{"1K":0,"2K":0,"4K":0}', true, 200);

-- Text models. OpenAI's are not among them: their names change as often as those of its image models, and an operator who
-- has them adds them with their price.
insert into public.ai_models
  (provider, model, label, operations, ratios, reference_limit, is_default, position)
values
  ('gemini', 'gemini-3.8-flash', 'Gemini 3.8 Flash', '{text,analyse}', '{}', 14, true, 310),
  ('gemini', 'gemini-3.5-flash-lite', 'Gemini 3.5 Flash Lite', '{text,analyse}', '{}', 14, false, 320),
  ('sketch', 'studio-templates-1', 'Studio templates (no AI)', '{text,analyse}', '{}', 14, true, 400);

-- After the inserts, because forced row level security would refuse them to an owner who is no superuser.
alter table public.ai_models enable row level security;
alter table public.ai_models force row level security;
revoke all on public.ai_models from public, anon, authenticated, service_role;
grant select on public.ai_models to anon, authenticated;
grant select, insert, update, delete on public.ai_models to service_role;
create policy ai_models_service on public.ai_models for all to service_role using (true) with check (true);
create policy ai_models_offered_are_public on public.ai_models for select to anon, authenticated using (is_offered);
