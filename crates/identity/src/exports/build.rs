//! The file is made.

use std::io::{Cursor, Write as _};

use anyhow::Context as _;
use kernel::{AccountStatus, Actor, UserActor};
use platform::jobs::{Job, JobError, JobRun};
use platform::storage::{NewFile, StorageKey};
use platform::{App, DatabaseError};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use ui::arg;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::model::{AccountExportId, Contributors, KEPT, OwnRows};
use super::queries;
use crate::emails;
use crate::users::{self, Account};

/// A file at most.
const BYTES_MAX: usize = 256 * 1_024 * 1_024;

/// Make the file of an export.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct BuildExport {
    pub(super) export_id: AccountExportId,
}

impl Job for BuildExport {
    const NAME: &'static str = "identity.build_export";
    const PRIORITY: i16 = -5;
}

type Archive = ZipWriter<Cursor<Vec<u8>>>;

pub(super) async fn build(contributors: Contributors, run: JobRun<BuildExport>) -> Result<(), JobError> {
    let id = run.job.export_id;
    let mut tx = run.begin().await?;
    let user_id = queries::requested(&mut tx, id).await?;
    let account = match user_id {
        Some(user_id) => users::account(&mut tx, user_id).await?,
        None => None,
    };
    let Some(account) = account else {
        run.finish(&mut tx, &Value::Null).await?;
        tx.commit().await?;
        return Ok(());
    };
    let about = queries::account(&mut tx, account.id).await?;
    tx.commit().await?;

    let bytes = archive(&run.app, &contributors, &account, &about, run.ctx.now().to_string()).await?;
    let size_bytes = i64::try_from(bytes.len()).map_err(JobError::give_up)?;
    let key = StorageKey::new(format!("exports/{}/{id}.zip", account.id)).map_err(JobError::give_up)?;
    let file = NewFile { key: key.clone(), bytes: bytes.into(), content_type: "application/zip" };
    run.app.storage.put(file).await?;

    let mut tx = run.begin().await?;
    let now = run.ctx.now();
    if queries::mark_ready(&mut tx, id, key.as_str(), size_bytes, now, now + KEPT).await? {
        let args = arg("link", run.app.config.absolute_url("/account/data"));
        emails::post(&run.ctx, &mut tx, &account, format!("export-ready/{id}"), "export-ready", args).await?;
    }
    run.finish(&mut tx, &json!({"bytes": size_bytes})).await?;
    tx.commit().await?;
    Ok(())
}

/// After the last attempt its person can ask again.
pub(super) async fn give_up(run: JobRun<BuildExport>) -> Result<(), JobError> {
    let mut tx = run.begin().await?;
    queries::mark_failed(&mut tx, run.job.export_id).await?;
    tx.commit().await?;
    Ok(())
}

async fn archive(
    app: &App,
    contributors: &Contributors,
    account: &Account,
    about: &Value,
    made_at: String,
) -> anyhow::Result<Vec<u8>> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    begin(&mut archive, "account.json")?;
    serde_json::to_writer_pretty(&mut archive, about)?;
    let mut tables = Vec::new();
    for contributor in contributors.iter() {
        for rows in contributor.rows {
            let name = format!("{}/{}.json", contributor.name, rows.file);
            begin(&mut archive, &name)?;
            let count = add(app, &mut archive, account, rows).await.with_context(|| name.clone())?;
            tables.push(json!({"file": name, "table": rows.table, "rows": count}));
        }
    }
    begin(&mut archive, "contents.json")?;
    serde_json::to_writer_pretty(&mut archive, &json!({"madeAt": made_at, "files": tables}))?;
    Ok(archive.finish()?.into_inner())
}

fn begin(archive: &mut Archive, name: &str) -> anyhow::Result<()> {
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    Ok(archive.start_file(name, options)?)
}

/// One table as a JSON array, row by row, read as the person.
async fn add(app: &App, archive: &mut Archive, account: &Account, rows: &OwnRows) -> anyhow::Result<u64> {
    let person = UserActor {
        user_id: account.id,
        session_id: kernel::SessionId(uuid::Uuid::nil()),
        role: account.role,
        status: AccountStatus::Active,
        display_name: account.display_name.clone(),
    };
    let ctx = app.ctx(Actor::User(person), account.locale());
    let mut tx = app.db.begin_as(&ctx).await?;
    archive.write_all(b"[")?;
    let mut is_first = true;
    let mut written = 0_usize;
    let count = queries::each_own_row(&mut tx, rows, account.id, |row| {
        let text = serde_json::to_vec(&row).map_err(|error| DatabaseError::Decode(Box::new(error)))?;
        written += text.len();
        if written > BYTES_MAX {
            return Err(DatabaseError::Protocol("an export is larger than it may be".to_owned()));
        }
        let separator: &[u8] = if is_first { b"\n" } else { b",\n" };
        is_first = false;
        archive.write_all(separator).and_then(|()| archive.write_all(&text)).map_err(DatabaseError::Io)
    })
    .await?;
    tx.commit().await?;
    archive.write_all(b"\n]\n")?;
    Ok(count)
}
