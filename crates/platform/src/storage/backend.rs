//! Reading and writing files in a folder or a bucket.

use std::path::Path as FilePath;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use bytes::Bytes;
use futures::TryStreamExt as _;
use http::Method;
use kernel::Ctx;
use object_store::aws::{AmazonS3, AmazonS3Builder};
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::signer::Signer as _;
use object_store::{Attribute, Attributes, ObjectStore as _, ObjectStoreExt as _, PutOptions, PutPayload, RetryConfig};
use secrecy::ExposeSecret as _;
use time::{Duration, OffsetDateTime};
use url::Url;

use super::file::{LINK_LIFETIME_MAX, NewFile, cache_control_of};
use super::key::StorageKey;
use super::links::LinkSigner;
use crate::config::BucketSettings;

/// The place of all stored files. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Storage {
    back: Back,
    signer: LinkSigner,
    outage: StorageOutage,
}

#[derive(Clone, Debug)]
enum Back {
    Folder(Arc<LocalFileSystem>),
    Bucket { store: Arc<AmazonS3>, public_base_url: Option<Url> },
}

/// Why a file could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum StorageError {
    /// There is no such file.
    #[error("there is no file {0}")]
    Missing(StorageKey),
    /// The storage does not answer, or refused.
    #[error("the storage is unavailable: {0}")]
    Unavailable(String),
}

/// What is known of a stored file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredFile {
    /// The key of the file.
    pub key: StorageKey,
    /// The size in bytes.
    pub size_bytes: u64,
    /// When it was written, to the second.
    pub modified_at: OffsetDateTime,
}

/// Makes every read and write fail while it lasts, for tests.
#[derive(Clone, Debug, Default)]
pub struct StorageOutage(Arc<AtomicBool>);

impl StorageOutage {
    /// From now on nothing can be read or written.
    pub fn begin(&self) {
        self.0.store(true, Ordering::SeqCst);
    }

    /// From now on reads and writes work again.
    pub fn end(&self) {
        self.0.store(false, Ordering::SeqCst);
    }

    fn check(&self) -> Result<(), StorageError> {
        if self.0.load(Ordering::SeqCst) {
            Err(StorageError::Unavailable("an outage is simulated".to_owned()))
        } else {
            Ok(())
        }
    }
}

impl Storage {
    /// Files in a folder, which is made when it is missing.
    ///
    /// # Errors
    /// When the folder cannot be made.
    pub fn folder(root: &FilePath, signer: LinkSigner) -> Result<Self, StorageError> {
        std::fs::create_dir_all(root).map_err(|error| StorageError::Unavailable(error.to_string()))?;
        let store = LocalFileSystem::new_with_prefix(root).map_err(|error| unavailable(&error))?;
        Ok(Self { back: Back::Folder(Arc::new(store)), signer, outage: StorageOutage::default() })
    }

    /// Files in a bucket.
    ///
    /// # Errors
    /// When the settings do not fit together.
    pub fn bucket(settings: &BucketSettings, signer: LinkSigner) -> Result<Self, StorageError> {
        let store = AmazonS3Builder::new()
            .with_bucket_name(&settings.bucket)
            .with_endpoint(settings.endpoint.as_str().trim_end_matches('/'))
            .with_region(&settings.region)
            .with_access_key_id(&settings.access_key_id)
            .with_secret_access_key(settings.secret_access_key.expose_secret())
            .with_virtual_hosted_style_request(false)
            .with_allow_http(settings.endpoint.scheme() == "http")
            // One plain request a file, which every S3 understands.
            .with_disable_bulk_delete(true)
            .with_retry(RetryConfig {
                max_retries: 4,
                retry_timeout: std::time::Duration::from_secs(20),
                ..RetryConfig::default()
            })
            .build()
            .map_err(|error| unavailable(&error))?;
        let back = Back::Bucket { store: Arc::new(store), public_base_url: settings.public_base_url.clone() };
        Ok(Self { back, signer, outage: StorageOutage::default() })
    }

    /// The switch with which a test simulates an outage.
    pub const fn outage(&self) -> &StorageOutage {
        &self.outage
    }

    /// The signer of links.
    pub const fn signer(&self) -> &LinkSigner {
        &self.signer
    }

    /// Writes a file whole or not at all.
    ///
    /// # Errors
    /// When the storage does not answer.
    pub async fn put(&self, file: NewFile) -> Result<(), StorageError> {
        self.outage.check()?;
        let path = Path::from(file.key.as_str());
        let payload = PutPayload::from(file.bytes);
        let done = match &self.back {
            // A folder has no place for attributes: its files are served by extension and prefix.
            Back::Folder(store) => store.put(&path, payload).await.map(|_| ()),
            Back::Bucket { store, .. } => {
                let mut attributes = Attributes::new();
                attributes.insert(Attribute::ContentType, file.content_type.into());
                attributes.insert(Attribute::CacheControl, cache_control_of(&file.key).into());
                store.put_opts(&path, payload, PutOptions { attributes, ..PutOptions::default() }).await.map(|_| ())
            }
        };
        done.map_err(|error| unavailable(&error))
    }

    /// Reads a file.
    ///
    /// # Errors
    /// When there is no such file, or the storage does not answer.
    pub async fn get(&self, key: &StorageKey) -> Result<Bytes, StorageError> {
        self.outage.check()?;
        let path = Path::from(key.as_str());
        let result = match &self.back {
            Back::Folder(store) => store.get(&path).await,
            Back::Bucket { store, .. } => store.get(&path).await,
        };
        result.map_err(|error| read_error(key, &error))?.bytes().await.map_err(|error| read_error(key, &error))
    }

    /// What is known of a file, without reading it.
    ///
    /// # Errors
    /// When there is no such file, or the storage does not answer.
    pub async fn head(&self, key: &StorageKey) -> Result<StoredFile, StorageError> {
        self.outage.check()?;
        let path = Path::from(key.as_str());
        let result = match &self.back {
            Back::Folder(store) => store.head(&path).await,
            Back::Bucket { store, .. } => store.head(&path).await,
        };
        let meta = result.map_err(|error| read_error(key, &error))?;
        Ok(StoredFile {
            key: key.clone(),
            size_bytes: meta.size,
            modified_at: OffsetDateTime::from_unix_timestamp(meta.last_modified.timestamp())
                .unwrap_or(OffsetDateTime::UNIX_EPOCH),
        })
    }

    /// Deletes a file; a missing one is as good.
    ///
    /// # Errors
    /// When the storage does not answer.
    pub async fn delete(&self, key: &StorageKey) -> Result<(), StorageError> {
        self.outage.check()?;
        let path = Path::from(key.as_str());
        let result = match &self.back {
            Back::Folder(store) => store.delete(&path).await,
            Back::Bucket { store, .. } => store.delete(&path).await,
        };
        match result {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(unavailable(&error)),
        }
    }

    /// Every key below `prefix` (a whole folder such as `deliver/`); for verification and tests.
    ///
    /// # Errors
    /// When the storage does not answer.
    pub async fn list(&self, prefix: &str) -> Result<Vec<StorageKey>, StorageError> {
        self.outage.check()?;
        let path = Path::from(prefix);
        let found: Result<Vec<_>, _> = match &self.back {
            Back::Folder(store) => store.list(Some(&path)).try_collect().await,
            Back::Bucket { store, .. } => store.list(Some(&path)).try_collect().await,
        };
        let found = found.map_err(|error| unavailable(&error))?;
        Ok(found.into_iter().filter_map(|meta| StorageKey::new(meta.location.to_string()).ok()).collect())
    }

    /// A link that reads `key` until `lifetime` (7 days at most) from now. `download_name` makes the browser save it
    /// under that name; a bucket without that ability shows it instead.
    ///
    /// # Errors
    /// When a bucket's link cannot be signed.
    pub async fn signed_url(
        &self,
        ctx: &Ctx,
        key: &StorageKey,
        lifetime: Duration,
        download_name: Option<&str>,
    ) -> Result<String, StorageError> {
        let lifetime = lifetime.clamp(Duration::SECOND, LINK_LIFETIME_MAX);
        match &self.back {
            Back::Folder(_) => Ok(self.signer.sign(key, ctx.now() + lifetime, download_name)),
            Back::Bucket { store, .. } => {
                let lifetime = std::time::Duration::try_from(lifetime).unwrap_or_default();
                let url = store.signed_url(Method::GET, &Path::from(key.as_str()), lifetime).await;
                url.map(Into::into).map_err(|error| unavailable(&error))
            }
        }
    }

    /// The address of a public file: absolute for a bucket with a public address, else a path on our own origin.
    pub fn public_url(&self, key: &StorageKey) -> String {
        match &self.back {
            Back::Bucket { public_base_url: Some(base), .. } => {
                format!("{}/{key}", base.as_str().trim_end_matches('/'))
            }
            Back::Folder(_) | Back::Bucket { .. } => format!("/files/{key}"),
        }
    }
}

fn read_error(key: &StorageKey, error: &object_store::Error) -> StorageError {
    match error {
        object_store::Error::NotFound { .. } => StorageError::Missing(key.clone()),
        other => unavailable(other),
    }
}

fn unavailable(error: &object_store::Error) -> StorageError {
    StorageError::Unavailable(error.to_string())
}
