-- A convenience store slip stays within the buyer's reach: where it is shown, and until when it can be paid.

alter table public.payments add column slip_url text
  constraint payments_slip_is_an_address check (slip_url ~ '^https?://' and length(slip_url) <= 2000);
alter table public.payments add column slip_expires_at timestamptz;
grant select (slip_url, slip_expires_at) on public.payments to authenticated;

-- The sandbox's disputes can be opened, won and lost by hand. A loss may be reversed later, as a bank may do; a dispute
-- that was won stays won.
alter table public.sandbox_sessions add column dispute_state text
  constraint sandbox_sessions_dispute_known check (dispute_state in ('open', 'won', 'lost'));
