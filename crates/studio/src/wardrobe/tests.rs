use proptest::prelude::*;
use serde::Deserialize;
use serde_json::{Value, json};

use super::build_prompt::{NEGATIVE, build_prompt, text_for_model};
use super::model::{Answers, Step};
use super::validate::{ENTRIES_MAX, FieldErrorKind, PROMPT_CHARS_MAX, check_answers, normalise_line, read_params};
use crate::aspect_ratio::{AspectRatio, UnknownRatio};

/// Made by running the specification's own `buildPrompt` in Node on answers that are ordinary, empty and odd.
const GOLDEN: &str = include_str!("golden_prompts.json");

#[derive(Deserialize)]
struct GoldenPrompt {
    answers: Answers,
    prompt: String,
}

#[test]
fn the_prompt_is_the_specifications_prompt() {
    let golden: Vec<GoldenPrompt> = serde_json::from_str(GOLDEN).unwrap();
    assert!(golden.len() > 100);
    for case in golden {
        assert_eq!(build_prompt(&case.answers), case.prompt, "{:?}", case.answers);
    }
}

#[test]
fn the_text_for_a_model_ends_with_what_to_leave_out() {
    assert_eq!(text_for_model("a coat", Some(NEGATIVE)), format!("a coat. {NEGATIVE}"));
    assert_eq!(text_for_model("a coat", Some("")), "a coat");
    assert_eq!(text_for_model("a coat", None), "a coat");
}

#[test]
fn answers_decide_the_prompt_and_a_prompt_alone_is_kept() {
    let answers = json!({"vibe": ["calm"], "silhouette": null, "color": [], "extra": "linen"});
    let body = read_params(&json!({"prompt": "something else", "answers": answers, "aspectRatio": "9:16"})).unwrap();
    assert!(body.prompt.contains("calm vibe") && body.prompt.ends_with("linen"), "{}", body.prompt);
    assert_eq!(body.ratio, AspectRatio::NineToSixteen);

    let body = read_params(&json!({"prompt": "a red kimono", "negative": "hats"})).unwrap();
    assert_eq!((body.prompt.as_str(), body.negative.as_deref()), ("a red kimono", Some("hats")));
    assert_eq!((body.ratio, body.answers), (AspectRatio::ThreeToFour, None));
}

#[test]
fn every_fault_is_named_with_its_place() {
    let body = json!({
        "prompt": 7,
        "aspectRatio": "7:5",
        "answers": {
            "vibe": "calm",
            "color": ["navy", 3, "x".repeat(81)],
            "season": vec!["spring"; 13],
            "extra": "gold\u{202e}dlog",
        },
    });
    let mut errors: Vec<(String, FieldErrorKind)> =
        read_params(&body).unwrap_err().into_iter().map(|error| (error.field, error.kind)).collect();
    errors.sort_by(|left, right| left.0.cmp(&right.0));
    let expected = [
        ("answers.color[1]", FieldErrorKind::WrongType),
        ("answers.color[2]", FieldErrorKind::TooLong(80)),
        ("answers.extra", FieldErrorKind::Unprintable),
        ("answers.season", FieldErrorKind::TooMany(12)),
        ("answers.vibe", FieldErrorKind::WrongType),
        ("aspectRatio", FieldErrorKind::NotOffered),
        ("prompt", FieldErrorKind::WrongType),
    ];
    assert_eq!(errors, expected.map(|(field, error)| (field.to_owned(), error)));
}

#[test]
fn a_huge_or_absent_prompt_is_refused() {
    let error = |body: Value| read_params(&body).unwrap_err().remove(0);
    assert_eq!(error(json!({"prompt": "x".repeat(100_000)})).kind, FieldErrorKind::TooLong(PROMPT_CHARS_MAX));
    assert_eq!(error(json!({})).kind, FieldErrorKind::Missing);
    assert_eq!(error(json!({"prompt": " \u{3000}"})).kind, FieldErrorKind::Missing);
    assert_eq!(error(json!([1])).kind, FieldErrorKind::WrongType);
    assert_eq!(error(json!({"prompt": "a", "answers": "none"})).kind, FieldErrorKind::WrongType);
}

#[test]
fn invisible_characters_are_dropped_or_refused() {
    assert_eq!(normalise_line("a\tb\r\nc", 80), Ok("a b  c".to_owned()));
    assert_eq!(normalise_line("soft\u{ad}hy\u{200b}phen\u{feff}", 80), Ok("softhyphen".to_owned()));
    assert_eq!(normalise_line("ﾊｰﾌ Ａ", 80), Ok("ハーフ A".to_owned()));
    assert_eq!(normalise_line("family 👩‍👧 ❤️", 80), Ok("family 👩‍👧 ❤️".to_owned()));
    for hidden in ['\u{0}', '\u{1b}', '\u{9b}', '\u{202e}', '\u{2066}', '\u{e0041}'] {
        assert_eq!(normalise_line(&format!("a{hidden}b"), 80), Err(FieldErrorKind::Unprintable), "{hidden:?}");
    }
    assert_eq!(normalise_line(&"ﷺ".repeat(80), 80), Err(FieldErrorKind::TooLong(80)), "one character becomes eighteen");
}

#[test]
fn ratios_read_what_they_write() {
    for ratio in AspectRatio::ALL {
        assert_eq!(ratio.as_str().parse(), Ok(ratio));
        let (width, height) = ratio.parts();
        assert_eq!(ratio.as_str(), format!("{width}:{height}"));
    }
    assert_eq!("3 : 4".parse::<AspectRatio>(), Err(UnknownRatio));
}

fn any_answers() -> impl Strategy<Value = Answers> {
    let entries = || prop::collection::vec(any::<String>(), 0..4);
    (entries(), entries(), entries(), entries(), entries(), any::<String>()).prop_map(
        |(vibe, silhouette, color, occasion, season, extra)| Answers {
            vibe,
            silhouette,
            color,
            occasion,
            season,
            extra,
        },
    )
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        ".{0,100}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 64, 14, |inner| {
        let names = "prompt|negative|aspectRatio|answers|vibe|color|season|extra|[a-z]{1,5}";
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..14).prop_map(Value::from),
            prop::collection::btree_map(names, inner, 0..6)
                .prop_map(|members| members.into_iter().collect::<serde_json::Map<_, _>>().into()),
        ]
    })
}

proptest! {
    #[test]
    fn the_same_answers_give_the_same_prompt_and_only_what_counts_changes_it(answers in any_answers(), other in any::<String>()) {
        let prompt = build_prompt(&answers);
        prop_assert_eq!(&prompt, &build_prompt(&answers.clone()));
        prop_assert!(prompt.starts_with("single model, one person only, full-body fashion photography"));
        prop_assert!(prompt.contains(NEGATIVE));

        let mut longer = answers.clone();
        longer.vibe.truncate(1);
        if !longer.vibe.is_empty() {
            longer.vibe.push(other);
        }
        prop_assert_eq!(build_prompt(&longer), prompt, "only the first mood counts");
    }

    #[test]
    fn what_is_accepted_keeps_every_limit(body in any_json()) {
        if let Ok(body) = read_params(&body) {
            prop_assert!(body.prompt.chars().count() <= PROMPT_CHARS_MAX);
            if let Some(answers) = &body.answers {
                prop_assert_eq!(&check_answers(answers).unwrap(), answers, "normalising twice changes nothing");
                for step in Step::ALL {
                    prop_assert!(answers.at(step).len() <= ENTRIES_MAX);
                }
            }
        }
    }

    #[test]
    fn a_normalised_line_is_printable_and_short(text in any::<String>()) {
        if let Ok(line) = normalise_line(&text, 80) {
            prop_assert!(line.chars().count() <= 80);
            prop_assert!(!line.chars().any(char::is_control));
            prop_assert_eq!(normalise_line(&line, 80), Ok(line.clone()));
        }
    }
}
