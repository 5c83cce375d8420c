//! Takes a file in, part by part, into a nameless file on disk.

use std::io;

use axum::body::{Body, BodyDataStream};
use axum::extract::Request;
use http::{HeaderMap, StatusCode, header};
use multer::{Constraints, Field, Multipart, SizeLimit};
use platform::text::clean_line;
use platform::{App, Problem};
use tokio::fs::File;
use tokio::io::{AsyncReadExt as _, AsyncSeekExt as _, AsyncWriteExt as _};

use super::model::{FILE_MAX_BYTES, FILE_NAME_MAX_CHARS, UploadKind};
use crate::images::model::ImageError;
use crate::imports::source::inspect_source;

/// What a form takes beside the file: its field names, the kind, the boundaries.
const FORM_MAX_BYTES: u64 = 16 * 1024;
/// The longest value of a field that is not the file.
const VALUE_MAX_BYTES: u64 = 64;
/// How much of a file is looked at before more of it is taken.
const HEAD_BYTES: u64 = 32 * 1024;
/// How long a file may take to arrive.
const PATIENCE: std::time::Duration = std::time::Duration::from_mins(10);

/// A form that has arrived.
pub(super) struct Received {
    pub(super) kind: UploadKind,
    pub(super) file_name: String,
    pub(super) file: StagedFile,
}

/// A file that has arrived. It has no name and is gone with this value, even when the program is killed.
pub(super) struct StagedFile {
    file: File,
    size_bytes: u64,
}

impl StagedFile {
    async fn new(app: &App) -> io::Result<Self> {
        let folder = app.config.data_path("incoming");
        tokio::fs::create_dir_all(&folder).await?;
        let opened = tokio::task::spawn_blocking(move || tempfile::tempfile_in(folder)).await;
        Ok(Self { file: File::from_std(opened.map_err(io::Error::other)??), size_bytes: 0 })
    }

    /// The whole file, which is at most [`FILE_MAX_BYTES`] long.
    pub(super) async fn read(mut self) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::with_capacity(usize::try_from(self.size_bytes).unwrap_or(0));
        self.file.rewind().await?;
        self.file.take(FILE_MAX_BYTES).read_to_end(&mut bytes).await?;
        Ok(bytes)
    }
}

/// Receives the form of an upload: `file`, and `type`.
///
/// # Errors
/// 415 for another kind of body and for what is no picture, 413 as soon as it is too large, 400 for a form that is
/// broken or breaks off, 422 for fields that are missing or wrong.
pub(super) async fn receive(app: &App, request: Request) -> Result<Received, Problem> {
    let (parts, body) = request.into_parts();
    let form = open_form(&parts.headers, body)?;
    // Whoever sends a byte a minute does not hold a connection for ever.
    let received = tokio::time::timeout(PATIENCE, read_form(app, form)).await;
    received.map_err(|_| Problem::new(StatusCode::REQUEST_TIMEOUT, "request_timeout"))?
}

fn open_form(headers: &HeaderMap, body: Body) -> Result<Multipart<'static>, Problem> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let boundary = text(header::CONTENT_TYPE).and_then(|kind| multer::parse_boundary(kind).ok());
    let boundary =
        boundary.ok_or_else(|| Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type"))?;
    // What says that it is too large is not read at all.
    let announced = text(header::CONTENT_LENGTH).and_then(|length| length.parse::<u64>().ok());
    if announced.is_some_and(|length| length > FILE_MAX_BYTES + FORM_MAX_BYTES) {
        return Err(too_large());
    }
    let limits = SizeLimit::new()
        .whole_stream(FILE_MAX_BYTES + FORM_MAX_BYTES)
        .per_field(VALUE_MAX_BYTES)
        .for_field("file", FILE_MAX_BYTES);
    let constraints = Constraints::new().allowed_fields(vec!["type", "file"]).size_limit(limits);
    let stream: BodyDataStream = body.into_data_stream();
    Ok(Multipart::with_constraints(stream, boundary, constraints))
}

async fn read_form(app: &App, mut form: Multipart<'static>) -> Result<Received, Problem> {
    let (mut kind, mut file) = (None, None);
    while let Some(mut field) = form.next_field().await.map_err(form_problem)? {
        match field.name() {
            Some("type") if kind.is_none() => {
                let text = field.text().await.map_err(form_problem)?;
                kind = Some(text.parse().map_err(|()| Problem::invalid_field("type", "unknown_value"))?);
            }
            Some("file") if file.is_none() => {
                let name = readable_name(field.file_name());
                file = Some((name, stage(app, &mut field).await?));
            }
            // The same field again.
            _ => return Err(Problem::malformed()),
        }
    }
    let (file_name, file) = file.ok_or_else(|| Problem::invalid_field("file", "required"))?;
    let kind = kind.ok_or_else(|| Problem::invalid_field("type", "required"))?;
    Ok(Received { kind, file_name, file })
}

/// Writes a file to disk as it comes, and looks at its beginning first.
async fn stage(app: &App, field: &mut Field<'static>) -> Result<StagedFile, Problem> {
    let mut staged = StagedFile::new(app).await.map_err(Problem::internal)?;
    let mut head = Vec::new();
    while let Some(part) = field.chunk().await.map_err(form_problem)? {
        if staged.size_bytes < HEAD_BYTES {
            head.extend_from_slice(&part);
            refuse_early(&head)?;
        }
        staged.size_bytes += part.len() as u64;
        staged.file.write_all(&part).await.map_err(Problem::internal)?;
    }
    if staged.size_bytes == 0 {
        return Err(Problem::invalid_field("file", "empty_file"));
    }
    staged.file.flush().await.map_err(Problem::internal)?;
    Ok(staged)
}

/// Refuses a file whose beginning shows already that it is none of ours, or that it holds more pixels than may be. A
/// beginning has no end, so what is missing says nothing.
fn refuse_early(head: &[u8]) -> Result<(), Problem> {
    const ENOUGH_BYTES: usize = 512;
    match inspect_source(head) {
        Err(error @ (ImageError::TooLarge(_) | ImageError::Unsupported(_))) => Err(image_problem(&error)),
        Err(error @ ImageError::NotAPicture) if head.len() >= ENOUGH_BYTES => Err(image_problem(&error)),
        _ => Ok(()),
    }
}

/// The last part of the name that came with the file, if people can read it.
fn readable_name(name: Option<&str>) -> String {
    let last = name.unwrap_or_default().rsplit(['/', '\\']).next().unwrap_or_default();
    let short: String = last.chars().take(FILE_NAME_MAX_CHARS).collect();
    clean_line(&short, FILE_NAME_MAX_CHARS).unwrap_or_else(|_| "picture".to_owned())
}

fn too_large() -> Problem {
    Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "upload_too_large").with("megabytes", FILE_MAX_BYTES / (1024 * 1024))
}

fn form_problem(error: multer::Error) -> Problem {
    match error {
        multer::Error::StreamSizeExceeded { .. } => too_large(),
        multer::Error::FieldSizeExceeded { field_name, .. } if field_name.as_deref() == Some("file") => too_large(),
        multer::Error::FieldSizeExceeded { field_name, .. } => {
            Problem::invalid_field(field_name.unwrap_or_default(), "too_long").because(anyhow::anyhow!("a long field"))
        }
        multer::Error::UnknownField { field_name } => {
            Problem::invalid_field(field_name.unwrap_or_default(), "unknown_field")
        }
        other => Problem::malformed().because(other),
    }
}

/// What is wrong with a picture that came in.
pub(super) fn image_problem(error: &ImageError) -> Problem {
    let status = match error {
        ImageError::NotAPicture | ImageError::Unsupported(_) | ImageError::TypeMismatch { .. } => {
            StatusCode::UNSUPPORTED_MEDIA_TYPE
        }
        ImageError::TooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
        ImageError::Truncated | ImageError::Damaged(_) => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let problem = Problem::new(status, error.code());
    match error {
        ImageError::Unsupported(what) => problem.with("what", *what).member("reason", (*what).into()),
        _ => problem,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_for_people_to_read_and_leads_nowhere() {
        for (came, kept) in [
            (Some("ロゴ 2026.svg"), "ロゴ 2026.svg"),
            (Some("../../etc/passwd"), "passwd"),
            (Some("C:\\photos\\me.jpg"), "me.jpg"),
            (Some("a\u{202e}gnp.exe"), "picture"),
            (Some("a\r\nb"), "picture"),
            (Some("   "), "picture"),
            (Some("dir/"), "picture"),
            (None, "picture"),
        ] {
            assert_eq!(readable_name(came), kept, "{came:?}");
        }
        assert_eq!(readable_name(Some(&"あ".repeat(400))).chars().count(), FILE_NAME_MAX_CHARS);
    }
}
