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
    references public.generations (id, user_id) on delete restrict,
  constraint generation_inputs_source_is_own foreign key (source_generation_id, user_id)
    references public.generations (id, user_id) on delete restrict
);
create index generation_inputs_user_index on public.generation_inputs (user_id);
create index generation_inputs_generation_index on public.generation_inputs (generation_id, user_id);
create index generation_inputs_source_index on public.generation_inputs (source_generation_id, user_id);

alter table public.generation_inputs enable row level security;
alter table public.generation_inputs force row level security;
revoke all on public.generation_inputs from public, anon, authenticated, service_role;
grant select on public.generation_inputs to authenticated;
grant select, insert, update, delete on public.generation_inputs to service_role;
create policy generation_inputs_service on public.generation_inputs for all to service_role using (true) with check (true);
create policy generation_inputs_owner_reads on public.generation_inputs for select to authenticated
  using (user_id = (select auth.uid()));

-- What a generation made: any number of pictures, or a text.
create table public.generation_outputs (
  generation_id uuid not null,
  user_id uuid not null references public.user_profiles (user_id) on delete restrict,
  position integer not null constraint generation_outputs_position_counted check (position >= 0),
  image_id uuid constraint generation_outputs_image_unique unique
    references public.media_images (id) on delete restrict,
  content jsonb,
  created_at timestamptz not null,
  primary key (generation_id, position),
  constraint generation_outputs_generation_is_own foreign key (generation_id, user_id)
    references public.generations (id, user_id) on delete restrict,
  constraint generation_outputs_is_picture_or_text check (num_nonnulls(image_id, content) = 1)
);
comment on column public.generation_outputs.content is 'A text as a JSON string, or a value in the form that was asked for.';
create index generation_outputs_user_index on public.generation_outputs (user_id);
create index generation_outputs_generation_index on public.generation_outputs (generation_id, user_id);

alter table public.generation_outputs enable row level security;
alter table public.generation_outputs force row level security;
revoke all on public.generation_outputs from public, anon, authenticated, service_role;
grant select on public.generation_outputs to authenticated;
grant select, insert, update, delete on public.generation_outputs to service_role;
create policy generation_outputs_service on public.generation_outputs for all to service_role using (true) with check (true);
create policy generation_outputs_owner_reads on public.generation_outputs for select to authenticated
  using (user_id = (select auth.uid()));
