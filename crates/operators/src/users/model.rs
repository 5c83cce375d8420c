//! What an operator is shown of a person.

use kernel::{ImageCredits, Role, Tokens, UserId};
use platform::{FieldProblem, Problem};
use serde::Deserialize;
use time::OffsetDateTime;

/// Characters of a search at most; a mail address has no more.
const SEARCH_CHARS_MAX: usize = 254;

/// The query of the user list, as it arrives.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Search {
    /// A mail address, or the beginning of a name.
    #[serde(rename = "q")]
    pub text: String,
    /// Of this plan.
    pub plan: String,
    /// `user`, `seller` or `admin`.
    pub role: String,
    /// `yes` or `no`.
    pub banned: String,
    /// After this position.
    pub cursor: String,
    /// How many.
    pub limit: Option<u32>,
}

/// The filters of the user list, checked.
#[derive(Clone, Debug, Default)]
pub(crate) struct UserFilter {
    pub text: Option<String>,
    pub plan: Option<String>,
    pub role: Option<Role>,
    pub is_banned: Option<bool>,
}

impl Search {
    /// Understands what was asked; an empty field asks for nothing.
    ///
    /// # Errors
    /// 422 with every field that names nothing.
    pub(crate) fn read(&self) -> Result<UserFilter, Problem> {
        let mut problems = Vec::new();
        let filled = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        let text = filled(&self.text);
        if text.as_ref().is_some_and(|text| text.chars().count() > SEARCH_CHARS_MAX) {
            problems.push(FieldProblem::new("q", "too_long").with("max", SEARCH_CHARS_MAX));
        }
        let role = match self.role.as_str() {
            "" => None,
            "user" => Some(Role::User),
            "seller" => Some(Role::Seller),
            "admin" => Some(Role::Admin),
            _ => {
                problems.push(FieldProblem::new("role", "unknown_value"));
                None
            }
        };
        let is_banned = match self.banned.as_str() {
            "" => None,
            "yes" => Some(true),
            "no" => Some(false),
            _ => {
                problems.push(FieldProblem::new("banned", "unknown_value"));
                None
            }
        };
        if problems.is_empty() {
            Ok(UserFilter { text, plan: filled(&self.plan), role, is_banned })
        } else {
            Err(Problem::invalid(problems))
        }
    }
}

/// A person.
#[derive(Clone, Debug)]
pub struct Person {
    /// The account.
    pub id: UserId,
    /// The name shown to others.
    pub display_name: String,
    /// The mail address; nothing once the person has been erased.
    pub email: Option<String>,
    /// What the account may do.
    pub role: Role,
    /// Whether the person may neither make, publish nor buy.
    pub is_banned: bool,
    /// Since when the account is there.
    pub created_at: OffsetDateTime,
    /// The plan.
    pub plan: String,
    /// `active`, `grace` or `read_only`.
    pub dunning_state: String,
    /// Tokens that can be spent.
    pub tokens: Tokens,
    /// Image credits that can be spent.
    pub image_credits: ImageCredits,
    /// Pictures made, ever.
    pub generation_count: i64,
    /// When the last one was made.
    pub last_generation_at: Option<OffsetDateTime>,
}

/// Something that an operator, the platform or the person did to the account.
#[derive(Clone, Debug)]
pub struct Incident {
    /// What, as in the audit log: `users.ban`.
    pub action: String,
    /// Why, where a reason was asked for.
    pub reason: Option<String>,
    /// Who, where it was a person.
    pub actor_name: Option<String>,
    /// When.
    pub at: OffsetDateTime,
}

/// A line of the person's credit statement.
#[derive(Clone, Debug)]
pub struct Movement {
    /// `plan_grant`, `purchase`, `api_usage`, …
    pub kind: String,
    /// `token` (in thousandths) or `image`.
    pub unit: String,
    /// The change of what can be spent.
    pub amount: i64,
    /// What could be spent afterwards.
    pub available_after: i64,
    /// When.
    pub at: OffsetDateTime,
}
