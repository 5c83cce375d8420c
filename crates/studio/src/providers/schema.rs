//! The form of a structured answer: the part of JSON Schema that every provider takes, checked here again.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

/// Nested schemas and values deeper than this are refused.
const DEPTH_MAX: usize = 16;
/// Violations that are collected before the check stops.
const VIOLATIONS_MAX: usize = 20;

/// The form of a value. Objects have exactly the members that are listed, all of them required.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Schema {
    /// An object with these members, in this order.
    Object {
        /// Name and form of each member.
        members: Vec<(String, Schema)>,
    },
    /// A list.
    List {
        /// The form of each entry.
        items: Box<Schema>,
        /// Entries at least.
        min: usize,
        /// Entries at most.
        max: usize,
    },
    /// A text.
    Text {
        /// Characters at most.
        chars_max: usize,
    },
    /// One of these texts.
    OneOf {
        /// The choices.
        values: Vec<String>,
    },
    /// A whole number.
    Integer {
        /// At least.
        min: i64,
        /// At most.
        max: i64,
    },
    /// True or false.
    Boolean,
}

/// How a provider writes the names of types.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SchemaDialect {
    /// JSON Schema as OpenAI's strict mode takes it: no limits on length, `additionalProperties: false`.
    JsonSchema,
    /// Gemini's subset of OpenAPI: types in capitals, `propertyOrdering`.
    Gemini,
}

impl Schema {
    /// An object with these members.
    pub fn object<const N: usize>(members: [(&str, Self); N]) -> Self {
        Self::Object { members: members.into_iter().map(|(name, form)| (name.to_owned(), form)).collect() }
    }

    /// A list of `min` to `max` entries.
    pub fn list(items: Self, min: usize, max: usize) -> Self {
        Self::List { items: Box::new(items), min, max }
    }

    /// About how many characters the form has when it is written out.
    pub(crate) fn size(&self) -> usize {
        self.to_json(SchemaDialect::Gemini).to_string().len()
    }

    /// The form as a provider reads it.
    pub(crate) fn to_json(&self, dialect: SchemaDialect) -> Value {
        let name = |name: &str| match dialect {
            SchemaDialect::JsonSchema => name.to_owned(),
            SchemaDialect::Gemini => name.to_uppercase(),
        };
        match self {
            Self::Object { members } => {
                let names: Vec<&str> = members.iter().map(|(name, _)| name.as_str()).collect();
                let properties: Map<String, Value> =
                    members.iter().map(|(name, form)| (name.clone(), form.to_json(dialect))).collect();
                let mut object = json!({"type": name("object"), "properties": properties, "required": names});
                match dialect {
                    SchemaDialect::JsonSchema => object["additionalProperties"] = json!(false),
                    SchemaDialect::Gemini => object["propertyOrdering"] = json!(names),
                }
                object
            }
            Self::List { items, min, max } => match dialect {
                SchemaDialect::JsonSchema => json!({"type": name("array"), "items": items.to_json(dialect)}),
                SchemaDialect::Gemini => {
                    json!({"type": name("array"), "items": items.to_json(dialect), "minItems": min, "maxItems": max})
                }
            },
            Self::Text { .. } => json!({"type": name("string")}),
            Self::OneOf { values } => json!({"type": name("string"), "enum": values}),
            Self::Integer { .. } => json!({"type": name("integer")}),
            Self::Boolean => json!({"type": name("boolean")}),
        }
    }

    /// Every way in which `value` differs from this form, as sentences with the place: `$.colors[2]: not a text`. Empty
    /// when it has the form.
    pub(crate) fn violations(&self, value: &Value) -> Vec<String> {
        let mut violations = Vec::new();
        self.check(value, "$", 0, &mut violations);
        violations.truncate(VIOLATIONS_MAX);
        violations
    }

    fn check(&self, value: &Value, place: &str, depth: usize, found: &mut Vec<String>) {
        if found.len() >= VIOLATIONS_MAX {
            return;
        }
        let mut wrong = |text: String| found.push(format!("{place}: {text}"));
        if depth > DEPTH_MAX {
            return wrong("nested too deeply".to_owned());
        }
        match self {
            Self::Object { members } => {
                let Some(object) = value.as_object() else { return wrong("not an object".to_owned()) };
                for name in object.keys().filter(|name| members.iter().all(|(known, _)| known != *name)) {
                    wrong(format!("unknown member {:?}", name.chars().take(40).collect::<String>()));
                }
                for (name, form) in members {
                    match object.get(name) {
                        Some(member) => form.check(member, &format!("{place}.{name}"), depth + 1, found),
                        None => found.push(format!("{place}: member {name:?} is missing")),
                    }
                }
            }
            Self::List { items, min, max } => {
                let Some(entries) = value.as_array() else { return wrong("not a list".to_owned()) };
                if entries.len() < *min || entries.len() > *max {
                    wrong(format!("{} entries and not {min} to {max}", entries.len()));
                }
                for (index, entry) in entries.iter().enumerate().take(*max) {
                    items.check(entry, &format!("{place}[{index}]"), depth + 1, found);
                }
            }
            Self::Text { chars_max } => match value.as_str() {
                Some(text) if text.chars().count() > *chars_max => wrong(format!("longer than {chars_max} characters")),
                Some(_) => {}
                None => wrong("not a text".to_owned()),
            },
            Self::OneOf { values } => {
                if !value.as_str().is_some_and(|text| values.iter().any(|known| known == text)) {
                    wrong(format!("not one of {}", values.join(", ")));
                }
            }
            Self::Integer { min, max } => {
                if !value.as_i64().is_some_and(|number| (*min..=*max).contains(&number)) {
                    wrong(format!("not a whole number from {min} to {max}"));
                }
            }
            Self::Boolean => {
                if !value.is_boolean() {
                    wrong("neither true nor false".to_owned());
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn palette() -> Schema {
        Schema::object([
            ("headline", Schema::Text { chars_max: 20 }),
            ("tone", Schema::OneOf { values: vec!["calm".to_owned(), "bold".to_owned()] }),
            ("colors", Schema::list(Schema::Text { chars_max: 7 }, 1, 3)),
            ("score", Schema::Integer { min: 0, max: 100 }),
            ("dark", Schema::Boolean),
        ])
    }

    #[test]
    fn a_value_of_the_form_is_accepted_and_every_difference_is_named() {
        let right = json!({"headline": "Spring", "tone": "calm", "colors": ["#ffffff"], "score": 7, "dark": false});
        assert_eq!(palette().violations(&right), Vec::<String>::new());
        let wrong = json!({"headline": "x".repeat(21), "tone": "loud", "colors": [1], "score": 101, "extra": null});
        assert_eq!(
            palette().violations(&wrong),
            [
                "$: unknown member \"extra\"",
                "$.headline: longer than 20 characters",
                "$.tone: not one of calm, bold",
                "$.colors[0]: not a text",
                "$.score: not a whole number from 0 to 100",
                "$: member \"dark\" is missing",
            ]
        );
        for other in [json!("text"), json!([]), json!(null), json!({"headline": {}})] {
            assert!(!palette().violations(&other).is_empty(), "{other}");
        }
    }

    #[test]
    fn each_provider_is_given_its_own_dialect() {
        let form = Schema::object([("colors", Schema::list(Schema::Text { chars_max: 7 }, 1, 3))]);
        assert_eq!(
            form.to_json(SchemaDialect::Gemini),
            json!({"type": "OBJECT", "required": ["colors"], "propertyOrdering": ["colors"], "properties": {
                "colors": {"type": "ARRAY", "items": {"type": "STRING"}, "minItems": 1, "maxItems": 3}}})
        );
        assert_eq!(
            form.to_json(SchemaDialect::JsonSchema),
            json!({"type": "object", "required": ["colors"], "additionalProperties": false, "properties": {
                "colors": {"type": "array", "items": {"type": "string"}}}})
        );
    }

    proptest! {
        #[test]
        fn whatever_a_model_sends_is_judged_without_a_panic(text in ".{0,80}", number in any::<i64>(), list in prop::collection::vec(".{0,9}", 0..40)) {
            let value = json!({"headline": text, "tone": text, "colors": list, "score": number, "dark": number});
            prop_assert!(palette().violations(&value).len() <= VIOLATIONS_MAX);
        }
    }
}
