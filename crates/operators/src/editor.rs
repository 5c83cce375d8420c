//! The page of an editor in the console: a table of what can be edited, and above it the form for the chosen row.

use askama::Template;
use http::StatusCode;
use platform::Problem;
use ui::{FormErrors, Messages, Page};

use crate::places::places;

/// An editor with everything it shows.
#[derive(Template)]
#[template(path = "editor.html")]
pub(crate) struct Editor {
    pub(crate) t: Messages,
    /// Address of the page; its form is posted there too.
    pub(crate) path: &'static str,
    /// Message key of the heading; the text below it is `{title}-words`.
    pub(crate) title: &'static str,
    pub(crate) columns: Vec<Column>,
    pub(crate) rows: Vec<Row>,
    /// The form, when a row is chosen.
    pub(crate) form: Option<EditForm>,
    pub(crate) errors: FormErrors,
}

/// A column of the table; the first one heads the rows.
pub(crate) struct Column {
    pub(crate) label: String,
    pub(crate) is_number: bool,
}

/// A row of the table.
pub(crate) struct Row {
    /// The query that chooses the row.
    pub(crate) query: String,
    /// What a screen reader adds to the label of the row's button.
    pub(crate) name: String,
    /// A cell for each column.
    pub(crate) cells: Vec<String>,
}

/// The form for one row.
pub(crate) struct EditForm {
    pub(crate) heading: String,
    pub(crate) summary: String,
    /// What is asked before the form is sent.
    pub(crate) question: String,
    pub(crate) consequence: String,
    /// Name and value of the hidden field that names the row.
    pub(crate) key: (&'static str, String),
    pub(crate) fields: Vec<Field>,
}

/// A field of the form.
pub(crate) struct Field {
    pub(crate) name: &'static str,
    pub(crate) label: String,
    pub(crate) hint: String,
    pub(crate) value: String,
    pub(crate) input: Input,
    pub(crate) is_required: bool,
}

/// How a field is typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Input {
    /// A number, with the on-screen keyboard of this `inputmode`.
    Number(&'static str),
    /// One line of text.
    Text,
    /// Several lines.
    Lines,
}

impl Field {
    /// A required number without a hint.
    pub(crate) fn number(name: &'static str, label: String, value: &str, keyboard: &'static str) -> Self {
        Self {
            name,
            label,
            hint: String::new(),
            value: value.to_owned(),
            input: Input::Number(keyboard),
            is_required: true,
        }
    }

    /// Why something is changed; kept in the audit log.
    pub(crate) fn reason(t: Messages, value: &str) -> Self {
        let field = Self::number("reason", t.say("console-reason"), value, "");
        Self { hint: t.say("console-price-reason-hint"), input: Input::Text, ..field }
    }
}

impl Editor {
    fn lead(&self) -> String {
        self.t.say(&format!("{}-words", self.title))
    }

    fn places(&self) -> Vec<(String, String, bool)> {
        places(self.t, self.path)
    }

    /// The page; 422 when something was typed wrongly.
    ///
    /// # Errors
    /// When the template fails.
    pub(crate) fn page(self) -> Result<Page, Problem> {
        let status = if self.errors.fields.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
        let html = self.render().map_err(Problem::internal)?;
        Ok(Page::new(self.t.say(self.title), html).private().status(status))
    }
}
