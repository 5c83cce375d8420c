//! The two log-ins: made by the owner after the migrations, so that the program never serves as the owner.

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};
use url::Url;

use super::database::DatabaseAddresses;
use super::error::DatabaseError;

/// The log-in of pages and API, and the roles that it may take.
const WEB: (&str, &[&str]) = ("machiya_web", &["anon", "authenticated"]);
/// The log-in of the platform, and the role that it may take.
const SERVICE: (&str, &[&str]) = ("machiya_service", &["service_role"]);

/// Makes or mends both log-ins and returns where they connect. Their passwords follow from the program's secret, so
/// that nothing needs to be stored and every process of the platform agrees.
///
/// # Errors
/// When the owner may not make log-ins; then `MACHIYA_DATABASE_WEB_URL` and `MACHIYA_DATABASE_SERVICE_URL` name them.
pub async fn log_ins(owner_url: &str, secret: &[u8], pool_size: u32) -> Result<DatabaseAddresses, DatabaseError> {
    let mut owner = PgConnection::connect(owner_url).await?;
    for (name, roles) in [WEB, SERVICE] {
        let password = password(secret, name);
        // Log-ins belong to the cluster: another program may be doing the same at this moment. An owner who is no
        // superuser may not even say NOSUPERUSER, so what the log-in cannot do is checked as well.
        let statement = format!(
            "do $$ begin \
               begin create role {name} login; exception when duplicate_object or unique_violation then null; end; \
               perform pg_advisory_xact_lock(hashtext('machiya log-ins')); \
               alter role {name} login noinherit password '{password}'; \
               begin \
                 alter role {name} nosuperuser nocreatedb nocreaterole nobypassrls noreplication; \
               exception when insufficient_privilege then null; end; \
               grant {} to {name}; \
               if exists (select from pg_roles where rolname = '{name}' \
                          and (rolsuper or rolcreatedb or rolcreaterole or rolbypassrls or rolreplication)) then \
                 raise exception 'the log-in {name} may do more than it should'; \
               end if; \
             end $$",
            roles.join(", ")
        );
        sqlx::query(AssertSqlSafe(statement)).execute(&mut owner).await?;
    }
    owner.close().await?;
    addresses(owner_url, secret, pool_size)
}

/// Where both log-ins connect, once [`log_ins`] has made them; needs no connection.
///
/// # Errors
/// When the owner's address is no address.
pub fn addresses(owner_url: &str, secret: &[u8], pool_size: u32) -> Result<DatabaseAddresses, DatabaseError> {
    let url_of = |name: &str| with_log_in(owner_url, name, &password(secret, name));
    Ok(DatabaseAddresses { web_url: url_of(WEB.0)?, service_url: url_of(SERVICE.0)?, pool_size })
}

/// Makes the database `name` (letters only) on a server, where it is missing.
///
/// # Errors
/// When the server does not answer, or the log-in may not make databases.
pub async fn make_database(server_url: &str, name: &str) -> Result<(), DatabaseError> {
    let mut owner = PgConnection::connect(server_url).await?;
    let exists: bool = sqlx::query_scalar("select exists (select from pg_database where datname = $1)")
        .bind(name)
        .fetch_one(&mut owner)
        .await?;
    if !exists && name.bytes().all(|byte| byte.is_ascii_lowercase()) {
        sqlx::query(AssertSqlSafe(format!("create database {name}"))).execute(&mut owner).await?;
    }
    owner.close().await
}

fn password(secret: &[u8], name: &str) -> String {
    #[expect(clippy::expect_used, reason = "HMAC takes keys of any length")]
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).expect("any length is a key");
    mac.update(b"database log-in ");
    mac.update(name.as_bytes());
    hex::encode(mac.finalize().into_bytes())
}

fn with_log_in(owner_url: &str, name: &str, password: &str) -> Result<String, DatabaseError> {
    let mut url = Url::parse(owner_url).map_err(|error| DatabaseError::Configuration(Box::new(error)))?;
    let cannot = || DatabaseError::Configuration("the database address takes no log-in".into());
    url.set_username(name).map_err(|()| cannot())?;
    url.set_password(Some(password)).map_err(|()| cannot())?;
    Ok(url.into())
}
