//! Finished generations and the originals that belong to them.

use anyhow::{Context as _, Result};
use kernel::{GenerationId, UserId};
use sqlx::PgConnection;
use time::{Duration, OffsetDateTime};

/// A stored original.
#[derive(Clone, Debug)]
pub struct OriginalFile {
    /// Where it is stored.
    pub key: String,
    /// SHA-256 of its bytes.
    pub sha256: [u8; 32],
    /// Its length.
    pub size_bytes: i64,
}

/// Pictures of one account that differ only in their id, seed and time.
#[derive(Clone, Debug)]
pub struct Pictures {
    owner: UserId,
    count: i64,
    prompt: String,
    aspect_ratio: String,
    size: (i32, i32),
    parent: Option<GenerationId>,
    made_at: OffsetDateTime,
    apart: Duration,
    kept_for: Option<Duration>,
    has_original: bool,
    file: Option<OriginalFile>,
}

impl Pictures {
    /// `count` pictures that `owner` made at [`crate::BEGINNING`], kept for ever, without originals.
    pub fn new(owner: UserId, count: i64) -> Self {
        Self {
            owner,
            count,
            prompt: "a picture of the tests".to_owned(),
            aspect_ratio: "3:4".to_owned(),
            size: (3, 4),
            parent: None,
            made_at: crate::app::BEGINNING,
            apart: Duration::ZERO,
            kept_for: None,
            has_original: false,
            file: None,
        }
    }

    /// One picture with its original: `file`, which the test has stored.
    pub fn stored(owner: UserId, file: OriginalFile) -> Self {
        Self { has_original: true, file: Some(file), ..Self::new(owner, 1) }
    }

    /// Each has an original whose file is missing.
    #[must_use]
    pub const fn with_missing_originals(mut self) -> Self {
        self.has_original = true;
        self
    }

    /// What was asked for.
    #[must_use]
    pub fn prompt(mut self, prompt: &str) -> Self {
        prompt.clone_into(&mut self.prompt);
        self
    }

    /// The aspect ratio and the size in pixels.
    #[must_use]
    pub fn size(mut self, aspect_ratio: &str, width: i32, height: i32) -> Self {
        aspect_ratio.clone_into(&mut self.aspect_ratio);
        self.size = (width, height);
        self
    }

    /// Made from another picture.
    #[must_use]
    pub const fn child_of(mut self, parent: GenerationId) -> Self {
        self.parent = Some(parent);
        self
    }

    /// The first was made at `at`, each further one `apart` later.
    #[must_use]
    pub const fn made_at(mut self, at: OffsetDateTime, apart: Duration) -> Self {
        self.made_at = at;
        self.apart = apart;
        self
    }

    /// Each expires this long after it was made.
    #[must_use]
    pub const fn kept_for(mut self, time: Duration) -> Self {
        self.kept_for = Some(time);
        self
    }

    /// Writes them and returns their ids, the oldest first.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn insert(&self, owner: &mut PgConnection) -> Result<Vec<GenerationId>> {
        let ids = sqlx::query_scalar::<_, GenerationId>(
            "with pictures as materialized (
               select gen_random_uuid() as id, n, $3 + (n - 1) * make_interval(secs => $4) as at,
                      coalesce($5, sha256(gen_random_uuid()::text::bytea)) as hash
                 from generate_series(1, $2) as n),
             made as (
               insert into public.generations
                 (id, user_id, status, provider, model, prompt, aspect_ratio, seed, parent_id, request_key, cache_key, width,
                  height, created_at, updated_at, completed_at, expires_at)
               select id, $1, 'completed', 'sketch', 'studio-illustrator-1', $6, $7, n, $8, hash, hash, $9, $10, at, at, at,
                 at + make_interval(secs => $11)
                 from pictures returning id, created_at),
             originals as (
               insert into public.media_images
                 (id, user_id, generation_id, role, storage_key, sha256, size_bytes, width, height, mime_type, created_at)
               select gen_random_uuid(), $1, m.id, 'original', coalesce($12, 'usergen/' || $1 || '/' || m.id || '.png'), p.hash,
                 $13, $9, $10, 'image/png', m.created_at
                 from made as m join pictures as p using (id) where $14 returning generation_id)
             select p.id from pictures as p join made using (id) left join originals as o on o.generation_id = p.id
              order by p.n",
        )
        .bind(self.owner)
        .bind(self.count)
        .bind(self.made_at)
        .bind(self.apart.as_seconds_f64())
        .bind(self.file.as_ref().map(|file| file.sha256.to_vec()))
        .bind(&self.prompt)
        .bind(&self.aspect_ratio)
        .bind(self.parent)
        .bind(self.size.0)
        .bind(self.size.1)
        .bind(self.kept_for.map(Duration::as_seconds_f64))
        .bind(self.file.as_ref().map(|file| file.key.clone()))
        .bind(self.file.as_ref().map_or(1, |file| file.size_bytes))
        .bind(self.has_original)
        .fetch_all(owner)
        .await?;
        Ok(ids)
    }

    /// As [`Pictures::insert`], for one.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn insert_one(&self, owner: &mut PgConnection) -> Result<GenerationId> {
        self.insert(owner).await?.first().copied().context("a picture")
    }
}
