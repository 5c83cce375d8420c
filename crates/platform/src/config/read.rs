//! Builds the configuration from the settings.

mod operator;
mod tokens;

use std::collections::BTreeMap;
use std::path::PathBuf;

use secrecy::SecretString;

use super::model::{
    AiSettings, BucketSettings, CatalogSettings, Config, DatabaseSettings, Environment, LogFormat, LogSettings,
    MailSettings, MailTransport, OidcSettings, OrderSettings, PaymentSettings, StorageSettings,
};
use super::settings::{SETTINGS, Setting};
use super::sources::{ConfigErrors, Sources};

/// A setting, its value as it may be shown, and where the value came from.
#[derive(Clone, Debug)]
pub struct SettingValue {
    /// The setting.
    pub setting: &'static Setting,
    /// The value, or `(hidden)`, or empty when unset.
    pub shown: String,
    /// `default`, `machiya.toml`, or the variable's name.
    pub source: String,
}

impl Config {
    /// Reads `machiya.toml` in the working folder (or `MACHIYA_CONFIG`) and the environment.
    ///
    /// # Errors
    /// All that is wrong, at once.
    pub fn load() -> Result<Self, ConfigErrors> {
        let environment: BTreeMap<String, String> = std::env::vars().collect();
        let path = environment.get("MACHIYA_CONFIG").map_or_else(|| PathBuf::from("machiya.toml"), PathBuf::from);
        let file = std::fs::read_to_string(path).unwrap_or_default();
        Self::from_sources(&file, &environment)
    }

    /// Reads a file's text and an environment.
    ///
    /// # Errors
    /// All that is wrong, at once.
    pub fn from_sources(file: &str, environment: &BTreeMap<String, String>) -> Result<Self, ConfigErrors> {
        config(file, environment)
    }

    /// Every setting with its value (secrets hidden) and where it came from; what `machiya config` prints.
    ///
    /// # Errors
    /// When the file does not parse.
    pub fn describe(file: &str, environment: &BTreeMap<String, String>) -> Result<Vec<SettingValue>, ConfigErrors> {
        describe(file, environment)
    }
}

pub(super) fn describe(file: &str, environment: &BTreeMap<String, String>) -> Result<Vec<SettingValue>, ConfigErrors> {
    let sources = Sources::new(file, environment);
    if !sources.faults.is_empty() {
        return Err(ConfigErrors(sources.faults));
    }
    let describe = |setting: &'static Setting| {
        let (value, source) = sources.find(setting);
        let shown = if setting.secret && !value.is_empty() { "(hidden)".to_owned() } else { value };
        SettingValue { setting, shown, source }
    };
    Ok(SETTINGS.iter().map(describe).collect())
}

pub(super) fn config(file: &str, environment: &BTreeMap<String, String>) -> Result<Config, ConfigErrors> {
    let mut sources = Sources::new(file, environment);
    let from = &mut sources;

    let kind = from.one_of("MACHIYA_ENV", &["development", "production"], "development");
    let environment = if kind == "production" { Environment::Production } else { Environment::Development };
    let listen = from.parse("MACHIYA_LISTEN", "an address and port such as 127.0.0.1:8080");
    let public_url = if from.optional("MACHIYA_PUBLIC_URL").is_some() {
        from.url("MACHIYA_PUBLIC_URL")
    } else {
        listen.and_then(|listen: std::net::SocketAddr| format!("http://{listen}").parse().ok())
    };
    let storage = storage(from);
    let mail = mail(from);
    let ai = ai(from);
    let payments = payments(from, environment);
    let catalog = CatalogSettings { publications_per_hour: from.number("MACHIYA_PUBLICATIONS_PER_HOUR", 1, 1_000_000) };
    let orders = OrderSettings { checkouts_per_hour: from.number("MACHIYA_CHECKOUTS_PER_HOUR", 1, 1_000_000) };
    let operator = operator::operator(from);
    let database = DatabaseSettings {
        url: from.secret("MACHIYA_DATABASE_URL"),
        web_url: from.secret("MACHIYA_DATABASE_WEB_URL"),
        service_url: from.secret("MACHIYA_DATABASE_SERVICE_URL"),
        pool_size: from.number("MACHIYA_DATABASE_POOL", 2, 500),
        postgres_bin: from.optional("MACHIYA_POSTGRES_BIN").map(Into::into),
    };
    check_keys(from);
    let oidc = oidc(from, environment);
    let supabase = tokens::supabase(from, environment);
    let seed = from.one_of("MACHIYA_SEED_DEMO", &["on", "off"], if kind == "production" { "off" } else { "on" });
    let asks_for_verified_addresses = tokens::asks_for_verified_addresses(from, environment, seed == "on");
    let format = from.one_of("MACHIYA_LOG_FORMAT", &["text", "json"], "text");
    let rest = (
        from.list("MACHIYA_REDIRECT_ORIGINS", "an address"),
        from.list("MACHIYA_TRUSTED_PROXIES", "an internet address"),
        from.number("MACHIYA_WORKER_CONCURRENCY", 0, 64),
    );

    match (listen, public_url, storage, ai, payments, mail, sources.faults.is_empty()) {
        (Some(listen), Some(public_url), Some(storage), Some(ai), Some(payments), Some(mail), true) => Ok(Config {
            environment,
            listen,
            public_url,
            data_dir: sources.text("MACHIYA_DATA_DIR").into(),
            database,
            storage,
            mail,
            ai,
            payments,
            catalog,
            orders,
            operator,
            secret: sources.secret("MACHIYA_SECRET"),
            sealing_key: sources.secret("MACHIYA_SEALING_KEY"),
            oidc,
            supabase,
            asks_for_verified_addresses,
            redirect_origins: rest.0,
            trusted_proxies: rest.1,
            worker_concurrency: usize::try_from(rest.2).unwrap_or(1),
            seed_demo: seed == "on",
            log: LogSettings {
                filter: sources.text("MACHIYA_LOG"),
                format: if format == "json" { LogFormat::Json } else { LogFormat::Text },
            },
        }),
        _ => Err(ConfigErrors(sources.faults)),
    }
}

fn storage(from: &mut Sources<'_>) -> Option<StorageSettings> {
    let bucket = from.optional("MACHIYA_BUCKET");
    let kind =
        from.one_of("MACHIYA_STORAGE", &["folder", "bucket"], if bucket.is_some() { "bucket" } else { "folder" });
    if kind == "folder" {
        return Some(StorageSettings::Folder);
    }
    for name in ["MACHIYA_BUCKET", "MACHIYA_BUCKET_ACCESS_KEY_ID", "MACHIYA_BUCKET_SECRET_ACCESS_KEY"] {
        if from.optional(name).is_none() {
            from.faults.push(format!("{name}: needed when files are kept in a bucket"));
        }
    }
    let public_base_url =
        if from.optional("MACHIYA_BUCKET_PUBLIC_URL").is_some() { from.url("MACHIYA_BUCKET_PUBLIC_URL") } else { None };
    Some(StorageSettings::Bucket(Box::new(BucketSettings {
        bucket: bucket?,
        endpoint: from.url("MACHIYA_BUCKET_ENDPOINT")?,
        region: from.text("MACHIYA_BUCKET_REGION"),
        access_key_id: from.text("MACHIYA_BUCKET_ACCESS_KEY_ID"),
        secret_access_key: from.secret("MACHIYA_BUCKET_SECRET_ACCESS_KEY")?,
        public_base_url,
    })))
}

fn mail(from: &mut Sources<'_>) -> Option<MailSettings> {
    let transport = match (from.secret("MACHIYA_SMTP_URL"), from.secret("MACHIYA_RESEND_API_KEY")) {
        (Some(url), _) => MailTransport::Smtp(url),
        (None, Some(api_key)) => MailTransport::Resend { api_key, base_url: from.url("MACHIYA_RESEND_BASE_URL")? },
        (None, None) => MailTransport::Outbox,
    };
    Some(MailSettings { from: from.text("MACHIYA_MAIL_FROM"), transport })
}

fn ai(from: &mut Sources<'_>) -> Option<AiSettings> {
    let google_api_key = from.secret("MACHIYA_GOOGLE_API_KEY");
    let otherwise = if google_api_key.is_some() { "gemini" } else { "sketch" };
    let image_provider = from.one_of("MACHIYA_IMAGE_PROVIDER", &["sketch", "gemini", "openai"], otherwise);
    if image_provider == "gemini" && google_api_key.is_none() {
        from.faults.push("MACHIYA_GOOGLE_API_KEY: needed by the provider gemini".to_owned());
    }
    Some(AiSettings {
        image_provider,
        google_api_key,
        gemini_base_url: from.url("MACHIYA_GEMINI_BASE_URL")?,
        gemini_api_version: from.one_of("MACHIYA_GEMINI_API_VERSION", &["v1beta", "v1"], "v1beta"),
        openai_api_key: from.secret("MACHIYA_OPENAI_API_KEY"),
        openai_base_url: from.url("MACHIYA_OPENAI_BASE_URL")?,
        picture_hosts: picture_hosts(from),
        generations_per_hour: from.number("MACHIYA_GENERATIONS_PER_HOUR", 1, 1_000_000),
    })
}

/// Hosts as addresses have them: lower case, no scheme, no port, no path.
fn picture_hosts(from: &mut Sources<'_>) -> Vec<String> {
    const NAME: &str = "MACHIYA_PICTURE_HOSTS";
    let hosts: Vec<String> = from.list(NAME, "a host name");
    hosts
        .into_iter()
        .filter_map(|host| match url::Host::parse(&host) {
            Ok(parsed) => Some(parsed.to_string()),
            Err(_) => {
                from.faults.push(format!("{NAME}: {host:?} is not a host name such as pictures.example"));
                None
            }
        })
        .collect()
}

/// Keys that are too short to be keys.
fn check_keys(from: &mut Sources<'_>) {
    for name in ["MACHIYA_SECRET", "MACHIYA_SEALING_KEY"] {
        if from.optional(name).is_some_and(|secret| secret.len() < 32) {
            from.faults.push(format!("{name}: shorter than 32 characters"));
        }
    }
}

/// The log-in by another site: both of client id and secret, or neither. Only a test's double may speak without TLS.
fn oidc(from: &mut Sources<'_>, environment: Environment) -> Option<OidcSettings> {
    let (id, secret) = (from.optional("MACHIYA_OIDC_CLIENT_ID"), from.secret("MACHIYA_OIDC_CLIENT_SECRET"));
    let (client_id, client_secret) = match (id, secret) {
        (None, None) => return None,
        (Some(id), Some(secret)) => (id, secret),
        _ => {
            from.faults.push("MACHIYA_OIDC_CLIENT_ID and MACHIYA_OIDC_CLIENT_SECRET: set both or neither".to_owned());
            return None;
        }
    };
    let issuer = from.url("MACHIYA_OIDC_ISSUER")?;
    if issuer.scheme() != "https" && environment == Environment::Production {
        from.faults.push("MACHIYA_OIDC_ISSUER: must begin with https:// in production".to_owned());
    }
    Some(OidcSettings { issuer, name: from.text("MACHIYA_OIDC_NAME"), client_id, client_secret })
}

fn payments(from: &mut Sources<'_>, environment: Environment) -> Option<PaymentSettings> {
    let stripe_secret_key = from.secret("MACHIYA_STRIPE_SECRET_KEY");
    let otherwise = if stripe_secret_key.is_some() { "stripe" } else { "sandbox" };
    let provider = from.one_of("MACHIYA_PAYMENT_PROVIDER", &["sandbox", "stripe"], otherwise);
    let stripe_webhook_secrets: Vec<_> =
        from.list::<String>("MACHIYA_STRIPE_WEBHOOK_SECRET", "a secret").into_iter().map(SecretString::from).collect();
    if provider == "stripe" && (stripe_secret_key.is_none() || stripe_webhook_secrets.is_empty()) {
        from.faults.push(
            "MACHIYA_STRIPE_SECRET_KEY and MACHIYA_STRIPE_WEBHOOK_SECRET: both needed by the provider stripe"
                .to_owned(),
        );
    }
    if provider == "sandbox" && environment == Environment::Production {
        from.faults
            .push("MACHIYA_PAYMENT_PROVIDER: the sandbox takes no money and is refused in production".to_owned());
    }
    Some(PaymentSettings {
        provider,
        stripe_secret_key,
        stripe_webhook_secrets,
        stripe_base_url: from.url("MACHIYA_STRIPE_BASE_URL")?,
        checkout_minutes: from.number("MACHIYA_CHECKOUT_MINUTES", 30, 1_440),
    })
}
