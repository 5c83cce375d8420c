-- What an operation of a model costs. A price is never changed, only superseded: for a while a price that a page showed
-- before can still be honoured.

create table public.operation_prices (
  id uuid primary key,
  operation text not null constraint operation_prices_operation_known
    check (operation in ('generate', 'edit', 'analyse', 'text', 'video')),
  provider text not null constraint operation_prices_provider_is_a_name check (provider ~ '^[a-z][a-z0-9_]{1,30}$'),
  model text not null constraint operation_prices_model_is_a_name check (model ~ '^[A-Za-z0-9][A-Za-z0-9._:-]{0,99}$'),
  image_credits bigint not null constraint operation_prices_images_counted check (image_credits between 0 and 1000),
  tokens_milli bigint not null constraint operation_prices_tokens_counted check (tokens_milli between 0 and 1000000000),
  valid_from timestamptz not null,
  valid_until timestamptz constraint operation_prices_ends_after_its_begin check (valid_until >= valid_from)
);
comment on column public.operation_prices.tokens_milli is 'Per piece; of texts and analyses per 1,000 tokens of the model.';
comment on column public.operation_prices.image_credits is 'Zero: this operation cannot be paid with image credits.';
create unique index operation_prices_one_current on public.operation_prices (operation, provider, model)
  where valid_until is null;

-- The provider's price at 1,500 tokens a dollar. A model without a published price costs what the specification puts a
-- picture at, 0.134 dollars. The embedded illustrator costs an image credit or 10 tokens. A text uses 200 to 1,000 tokens
-- of its model and costs about 100 to 500 of ours, an analysis about 500 (specification 3, §9).
insert into public.operation_prices (id, operation, provider, model, image_credits, tokens_milli, valid_from)
select gen_random_uuid(), o.operation, m.provider, m.model, m.image_credits, m.tokens_milli, '2026-11-01T00:00:00Z'
  from (values
    ('gemini', 'gemini-nano-banana-2.1', '{generate,edit}'::text[], 1, 50400),
    ('gemini', 'gemini-3-pro-image', '{generate,edit}', 1, 201000),
    ('gemini', 'gemini-3.1-flash-image', '{generate,edit}', 1, 100500),
    ('gemini', 'gemini-3.1-flash-lite-image', '{generate,edit}', 1, 201000),
    ('gemini', 'gemini-2.5-flash-image', '{generate,edit}', 1, 201000),
    ('openai', 'gpt-image-2.5-flare', '{generate,edit}', 1, 201000),
    ('openai', 'gpt-image-2.5-sunburst', '{generate,edit}', 1, 201000),
    ('sketch', 'studio-illustrator-1', '{generate}', 1, 10000),
    ('gemini', 'gemini-3.8-flash', '{text,analyse}', 0, 500000),
    ('gemini', 'gemini-3.5-flash-lite', '{text,analyse}', 0, 500000),
    ('sketch', 'studio-templates-1', '{text,analyse}', 0, 10000)
  ) as m (provider, model, operations, image_credits, tokens_milli)
 cross join lateral unnest(m.operations) as o (operation);

create function app.credits_guard_price() returns trigger language plpgsql set search_path = '' as $$
begin
  if old.valid_until is not null or (to_jsonb(old) - 'valid_until') <> (to_jsonb(new) - 'valid_until') then
    raise exception 'a price is superseded, never changed' using errcode = 'MC002';
  end if;
  return new;
end $$;
create trigger operation_prices_guarded before update on public.operation_prices
  for each row execute function app.credits_guard_price();
create trigger operation_prices_fixed before delete or truncate on public.operation_prices
  for each statement execute function app.credits_refuse_change();

-- Sets what an operation costs from now on; returns whether anything changed.
create function app.credits_set_price(
  p_id uuid, p_operation text, p_provider text, p_model text, p_image_credits bigint, p_tokens_milli bigint,
  p_now timestamptz
) returns boolean language plpgsql security definer set search_path = '' as $$
declare
  current_price public.operation_prices%rowtype;
begin
  select * into current_price from public.operation_prices as p
   where p.operation = p_operation and p.provider = p_provider and p.model = p_model and p.valid_until is null
     for update;
  if current_price.image_credits = p_image_credits and current_price.tokens_milli = p_tokens_milli then
    return false;
  end if;
  update public.operation_prices set valid_until = greatest(valid_from, p_now) where id = current_price.id;
  insert into public.operation_prices (id, operation, provider, model, image_credits, tokens_milli, valid_from)
    values (p_id, p_operation, p_provider, p_model, p_image_credits, p_tokens_milli,
            greatest(current_price.valid_from, p_now));
  return true;
end $$;
revoke all on function app.credits_guard_price(),
  app.credits_set_price(uuid, text, text, text, bigint, bigint, timestamptz)
  from public, anon, authenticated, service_role;
grant execute on function app.credits_set_price(uuid, text, text, text, bigint, bigint, timestamptz) to service_role;

alter table public.operation_prices enable row level security;
alter table public.operation_prices force row level security;
revoke all on public.operation_prices from public, anon, authenticated, service_role;
grant select on public.operation_prices to anon, authenticated, service_role;
create policy operation_prices_are_public on public.operation_prices for select to anon, authenticated using (true);
create policy operation_prices_service on public.operation_prices for select to service_role using (true);
create policy operation_prices_owner on public.operation_prices to current_user using (true) with check (true);
