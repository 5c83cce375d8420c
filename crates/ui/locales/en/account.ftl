### The account: verification, recovery, security, tokens, export, leaving

## Verifying an address
verify-email-title = Confirm your email address
verify-email-words = Press the button to confirm that this email address is yours.
verify-email-press = Confirm
verify-email-done = Your email address is confirmed
verify-email-sent = We have sent you a mail
verify-email-wait = We sent one a moment ago. Please try again a little later
mail-verify-email-subject = Please confirm your email address
mail-verify-email-body =
    Dear { $name },

    Welcome to Machiya.
    Please open this link and press "Confirm" (it works for 24 hours).

    { $link }

    If this was not you, please ignore this mail.

    Machiya
error-email-unverified = Your email address is not confirmed yet
    .detail = Publishing and buying need it. Open the link in our mail; under "Account" you can have it sent again.

## Recovery
recovery-title = Reset your password
recovery-words = We will send a link to the email address of your account.
recovery-send = Send the link
recovery-sent-title = We have sent you a mail
recovery-sent-words = If { $email } has an account, a link will arrive soon. It works for one hour. If nothing comes, please look into your spam folder too.
link-again-recovery = Send me a new link
link-again-account = Open my account
recovery-to-login = Back to log-in
recovery-forgot = Forgot your password?
recovery-reset-title = A new password
recovery-reset-words = Your other devices will be logged out.
recovery-reset-press = Set the password
recovery-first-title = Welcome
recovery-first-words = First choose a password. You will be logged in with it.
recovery-first-press = Set password and continue
recovery-done = Your password is changed. Please log in with it
mail-recovery-subject = Reset your password
mail-recovery-body =
    Dear { $name },

    Somebody asked to reset the password of your account.
    Choose a new one here (the link works once, for one hour):

    { $link }

    If this was not you, please ignore this mail. Your password stays as it is.

    Machiya
mail-password-changed-subject = Your password was changed
mail-password-changed-body =
    Dear { $name },

    The password of your account was changed, and your other devices were logged out.

    If this was not you, reset it at once: choose "Forgot your password?" on the log-in page.

    Machiya
password-new = New password
password-current = Present password
field-common-password = This is common or easy to guess. Try a longer phrase of several words
field-wrong-password = This is not your password

## Proving once more who one is
confirm-identity-title = Is it you?
confirm-identity-words = This matters, so please enter your password once more.
confirm-identity-press = Confirm and go on
confirm-identity-no-password = This account has no password. Confirm with a passkey, or choose a password by "Reset your password".

## The pages of an account
account-title = Account
account-tab-security = Log-in and security
account-tab-tokens = API tokens
account-tab-data = Your data
account-email-title = Eemail address
account-email-verified = Confirmed
account-email-unverified = Not confirmed
account-email-verify = Send the mail to confirm it
account-email-change = Change the address
account-email-new = New email address
account-email-change-words = We send a mail to both addresses. The change happens when both links were opened.
account-email-change-press = Send both mails
account-email-change-sent = We have sent a mail to both addresses
account-email-pending = A change to { $email } is waiting. Please open the links in both mailboxes.
account-email-cancel = Do not change it
account-email-cancelled = The address stays as it is
account-email-same = This is the address you have
field-same-email = This is the address you have
email-change-confirm-title = Change of email address
email-change-confirm-old = Do you agree to the change to { $email }?
email-change-confirm-new = { $email } becomes the address of this account.
email-change-confirm-press = Confirm the change
email-change-half = Confirmed. Now open the link in the other mailbox too
email-change-done = Your email address is changed
mail-email-change-old-subject = Please confirm the change of your email address
mail-email-change-old-body =
    Dear { $name },

    Somebody asked to change the email address of your account to { $email }.
    If you agree, open this link (it works for 24 hours):

    { $link }

    If this was not you, do not open it, and change your password at once.

    Machiya
mail-email-change-new-subject = Please confirm your new email address
mail-email-change-new-body =
    Dear { $name },

    Somebody asked to make this the address of a Machiya account.
    Open this link to confirm it (it works for 24 hours):

    { $link }

    If this was not you, please ignore this mail.

    Machiya
mail-email-change-taken-subject = This email address has an account already
mail-email-change-taken-body =
    Somebody asked to use this address for another account. It has an account already, so nothing was changed.
    You need not do anything.

    Machiya
mail-email-changed-subject = Your email address was changed
mail-email-changed-body =
    Dear { $name },

    The email address of your account was changed.
    If this was not you, please contact us at once.

    Machiya
account-password-title = Password
account-password-change = Change the password
account-password-changed = Your password is changed. Your other devices were logged out
account-sessions-title = Where you are logged in
account-sessions-words = If you do not recognise a device, log it out and change your password.
account-session-this = This device
account-session-program = A program
account-session-device = { $browser } on { $system }
account-session-unknown = A device without a name
account-session-seen = Last used { $when }
account-session-since = Logged in { $when }
account-session-end = Log it out
account-session-ended = It is logged out
account-sessions-end-all = Log out everywhere
account-sessions-end-all-question = Log out on every device, this one too?
account-sessions-end-all-words = API tokens stay.
account-sessions-ended = You are logged out everywhere

## API tokens
tokens-words = Tokens for your own programs. Allow only what is needed, and give each an end.
tokens-empty-title = No tokens yet
tokens-empty-words = With a token, a program can generate pictures and read your data for you.
tokens-name = Name
tokens-name-hint = For example the program that uses it
tokens-scopes = What it may do
tokens-scope-read = Read
tokens-scope-read-hint = See pictures, orders, balances
tokens-scope-generations-write = Create generations
tokens-scope-generations-write-hint = Generate pictures (this uses credits)
tokens-scope-listings-write = Manage listings
tokens-scope-listings-write-hint = Publish products, change and withdraw them
tokens-scope-orders-write = Place orders
tokens-scope-orders-write-hint = Place and cancel orders and start payments
tokens-scope-account-write = Manage the account
tokens-scope-account-write-hint = See and change the account settings
tokens-days = Works for
tokens-days-30 = 30 days
tokens-days-90 = 90 days
tokens-days-180 = half a year
tokens-days-366 = a year
tokens-create = Create a token
tokens-made-title = Your token
tokens-made-words = It is shown only now. Please copy it before you leave this page.
tokens-until = until { $when }
tokens-used = Last used { $when }
tokens-unused = Not used yet
tokens-revoke = Revoke
tokens-revoke-question = Revoke this token?
tokens-revoke-words = Programs that use it stop working at once.
tokens-revoked = The token is revoked
error-too-many-tokens = You have too many tokens
    .detail = Revoke some that you do not use, then try again.
error-insufficient-scope = This token may not do that
    .detail = Use a token with the scope that is needed.

## Export
export-title = Your data as a file
export-words = We put everything that we hold about you into one file (a ZIP of JSON) and write to you when it is ready.
export-press = Ask for the file
export-asked = We are on it. A mail will tell you when it is ready
export-waiting = It is being made
export-ready = You can fetch it until { $when }
export-failed = It could not be made. Please try again
export-ended = Its time is over
mail-export-ready-subject = Your data is ready
mail-export-ready-body =
    Dear { $name },

    The file with your data is ready. Log in and fetch it here within seven days:

    { $link }

    Machiya
error-export-in-progress = A file is being made
    .detail = A mail will tell you when it is ready.

## Leaving
deletion-title = Leave Machiya
deletion-words = After 14 days we erase your name, email address, bio and log-ins. What you have published is withdrawn. Records of purchases and sales, and licences, stay, because the law and your buyers need them.
deletion-balance-words = Balances and credits can no longer be used. Please export what you need first.
deletion-press = Leave
deletion-question = Begin to close your account?
deletion-asked = We will close your account. You can change your mind for 14 days
deletion-pending-title = Your account closes on { $when }
deletion-pending-words = Until then you can change your mind at any time.
deletion-cancel = Keep my account
deletion-cancelled = Your account stays
deletion-erased-name = Deleted account
mail-deletion-asked-subject = We will close your account
mail-deletion-asked-body =
    Dear { $name },

    You asked to close your account. On { $when } we will erase what we know of you.
    Until then you can log in and change your mind here:

    { $link }

    If this was not you, keep your account there and change your password at once.

    Machiya
mail-deletion-cancelled-subject = Your account stays
mail-deletion-cancelled-body =
    Dear { $name },

    Your account will not be closed. Everything is as it was.

    Machiya
mail-deletion-done-subject = Your account is closed
mail-deletion-done-body =
    We have erased what we knew of you.
    Records of purchases and sales stay, without your name, for as long as the law asks.
    Thank you for having been here.

    Machiya

## Tokens from elsewhere
error-keys-unavailable = We cannot check your log-in at the moment
    .detail = Please wait a little and try again.
