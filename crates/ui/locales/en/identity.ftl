### Log-in and sign-up

identity-log-in-title = Welcome back
identity-sign-up-title = Create an account
identity-sign-up-words = Make, keep, sell. Starting costs nothing.
identity-email = Eemail address
identity-password = Password
identity-password-hint = { $min } characters or more. A long phrase is easy to remember and safe.
identity-display-name = Your name
identity-display-name-hint = Others see it as the name of your shop.
identity-new-here = New here?
identity-have-account = Already have an account?

error-wrong-credentials = The email address or the password is wrong
    .detail = Please check both.
error-email-taken = This email address has an account
    .detail = Log in, or use another address.
error-account-banned = This account is suspended
    .detail = You can still download what you bought. If this is a surprise, please contact us.
error-too-busy = We are busy at the moment
    .detail = Please wait a little and try again.
field-invalid-email = Please check the email address

error-link-unknown = This link does not work
    .detail = Please check that the link in the mail was copied whole.
error-link-used = This link was used before
    .detail = A link works only once, to keep you safe. We can send you a new one.
error-reauthentication-required = Please confirm once more that it is you
    .detail = This matters, so we ask for your password or passkey again.
