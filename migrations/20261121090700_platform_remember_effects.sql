-- What a request with an `Idempotency-Key` has done so far, written in the transaction that does it: `none`, `made`
-- (something is committed, the answer is on its way), or `in_doubt` (something is committed, and there is no answer that
-- tells all of it). Only `none` may be asked again.
alter table public.idempotency_keys
  add column effect text not null default 'none'
    constraint idempotency_keys_effect check (effect in ('none', 'made', 'in_doubt'));
