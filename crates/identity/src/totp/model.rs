//! The shared secret of an authenticator app (RFC 6238 with SHA-1, six digits and steps of thirty seconds, which every app
//! supports).

use kernel::{Random, UserId};
use platform::Problem;
use platform::config::Config;
use qrcode::render::svg;
use qrcode::{EcLevel, QrCode};
use time::OffsetDateTime;
use totp_rs::{Algorithm, Builder, Totp};

use crate::sealing::Sealer;

/// Bytes of a secret (RFC 4226 §4 recommends 160 bits).
const SECRET_BYTES: usize = 20;
/// A code may be one step old or early, because clocks differ and typing takes time.
const SKEW_STEPS: u16 = 1;
const STEP_SECONDS: u64 = 30;
/// The least width of the QR code in pixels.
const QR_WIDTH: u32 = 216;

/// The shared secret.
pub(crate) struct TotpSecret([u8; SECRET_BYTES]);

impl TotpSecret {
    /// Draws a new secret.
    pub(crate) fn generate(random: &Random) -> Self {
        Self(random.bytes())
    }

    /// The secret encrypted for the database.
    pub(crate) fn seal(&self, random: &Random, config: &Config, user_id: UserId) -> Result<Vec<u8>, Problem> {
        Ok(Sealer::of(config)?.seal(random, &seal_context(user_id), &self.0))
    }

    /// Decrypts a stored secret.
    pub(crate) fn open(config: &Config, user_id: UserId, sealed: &[u8]) -> Result<Self, Problem> {
        let bytes = Sealer::of(config)?.open(&seal_context(user_id), sealed)?;
        let wrong = || Problem::internal(std::io::Error::other("a sealed secret has another length"));
        Ok(Self(bytes.try_into().map_err(|_| wrong())?))
    }

    fn totp(&self, issuer: &str, account: &str) -> Result<Totp, Problem> {
        Builder::new()
            .with_algorithm(Algorithm::SHA1)
            .with_digits(6)
            .with_skew(SKEW_STEPS)
            .with_step_duration(STEP_SECONDS)
            .with_secret(self.0.to_vec())
            .with_issuer(Some(issuer.replace(':', ".")))
            .with_account_name(account.replace(':', "."))
            .build()
            .map_err(|error| Problem::internal(std::io::Error::other(error.to_string())))
    }

    /// The time step of `code` when it is the present one, the one before or the one after; otherwise `None`.
    pub(crate) fn step_of(&self, code: &str, now: OffsetDateTime) -> Result<Option<i64>, Problem> {
        let seconds = u64::try_from(now.unix_timestamp()).unwrap_or_default();
        let step = self.totp("machiya", "nobody")?.check(code, seconds);
        Ok(step.and_then(|step| i64::try_from(step).ok()))
    }

    /// The `otpauth://` URL that an app reads from a QR code.
    pub(crate) fn address(&self, config: &Config, account: &str) -> Result<String, Problem> {
        let issuer = format!("Machiya {}", config.public_url.host_str().unwrap_or_default());
        let totp = self.totp(issuer.trim_end(), account)?;
        totp.to_url().map_err(|error| Problem::internal(std::io::Error::other(error.to_string())))
    }

    /// The secret in base32 in groups of four characters, for typing it into an app.
    pub(crate) fn base32(&self) -> Result<String, Problem> {
        let text = self.totp("machiya", "nobody")?.secret().to_base32();
        let groups: Vec<String> =
            text.as_bytes().chunks(4).map(|group| String::from_utf8_lossy(group).into_owned()).collect();
        Ok(groups.join(" "))
    }
}

/// A QR code as an SVG element. It is dark on light in every colour scheme, because cameras need that.
pub(crate) fn qr_code(address: &str) -> Result<String, Problem> {
    let code = QrCode::with_error_correction_level(address, EcLevel::M)
        .map_err(|error| Problem::internal(std::io::Error::other(error.to_string())))?;
    let drawn = code.render::<svg::Color<'_>>().min_dimensions(QR_WIDTH, QR_WIDTH).build();
    // An element inside HTML has no XML declaration.
    Ok(drawn.split_once("?>").map_or(drawn.as_str(), |(_, element)| element).to_owned())
}

/// The context for which the secret of an account is sealed.
fn seal_context(user_id: UserId) -> String {
    format!("totp/{user_id}")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use time::Duration;

    use super::*;

    /// The secret and the codes of RFC 6238, appendix B, cut to six digits.
    #[test]
    fn codes_are_those_of_the_standard() {
        let secret = TotpSecret(*b"12345678901234567890");
        let vectors = [(1_111_111_109, "081804"), (1_234_567_890, "005924"), (2_000_000_000, "279037")];
        for (seconds, code) in vectors {
            let now = OffsetDateTime::from_unix_timestamp(seconds).unwrap();
            assert_eq!(secret.step_of(code, now).unwrap(), Some(seconds / 30), "{code}");
            for (offset, fits) in [(-60, false), (-30, true), (30, true), (60, false)] {
                let found = secret.step_of(code, now + Duration::seconds(offset)).unwrap();
                assert_eq!(found.is_some(), fits, "{code} {offset} seconds off");
            }
        }
        let first = OffsetDateTime::from_unix_timestamp(59).unwrap();
        assert_eq!(secret.step_of("287082", first).unwrap(), Some(1));
        assert_eq!(secret.base32().unwrap(), "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ");
    }

    #[test]
    fn an_app_reads_the_address() {
        let environment = BTreeMap::from([("MACHIYA_PUBLIC_URL".to_owned(), "https://app.example".to_owned())]);
        let config = Config::from_sources("", &environment).unwrap();
        let address = TotpSecret(*b"12345678901234567890").address(&config, "hana@example.jp").unwrap();
        let url: url::Url = address.parse().unwrap();
        assert_eq!((url.scheme(), url.host_str()), ("otpauth", Some("totp")));
        let pairs: BTreeMap<String, String> = url.query_pairs().into_owned().collect();
        assert_eq!(pairs["secret"], "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        assert_eq!(pairs["issuer"], "Machiya app.example");
        assert!(url.path().contains("hana"), "{address}");
        let drawn = qr_code(&address).unwrap();
        assert!(drawn.starts_with("<svg ") && drawn.ends_with("</svg>") && !drawn.contains("style"), "{drawn}");
    }
}
