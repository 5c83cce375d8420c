//! The storage of files: a folder, or a bucket at any S3. Whole files; [`super::transfer`] has them in parts.

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
use object_store::{Attribute, Attributes, ObjectStore, ObjectStoreExt as _, PutOptions, PutPayload, RetryConfig};
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
    pub(super) store: Arc<dyn ObjectStore>,
    /// Only where files are in a bucket.
    bucket: Option<Bucket>,
    signer: LinkSigner,
    outage: StorageOutage,
}

#[derive(Clone, Debug)]
struct Bucket {
    client: Arc<AmazonS3>,
    public_base_url: Option<Url>,
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

impl StorageError {
    pub(super) fn unavailable(cause: impl std::fmt::Display) -> Self {
        Self::Unavailable(cause.to_string())
    }

    /// The error of a read of `key`.
    pub(super) fn of_read(key: &StorageKey, error: &object_store::Error) -> Self {
        match error {
            object_store::Error::NotFound { .. } => Self::Missing(key.clone()),
            other => Self::unavailable(other),
        }
    }
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

    pub(super) fn check(&self) -> Result<(), StorageError> {
        if self.0.load(Ordering::SeqCst) { Err(StorageError::unavailable("an outage is simulated")) } else { Ok(()) }
    }
}

impl Storage {
    /// Files in a folder, which is made when it is missing.
    ///
    /// # Errors
    /// When the folder cannot be made.
    pub fn folder(root: &FilePath, signer: LinkSigner) -> Result<Self, StorageError> {
        std::fs::create_dir_all(root).map_err(StorageError::unavailable)?;
        let store = LocalFileSystem::new_with_prefix(root).map_err(StorageError::unavailable)?;
        Ok(Self { store: Arc::new(store), bucket: None, signer, outage: StorageOutage::default() })
    }

    /// Files in a bucket.
    ///
    /// # Errors
    /// When the settings do not fit together.
    pub fn bucket(settings: &BucketSettings, signer: LinkSigner) -> Result<Self, StorageError> {
        // The client of the bucket speaks TLS with the process's provider and panics where there is none. A second
        // installation finds the first, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = AmazonS3Builder::new()
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
            .map_err(StorageError::unavailable)?;
        let client = Arc::new(client);
        let bucket = Bucket { client: client.clone(), public_base_url: settings.public_base_url.clone() };
        Ok(Self { store: client, bucket: Some(bucket), signer, outage: StorageOutage::default() })
    }

    /// The switch with which a test simulates an outage.
    pub const fn outage(&self) -> &StorageOutage {
        &self.outage
    }

    /// The signer of links.
    pub const fn signer(&self) -> &LinkSigner {
        &self.signer
    }

    /// What is stored beside the bytes of a file. A folder has no place for it: its files are served by their extension
    /// and prefix.
    pub(super) fn attributes_of(&self, key: &StorageKey, content_type: &'static str) -> Attributes {
        let mut attributes = Attributes::new();
        if self.bucket.is_some() {
            attributes.insert(Attribute::ContentType, content_type.into());
            attributes.insert(Attribute::CacheControl, cache_control_of(key).into());
        }
        attributes
    }

    /// Writes a file whole or not at all.
    ///
    /// # Errors
    /// When the storage does not answer.
    pub async fn put(&self, file: NewFile) -> Result<(), StorageError> {
        self.outage.check()?;
        let attributes = self.attributes_of(&file.key, file.content_type);
        let options = PutOptions { attributes, ..PutOptions::default() };
        let written = self.store.put_opts(&path(&file.key), PutPayload::from(file.bytes), options).await;
        written.map(drop).map_err(StorageError::unavailable)
    }

    /// Reads a file into memory. For what may be large, see [`Storage::open`].
    ///
    /// # Errors
    /// When there is no such file, or the storage does not answer.
    pub async fn get(&self, key: &StorageKey) -> Result<Bytes, StorageError> {
        self.outage.check()?;
        let found = self.store.get(&path(key)).await.map_err(|error| StorageError::of_read(key, &error))?;
        found.bytes().await.map_err(|error| StorageError::of_read(key, &error))
    }

    /// What is known of a file, without reading it.
    ///
    /// # Errors
    /// When there is no such file, or the storage does not answer.
    pub async fn head(&self, key: &StorageKey) -> Result<StoredFile, StorageError> {
        self.outage.check()?;
        let meta = self.store.head(&path(key)).await.map_err(|error| StorageError::of_read(key, &error))?;
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
        match self.store.delete(&path(key)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(StorageError::unavailable(error)),
        }
    }

    /// Every key below `prefix` (a whole folder such as `deliver/`); for verification and tests.
    ///
    /// # Errors
    /// When the storage does not answer.
    pub async fn list(&self, prefix: &str) -> Result<Vec<StorageKey>, StorageError> {
        self.outage.check()?;
        let found: Vec<_> =
            self.store.list(Some(&Path::from(prefix))).try_collect().await.map_err(StorageError::unavailable)?;
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
        let Some(bucket) = &self.bucket else {
            return Ok(self.signer.sign(key, ctx.now() + lifetime, download_name));
        };
        let lifetime = std::time::Duration::try_from(lifetime).unwrap_or_default();
        let url = bucket.client.signed_url(Method::GET, &path(key), lifetime).await;
        url.map(Into::into).map_err(StorageError::unavailable)
    }

    /// The address of a public file: absolute for a bucket with a public address, else a path on our own origin.
    pub fn public_url(&self, key: &StorageKey) -> String {
        match self.bucket.as_ref().and_then(|bucket| bucket.public_base_url.as_ref()) {
            Some(base) => format!("{}/{key}", base.as_str().trim_end_matches('/')),
            None => format!("/files/{key}"),
        }
    }
}

pub(super) fn path(key: &StorageKey) -> Path {
    Path::from(key.as_str())
}
