-- The price of gemini-2.5-flash-image could not be verified where the others were (reference/ai-providers.md): it is
-- unknown, as those of OpenAI's models are. What an operator has entered meanwhile stays.
alter table public.ai_models no force row level security;
update public.ai_models set price_micro_usd = '{}'
 where provider = 'gemini' and model = 'gemini-2.5-flash-image' and price_micro_usd = '{"-": 39000}'::jsonb;
alter table public.ai_models force row level security;
