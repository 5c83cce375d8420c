//! Everything that can be set, as the program uses it.

use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};

use secrecy::SecretString;
use url::Url;

/// What kind of place this is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Environment {
    /// Somebody tries it out: sandbox payments, `/dev` pages, demo data.
    Development,
    /// Real people and money: none of the above.
    Production,
}

/// Everything that can be set.
#[derive(Clone, Debug)]
pub struct Config {
    /// What kind of place this is.
    pub environment: Environment,
    /// Where the program listens.
    pub listen: SocketAddr,
    /// The address that people see, without a trailing slash; its scheme decides whether cookies are `Secure`.
    pub public_url: Url,
    /// The folder of the embedded database, stored files and generated keys.
    pub data_dir: PathBuf,
    /// The database.
    pub database: DatabaseSettings,
    /// Where files are kept.
    pub storage: StorageSettings,
    /// How mail leaves.
    pub mail: MailSettings,
    /// The AI providers.
    pub ai: AiSettings,
    /// The payment providers.
    pub payments: PaymentSettings,
    /// How much one person may publish.
    pub catalog: CatalogSettings,
    /// How much one person may order.
    pub orders: OrderSettings,
    /// Who runs the platform, as the law wants it said.
    pub operator: OperatorSettings,
    /// Signs links; 32 bytes or more. Generated into the data folder when it is not set.
    pub secret: Option<SecretString>,
    /// Seals what the database keeps and must not be able to read (the secrets of authenticator apps); 32 bytes or more.
    /// Generated into the data folder when it is not set. Who loses it loses every such secret.
    pub sealing_key: Option<SecretString>,
    /// The site by whose accounts people may log in, when there is one.
    pub oidc: Option<OidcSettings>,
    /// Tokens of a Supabase project that are accepted, when they are.
    pub supabase: Option<SupabaseSettings>,
    /// Whether publishing and buying wait until mail was shown to reach an account's address.
    pub asks_for_verified_addresses: bool,
    /// Origins besides our own that a checkout may return to.
    pub redirect_origins: Vec<Url>,
    /// Reverse proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpAddr>,
    /// How many jobs run at once in this process; 0 leaves them to `machiya worker`.
    pub worker_concurrency: usize,
    /// Whether the demo's accounts and pictures are made on an empty database.
    pub seed_demo: bool,
    /// Logs.
    pub log: LogSettings,
}

/// The database.
#[derive(Clone, Debug)]
pub struct DatabaseSettings {
    /// The owner's address; the embedded database when there is none.
    pub url: Option<SecretString>,
    /// The address of the pages' log-in, where the program may not make log-ins itself.
    pub web_url: Option<SecretString>,
    /// The address of the platform's log-in, likewise.
    pub service_url: Option<SecretString>,
    /// Connections of each pool at most.
    pub pool_size: u32,
    /// The folder of the PostgreSQL programs for the embedded database.
    pub postgres_bin: Option<PathBuf>,
}

/// Where files are kept.
#[derive(Clone, Debug)]
pub enum StorageSettings {
    /// `files/` in the data folder.
    Folder,
    /// A bucket at Cloudflare R2 or any S3.
    Bucket(Box<BucketSettings>),
}

/// A bucket.
#[derive(Clone, Debug)]
pub struct BucketSettings {
    /// The bucket's name.
    pub bucket: String,
    /// The endpoint, for R2 `https://<account>.r2.cloudflarestorage.com`.
    pub endpoint: Url,
    /// The region; `auto` for R2.
    pub region: String,
    /// The key's id.
    pub access_key_id: String,
    /// The key.
    pub secret_access_key: SecretString,
    /// Where the public prefix is served from; signed URLs when there is none.
    pub public_base_url: Option<Url>,
}

/// How mail leaves.
#[derive(Clone, Debug)]
pub struct MailSettings {
    /// The sender, as `Name <address>`.
    pub from: String,
    /// The way out.
    pub transport: MailTransport,
}

/// The way out for mail.
#[derive(Clone, Debug)]
pub enum MailTransport {
    /// Stays in the outbox table, readable at `/dev/mail`.
    Outbox,
    /// An SMTP server: `smtp://…` or `smtps://user:password@host`.
    Smtp(SecretString),
    /// Resend's HTTP API.
    Resend {
        /// The API key.
        api_key: SecretString,
        /// The API's address.
        base_url: Url,
    },
}

/// The AI providers.
#[derive(Clone, Debug)]
pub struct AiSettings {
    /// The provider used when a request names none: `sketch`, `gemini` or `openai`.
    pub image_provider: String,
    /// Google's key.
    pub google_api_key: Option<SecretString>,
    /// Google's address.
    pub gemini_base_url: Url,
    /// `v1beta` or `v1`.
    pub gemini_api_version: String,
    /// OpenAI's key; a compatible server may need none.
    pub openai_api_key: Option<SecretString>,
    /// OpenAI's address, or a compatible server's.
    pub openai_base_url: Url,
    /// Hosts from which a compatible server's pictures may be fetched when it answers with an address instead of bytes,
    /// lower case, without a port; the server's own host is always allowed.
    pub picture_hosts: Vec<String>,
    /// Pictures that one person may ask for in an hour.
    pub generations_per_hour: u32,
}

/// The payment providers.
#[derive(Clone, Debug)]
pub struct PaymentSettings {
    /// `sandbox` or `stripe`.
    pub provider: String,
    /// Stripe's key.
    pub stripe_secret_key: Option<SecretString>,
    /// The webhook's secrets; two while one is being replaced. The sandbox signs with the first.
    pub stripe_webhook_secrets: Vec<SecretString>,
    /// Stripe's address.
    pub stripe_base_url: Url,
    /// How long stock is held for an unpaid order, in minutes: Stripe allows 30 minutes to 24 hours.
    pub checkout_minutes: u32,
}

/// A site that speaks OpenID Connect, by whose accounts people may log in.
#[derive(Clone, Debug)]
pub struct OidcSettings {
    /// Its issuer identifier; `/.well-known/openid-configuration` below it says the rest.
    pub issuer: Url,
    /// What the button calls it.
    pub name: String,
    /// Who we are there.
    pub client_id: String,
    /// And its secret.
    pub client_secret: SecretString,
}

/// How much one person may publish.
#[derive(Clone, Copy, Debug)]
pub struct CatalogSettings {
    /// Pictures that one person may publish in an hour.
    pub publications_per_hour: u32,
}

/// How much one person may order.
#[derive(Clone, Copy, Debug)]
pub struct OrderSettings {
    /// Orders that one person may place in an hour.
    pub checkouts_per_hour: u32,
}

/// Who runs the platform: what the Specified Commercial Transactions Act (特定商取引法) wants on a public page. What is not
/// set is named as missing on that page and in [`Config::warnings`].
#[derive(Clone, Debug, Default)]
pub struct OperatorSettings {
    /// The name of the business, or of the person.
    pub name: Option<String>,
    /// The person who answers for it.
    pub responsible: Option<String>,
    /// The postal address.
    pub address: Option<String>,
    /// The telephone number.
    pub phone: Option<String>,
    /// The mail address for customers.
    pub mail: Option<String>,
    /// `T` and thirteen digits, where the operator is registered as an issuer of qualified invoices (適格請求書).
    pub registration_number: Option<String>,
    /// A folder with the operator's own `terms.ja.txt`, `privacy.en.txt` and so on.
    pub legal_dir: Option<PathBuf>,
}

impl OperatorSettings {
    /// Each entry that the law wants: the setting's name and its value.
    pub fn entries(&self) -> [(&'static str, Option<&str>); 5] {
        [
            ("MACHIYA_OPERATOR_NAME", self.name.as_deref()),
            ("MACHIYA_OPERATOR_RESPONSIBLE", self.responsible.as_deref()),
            ("MACHIYA_OPERATOR_ADDRESS", self.address.as_deref()),
            ("MACHIYA_OPERATOR_PHONE", self.phone.as_deref()),
            ("MACHIYA_OPERATOR_MAIL", self.mail.as_deref()),
        ]
    }
}

/// Tokens (JWT) of a Supabase project, accepted as `Authorization: Bearer`.
#[derive(Clone, Debug)]
pub struct SupabaseSettings {
    /// How they are signed.
    pub keys: SupabaseKeys,
    /// Who must have issued them, when that is checked: `https://<project>.supabase.co/auth/v1`.
    pub issuer: Option<String>,
    /// For whom they must be: `authenticated`.
    pub audience: String,
}

/// How a Supabase project signs its tokens.
#[derive(Clone, Debug)]
pub enum SupabaseKeys {
    /// HS256 with the project's secret.
    Secret(SecretString),
    /// Public keys, fetched from the project.
    Url(Url),
    /// Public keys in a file, as the project publishes them.
    File(PathBuf),
}

/// Logs.
#[derive(Clone, Debug)]
pub struct LogSettings {
    /// Which: `info,sqlx=warn`.
    pub filter: String,
    /// How.
    pub format: LogFormat,
}

/// The look of a log line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Text,
    /// For machines.
    Json,
}

impl Config {
    /// What is allowed and yet not as it should be where people pay real money; a sentence each. Nothing in development.
    pub fn warnings(&self) -> Vec<String> {
        if self.is_development() {
            return Vec::new();
        }
        let unset = self.operator.entries().into_iter().filter(|(_, value)| value.is_none());
        let own_texts = self.operator.legal_dir.is_none().then(|| {
            "MACHIYA_LEGAL_DIR is not set: terms and privacy are the short texts that come with the program".to_owned()
        });
        unset
            .map(|(name, _)| {
                format!("{name} is not set: /legal/commercial-transactions must say it where anything is sold in Japan")
            })
            .chain(own_texts)
            .collect()
    }

    /// Whether the pages under `/dev` and the sandbox exist.
    pub const fn is_development(&self) -> bool {
        matches!(self.environment, Environment::Development)
    }

    /// Whether people reach the program over TLS, so that cookies can be `Secure` and `__Host-`.
    pub fn is_https(&self) -> bool {
        self.public_url.scheme() == "https"
    }

    /// `path` (with its leading slash) on the public address.
    pub fn absolute_url(&self, path: &str) -> String {
        format!("{}{path}", self.public_url.as_str().trim_end_matches('/'))
    }

    /// A folder inside the data folder.
    pub fn data_path(&self, name: impl AsRef<Path>) -> PathBuf {
        self.data_dir.join(name)
    }
}
