//! Who runs the platform.

use crate::config::model::OperatorSettings;
use crate::config::sources::Sources;

pub(super) fn operator(from: &mut Sources<'_>) -> OperatorSettings {
    let name = from.optional("MACHIYA_OPERATOR_NAME");
    OperatorSettings {
        registration_number: registration_number(from, name.is_some()),
        name,
        responsible: from.optional("MACHIYA_OPERATOR_RESPONSIBLE"),
        address: from.optional("MACHIYA_OPERATOR_ADDRESS"),
        phone: from.optional("MACHIYA_OPERATOR_PHONE"),
        mail: from.optional("MACHIYA_OPERATOR_MAIL"),
        legal_dir: from.optional("MACHIYA_LEGAL_DIR").map(Into::into),
    }
}

/// The number under which the operator issues qualified invoices. A typing error is found by its check digit, before
/// an invoice is issued that no buyer can use.
fn registration_number(from: &mut Sources<'_>, has_name: bool) -> Option<String> {
    const NAME: &str = "MACHIYA_OPERATOR_REGISTRATION_NUMBER";
    let number = from.optional(NAME)?.replace('-', "").to_ascii_uppercase();
    let digits: Option<Vec<u32>> =
        number.strip_prefix('T').and_then(|rest| rest.chars().map(|digit| digit.to_digit(10)).collect());
    let Some(digits) = digits.filter(|digits| digits.len() == 13) else {
        from.faults.push(format!("{NAME}: {number:?} is not T and 13 digits"));
        return None;
    };
    if digits.first() != Some(&check_digit(&digits)) {
        from.faults.push(format!("{NAME}: a digit of {number} is wrong; its check digit does not fit"));
        return None;
    }
    if !has_name {
        from.faults.push(format!("{NAME}: MACHIYA_OPERATOR_NAME is needed with it"));
    }
    Some(number)
}

/// The first of the thirteen digits by the rule of corporate numbers (法人番号の指定等に関する省令 §2): nine less the
/// remainder by nine of the sum of the other twelve, of which every second one from the right counts twice.
fn check_digit(digits: &[u32]) -> u32 {
    let weighted = digits.iter().skip(1).rev().zip([1, 2].into_iter().cycle());
    9 - weighted.map(|(digit, weight)| digit * weight).sum::<u32>() % 9
}
