//! What an addressee is.

use platform::FieldProblem;
use platform::text::{TextError, optional_line};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The longest name, department and address, in characters.
pub(super) const NAME_CHARS_MAX: usize = 100;
pub(super) const DEPARTMENT_CHARS_MAX: usize = 100;
pub(super) const ADDRESS_CHARS_MAX: usize = 200;

/// To whom a document is addressed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Addressee {
    /// A company (御中) or a person (様).
    pub is_company: bool,
    /// Its name.
    pub name: String,
    /// The department that the document is for.
    pub department: Option<String>,
    /// The postal address, on one line.
    pub address: Option<String>,
}

/// What somebody wrote.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub(in crate::tax_invoices) struct AddresseeForm {
    /// `company` or `person`.
    pub(super) kind: String,
    /// 1 to 100 characters; empty takes the addressee away.
    pub(super) name: String,
    /// At most 100 characters.
    pub(super) department: String,
    /// At most 200 characters, on one line.
    pub(super) address: String,
}

impl AddresseeForm {
    /// Reads it; nothing where the name is empty, which takes the addressee away.
    ///
    /// # Errors
    /// Every field that is wrong.
    pub(super) fn read(&self) -> Result<Option<Addressee>, Vec<FieldProblem>> {
        let mut problems = Vec::new();
        let mut read = |field: &'static str, text: &str, max_chars: usize| match optional_line(text, max_chars) {
            Ok(text) => Some(text).filter(|text| !text.is_empty()),
            Err(TextError::TooLong { max_chars }) => {
                let max = i64::try_from(max_chars).unwrap_or(i64::MAX);
                problems.push(FieldProblem::new(field, "too_long").with("max", max));
                None
            }
            Err(fault) => {
                problems.push(FieldProblem::new(field, fault.code()));
                None
            }
        };
        let name = read("name", &self.name, NAME_CHARS_MAX);
        let department = read("department", &self.department, DEPARTMENT_CHARS_MAX);
        let address = read("address", &self.address, ADDRESS_CHARS_MAX);
        if !matches!(self.kind.as_str(), "" | "company" | "person") {
            problems.push(FieldProblem::new("kind", "unknown_value"));
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        let is_company = self.kind != "person";
        Ok(name.map(|name| Addressee { is_company, name, department, address }))
    }
}

impl From<Option<Addressee>> for AddresseeForm {
    fn from(known: Option<Addressee>) -> Self {
        let Some(known) = known else { return Self::default() };
        Self {
            kind: if known.is_company { "company" } else { "person" }.to_owned(),
            name: known.name,
            department: known.department.unwrap_or_default(),
            address: known.address.unwrap_or_default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(name: &str, department: &str, address: &str) -> AddresseeForm {
        let text = str::to_owned;
        AddresseeForm { kind: text("company"), name: text(name), department: text(department), address: text(address) }
    }

    #[test]
    fn one_line_each_and_nothing_invisible() {
        let read = form(" 株式会社　町屋 ", "経理部", "東京都台東区１－２－３").read().unwrap().unwrap();
        assert_eq!((read.name.as_str(), read.is_company), ("株式会社 町屋", true));
        assert_eq!(form("  ", "経理部", "").read(), Ok(None), "without a name there is no addressee");
        for (name, department, address, field) in [
            ("a\u{0}b", "", "", "name"),
            ("a\u{202E}b", "", "", "name"),
            ("a\nb", "", "", "name"),
            ("a", "x\u{7f}", "", "department"),
            ("a", "", "one\r\ntwo", "address"),
        ] {
            let problems = form(name, department, address).read().unwrap_err();
            assert_eq!((problems[0].field.as_str(), problems[0].code), (field, "unprintable"));
        }
        for (name, department, address) in [
            ("x".repeat(101), "".into(), "".into()),
            ("x".into(), "x".repeat(101), "".into()),
            ("x".into(), "".into(), "x".repeat(201)),
        ] {
            assert_eq!(form(&name, &department, &address).read().unwrap_err()[0].code, "too_long");
        }
        let odd = AddresseeForm { kind: "god".to_owned(), ..form("a", "", "") };
        assert_eq!(odd.read().unwrap_err()[0].field, "kind");
    }
}
