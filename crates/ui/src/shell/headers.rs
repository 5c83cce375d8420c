//! The security headers of every answer.

use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::{HeaderName, HeaderValue, header};
use kernel::Random;
use platform::config::{Config, StorageSettings};

use crate::page::FormTargets;

/// A number used once, which the scripts of one page carry.
pub(super) fn nonce(random: &Random) -> String {
    URL_SAFE_NO_PAD.encode(random.bytes::<16>())
}

/// What a page may do: run its own scripts by nonce, use its own styles, show pictures of ours, nothing else. Trusted
/// Types are required and no policy may be made, so no script can turn text into markup.
pub(super) fn page_policy(config: &Config, nonce: &str, targets: Option<&FormTargets>) -> HeaderValue {
    let pictures = picture_origins(config);
    let targets = targets.map(|targets| targets.0.iter().fold(String::new(), |all, origin| format!("{all} {origin}")));
    let targets = targets.unwrap_or_default();
    let text = format!(
        "default-src 'none'; script-src 'nonce-{nonce}' 'strict-dynamic'; style-src 'self'; \
         img-src 'self' data: blob:{pictures}; font-src 'self'; connect-src 'self'; manifest-src 'self'; \
         form-action 'self'{targets}; base-uri 'none'; object-src 'none'; frame-ancestors 'none'; \
         require-trusted-types-for 'script'; trusted-types 'none'"
    );
    HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static("default-src 'none'"))
}

/// Pictures come from the bucket where there is one: public ones from its public address, others by signed links.
fn picture_origins(config: &Config) -> String {
    let StorageSettings::Bucket(bucket) = &config.storage else { return String::new() };
    let mut origins = format!(" {}", bucket.endpoint.origin().ascii_serialization());
    if let Some(public) = &bucket.public_base_url {
        origins.push(' ');
        origins.push_str(&public.origin().ascii_serialization());
    }
    origins
}

/// What holds for every answer; what a handler set itself stays.
pub(super) fn secure(config: &Config, response: &mut Response) {
    const ALWAYS: [(HeaderName, &str); 6] = [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "strict-origin-when-cross-origin"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'; sandbox"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (
            HeaderName::from_static("permissions-policy"),
            "camera=(), geolocation=(), microphone=(), usb=(), browsing-topics=(), payment=()",
        ),
    ];
    let headers = response.headers_mut();
    for (name, value) in ALWAYS {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    if config.is_https() {
        headers
            .entry(header::STRICT_TRANSPORT_SECURITY)
            .or_insert(HeaderValue::from_static("max-age=63072000; includeSubDomains"));
    }
}
