//! What must stay secret: found in the configuration or made once and kept in the data folder, readable by its owner only.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use hmac::{Hmac, KeyInit as _, Mac as _};
use kernel::Random;
use media::provenance::SigningIdentity;
use platform::config::Config;
use secrecy::{ExposeSecret as _, SecretString};
use sha2::Sha256;

/// The one secret from which the others follow.
pub struct AppSecret(SecretString);

impl AppSecret {
    /// `MACHIYA_SECRET`, else `secret` in the data folder, which is made when it is missing.
    ///
    /// # Errors
    /// When the file cannot be read or made, or is too short to be a secret.
    pub fn find_or_make(config: &Config, random: &Random) -> Result<Self> {
        if let Some(secret) = &config.secret {
            return Ok(Self(secret.clone()));
        }
        let path = config.data_path("secret");
        if !path.exists() {
            write_private(&path, &hex::encode(random.bytes::<32>()))?;
        }
        let text = fs::read_to_string(&path).with_context(|| format!("{} cannot be read", path.display()))?;
        let is_key = |line: &str| line.trim().len() >= 32;
        let mut keys = text.lines().filter(|line| !line.trim().is_empty()).peekable();
        ensure!(
            keys.peek().is_some() && keys.all(is_key),
            "{} is too short to be a secret; restore it from a backup",
            path.display()
        );
        Ok(Self(SecretString::from(text.trim().to_owned())))
    }

    /// The bytes.
    pub fn expose(&self) -> &[u8] {
        self.0.expose_secret().as_bytes()
    }

    /// Another secret, for one purpose.
    pub fn derive_text(&self, purpose: &str) -> SecretString {
        #[expect(clippy::expect_used, reason = "HMAC takes keys of any length")]
        let mut mac = Hmac::<Sha256>::new_from_slice(self.expose()).expect("any length is a key");
        mac.update(purpose.as_bytes());
        SecretString::from(hex::encode(mac.finalize().into_bytes()))
    }
}

/// The key that seals what the database keeps and must not read: `sealing.key` in the data folder, made when missing. While
/// it is replaced, the old key stands in a line below the new one.
///
/// # Errors
/// When the file cannot be read or made, or is too short to be a key.
pub fn sealing_key(config: &Config, random: &Random) -> Result<SecretString> {
    if let Some(key) = &config.sealing_key {
        return Ok(key.clone());
    }
    let path = config.data_path("sealing.key");
    if !path.exists() {
        write_private(&path, &hex::encode(random.bytes::<32>()))?;
    }
    let text = fs::read_to_string(&path).with_context(|| format!("{} cannot be read", path.display()))?;
    ensure!(text.trim().len() >= 32, "{} is too short to be a key; restore it from a backup", path.display());
    Ok(SecretString::from(text.trim().to_owned()))
}

/// The key that signs pictures, with its certificate; `seal.key` and `seal.pem` in the data folder, made when missing.
///
/// # Errors
/// When the files cannot be read or made, or do not belong together.
pub fn signing_identity(config: &Config, random: &Random) -> Result<SigningIdentity> {
    let (key_path, chain_path) = (config.data_path("seal.key"), config.data_path("seal.pem"));
    if !key_path.exists() || !chain_path.exists() {
        let name = config.public_url.host_str().unwrap_or("machiya");
        let identity = SigningIdentity::generate(&random.bytes(), name).context("a key for the seal")?;
        // The key last: a run that broke off between the two makes both anew.
        write_private(&chain_path, identity.chain_pem())?;
        write_private(&key_path, &identity.key_pem().context("the key of the seal")?)?;
        return Ok(identity);
    }
    let read = |path: &Path| fs::read_to_string(path).with_context(|| format!("{} cannot be read", path.display()));
    SigningIdentity::from_pem(&read(&chain_path)?, &read(&key_path)?)
        .context("seal.key and seal.pem in the data folder")
}

/// Writes whole or not at all, for nobody else to read.
fn write_private(path: &Path, text: &str) -> Result<()> {
    let draft = path.with_extension("draft");
    let write = || -> std::io::Result<()> {
        let mut file = fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&draft)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        fs::rename(&draft, path)
    };
    write().with_context(|| format!("{} cannot be written", path.display()))
}
