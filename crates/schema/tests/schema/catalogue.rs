//! Reading a database's catalogue.

use sqlx::postgres::PgRow;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, Row as _};

/// A connection as whoever `url` names.
pub(crate) async fn connect(url: &str) -> PgConnection {
    PgConnection::connect(url).await.unwrap_or_else(|error| panic!("{url}: {error}"))
}

/// Runs statements of a test's own.
pub(crate) async fn run(connection: &mut PgConnection, statements: &str) {
    if let Err(error) = try_run(connection, statements).await {
        panic!("{error}\nin {statements}");
    }
}

/// As [`run`], for statements that may be refused.
pub(crate) async fn try_run(connection: &mut PgConnection, statements: &str) -> sqlx::Result<u64> {
    let done = sqlx::raw_sql(AssertSqlSafe(statements.to_owned())).execute(connection).await?;
    Ok(done.rows_affected())
}

/// The rows of a statement of a test's own.
pub(crate) async fn rows(connection: &mut PgConnection, statement: &str) -> Vec<PgRow> {
    sqlx::query(AssertSqlSafe(statement.to_owned()))
        .fetch_all(connection)
        .await
        .unwrap_or_else(|error| panic!("{error}\nin {statement}"))
}

/// The first column of every row, as text.
pub(crate) async fn texts(connection: &mut PgConnection, statement: &str) -> Vec<String> {
    rows(connection, statement).await.iter().map(|row| row.get(0)).collect()
}

/// Everything that a migration could change in a schema, a line each: what exists, who owns it, who may what.
/// Triggers of foreign keys are left out, since a key that points at a table puts one there.
pub(crate) async fn fingerprint(connection: &mut PgConnection, schema: &str) -> Vec<String> {
    let statement = format!(
        r"
        select 'schema ' || nspname || ' ' || nspowner::regrole || ' ' || coalesce(nspacl::text, '')
          from pg_namespace where nspname = '{schema}'
        union all
        select 'relation ' || c.relname || ' ' || c.relkind::text || ' ' || c.relowner::regrole::text || ' '
               || coalesce(c.relacl::text, '') || ' ' || c.relrowsecurity || ' ' || c.relforcerowsecurity || ' '
               || coalesce(c.reloptions::text, '') || ' '
               || case when c.relkind in ('v', 'm') then pg_get_viewdef(c.oid) else '' end
          from pg_class c where c.relnamespace = '{schema}'::regnamespace
        union all
        select 'column ' || c.relname || '.' || a.attname || ' ' || a.attnum || ' '
               || format_type(a.atttypid, a.atttypmod) || ' ' || a.attnotnull || ' ' || a.attidentity::text || a.attgenerated::text
               || ' ' || coalesce(pg_get_expr(d.adbin, d.adrelid), '') || ' ' || coalesce(a.attacl::text, '')
          from pg_attribute a join pg_class c on c.oid = a.attrelid
          left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
         where c.relnamespace = '{schema}'::regnamespace and c.relkind in ('r', 'p', 'v', 'm') and a.attnum > 0
        union all
        select 'constraint ' || conname || ' ' || coalesce(conrelid::regclass::text, '') || ' ' || pg_get_constraintdef(oid)
          from pg_constraint where connamespace = '{schema}'::regnamespace
        union all
        select 'index ' || pg_get_indexdef(c.oid) from pg_class c
         where c.relnamespace = '{schema}'::regnamespace and c.relkind in ('i', 'I')
        union all
        select 'trigger ' || pg_get_triggerdef(t.oid) from pg_trigger t join pg_class c on c.oid = t.tgrelid
         where c.relnamespace = '{schema}'::regnamespace and not t.tgisinternal
        union all
        select 'policy ' || p.polname || ' ' || p.polrelid::regclass || ' ' || p.polcmd::text || ' ' || p.polpermissive || ' '
               || p.polroles::regrole[]::text || ' ' || coalesce(pg_get_expr(p.polqual, p.polrelid), '') || ' '
               || coalesce(pg_get_expr(p.polwithcheck, p.polrelid), '')
          from pg_policy p join pg_class c on c.oid = p.polrelid where c.relnamespace = '{schema}'::regnamespace
        union all
        select 'function ' || p.oid::regprocedure || ' ' || p.proowner::regrole || ' ' || coalesce(p.proacl::text, '') || ' '
               || pg_get_functiondef(p.oid)
          from pg_proc p where p.pronamespace = '{schema}'::regnamespace and p.prokind in ('f', 'p')
        union all
        select 'type ' || typname || ' ' || typtype::text || ' ' || typowner::regrole from pg_type
         where typnamespace = '{schema}'::regnamespace and typtype in ('e', 'd')
        order by 1"
    );
    texts(connection, &statement).await
}

/// What is in one list and not in the other, as lines to read.
pub(crate) fn differences(expected: &[String], found: &[String]) -> Vec<String> {
    let missing = expected.iter().filter(|line| !found.contains(line)).map(|line| format!("- {line}"));
    let added = found.iter().filter(|line| !expected.contains(line)).map(|line| format!("+ {line}"));
    missing.chain(added).collect()
}
