-- Credits that were paid for are a liability until they are used or expire (reference/payments.md).

insert into public.ledger_account_kinds (code, nature, holder, floor_rule, slot_count, description) values
  ('deferred_credits', 'liability', 'platform', 'none', 16, 'What was paid for credits that are neither used nor expired.'),
  ('credit_revenue', 'income', 'platform', 'none', 16, 'What was paid for credits that were used or have expired.');
insert into public.ledger_accounts (kind, holder) values ('deferred_credits', 'platform'), ('credit_revenue', 'platform');

alter table public.ledger_transfers drop constraint ledger_transfers_kind_check;
alter table public.ledger_transfers add constraint ledger_transfers_kind_check check (kind in (
  'sale', 'receipt', 'refund', 'provider_fee', 'maturity', 'dispute_opened', 'dispute_won', 'dispute_lost',
  'payout_started', 'payout_paid', 'payout_failed', 'provider_settlement', 'adjustment', 'credit_recognised'));
