//! What an operator may say of a plan.

use credits::PlanCode;
use credits::plans::{Plan, PlanEdit};
use kernel::{ImageCredits, Locale, Tokens};
use platform::FieldProblem;
use platform::text::{TextError, clean_line};
use serde::Deserialize;

use crate::reason;

/// At most so much a month; a slip of the finger costs no more.
const TOKENS_MAX: i64 = 10_000_000;
const IMAGE_CREDITS_MAX: i64 = 100_000;
const HISTORY_DAYS_MAX: i64 = 3_650;
const PAGES_MAX: i64 = 10_000;
/// Lines on a plan's card, and the longest of them in characters.
const BENEFITS_MAX: usize = 10;
const BENEFIT_CHARS_MAX: usize = 60;

/// A plan that is to bring something else.
#[derive(Clone, Debug)]
pub struct PlanChange {
    /// What it is to bring.
    pub edit: PlanEdit,
    /// Why; kept in the audit log.
    pub reason: String,
}

/// An edit as it is typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct PlanForm {
    /// The plan's code.
    pub plan: String,
    /// Whole tokens a month.
    pub tokens: String,
    /// Image credits a month.
    pub images: String,
    /// Days; empty is for ever.
    pub history_days: String,
    /// Pages.
    pub pages: String,
    /// The card's lines in Japanese.
    pub benefits_ja: String,
    /// The same in English.
    pub benefits_en: String,
    /// Why.
    pub reason: String,
}

impl PlanForm {
    /// The form for a plan as it is.
    pub fn of(plan: &Plan) -> Self {
        Self {
            plan: plan.code.to_string(),
            tokens: (plan.tokens_month.get() / 1_000).to_string(),
            images: plan.image_credits_month.to_string(),
            history_days: plan.history_days.map(|days| days.to_string()).unwrap_or_default(),
            pages: plan.page_limit.to_string(),
            benefits_ja: plan.benefits(Locale::Ja).join("\n"),
            benefits_en: plan.benefits(Locale::En).join("\n"),
            reason: String::new(),
        }
    }

    /// Checks what was typed.
    ///
    /// # Errors
    /// Every field that is wrong.
    pub fn read(&self) -> Result<PlanChange, Vec<FieldProblem>> {
        let mut problems = Vec::new();
        let tokens = number("tokens", &self.tokens, 0, TOKENS_MAX, &mut problems);
        let images = number("images", &self.images, 0, IMAGE_CREDITS_MAX, &mut problems);
        let pages = number("pages", &self.pages, 0, PAGES_MAX, &mut problems);
        let history_days = match self.history_days.trim() {
            "" => None,
            text => Some(number("historyDays", text, 1, HISTORY_DAYS_MAX, &mut problems)),
        };
        let benefits_ja = lines("benefitsJa", &self.benefits_ja, &mut problems);
        let benefits_en = lines("benefitsEn", &self.benefits_en, &mut problems);
        if benefits_ja.len() != benefits_en.len() {
            problems.push(FieldProblem::new("benefitsEn", "as_many_lines"));
        }
        let reason = reason::read(&self.reason).map_err(|problem| problems.push(problem)).unwrap_or_default();
        if !problems.is_empty() {
            return Err(problems);
        }
        let small = |number: i64| i32::try_from(number).unwrap_or(i32::MAX);
        Ok(PlanChange {
            edit: PlanEdit {
                code: PlanCode(self.plan.clone()),
                tokens_month: Tokens::whole(tokens),
                image_credits_month: ImageCredits(images),
                history_days: history_days.map(small),
                page_limit: small(pages),
                benefits_ja,
                benefits_en,
            },
            reason,
        })
    }
}

fn number(field: &'static str, text: &str, min: i64, max: i64, problems: &mut Vec<FieldProblem>) -> i64 {
    let typed = text.trim().replace(',', "").parse::<i64>().ok();
    typed.filter(|number| (min..=max).contains(number)).unwrap_or_else(|| {
        problems.push(FieldProblem::new(field, "out_of_range").with("min", min).with("max", max));
        min
    })
}

fn lines(field: &'static str, text: &str, problems: &mut Vec<FieldProblem>) -> Vec<String> {
    let typed: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    if typed.is_empty() || typed.len() > BENEFITS_MAX {
        let max = i64::try_from(BENEFITS_MAX).unwrap_or(i64::MAX);
        problems.push(FieldProblem::new(field, "out_of_range").with("min", 1_i64).with("max", max));
        return Vec::new();
    }
    let read: Result<Vec<String>, TextError> =
        typed.into_iter().map(|line| clean_line(line, BENEFIT_CHARS_MAX)).collect();
    read.unwrap_or_else(|fault| {
        problems.push(FieldProblem::text(field, fault));
        Vec::new()
    })
}
