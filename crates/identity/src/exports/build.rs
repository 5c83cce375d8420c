//! Builds the file of an export.

use std::io::{Cursor, Write as _};

use anyhow::Context as _;
use kernel::{Actor, SessionId};
use platform::jobs::{JobError, JobRun};
use platform::storage::{NewFile, StorageKey};
use platform::{App, DatabaseError, Tx, audit, mail};
use serde_json::{Value, json};
use ui::arg;
use uuid::Uuid;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::model::{BuildExport, Contributors, KEPT, OwnRows};
use super::queries;
use crate::emails::queue_email;
use crate::users::model::{Account, actor};
use crate::users::queries::account;

/// The most bytes of one table.
const BYTES_MAX: usize = 256 * 1_024 * 1_024;

type Archive = ZipWriter<Cursor<Vec<u8>>>;

/// Builds and stores the file and queues the mail about it. Does nothing for an export that is not requested any more.
pub(super) async fn build_export(contributors: Contributors, run: JobRun<BuildExport>) -> Result<(), JobError> {
    let id = run.job.export_id;
    let mut tx = run.begin().await?;
    let account = match queries::requested(&mut tx, id).await? {
        Some(user_id) => account(&mut tx, user_id).await?,
        None => None,
    };
    let Some(account) = account else {
        run.finish(&mut tx, &Value::Null).await?;
        tx.commit().await?;
        return Ok(());
    };
    let about = describe_account(&mut tx, &account).await?;
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
        queue_email(&run.ctx, &mut tx, &account, format!("export-ready/{id}"), "export-ready", args).await?;
    }
    run.finish(&mut tx, &json!({"bytes": size_bytes})).await?;
    tx.commit().await?;
    Ok(())
}

/// Marks the export as failed after the last attempt, so that its owner can request another.
pub(super) async fn mark_failed(run: JobRun<BuildExport>) -> Result<(), JobError> {
    let mut tx = run.begin().await?;
    queries::mark_failed(&mut tx, run.job.export_id).await?;
    tx.commit().await?;
    Ok(())
}

/// The file `account.json`: the account with its mails and audited actions.
async fn describe_account(tx: &mut Tx, account: &Account) -> Result<Value, DatabaseError> {
    let mut about = queries::describe(tx, account.id).await?;
    about["mails"] = mail::list_of_recipient(tx, account.id).await?;
    about["acts"] = audit::list_of_actor(tx, account.id).await?;
    Ok(about)
}

async fn archive(
    app: &App,
    contributors: &Contributors,
    account: &Account,
    about: &Value,
    created_at: String,
) -> anyhow::Result<Vec<u8>> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    start_file(&mut archive, "account.json")?;
    serde_json::to_writer_pretty(&mut archive, about)?;
    let mut tables = Vec::new();
    for contributor in contributors.iter() {
        for rows in contributor.rows {
            let name = format!("{}/{}.json", contributor.name, rows.file);
            start_file(&mut archive, &name)?;
            let count = write_rows(app, &mut archive, account, rows).await.with_context(|| name.clone())?;
            tables.push(json!({"file": name, "table": rows.table, "rows": count}));
        }
    }
    start_file(&mut archive, "contents.json")?;
    serde_json::to_writer_pretty(&mut archive, &json!({"madeAt": created_at, "files": tables}))?;
    Ok(archive.finish()?.into_inner())
}

fn start_file(archive: &mut Archive, name: &str) -> anyhow::Result<()> {
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    Ok(archive.start_file(name, options)?)
}

/// Writes the account's rows of one table as a JSON array, read as the account; returns how many.
async fn write_rows(app: &App, archive: &mut Archive, account: &Account, rows: &OwnRows) -> anyhow::Result<u64> {
    let session_id = SessionId(Uuid::nil());
    let owner = actor(account.id, session_id, account.role, false, account.display_name.clone());
    let ctx = app.ctx(Actor::User(owner), account.locale());
    let mut tx = app.db.begin_as(&ctx).await?;
    archive.write_all(b"[")?;
    let mut is_first = true;
    let mut written = 0_usize;
    let count = queries::each_own_row(&mut tx, rows, account.id, |row| {
        let text = serde_json::to_vec(&row).map_err(|error| DatabaseError::Decode(Box::new(error)))?;
        written += text.len();
        if written > BYTES_MAX {
            return Err(DatabaseError::Protocol("the rows of one table exceed the limit of an export".to_owned()));
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
