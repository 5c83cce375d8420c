//! The id of a document.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

kernel::typed_id! {
    /// A tax invoice or a credit note.
    TaxInvoiceId,
}
