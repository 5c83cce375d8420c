-- A browser that several people use is known to each of them.
alter table public.known_devices drop constraint known_devices_token_hash_unique;
alter table public.known_devices
  add constraint known_devices_user_token_unique unique (user_id, token_hash);
create index known_devices_token_index on public.known_devices (token_hash);
drop index public.known_devices_user_index;
