//! Every setting: its names, meaning and default.

/// One setting.
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    /// `MACHIYA_…`.
    pub name: &'static str,
    /// Other names that the specifications use.
    pub also: &'static [&'static str],
    /// The default; empty means unset.
    pub default: &'static str,
    /// Whether the value must not be shown.
    pub secret: bool,
    /// What it means.
    pub meaning: &'static str,
}

const fn plain(name: &'static str, default: &'static str, meaning: &'static str) -> Setting {
    Setting { name, also: &[], default, secret: false, meaning }
}

const fn named(
    name: &'static str,
    also: &'static [&'static str],
    default: &'static str,
    meaning: &'static str,
) -> Setting {
    Setting { name, also, default, secret: false, meaning }
}

const fn secret(name: &'static str, also: &'static [&'static str], meaning: &'static str) -> Setting {
    Setting { name, also, default: "", secret: true, meaning }
}

/// Every setting.
pub const SETTINGS: &[Setting] = &[
    plain("MACHIYA_ENV", "development", "development or production; production refuses the sandbox and the /dev pages"),
    plain("MACHIYA_LISTEN", "127.0.0.1:8080", "the address to listen on"),
    plain("MACHIYA_PUBLIC_URL", "", "the address that people see; http:// and the listen address when unset"),
    plain("MACHIYA_DATA_DIR", "data", "the folder of the embedded database, stored files and generated keys"),
    secret("MACHIYA_SECRET", &[], "signs links, 32 characters or more; generated into the data folder when unset"),
    secret(
        "MACHIYA_SEALING_KEY",
        &[],
        "seals the secrets of authenticator apps, 32 characters or more; generated into the data folder when unset",
    ),
    plain("MACHIYA_OIDC_ISSUER", "https://accounts.google.com", "the site by whose accounts people may log in"),
    plain("MACHIYA_OIDC_NAME", "Google", "what the button calls that site"),
    named("MACHIYA_OIDC_CLIENT_ID", &["GOOGLE_CLIENT_ID"], "", "who we are there; no such log-in when unset"),
    secret("MACHIYA_OIDC_CLIENT_SECRET", &["GOOGLE_CLIENT_SECRET"], "the secret that belongs to it"),
    secret("MACHIYA_DATABASE_URL", &["DATABASE_URL"], "the owner's address of an own PostgreSQL; embedded when unset"),
    secret("MACHIYA_DATABASE_WEB_URL", &[], "the pages' log-in, where the program may not make log-ins"),
    secret("MACHIYA_DATABASE_SERVICE_URL", &[], "the app's log-in, where the program may not make log-ins"),
    plain("MACHIYA_DATABASE_POOL", "16", "connections of each of the two pools at most"),
    plain("MACHIYA_POSTGRES_BIN", "", "the folder of initdb and postgres for the embedded database"),
    plain("MACHIYA_STORAGE", "", "folder or bucket; bucket when R2_BUCKET is set"),
    named("MACHIYA_BUCKET", &["R2_BUCKET"], "", "the bucket's name"),
    named("MACHIYA_BUCKET_ENDPOINT", &["R2_S3_ENDPOINT"], "", "the bucket's S3 endpoint"),
    plain("MACHIYA_BUCKET_REGION", "auto", "the bucket's region"),
    named("MACHIYA_BUCKET_ACCESS_KEY_ID", &["R2_ACCESS_KEY_ID"], "", "the bucket key's id"),
    secret("MACHIYA_BUCKET_SECRET_ACCESS_KEY", &["R2_SECRET_ACCESS_KEY"], "the bucket's key"),
    named("MACHIYA_BUCKET_PUBLIC_URL", &["R2_PUBLIC_BASE_URL"], "", "where the bucket's public/ prefix is served from"),
    plain("MACHIYA_MAIL_FROM", "Machiya <machiya@localhost>", "the sender of mail"),
    secret("MACHIYA_SMTP_URL", &[], "smtp://… or smtps://user:password@host; the outbox keeps mail when unset"),
    secret("MACHIYA_RESEND_API_KEY", &["RESEND_API_KEY"], "sends mail through Resend"),
    plain("MACHIYA_RESEND_BASE_URL", "https://api.resend.com", "Resend's address"),
    plain("MACHIYA_IMAGE_PROVIDER", "", "sketch, gemini or openai; gemini when GOOGLE_API_KEY is set, else sketch"),
    secret("MACHIYA_GOOGLE_API_KEY", &["GOOGLE_API_KEY"], "Google's key"),
    plain("MACHIYA_GEMINI_BASE_URL", "https://generativelanguage.googleapis.com", "Google's address"),
    plain("MACHIYA_GEMINI_API_VERSION", "v1beta", "v1beta or v1"),
    secret("MACHIYA_OPENAI_API_KEY", &["OPENAI_API_KEY"], "OpenAI's key, or a compatible server's"),
    plain("MACHIYA_OPENAI_BASE_URL", "https://api.openai.com", "OpenAI's address, or a compatible server's"),
    plain(
        "MACHIYA_PICTURE_HOSTS",
        "",
        "hosts besides its own from which a compatible server's pictures may be fetched, with commas",
    ),
    plain("MACHIYA_GENERATIONS_PER_HOUR", "60", "pictures that one person may ask for in an hour"),
    plain("MACHIYA_PUBLICATIONS_PER_HOUR", "120", "pictures that one person may publish in an hour"),
    plain("MACHIYA_CHECKOUTS_PER_HOUR", "120", "orders that one person may place in an hour"),
    plain("MACHIYA_PAYMENT_PROVIDER", "", "sandbox or stripe; stripe when STRIPE_SECRET_KEY is set, else sandbox"),
    secret("MACHIYA_STRIPE_SECRET_KEY", &["STRIPE_SECRET_KEY"], "Stripe's key"),
    secret(
        "MACHIYA_STRIPE_WEBHOOK_SECRET",
        &["STRIPE_WEBHOOK_SECRET"],
        "the webhook's secret; two, with a comma, while replacing",
    ),
    plain("MACHIYA_STRIPE_BASE_URL", "https://api.stripe.com", "Stripe's address"),
    plain("MACHIYA_CHECKOUT_MINUTES", "30", "how long stock is held for an unpaid order, 30 to 1440"),
    plain("MACHIYA_REDIRECT_ORIGINS", "", "origins besides our own that a checkout may return to, with commas"),
    plain(
        "MACHIYA_OPERATOR_NAME",
        "",
        "who runs the app, for the page that the Specified Commercial Transactions Act wants",
    ),
    plain("MACHIYA_OPERATOR_RESPONSIBLE", "", "the person who answers for it, likewise"),
    plain("MACHIYA_OPERATOR_ADDRESS", "", "the postal address, likewise"),
    plain("MACHIYA_OPERATOR_PHONE", "", "the telephone number, likewise"),
    plain("MACHIYA_OPERATOR_MAIL", "", "the mail address for customers, likewise"),
    plain(
        "MACHIYA_OPERATOR_REGISTRATION_NUMBER",
        "",
        "T and 13 digits of a registered issuer of qualified invoices; receipts are issued when unset",
    ),
    plain(
        "MACHIYA_LEGAL_DIR",
        "",
        "a folder with own texts instead of ours: terms.ja.txt, terms.en.txt, privacy.ja.txt, …",
    ),
    secret(
        "MACHIYA_SUPABASE_JWT_SECRET",
        &["SUPABASE_JWT_SECRET"],
        "accepts a Supabase project's tokens that are signed with this secret (HS256)",
    ),
    plain("MACHIYA_SUPABASE_JWKS_URL", "", "accepts a Supabase project's tokens by its public keys at this address"),
    plain("MACHIYA_SUPABASE_JWKS_FILE", "", "the same, by public keys in a file"),
    plain("MACHIYA_SUPABASE_ISSUER", "", "who must have issued such tokens; not checked when unset"),
    plain("MACHIYA_SUPABASE_AUDIENCE", "authenticated", "for whom such tokens must be"),
    plain(
        "MACHIYA_VERIFIED_ADDRESSES",
        "",
        "on or off: publishing and buying wait until a mail address is verified; off in the demo only",
    ),
    plain("MACHIYA_TRUSTED_PROXIES", "", "addresses of reverse proxies whose X-Forwarded-For is believed, with commas"),
    plain("MACHIYA_WORKER_CONCURRENCY", "4", "jobs at once in this process; 0 leaves them to machiya worker"),
    plain("MACHIYA_SEED_DEMO", "", "on or off: demo accounts and pictures on an empty database; on in development"),
    plain("MACHIYA_LOG", "info,sqlx=warn,c2pa=warn", "which logs"),
    plain("MACHIYA_LOG_FORMAT", "text", "text or json"),
];
