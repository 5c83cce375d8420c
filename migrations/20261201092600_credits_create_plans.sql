-- Subscription plans, the plan of each user, and token packs, as data that an operator may edit.
-- Tokens are counted in thousandths (`_milli`); 1 yen is 10 tokens, 1 US dollar is 1,500.

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
comment on column public.subscription_plans.history_days is 'How long generations are kept; null is for ever.';
comment on column public.subscription_plans.image_credits_once is 'Granted once, at sign-up.';

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

alter table public.subscription_plans enable row level security;
alter table public.subscription_plans force row level security;
revoke all on public.subscription_plans from public, anon, authenticated, service_role;
grant select on public.subscription_plans to anon, authenticated;
grant select, insert, update on public.subscription_plans to service_role;
create policy subscription_plans_offered_are_public on public.subscription_plans for select to anon
  using (is_offered);
create policy subscription_plans_service on public.subscription_plans for all to service_role using (true) with check (true);
create policy subscription_plans_owner on public.subscription_plans for select to current_user using (true);

-- The plan of a user, its terms in the current period, and the counters of use. History and page limits are copied when a
-- user changes to a plan and at each renewal, so that an edited plan leaves the paid period as it was.
create table public.user_settings (
  user_id uuid primary key references public.user_profiles (user_id) on delete restrict,
  plan text not null references public.subscription_plans (code) on delete restrict,
  dunning_state text not null default 'active'
    constraint user_settings_dunning_state_known check (dunning_state in ('active', 'grace', 'read_only')),
  dunning_until timestamptz,
  history_days integer,
  page_limit integer not null,
  low_balance_notified_at timestamptz,
  total_generations bigint not null default 0,
  monthly_generations bigint not null default 0,
  last_generation_at timestamptz,
  usage_reset_at timestamptz not null,
  updated_at timestamptz not null,
  constraint user_settings_dunning_has_its_end check ((dunning_state = 'active') = (dunning_until is null))
) with (fillfactor = 80);
create index user_settings_plan_index on public.user_settings (plan);
create index user_settings_reset_index on public.user_settings (usage_reset_at) where monthly_generations > 0;

-- Written only by functions of the owner.
alter table public.user_settings enable row level security;
alter table public.user_settings force row level security;
revoke all on public.user_settings from public, anon, authenticated, service_role;
grant select on public.user_settings to authenticated, service_role;
create policy user_settings_owner_reads on public.user_settings for select to authenticated
  using (user_id = (select auth.uid()));
create policy user_settings_service on public.user_settings for select to service_role using (true);
create policy user_settings_owner on public.user_settings to current_user using (true) with check (true);

-- A user reads the plan that they are on even when it is no longer offered.
create policy subscription_plans_offered_or_own on public.subscription_plans for select to authenticated
  using (is_offered or exists (select from public.user_settings as s
                                where s.user_id = (select auth.uid()) and s.plan = subscription_plans.code));

create table public.credit_packs (
  id integer primary key constraint credit_packs_id_positive check (id > 0),
  position integer not null,
  tokens_milli bigint not null constraint credit_packs_tokens_counted check (tokens_milli between 1 and 100000000000),
  price_yen bigint not null constraint credit_packs_price_payable check (price_yen between 50 and 10000000),
  is_offered boolean not null default true
);
insert into public.credit_packs (id, position, tokens_milli, price_yen) values
  (1, 10, 50000000, 5000), (2, 20, 100000000, 10000), (3, 30, 250000000, 25000);

alter table public.credit_packs enable row level security;
alter table public.credit_packs force row level security;
revoke all on public.credit_packs from public, anon, authenticated, service_role;
grant select on public.credit_packs to anon, authenticated;
grant select, insert, update on public.credit_packs to service_role;
create policy credit_packs_offered_are_public on public.credit_packs for select to anon, authenticated
  using (is_offered);
create policy credit_packs_service on public.credit_packs for all to service_role using (true) with check (true);
