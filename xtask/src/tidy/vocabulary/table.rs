//! The table of refused words, after `reference/vocabulary.md`: the word, what to call it, and how it is matched.

/// How a word is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum How {
    /// As any part of any name: distinctive, so that it is never meant otherwise.
    Part,
    /// As any part of the name of a type.
    TypePart,
    /// As the end of the name of a type, behind another word.
    TypeEnd,
    /// As the whole name of something that is declared here; in a sentence, the word is an ordinary one.
    Declared,
    /// As the whole name of a type that is declared here.
    Type,
    /// As the whole name of a module, which may be a folder, in sources below this part of a path.
    Module(&'static str),
    /// The same, and as the whole name of a function there.
    ModuleOrFunction(&'static str),
    /// As the name of a Rust file, without its ending.
    File,
    /// As a code in an answer: in names and in string literals.
    Code,
    /// As a whole string literal, where scopes are defined.
    Scope,
    /// As the name of a crate.
    Crate,
}

use How::{Code, Crate, Declared, File, Module, ModuleOrFunction, Part, Scope, Type, TypeEnd, TypePart};

/// Words in lower case with `_` between them, however a language writes its names. Codes are written in two parts, so
/// that this table does not find itself.
pub(super) const WORDS: [(&str, &str, How); 58] = [
    ("house", "`App` for the state, schema `app`, role `machiya_service`, party `platform`", Part),
    ("desk", "`client` or `payments` by meaning, `fixture` in tests", Part),
    ("shop", "`App`", Type),
    ("shop", "`state`", File),
    ("door", "`session_cookies`", Module("")),
    ("told", "`FormErrors` for what was typed wrongly, `event` for news", Declared),
    ("told_page", "`error_page`", Part),
    ("secretive", "`no_store`", Part),
    ("leave", "`authorize`", Module("/oidc/")),
    ("come_back", "`callback`", Part),
    ("stranger", "`ExternalIdentity`", TypePart),
    ("way_back", "`CallbackParams`", Part),
    ("decide", "`resolve_account`", Module("/oidc/")),
    ("ways_in", "`login_methods`", Part),
    ("guessing", "`login_throttle`", Declared),
    ("guess", "`LoginAttempt`", Declared),
    ("moments", "`dates` (in `ui`)", Module("")),
    ("letters", "`emails`", Declared),
    ("tell", "`notify`", Declared),
    ("news", "`event`", Declared),
    ("heard", "`handle`", Declared),
    ("said", "`event` or `handle` by meaning", Declared),
    ("papers", "`tax_invoices`, `receipts` or `credit_notes`: `invoicing`", Declared),
    ("paper", "`tax_invoice`, `receipt` or `credit_note`", Declared),
    ("words", "`Messages`", Type),
    ("words", "`messages`", Module("")),
    ("standing", "`dunning` for subscriptions, `AccountStatus` for people", Declared),
    ("heal", "`reconcile`", Declared),
    ("tell_again", "`redeliver`", Declared),
    ("turn_away", "`release_competing_reservations`", Declared),
    ("hand_over", "`grant_entitlement`", Declared),
    ("write_down", "`create_order`", Declared),
    ("queue_up", "`lock_products`", Declared),
    ("wanted", "`PurchaseRequest`", Type),
    ("making", "`generation_jobs`", Module("")),
    ("make_picture", "`GenerateImage`", Type),
    ("lament", "`on_failure`", Part),
    ("paying", "`charging`", Module("")),
    ("keeping", "`deletion` or `retention` by meaning", Module("")),
    ("model_wish", "`ModelSelector`", Part),
    ("wish", "`GenerationParams` or `GalleryQuery` by meaning", Part),
    ("bury", "`mark_dead`", Declared),
    ("last_rites", "`DEAD_JOB_LEASE`", Part),
    ("bell", "`Notifier`", Declared),
    ("shelf", "`ResponseCache`", Part),
    ("flight", "`SingleFlight`", Declared),
    ("boarding", "`SingleFlight`", Part),
    ("people", "`users`", ModuleOrFunction("crates/operators/")),
    ("corrections", "`credit_adjustments`", ModuleOrFunction("crates/operators/")),
    ("figures", "`stats`", ModuleOrFunction("crates/operators/")),
    ("judge", "`set_ban`", ModuleOrFunction("crates/operators/")),
    ("fault", "`…Error`", TypeEnd),
    (concat!("money_on", "_its_way"), "`processing`", Code),
    (concat!("request_in", "_doubt"), "`idempotency_in_doubt`", Code),
    ("make", "`generations:write`", Scope),
    ("publish", "`listings:write`", Scope),
    ("buy", "`orders:write`", Scope),
    ("market", "`catalog` and `orders`", Crate),
];

/// A name in lower case, with `_` between its words: `WayBack`, `WAY_BACK` and `way-back` are all `way_back`.
pub(super) fn snake(name: &str) -> String {
    let mut snake = String::with_capacity(name.len() + 4);
    let mut before = '_';
    let mut rest = name.chars().peekable();
    while let Some(letter) = rest.next() {
        let starts_word = letter.is_ascii_uppercase()
            && (before.is_ascii_lowercase()
                || before.is_ascii_digit()
                || (before.is_ascii_uppercase() && rest.peek().is_some_and(char::is_ascii_lowercase)));
        let is_break = !letter.is_alphanumeric();
        if (starts_word || is_break) && !snake.is_empty() && !snake.ends_with('_') {
            snake.push('_');
        }
        if !is_break {
            snake.push(letter.to_ascii_lowercase());
        }
        before = letter;
    }
    snake.truncate(snake.trim_end_matches('_').len());
    snake
}

/// Whether a name in lower case has a word, or several in a row, as a part.
pub(super) fn has_part(snake: &str, word: &str) -> bool {
    snake.match_indices(word).any(|(start, _)| {
        let end = start + word.len();
        (start == 0 || snake.as_bytes()[start - 1] == b'_') && (end == snake.len() || snake.as_bytes()[end] == b'_')
    })
}

/// The refused words that a name may be, by their places in the table. Which of them it is depends on where it stands.
pub(super) fn candidates(name: &str) -> Vec<usize> {
    let snake = snake(name);
    let is_type = name.starts_with(|letter: char| letter.is_ascii_uppercase()) && name.contains(char::is_lowercase);
    let may_be = |&(word, _, how): &(&str, &str, How)| match how {
        Part | Code => has_part(&snake, word),
        TypePart => is_type && has_part(&snake, word),
        TypeEnd => is_type && snake.strip_suffix(word).is_some_and(|before| before.ends_with('_')),
        Type => is_type && snake == word,
        Declared | Module(_) | ModuleOrFunction(_) => snake == word,
        File | Scope | Crate => false,
    };
    let found = WORDS.iter().enumerate().filter(|(_, word)| may_be(word));
    let mut found: Vec<usize> = found.map(|(index, _)| index).collect();
    // `model_wish` is a word of its own, not a `wish` besides.
    let longest = |index: &usize, all: &[usize]| {
        let word = WORDS[*index].0;
        !all.iter().any(|other| WORDS[*other].0.len() > word.len() && has_part(WORDS[*other].0, word))
    };
    let all = found.clone();
    found.retain(|index| longest(index, &all));
    found
}
