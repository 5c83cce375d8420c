//! Just enough of `multipart/form-data` to record what arrived.

use http::{HeaderMap, header};
use serde_json::{Map, Value, json};

/// The fields as texts, and of each file its name, type and length in bytes; names that come several times as a list.
pub(super) fn read_form(headers: &HeaderMap, body: &[u8]) -> Value {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let Some((_, boundary)) = kind.split_once("boundary=") else { return Value::Null };
    let boundary = format!("--{}", boundary.trim_matches('"'));
    let mut form = Map::new();
    for part in split(body, boundary.as_bytes()).into_iter().skip(1) {
        let Some(end) = find(part, b"\r\n\r\n") else { continue };
        let (head, content) = (String::from_utf8_lossy(&part[..end]).into_owned(), &part[end + 4..]);
        let content = content.strip_suffix(b"\r\n").unwrap_or(content);
        let attribute = |name: &str| {
            let (_, rest) = head.split_once(&format!("{name}=\""))?;
            Some(rest.split('"').next().unwrap_or_default().to_owned())
        };
        let Some(name) = attribute(" name") else { continue };
        let value = match attribute("filename") {
            Some(file_name) => {
                let kind = head.lines().find_map(|line| line.strip_prefix("Content-Type: ")).unwrap_or_default();
                json!({"fileName": file_name, "type": kind, "bytes": content.len()})
            }
            None => json!(String::from_utf8_lossy(content)),
        };
        match form.get_mut(&name) {
            Some(Value::Array(values)) => values.push(value),
            Some(first) => *first = json!([first.take(), value]),
            None => _ = form.insert(name, value),
        }
    }
    Value::Object(form)
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}

fn split<'a>(mut bytes: &'a [u8], mark: &[u8]) -> Vec<&'a [u8]> {
    let mut parts = Vec::new();
    while let Some(place) = find(bytes, mark) {
        parts.push(&bytes[..place]);
        bytes = &bytes[place + mark.len()..];
    }
    parts.push(bytes);
    parts
}
