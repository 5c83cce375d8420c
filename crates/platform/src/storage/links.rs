//! Signed links to files in the folder: the key, the end of the link's life and the download name, under HMAC-SHA256.

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use time::OffsetDateTime;
use url::form_urlencoded;

use super::key::StorageKey;

/// Signs and checks links with a key that is derived from the program's secret.
#[derive(Clone)]
pub struct LinkSigner(Hmac<Sha256>);

impl std::fmt::Debug for LinkSigner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("LinkSigner")
    }
}

impl LinkSigner {
    /// A signer for the program's secret.
    pub fn new(secret: &[u8]) -> Self {
        #[expect(clippy::expect_used, reason = "HMAC takes keys of any length")]
        let mut root = Hmac::<Sha256>::new_from_slice(secret).expect("any length is a key");
        root.update(b"file links");
        #[expect(clippy::expect_used, reason = "HMAC takes keys of any length")]
        let derived = Hmac::new_from_slice(&root.finalize().into_bytes()).expect("any length is a key");
        Self(derived)
    }

    /// A link to `key` that ends at `expires_at`: `/files/{key}?expires=…&name=…&signature=…`.
    pub fn sign(&self, key: &StorageKey, expires_at: OffsetDateTime, download_name: Option<&str>) -> String {
        let expires = expires_at.unix_timestamp();
        let signature = hex::encode(self.mac(key, expires, download_name).finalize().into_bytes());
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.append_pair("expires", &expires.to_string());
        if let Some(name) = download_name {
            query.append_pair("name", name);
        }
        query.append_pair("signature", &signature);
        format!("/files/{key}?{}", query.finish())
    }

    /// Whether `signature` is ours and the link has not ended at `now`. Compares in constant time.
    pub fn check(
        &self,
        key: &StorageKey,
        expires: i64,
        download_name: Option<&str>,
        signature: &str,
        now: OffsetDateTime,
    ) -> bool {
        self.is_ours(key, expires, download_name, signature) && now.unix_timestamp() < expires
    }

    /// Whether `signature` is ours, whether or not the link has ended. Compares in constant time.
    pub(super) fn is_ours(&self, key: &StorageKey, expires: i64, download_name: Option<&str>, signature: &str) -> bool {
        let Ok(signature) = hex::decode(signature) else { return false };
        self.mac(key, expires, download_name).verify_slice(&signature).is_ok()
    }

    fn mac(&self, key: &StorageKey, expires: i64, download_name: Option<&str>) -> Hmac<Sha256> {
        let mut mac = self.0.clone();
        mac.update(key.as_str().as_bytes());
        mac.update(&[0]);
        mac.update(&expires.to_be_bytes());
        // A missing name and an empty one must not sign alike.
        mac.update(&[u8::from(download_name.is_some())]);
        mac.update(download_name.unwrap_or_default().as_bytes());
        mac
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_opens_its_own_file_until_its_end() -> Result<(), crate::storage::KeyError> {
        let signer = LinkSigner::new(b"a secret of the app, long enough");
        let (key, other) = (StorageKey::new("deliver/1/package.zip")?, StorageKey::new("deliver/2/package.zip")?);
        let now = OffsetDateTime::UNIX_EPOCH + time::Duration::days(20_000);
        let expires = now.unix_timestamp() + 60;
        let signature = hex::encode(signer.mac(&key, expires, None).finalize().into_bytes());
        assert!(signer.check(&key, expires, None, &signature, now));
        assert!(!signer.check(&other, expires, None, &signature, now));
        assert!(!signer.check(&key, expires + 1, None, &signature, now));
        assert!(!signer.check(&key, expires, Some(""), &signature, now));
        assert!(!signer.check(&key, expires, None, &signature, now + time::Duration::seconds(60)));
        assert!(!signer.check(&key, expires, None, "zz", now));
        Ok(())
    }
}
