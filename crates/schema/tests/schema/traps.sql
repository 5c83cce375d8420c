-- One of everything that the advisor warns of.
create extension if not exists pg_trgm schema public;
create type public.trap_mood as enum ('good', 'bad');
create table public.trap_open (
  at timestamp default now(),
  price real,
  mood public.trap_mood,
  password_hash text,
  user_id uuid references public.user_profiles (user_id) on delete cascade
);
grant all on public.trap_open to anon;
create policy trap_nobody_asks on public.trap_open for select to anon using (true);
create table public.trap_bare (id bigint primary key);
alter table public.trap_bare enable row level security;
create table public.trap_loose (id uuid primary key, user_id uuid);
alter table public.trap_loose enable row level security;
alter table public.trap_loose force row level security;
create policy trap_everybody on public.trap_loose using (true) with check (true);
create policy trap_unwrapped on public.trap_loose for select to authenticated using (user_id = auth.uid());
create view public.trap_view as select id, email from auth.users;
grant select on public.trap_view to anon;
create materialized view public.trap_materialised as select 1 as one;
grant select on public.trap_materialised to anon;
create function public.trap_function() returns int language sql security definer as 'select 1';
