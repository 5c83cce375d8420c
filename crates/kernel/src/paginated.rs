//! Cursor pagination: every page costs the same, and new items shift nothing.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::limits::{PAGE_SIZE_DEFAULT, PAGE_SIZE_MAX};

/// A position in a list that is ordered by moment and id, newest first. Opaque to callers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// The moment of the last item that was shown.
    pub at: OffsetDateTime,
    /// Its id, which breaks ties.
    pub id: Uuid,
}

impl Cursor {
    /// The text that goes into `nextCursor`: 24 bytes in base64url, 32 characters.
    pub fn encode(self) -> String {
        let micros = i64::try_from(self.at.unix_timestamp_nanos() / 1_000).unwrap_or(i64::MAX);
        let mut bytes = [0; 24];
        bytes[..8].copy_from_slice(&micros.to_be_bytes());
        bytes[8..].copy_from_slice(self.id.as_bytes());
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// Reads what [`Cursor::encode`] wrote.
    ///
    /// # Errors
    /// When the text was not made by this program.
    pub fn decode(text: &str) -> Result<Self, CursorError> {
        let bytes: [u8; 24] =
            URL_SAFE_NO_PAD.decode(text).ok().and_then(|bytes| bytes.try_into().ok()).ok_or(CursorError)?;
        let (micros, id) = bytes.split_at(8);
        let micros = i64::from_be_bytes(micros.try_into().map_err(|_| CursorError)?);
        let at = OffsetDateTime::from_unix_timestamp_nanos(i128::from(micros) * 1_000).map_err(|_| CursorError)?;
        Ok(Self { at, id: Uuid::from_slice(id).map_err(|_| CursorError)? })
    }
}

/// The cursor was not made by this program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the cursor is not valid")]
pub struct CursorError;

/// The `?cursor=&limit=` of a list request.
#[derive(Clone, Copy, Debug)]
pub struct PageRequest {
    /// Start after this position; at the beginning when `None`.
    pub after: Option<Cursor>,
    /// The most items to return, between 1 and [`PAGE_SIZE_MAX`].
    pub limit: u32,
}

impl PageRequest {
    /// Reads `?cursor=&limit=`; a limit outside the bounds is clamped.
    ///
    /// # Errors
    /// When the cursor was not made by this program.
    pub fn parse(cursor: Option<&str>, limit: Option<u32>) -> Result<Self, CursorError> {
        let after = cursor.filter(|text| !text.is_empty()).map(Cursor::decode).transpose()?;
        Ok(Self { after, limit: limit.unwrap_or(PAGE_SIZE_DEFAULT).clamp(1, PAGE_SIZE_MAX) })
    }

    /// The first page of `limit` items.
    pub fn first(limit: u32) -> Self {
        Self { after: None, limit: limit.clamp(1, PAGE_SIZE_MAX) }
    }

    /// How many rows to fetch: one more than wanted tells whether there is a next page.
    pub fn fetch_limit(&self) -> i64 {
        i64::from(self.limit) + 1
    }
}

/// One page of a list, with the cursor of the next.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Paginated<T> {
    /// The items, newest first.
    pub items: Vec<T>,
    /// The `?cursor=` of the next page; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
}

impl<T> Paginated<T> {
    /// Cuts `rows` (fetched with [`PageRequest::fetch_limit`]) to the limit; a surplus row makes a next cursor.
    pub fn from_rows(mut rows: Vec<T>, request: &PageRequest, position: impl Fn(&T) -> Cursor) -> Self {
        let limit = usize::try_from(request.limit).unwrap_or(usize::MAX);
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next_cursor = if more { rows.last().map(|row| position(row).encode()) } else { None };
        Self { items: rows, next_cursor }
    }

    /// Converts every item.
    pub fn map<U>(self, turn: impl FnMut(T) -> U) -> Paginated<U> {
        Paginated { items: self.items.into_iter().map(turn).collect(), next_cursor: self.next_cursor }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_cursor_survives_the_trip(seconds in -60_000_000_000_i64..200_000_000_000, id in any::<u128>()) {
            let at = OffsetDateTime::from_unix_timestamp(seconds).map_err(|error| TestCaseError::fail(error.to_string()))?;
            let cursor = Cursor { at, id: Uuid::from_u128(id) };
            prop_assert_eq!(Cursor::decode(&cursor.encode()), Ok(cursor));
        }

        #[test]
        fn any_text_is_a_cursor_or_an_error(text in ".*") {
            let _ = Cursor::decode(&text);
        }
    }
}
