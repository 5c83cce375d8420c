//! Every table, view, sequence and function × every role × every verb, as a text that a reviewer reads and a change
//! must change.

use std::fmt::Write as _;
use std::path::Path;

use sqlx::{PgConnection, Row as _};
use testkit::cluster::fresh_database;

use crate::catalogue::{connect, differences, rows, run, texts, try_run};

/// The roles of the matrix: those that somebody may take, and the two log-ins, which by themselves may nothing.
const ROLES: [&str; 5] = ["anon", "authenticated", "service_role", "machiya_web", "machiya_service"];
const FILE: &str = "tests/role_matrix.txt";

#[tokio::test]
async fn every_table_role_and_verb_is_as_it_was_reviewed() {
    let database = fresh_database().await;
    let mut owner = connect(database.superuser_url()).await;
    let found = matrix(&mut owner, &ROLES, &["auth", "app", "public"]).await;
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(FILE);
    if std::env::var_os("MACHIYA_ACCEPT").is_some() {
        std::fs::write(&path, &found).unwrap();
    }
    let reviewed = std::fs::read_to_string(&path).unwrap_or_default();
    let lines = |text: &str| blocks(text);
    let differences = differences(&lines(&reviewed), &lines(&found));
    assert!(
        differences.is_empty(),
        "who may do what has changed (- as reviewed, + as the migrations make it):\n\n{}\n\nIf that is meant, write it \
         down with\n    MACHIYA_ACCEPT=1 cargo nextest run -p schema every_table_role\nand have crates/schema/{FILE} reviewed.",
        differences.join("\n")
    );
}

/// The text of the matrix. Rights that a role has on some columns only are listed with them; what a policy leaves of the
/// rows stands behind `where`. A right without a policy reaches no row.
pub(crate) async fn matrix(owner: &mut PgConnection, roles: &[&str], schemas: &[&str]) -> String {
    let mut text = String::new();
    for schema in schemas {
        for relation in texts(owner, &relations(schema)).await {
            let (kind, name) = relation.split_once(' ').unwrap();
            writeln!(text, "{kind} {name}").unwrap();
            for role in roles {
                writeln!(text, "  {role}: {}", rights(owner, role, kind, name).await).unwrap();
            }
        }
        for function in texts(owner, &functions(schema)).await {
            writeln!(text, "function {function}").unwrap();
            for role in roles {
                let statement = format!(
                    "select case when has_function_privilege('{role}', '{function}', 'execute') then 'execute' else '-' end"
                );
                writeln!(text, "  {role}: {}", texts(owner, &statement).await.concat()).unwrap();
            }
        }
    }
    text
}

/// A block a relation or function, with its name on every line, so that a difference says where it is.
fn blocks(text: &str) -> Vec<String> {
    let mut heading = "";
    let mut lines = Vec::new();
    for line in text.lines() {
        match line.strip_prefix("  ") {
            Some(right) => lines.push(format!("{heading} | {right}")),
            None => {
                heading = line;
                lines.push(line.to_owned());
            }
        }
    }
    lines
}

fn relations(schema: &str) -> String {
    format!(
        "select case relkind when 'v' then 'view' when 'm' then 'materialised' when 'S' then 'sequence' when 'f' then 'foreign'
                else 'table' end || ' ' || '{schema}.' || relname
           from pg_class where relnamespace = '{schema}'::regnamespace and relkind in ('r', 'p', 'v', 'm', 'S', 'f')
            and relname <> '_sqlx_migrations'
          order by 1"
    )
}

fn functions(schema: &str) -> String {
    format!("select oid::regprocedure::text from pg_proc where pronamespace = '{schema}'::regnamespace order by 1")
}

async fn rights(owner: &mut PgConnection, role: &str, kind: &str, name: &str) -> String {
    if kind == "sequence" {
        let verbs = ["usage", "select", "update"];
        let mut held = Vec::new();
        for verb in verbs {
            let asked = format!("select has_sequence_privilege('{role}', '{name}', '{verb}')");
            if rows(owner, &asked).await[0].get(0) {
                held.push(verb);
            }
        }
        return if held.is_empty() { "-".to_owned() } else { held.join(" ") };
    }
    let mut held = Vec::new();
    for verb in ["select", "insert", "update", "delete", "truncate", "references", "trigger"] {
        let columns = allowed_columns(owner, role, name, verb).await;
        if let Some(columns) = columns {
            held.push(format!("{verb}{columns}{}", rows_left(owner, role, kind, name, verb).await));
        }
    }
    if held.is_empty() { "-".to_owned() } else { held.join("; ") }
}

/// Empty when the whole table is meant, the columns when only some are, nothing when the verb is not allowed.
async fn allowed_columns(owner: &mut PgConnection, role: &str, name: &str, verb: &str) -> Option<String> {
    let whole = format!("select has_table_privilege('{role}', '{name}', '{verb}')");
    if rows(owner, &whole).await[0].get(0) {
        return Some(String::new());
    }
    if matches!(verb, "delete" | "truncate" | "trigger") {
        return None;
    }
    let some = format!(
        "select attname::text from pg_attribute
          where attrelid = '{name}'::regclass and attnum > 0 and not attisdropped
            and has_column_privilege('{role}', attrelid, attnum, '{verb}') order by attnum"
    );
    let columns = texts(owner, &some).await;
    if columns.is_empty() { None } else { Some(format!("({})", columns.join(", "))) }
}

/// What row level security leaves of the rows.
async fn rows_left(owner: &mut PgConnection, role: &str, kind: &str, name: &str, verb: &str) -> String {
    let command = match verb {
        "select" => 'r',
        "insert" => 'a',
        "update" => 'w',
        "delete" => 'd',
        _ => return String::new(),
    };
    if kind == "view" {
        return " through the tables below".to_owned();
    }
    let expression = if command == 'a' { "coalesce(polwithcheck, polqual)" } else { "polqual" };
    let statement = format!(
        "select regexp_replace(pg_get_expr({expression}, polrelid), '\\s+', ' ', 'g') from pg_policy
          where polrelid = '{name}'::regclass and polcmd in ('*', '{command}') and polpermissive
            and (polroles = '{{0}}' or '{role}'::regrole = any(polroles)) order by 1"
    );
    let policies = texts(owner, &statement).await;
    match policies.as_slice() {
        [] => " where no row".to_owned(),
        [all] if all == "true" => String::new(),
        some => format!(" where {}", some.join(" or ")),
    }
}

/// The catalogue says what should happen; this asks the server, by each log-in and role, verb by verb.
#[tokio::test]
async fn the_server_refuses_what_the_matrix_does_not_hold() {
    let database = fresh_database().await;
    let mut owner = connect(database.superuser_url()).await;
    let tables = texts(
        &mut owner,
        "select relnamespace::regnamespace || '.' || relname from pg_class
          where relnamespace in ('public'::regnamespace, 'auth'::regnamespace) and relkind in ('r', 'p') order by 1",
    )
    .await;
    assert!(tables.len() > 30, "{tables:?}");
    for (log_in, url, roles) in [
        ("machiya_web", database.web_url(), &["", "anon", "authenticated"][..]),
        ("machiya_service", database.service_url(), &["", "service_role"][..]),
    ] {
        let mut connection = connect(url).await;
        for role in roles {
            let who = if role.is_empty() { log_in } else { role };
            for table in &tables {
                for verb in ["select", "insert", "update", "delete", "truncate"] {
                    let allowed = allowed_columns(&mut owner, who, table, verb).await;
                    let refused = attempt(&mut connection, role, table, verb, allowed.as_deref()).await;
                    assert_eq!(refused, allowed.is_none(), "{who}: {verb} on {table}");
                }
            }
        }
    }
}

/// Whether the server says that the verb is not permitted; any other fault comes after that question.
async fn attempt(connection: &mut PgConnection, role: &str, table: &str, verb: &str, columns: Option<&str>) -> bool {
    let first =
        columns.and_then(|columns| columns.trim_start_matches('(').split([',', ')']).next()).unwrap_or_default();
    let statement = match verb {
        "select" if first.is_empty() => format!("select * from {table} limit 1"),
        "select" => format!("select {first} from {table} limit 1"),
        "insert" => format!("insert into {table} default values"),
        "update" => format!(
            "do $$ begin execute (select format('update {table} set %I = null where false', attname) from pg_attribute
               where attrelid = '{table}'::regclass and attnum > 0 and attgenerated = '' and attidentity = ''
               order by attnum limit 1); end $$"
        ),
        "delete" => format!("delete from {table} where false"),
        _ => format!("truncate {table}"),
    };
    run(connection, "begin").await;
    if !role.is_empty() {
        run(connection, &format!("set local role {role}")).await;
    }
    let done = try_run(connection, &statement).await;
    run(connection, "rollback").await;
    match done {
        Ok(_) => false,
        Err(error) => {
            let error = error.into_database_error().expect("the server answered");
            error.code().as_deref() == Some("42501") && !error.message().contains("row-level security")
        }
    }
}

#[tokio::test]
async fn a_log_in_cannot_climb() {
    let database = fresh_database().await;
    let owner: String = {
        let mut superuser = connect(database.superuser_url()).await;
        texts(&mut superuser, "select current_user::text").await.concat()
    };
    for (url, forbidden) in [
        (
            database.web_url(),
            vec!["service_role", "machiya_service", owner.as_str(), "pg_read_all_data", "pg_write_all_data"],
        ),
        (database.service_url(), vec!["anon", "authenticated", "machiya_web", owner.as_str(), "pg_read_server_files"]),
    ] {
        let mut connection = connect(url).await;
        for role in forbidden {
            for statement in [
                format!("set role {role}"),
                format!("set session authorization {role}"),
                format!("select set_config('role', '{role}', false)"),
                format!("grant {role} to current_user"),
            ] {
                let refusal = try_run(&mut connection, &statement).await.expect_err(&statement);
                let code = refusal.as_database_error().and_then(|error| error.code().map(String::from));
                assert_eq!(code.as_deref(), Some("42501"), "{statement}: {refusal}");
            }
        }
        // What an injected statement could try after `RESET ROLE`.
        for statement in [
            "reset role; select count(*) from public.user_passwords",
            "create table public.mine (x int)",
            "create schema mine",
            "create role mine",
            "alter table public.user_passwords disable row level security",
            "alter role current_user superuser",
            "copy public.user_passwords to program 'cat'",
            "create extension file_fdw",
            "select pg_read_file('/etc/passwd')",
            "set session_replication_role = replica",
        ] {
            try_run(&mut connection, statement).await.expect_err(statement);
        }
    }
    let mut superuser = connect(database.superuser_url()).await;
    let climbed = texts(
        &mut superuser,
        "select rolname::text from pg_roles where rolname in ('anon', 'authenticated', 'service_role', 'machiya_web', 'machiya_service')
           and (rolsuper or rolcreaterole or rolcreatedb or rolbypassrls or rolreplication or rolinherit)",
    )
    .await;
    assert_eq!(climbed, Vec::<String>::new());
}
