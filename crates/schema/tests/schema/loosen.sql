-- Takes off everything but grants and policies.
do $$
declare
  item record;
begin
  for item in
    select conrelid::regclass as relation, conname from pg_constraint
     where connamespace = 'public'::regnamespace and contype in ('f', 'c')
     order by contype desc
  loop
    execute format('alter table %s drop constraint if exists %I cascade', item.relation, item.conname);
  end loop;
  for item in
    select conrelid::regclass as relation, conname from pg_constraint
     where connamespace = 'public'::regnamespace and contype in ('u', 'p')
  loop
    execute format('alter table %s drop constraint if exists %I cascade', item.relation, item.conname);
  end loop;
  for item in
    select i.indexrelid::regclass as index from pg_index i join pg_class c on c.oid = i.indrelid
     where c.relnamespace = 'public'::regnamespace and i.indisunique
  loop
    execute format('drop index %s', item.index);
  end loop;
  for item in select oid::regclass as relation from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')
  loop
    execute format('alter table %s disable trigger user', item.relation);
  end loop;
end
$$;
