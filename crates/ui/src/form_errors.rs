//! What a form says about a problem: beside its fields, or above it.

use kernel::Locale;
use platform::i18n::Languages;
use platform::{FieldProblem, Problem};

/// Messages of a form in the visitor's language; none when nothing is wrong.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FormErrors {
    /// Field and message, in the order of the problem.
    pub fields: Vec<(String, String)>,
    /// Title and explanation of what no field is to blame for.
    pub failure: Option<(String, String)>,
}

impl FormErrors {
    /// The messages of wrong fields.
    pub fn of_fields(languages: &Languages, locale: Locale, problems: &[FieldProblem]) -> Self {
        let message = |problem: &FieldProblem| (problem.field.clone(), problem.message(languages, locale));
        Self { fields: problems.iter().map(message).collect(), failure: None }
    }

    /// The messages of a problem. `at` names, by the code of a problem that belongs to no field, the field beside which
    /// it is best said.
    pub fn of(languages: &Languages, locale: Locale, problem: &Problem, at: &[(&str, &str)]) -> Self {
        let body = problem.body(languages, locale);
        if let Some((_, field)) = at.iter().find(|(code, _)| *code == problem.code()) {
            return Self { fields: vec![((*field).to_owned(), body.title)], failure: None };
        }
        let mut errors = Self::of_fields(languages, locale, problem.fields());
        errors.failure = errors.fields.is_empty().then(|| (body.title, body.detail.unwrap_or_default()));
        errors
    }

    /// The message beside a field; empty when nothing is wrong with it.
    pub fn field(&self, field: &str) -> &str {
        self.fields.iter().find(|(name, _)| name == field).map_or("", |(_, message)| message)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::messages::languages;

    #[test]
    fn a_problem_is_said_at_its_field_or_above_the_form() {
        let of = |problem: Problem, at: &[(&str, &str)]| FormErrors::of(&languages(), Locale::En, &problem, at);
        let field = of(Problem::invalid_field("title", "required"), &[]);
        assert!(!field.field("title").is_empty() && field.field("price").is_empty() && field.failure.is_none());
        let whole = of(Problem::conflict("conflict"), &[]);
        assert!(whole.fields.is_empty() && whole.failure.is_some());
        let placed = of(Problem::conflict("conflict"), &[("conflict", "email")]);
        assert!(!placed.field("email").is_empty() && placed.failure.is_none());
    }
}
