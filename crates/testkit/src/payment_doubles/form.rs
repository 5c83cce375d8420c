//! Bracketed forms, read as strictly as Stripe reads them: a field that the endpoint does not know is an error.

use std::collections::BTreeMap;

/// A form as flat paths: `line_items[0][quantity]` → `1`.
pub(super) type Form = BTreeMap<String, String>;

/// An answer that blames a field.
#[derive(Debug)]
pub(super) struct BadField {
    pub(super) code: &'static str,
    pub(super) param: String,
    pub(super) message: String,
}

impl BadField {
    pub(super) fn new(code: &'static str, param: &str, message: impl Into<String>) -> Self {
        Self { code, param: param.to_owned(), message: message.into() }
    }
}

/// Reads a body and checks every field against `known`, whose patterns write `*` for one name or number in brackets.
pub(super) fn read(body: &[u8], known: &[&str]) -> Result<Form, BadField> {
    let mut form = Form::new();
    for (name, value) in url::form_urlencoded::parse(body) {
        if !known.iter().any(|pattern| matches(pattern, &name)) {
            return Err(BadField::new("parameter_unknown", &name, format!("Received unknown parameter: {name}")));
        }
        if value.is_empty() && !name.starts_with("metadata") {
            return Err(BadField::new(
                "parameter_invalid_empty",
                &name,
                format!("You passed an empty string for '{name}'."),
            ));
        }
        if form.insert(name.clone().into_owned(), value.into_owned()).is_some() {
            return Err(BadField::new("parameter_invalid", &name, format!("Duplicate parameter: {name}")));
        }
    }
    Ok(form)
}

fn matches(pattern: &str, name: &str) -> bool {
    let mut pattern_parts = pattern.split(['[', ']']).filter(|part| !part.is_empty());
    let mut name_parts = name.split(['[', ']']).filter(|part| !part.is_empty());
    let well_formed = name.matches('[').count() == name.matches(']').count();
    loop {
        match (pattern_parts.next(), name_parts.next()) {
            (None, None) => return well_formed,
            (Some("*"), Some(_)) => {}
            (Some(wanted), Some(found)) if wanted == found => {}
            _ => return false,
        }
    }
}

/// A field that must be there.
pub(super) fn required<'f>(form: &'f Form, name: &str) -> Result<&'f str, BadField> {
    form.get(name)
        .map(String::as_str)
        .ok_or_else(|| BadField::new("parameter_missing", name, format!("Missing required param: {name}.")))
}

/// A whole number.
pub(super) fn integer(form: &Form, name: &str) -> Result<i64, BadField> {
    required(form, name)?
        .parse()
        .map_err(|_| BadField::new("parameter_invalid_integer", name, format!("Invalid integer: {name}")))
}

/// The pairs under `prefix[…]`, within Stripe's limits for metadata.
pub(super) fn metadata(form: &Form, prefix: &str) -> Result<BTreeMap<String, String>, BadField> {
    let start = format!("{prefix}[");
    let pairs: BTreeMap<String, String> = form
        .iter()
        .filter_map(|(name, value)| {
            let key = name.strip_prefix(&start)?.strip_suffix(']')?;
            Some((key.to_owned(), value.clone()))
        })
        .collect();
    let within = pairs.len() <= 50 && pairs.iter().all(|(key, value)| key.len() <= 40 && value.chars().count() <= 500);
    if within { Ok(pairs) } else { Err(BadField::new("parameter_invalid", prefix, "Metadata is too large")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_and_twice_given_fields_are_refused() {
        let known = ["mode", "line_items[*][price_data][currency]", "metadata[*]"];
        assert!(read(b"mode=payment&line_items[0][price_data][currency]=jpy&metadata[a]=b", &known).is_ok());
        assert!(read(b"mode=payment&line_items%5B0%5D%5Bprice_data%5D%5Bcurrency%5D=jpy", &known).is_ok());
        for (body, code) in [
            (&b"payment_method_types[0]=card"[..], "parameter_unknown"),
            (b"line_items[0][price]=p", "parameter_unknown"),
            (b"mode[x]=payment", "parameter_unknown"),
            (b"mode=payment&mode=payment", "parameter_invalid"),
            (b"mode=", "parameter_invalid_empty"),
        ] {
            assert_eq!(read(body, &known).unwrap_err().code, code, "{}", String::from_utf8_lossy(body));
        }
    }
}
