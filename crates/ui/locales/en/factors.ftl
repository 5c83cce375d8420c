### The second proof, passkeys, log-in by another site

factors-title = Two-factor authentication
factors-words = Besides the password, something that only you have. Whoever learns your password still cannot get in.
factors-on = In use
factors-off = Not in use yet
factors-is-set-up = Set up

factors-passkeys = Passkeys
factors-passkeys-words = Log in with your finger, your face or your device’s number. No password is needed, and a false site cannot use it: this is the safest way.
factors-passkey-add = Add a passkey
factors-passkey-added = The passkey is added
factors-passkey-removed = The passkey is removed
factors-passkey-name = Name of the passkey
factors-passkey-name-hint = Something you will know it by, such as “computer at work”.
factors-passkey-change = Rename or remove
factors-passkey-remove = Remove
factors-passkey-remove-question = Remove this passkey?
factors-passkey-remove-words = It no longer opens your account. Delete what is left of it in your device’s settings.
factors-passkey-made = Added on { $date }
factors-passkey-used = last used on { $date }
factors-passkey-unused = not used yet
factors-passkey-use = Log in with a passkey
factors-passkey-confirm = Confirm with a passkey
factors-passkey-cancelled = The passkey was not used. Please try again.
factors-passkey-failed = That did not work with the passkey. Please try again.
factors-passkey-known-here = This device’s passkey is known already.
factors-passkey-elsewhere = Passkeys work when you open this site at { $domain }.
factors-passkey-script = Adding a passkey needs JavaScript.
factors-passkey-no-domain = Passkeys do not work at this address: they need https and a domain name.

factors-totp = Authenticator app
factors-totp-words = A six-digit code that an app on your phone shows. It works without a connection too.
factors-totp-set-up = Set up an app
factors-totp-set-up-title = Set up an authenticator app
factors-totp-step-1 = 1. Scan with the app
factors-totp-step-1-words = Scan this QR code with your authenticator app, such as Google Authenticator or 1Password.
factors-totp-qr = QR code for the authenticator app
factors-totp-same-device = Open in an app on this device
factors-totp-by-hand = Cannot scan it?
factors-totp-by-hand-words = Type this key into the app. It is time-based, with six digits.
factors-totp-step-2 = 2. Check a code
factors-totp-turn-on = Start using it
factors-totp-on = The authenticator app is set up
factors-totp-off = The authenticator app is removed
factors-totp-remove = Remove the app
factors-totp-remove-question = Remove the authenticator app?
factors-totp-remove-words = You will no longer be asked for its code. If it is your only second factor, the password alone opens your account.

factors-recovery-codes = Recovery codes
factors-recovery-codes-words = For the day when your phone is lost: instead of a code or a passkey. Each works once.
factors-recovery-codes-left = { $left } of { $all } are left.
factors-recovery-codes-renew = Make new ones
factors-recovery-codes-question = Make new recovery codes?
factors-recovery-codes-consequence = The present ones stop working.
factors-codes-title = Recovery codes
factors-codes-words = Print them, or keep them in a password manager, so that you get in when your device is gone.
factors-codes-once-title = You will not see these codes again
factors-codes-once-words = Each works once.
factors-codes-kept = I have kept them
factors-codes-print = Print

factors-ask-title = One more step
factors-ask-words = Please show in one more way that it is you.
factors-ask-go = Log in
factors-ask-lost = Device not at hand?
factors-ask-back = Start again
factors-code = Six-digit code
factors-code-hint = The number that your authenticator app shows now.
factors-recovery-code = Recovery code
factors-recovery-code-hint = Three groups of four characters, which you were given when you set this up.

factors-site = Log-in with { $site }
factors-site-words = Let your { $site } account open this one too.
factors-site-link = Link { $site }
factors-site-linked = The accounts are linked
factors-site-unlinked = The link is removed
factors-is-linked = Linked
factors-site-linked-words = Your { $site } account opens this one.
factors-site-linked-as = { $email } at { $site } opens this account.
factors-site-unlink = Remove the link
factors-site-unlink-question = Remove the link with { $site }?
factors-site-log-in = Log in with { $site }
factors-site-sign-up = Sign up with { $site }
factors-or = or

factors-mail-greeting = Dear { $name },
factors-mail-ending =
    If this was not you, change your password and log out everywhere at once.
    { $url }
factors-mail-totp-on-subject = An authenticator app is set up
factors-mail-totp-on-body = An authenticator app was set up for your account. From now on you are asked for a six-digit code when you log in.
factors-mail-totp-off-subject = The authenticator app is removed
factors-mail-totp-off-body = The authenticator app was removed from your account.
factors-mail-recovery-codes-renewed-subject = You have new recovery codes
factors-mail-recovery-codes-renewed-body = The recovery codes of your account were made anew. The old ones no longer work.
factors-mail-recovery-code-used-subject = A recovery code was used
factors-mail-recovery-code-used-body = Somebody logged in with a recovery code. { $what } are left.
factors-mail-passkey-added-subject = A passkey was added
factors-mail-passkey-added-body = The passkey “{ $what }” was added to your account.
factors-mail-passkey-removed-subject = A passkey was removed
factors-mail-passkey-removed-body = The passkey “{ $what }” was removed from your account.
factors-mail-account-linked-subject = { $what } is linked
factors-mail-account-linked-body = From now on your { $what } account opens your account here too.
factors-mail-account-unlinked-subject = { $what } is no longer linked
factors-mail-account-unlinked-body = Your { $what } account no longer opens your account here.
factors-mail-wrong-codes-subject = Somebody failed to log in to your account
factors-mail-wrong-codes-body =
    Somebody gave the right first proof, such as your password, and several wrong codes after it.
    If that was not you, your password may be known to somebody else.
factors-mail-operator-granted-subject = You are an operator now
factors-mail-operator-granted-body =
    Your account can operate this site from now on.
    You were logged out everywhere. Please log in again and set up a second factor.
factors-mail-operator-revoked-subject = You are no longer an operator
factors-mail-operator-revoked-body = Your account no longer opens the operator console. You were logged out everywhere.

error-second-factor-required = One more step is needed
    .detail = If you have not set one up, please do so under “Two-factor authentication”; otherwise log in again.
error-wrong-code = The code is wrong
    .detail = Please try a new code. Each works once.
error-challenge-ended = That took too long
    .detail = Please log in again from the beginning.
error-totp-is-on = An authenticator app is set up already
    .detail = To change to another app, remove the present one first.
error-totp-is-off = No authenticator app is set up
    .detail = Please reload the page.
error-totp-not-begun = That took too long
    .detail = Please begin the set-up again.
error-second-factor-is-off = No second factor is set up
    .detail = Set up an authenticator app or a passkey first.
error-passkey-refused = That did not work with the passkey
    .detail = Please try again, or use another way.
error-passkey-known = This passkey is known already
    .detail = Please use another device.
error-too-many-passkeys = An account has 20 passkeys at most
    .detail = Remove one that you do not use.
error-last-login-method = Nothing else opens your account
    .detail = Set a password or add another way in first.
error-oidc-ended = That took too long
    .detail = Please try again.
error-oidc-cancelled = The log-in was cancelled
    .detail = Please try again, or use another way.
error-oidc-refused = The log-in could not be checked
    .detail = Please try again, or use another way.
error-oidc-unavailable = The other site does not answer
    .detail = Please wait a little, or use another way.
error-oidc-email-unverified = The other site has not verified your email address
    .detail = Verify it there, or sign up with your email address.
error-oidc-log-in-first = Please log in with your password first
    .detail = This email address has an account. Once you are in, you can link the two on the page about your account’s security.
error-oidc-taken = These accounts cannot be linked
    .detail = One of them is linked to another already.
field-wrong-code = The code is wrong. Please try a new one
