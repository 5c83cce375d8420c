//! The traps of row level security, as lints over the catalogue (reference/security.md). What is excepted stands in
//! `advisor_exceptions.txt` with its reason; an exception that is no longer needed fails, so that the list only shrinks.

use std::collections::BTreeSet;
use std::path::Path;

use sqlx::Row as _;
use testkit::cluster::fresh_database;

use crate::catalogue::{connect, rows, run};

/// Name and statement; a row is what is wrong, called by its first column.
const LINTS: [(&str, &str); 24] = [
    ("rls_off", "select c.oid::regclass::text from tables c where not c.relrowsecurity"),
    ("rls_not_forced", "select c.oid::regclass::text from tables c where not c.relforcerowsecurity"),
    (
        "rls_without_policy",
        "select c.oid::regclass::text from tables c where not exists (select from pg_policy p where p.polrelid = c.oid)",
    ),
    (
        "policy_with_rls_off",
        "select p.polname || ' on ' || p.polrelid::regclass from pg_policy p join pg_class c on c.oid = p.polrelid
          where not c.relrowsecurity",
    ),
    (
        "auth_function_unwrapped",
        r"select p.polname || ' on ' || p.polrelid::regclass from pg_policy p
           where regexp_replace(coalesce(pg_get_expr(p.polqual, p.polrelid), '') || coalesce(pg_get_expr(p.polwithcheck, p.polrelid), ''),
                                '\( SELECT auth\.(uid|role|jwt)\(\)[^()]*\)', '', 'g') ~ '(auth\.|current_setting)'",
    ),
    (
        "several_permissive_policies",
        "select r.rolname || ' ' || v.verb || ' on ' || p.polrelid::regclass
           from pg_policy p
           join pg_roles r on r.rolname in ('anon', 'authenticated', 'service_role') and (p.polroles = '{0}' or r.oid = any(p.polroles))
           join (values ('r'), ('a'), ('w'), ('d')) as v (verb) on p.polcmd in ('*', v.verb)
          where p.polpermissive group by r.rolname, v.verb, p.polrelid having count(*) > 1",
    ),
    (
        "write_policy_always_true",
        "select p.polname || ' on ' || p.polrelid::regclass from pg_policy p join pg_class c on c.oid = p.polrelid
          where p.polcmd <> 'r' and not p.polroles <@ array['service_role'::regrole::oid, c.relowner]
            and 'true' in (coalesce(pg_get_expr(p.polqual, p.polrelid), 'true'), coalesce(pg_get_expr(p.polwithcheck, p.polrelid), ''))",
    ),
    (
        "policy_for_everybody",
        "select p.polname || ' on ' || p.polrelid::regclass from pg_policy p where p.polroles = '{0}'",
    ),
    (
        "search_path_mutable",
        "select f.oid::regprocedure::text from functions f
          where not exists (select from unnest(f.proconfig) as s (setting) where s.setting = 'search_path=\"\"')",
    ),
    (
        "definer_function_executable",
        "select f.oid::regprocedure || ' by ' || r.rolname from functions f, pg_roles r
          where f.prosecdef and r.rolname in ('anon', 'authenticated') and has_function_privilege(r.oid, f.oid, 'execute')",
    ),
    (
        "function_executable_by_everybody",
        "select f.oid::regprocedure::text from functions f
          where f.pronamespace <> 'auth'::regnamespace
            and exists (select from aclexplode(coalesce(f.proacl, acldefault('f', f.proowner))) a where a.grantee = 0)",
    ),
    (
        "view_with_definers_rights",
        "select c.oid::regclass::text from pg_class c where c.relkind = 'v' and c.relnamespace in (select oid from ours)
            and not coalesce(c.reloptions, '{}') && array['security_invoker=true', 'security_invoker=on']",
    ),
    (
        "materialised_view_readable",
        "select c.oid::regclass || ' by ' || r.rolname from pg_class c, pg_roles r
          where c.relkind = 'm' and c.relnamespace in (select oid from ours) and r.rolname in ('anon', 'authenticated')
            and has_table_privilege(r.oid, c.oid, 'select')",
    ),
    (
        "auth_users_exposed",
        "select distinct v.oid::regclass::text from pg_rewrite w join pg_class v on v.oid = w.ev_class
           join pg_depend d on d.objid = w.oid and d.refobjid = 'auth.users'::regclass
          where has_table_privilege('anon', v.oid, 'select') or has_table_privilege('authenticated', v.oid, 'select')",
    ),
    (
        "secret_column_readable",
        "select c.oid::regclass || '.' || a.attname || ' by ' || r.rolname
           from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
           join pg_roles r on r.rolname in ('anon', 'authenticated')
          where c.relkind in ('r', 'p', 'v', 'm') and c.relnamespace in (select oid from ours)
            and a.attname ~ '(password|secret|(^|_)token(_|$)|api_key|_hash$|^hash$|original_sha256|raw_payload|idempotency_key|last_error|^payload$)'
            and has_column_privilege(r.oid, c.oid, a.attnum, 'select')",
    ),
    (
        "foreign_key_unindexed",
        "select k.conname || ' on ' || k.conrelid::regclass from pg_constraint k
          where k.contype = 'f' and k.connamespace in (select oid from ours) and not exists (
            select from pg_index i where i.indrelid = k.conrelid and i.indisvalid
               and (i.indpred is null or pg_get_expr(i.indpred, i.indrelid) ~ '^\\(\\w+ IS NOT NULL\\)$')
               and (select array_agg(x order by x) from unnest((i.indkey::int2[])[0:cardinality(k.conkey) - 1]) x)
                 = (select array_agg(x order by x) from unnest(k.conkey) x))",
    ),
    (
        "foreign_key_reaches_into_other_rows",
        "select k.conname || ' on ' || k.conrelid::regclass from pg_constraint k
          where k.contype = 'f' and k.connamespace in (select oid from ours)
            and (k.confdeltype in ('c', 'n', 'd') or k.confupdtype in ('c', 'n', 'd'))",
    ),
    (
        "enum_type",
        "select t.oid::regtype::text from pg_type t where t.typtype = 'e' and t.typnamespace in (select oid from ours)",
    ),
    (
        "default_from_the_machine",
        "select c.oid::regclass || '.' || a.attname from tables c join pg_attribute a on a.attrelid = c.oid
           join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
          where a.attgenerated = '' and pg_get_expr(d.adbin, d.adrelid)
                ~* '(now\\(|_timestamp|current_date|localtime|random|uuid_generate|nextval)'",
    ),
    (
        "time_without_zone",
        "select c.oid::regclass || '.' || a.attname from tables c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0
          where a.atttypid in ('timestamp'::regtype, 'time'::regtype, 'timetz'::regtype)",
    ),
    (
        "money_as_a_float",
        "select c.oid::regclass || '.' || a.attname from tables c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0
          where a.atttypid in ('float4'::regtype, 'float8'::regtype, 'money'::regtype)",
    ),
    (
        "no_primary_key",
        "select c.oid::regclass::text from tables c
          where not exists (select from pg_constraint k where k.conrelid = c.oid and k.contype = 'p')",
    ),
    (
        "right_beyond_rows",
        "select c.oid::regclass || ' ' || a.privilege_type || ' to ' || coalesce(r.rolname, 'public')
           from pg_class c cross join aclexplode(c.relacl) a left join pg_roles r on r.oid = a.grantee
          where c.relnamespace in (select oid from ours) and c.relkind in ('r', 'p', 'v', 'm') and a.grantee <> c.relowner
            and (a.privilege_type in ('TRUNCATE', 'REFERENCES', 'TRIGGER', 'MAINTAIN') or a.grantee = 0 or a.is_grantable)",
    ),
    (
        "extension_in_public",
        "select extname::text from pg_extension where extnamespace = 'public'::regnamespace",
    ),
];

const FILE: &str = "tests/advisor_exceptions.txt";

async fn found(url: &str) -> BTreeSet<String> {
    let mut owner = connect(url).await;
    run(
        &mut owner,
        "create temporary view ours as select oid from pg_namespace where nspname in ('public', 'app', 'auth');
         create temporary view tables as select c.* from pg_class c
           where c.relkind in ('r', 'p') and c.relnamespace in (select oid from ours) and c.relname <> '_sqlx_migrations';
         create temporary view functions as select p.* from pg_proc p where p.pronamespace in (select oid from ours)",
    )
    .await;
    let mut found = BTreeSet::new();
    for (lint, statement) in LINTS {
        for row in rows(&mut owner, &format!("select x::text from ({statement}) as wrong (x)")).await {
            found.insert(format!("{lint}: {}", row.get::<String, _>(0)));
        }
    }
    found
}

#[tokio::test]
async fn no_advisor_would_warn() {
    let database = fresh_database().await;
    let found = found(database.superuser_url()).await;
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(FILE);
    let text = std::fs::read_to_string(path).unwrap();
    let excepted: BTreeSet<String> = text
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|line| line.split(" # ").next().unwrap_or_default().trim().to_owned())
        .collect();
    let new: Vec<&String> = found.difference(&excepted).collect();
    assert!(new.is_empty(), "the database has what advisors warn of:\n{new:#?}");
    let gone: Vec<&String> = excepted.difference(&found).collect();
    assert!(gone.is_empty(), "no longer needed, so take it out of crates/schema/{FILE}:\n{gone:#?}");
}

/// A lint that cannot find anything proves nothing: here is one of everything.
#[tokio::test]
async fn every_lint_finds_its_trap() {
    let database = fresh_database().await;
    let before = found(database.superuser_url()).await;
    let mut owner = connect(database.superuser_url()).await;
    run(&mut owner, include_str!("traps.sql")).await;
    let after = found(database.superuser_url()).await;
    for (lint, _) in LINTS {
        let caught = after.difference(&before).any(|line| line.starts_with(&format!("{lint}: ")));
        assert!(caught, "{lint} did not find its trap");
    }
}
