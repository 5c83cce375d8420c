//! Why an operator does something: without it, nothing is done.

use platform::FieldProblem;
use platform::text::clean_line;

/// Characters of a reason at most.
const REASON_CHARS_MAX: usize = 300;

/// A reason that can be read.
///
/// # Errors
/// What is wrong with the field `reason`.
pub(crate) fn read(text: &str) -> Result<String, FieldProblem> {
    clean_line(text, REASON_CHARS_MAX).map_err(|fault| FieldProblem::text("reason", fault))
}
