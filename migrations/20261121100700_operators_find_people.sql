-- What the operators' room looks for: people by age and by the beginning of their name, and what happened lately.

create index user_profiles_newest_index on public.user_profiles (created_at desc, user_id desc);
create index user_profiles_name_index on public.user_profiles (lower(display_name) text_pattern_ops);
create index generations_made_index on public.generations (created_at);
create index ledger_transfers_occurred_index on public.ledger_transfers (occurred_at);
create index audit_logs_newest_index on public.audit_logs (created_at desc);
