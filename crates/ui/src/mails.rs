//! Mails in the recipient's language, composed from the language files.

use kernel::{Locale, UserId};
use platform::mail::NewMail;

use crate::messages::{Args, Messages};

/// Who a mail goes to.
#[derive(Clone, Debug)]
pub struct Recipient {
    /// The account, when it has one.
    pub user_id: Option<UserId>,
    /// The mail address.
    pub address: String,
    /// The name in the greeting.
    pub name: String,
    /// The language of the mail.
    pub locale: Locale,
}

/// The mail whose subject is the message `{key}-subject` and whose text is `{key}-body`, both filled from `args` and with
/// `name`. A second mail of the same dedupe key is not written; see [`platform::mail::write`].
pub fn compose(to: &Recipient, dedupe_key: impl Into<String>, key: &str, args: Args) -> NewMail {
    let t = Messages::new(to.locale);
    let args = args.arg("name", &to.name);
    NewMail {
        dedupe_key: dedupe_key.into(),
        recipient_id: to.user_id,
        recipient_address: to.address.clone(),
        locale: to.locale,
        subject: t.say_with(&format!("{key}-subject"), args.clone()),
        body_text: t.say_with(&format!("{key}-body"), args),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_is_written_in_the_language_of_its_recipient() {
        let mail = |locale| {
            let to = Recipient { user_id: None, address: "hana@example.jp".into(), name: "花".into(), locale };
            compose(&to, "test/1", "mail-low-balance", Args::default())
        };
        let (japanese, english) = (mail(Locale::Ja), mail(Locale::En));
        assert_ne!(japanese.subject, english.subject);
        assert!(japanese.body_text.contains("花") && english.body_text.contains("花"), "{}", english.body_text);
        assert_eq!((&*english.recipient_address, &*english.dedupe_key), ("hana@example.jp", "test/1"));
    }
}
