-- What can be bought, and what making something costs: plans, packs and prices, as data.
-- Tokens are kept in thousandths (`_milli`); 1 yen is 10 tokens, 1 US dollar is 1,500.

create table public.subscription_plans (
  code text primary key constraint subscription_plans_code_is_a_name check (code ~ '^[a-z][a-z0-9_]{1,30}$'),
  position integer not null,
  name jsonb not null constraint subscription_plans_name_in_both check (name ? 'ja' and name ? 'en'),
  price_month_yen bigint not null constraint subscription_plans_month_price check (price_month_yen between 0 and 10000000),
  price_year_yen bigint not null constraint subscription_plans_year_price check (price_year_yen between 0 and 100000000),
  tokens_month_milli bigint not null
    constraint subscription_plans_tokens_counted check (tokens_month_milli between 0 and 100000000000),
  image_credits_month bigint not null
    constraint subscription_plans_images_counted check (image_credits_month between 0 and 100000000),
  image_credits_once bigint not null default 0
    constraint subscription_plans_once_counted check (image_credits_once between 0 and 100000000),
  history_days integer constraint subscription_plans_history_positive check (history_days > 0),
  page_limit integer not null constraint subscription_plans_pages_counted check (page_limit >= 0),
  benefits jsonb not null constraint subscription_plans_benefits_in_both
    check (jsonb_typeof(benefits -> 'ja') = 'array' and jsonb_typeof(benefits -> 'en') = 'array'),
  is_offered boolean not null default true
);
comment on column public.subscription_plans.history_days is 'How long what was made is kept; null is for ever.';
comment on column public.subscription_plans.image_credits_once is 'Given once, at sign-up.';

insert into public.subscription_plans
  (code, position, name, price_month_yen, price_year_yen, tokens_month_milli, image_credits_month, image_credits_once,
   history_days, page_limit, benefits)
values
  ('free', 0, '{"ja": "フリー", "en": "Free"}', 0, 0, 0, 0, 3, 7, 1,
   '{"ja": ["はじめに画像3枚", "履歴は7日間", "ページ1つ"],
     "en": ["3 pictures to begin with", "History for 7 days", "1 page"]}'),
  ('starter', 10, '{"ja": "スターター", "en": "Starter"}', 1980, 19800, 0, 50, 0, 30, 3,
   '{"ja": ["毎月画像50枚", "履歴は30日間", "ページ3つ"],
     "en": ["50 pictures a month", "History for 30 days", "3 pages"]}'),
  ('pro', 20, '{"ja": "プロ", "en": "Pro"}', 9800, 98000, 50000000, 200, 0, 90, 10,
   '{"ja": ["毎月50,000トークン", "毎月画像200枚", "履歴は90日間", "ページ10個"],
     "en": ["50,000 tokens a month", "200 pictures a month", "History for 90 days", "10 pages"]}'),
  ('business', 30, '{"ja": "ビジネス", "en": "Business"}', 19800, 198000, 100000000, 1000, 0, null, 50,
   '{"ja": ["毎月100,000トークン", "毎月画像1,000枚", "履歴は無期限", "ページ50個"],
     "en": ["100,000 tokens a month", "1,000 pictures a month", "History for ever", "50 pages"]}'),
  ('enterprise', 40, '{"ja": "エンタープライズ", "en": "Enterprise"}', 49800, 498000, 250000000, 2500, 0, null, 500,
   '{"ja": ["毎月250,000トークン", "毎月画像2,500枚", "履歴は無期限", "ページ500個"],
     "en": ["250,000 tokens a month", "2,500 pictures a month", "History for ever", "500 pages"]}');

create table public.credit_packs (
  id integer primary key constraint credit_packs_id_positive check (id > 0),
  position integer not null,
  tokens_milli bigint not null constraint credit_packs_tokens_counted check (tokens_milli between 1 and 100000000000),
  price_yen bigint not null constraint credit_packs_price_payable check (price_yen between 50 and 10000000),
  is_offered boolean not null default true
);
insert into public.credit_packs (id, position, tokens_milli, price_yen) values
  (1, 10, 50000000, 5000), (2, 20, 100000000, 10000), (3, 30, 250000000, 25000);

-- A price is never changed, only superseded: what a page showed can be honoured for a while.
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
create unique index operation_prices_one_current on public.operation_prices (operation, provider, model)
  where valid_until is null;
comment on column public.operation_prices.image_credits is 'Zero: this operation cannot be paid with image credits.';

-- The provider's price in millionths of a dollar at 1,500 tokens a dollar. A model without a published price costs what
-- the specification puts a picture at: 0.134 dollars. The house's own illustrator costs an image credit or 10 tokens.
create policy ai_models_seed on public.ai_models for select to current_user using (true);
insert into public.operation_prices (id, operation, provider, model, image_credits, tokens_milli, valid_from)
select gen_random_uuid(), o.operation, m.provider, m.model, case when o.operation = 'analyse' then 0 else 1 end,
       case when m.provider = 'sketch' then 10000
            else coalesce((m.price_micro_usd ->> '1K')::bigint, (m.price_micro_usd ->> '-')::bigint, 134000) * 1500 / 1000
       end,
       '2026-11-01T00:00:00Z'
  from public.ai_models as m cross join lateral unnest(m.operations) as o (operation);
drop policy ai_models_seed on public.ai_models;

create function app.credits_guard_price() returns trigger language plpgsql set search_path = '' as $$
begin
  if old.valid_until is not null or (to_jsonb(old) - 'valid_until') <> (to_jsonb(new) - 'valid_until') then
    raise exception 'a price is superseded, never changed' using errcode = 'MC002';
  end if;
  return new;
end $$;
create trigger operation_prices_guarded before update on public.operation_prices
  for each row execute function app.credits_guard_price();

-- Sets what an operation costs from now on; says whether anything changed.
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

alter table public.subscription_plans enable row level security;
alter table public.subscription_plans force row level security;
alter table public.credit_packs enable row level security;
alter table public.credit_packs force row level security;
alter table public.operation_prices enable row level security;
alter table public.operation_prices force row level security;
revoke all on public.subscription_plans, public.credit_packs, public.operation_prices
  from public, anon, authenticated, service_role;
grant select on public.subscription_plans, public.credit_packs, public.operation_prices to anon, authenticated;
grant select, insert, update on public.subscription_plans, public.credit_packs to service_role;
grant select on public.operation_prices to service_role;

create policy subscription_plans_offered_are_public on public.subscription_plans for select to anon
  using (is_offered);
create policy subscription_plans_service on public.subscription_plans for all to service_role using (true) with check (true);
create policy subscription_plans_owner on public.subscription_plans for select to current_user using (true);
create policy credit_packs_offered_are_public on public.credit_packs for select to anon, authenticated
  using (is_offered);
create policy credit_packs_service on public.credit_packs for all to service_role using (true) with check (true);
create policy operation_prices_are_public on public.operation_prices for select to anon, authenticated using (true);
create policy operation_prices_service on public.operation_prices for select to service_role using (true);
create policy operation_prices_owner on public.operation_prices to current_user using (true) with check (true);
