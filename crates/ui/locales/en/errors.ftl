### What to say when something did not work. error-* is what happened, .detail what to do, field-* is about one field.

error-unknown = That did not work
    .detail = Please try again. If it keeps happening, tell us the number below.
error-malformed-request = The request could not be read
    .detail = Please check the format of what was sent.
error-unauthorized = Please log in
    .detail = Log in and try again.
error-forbidden = That is not possible
    .detail = This account may not do that.
error-foreign-origin = That is not possible
    .detail = The request came from another site. Open the page again and retry.
error-not-found = Page not found
    .detail = The page is not here. It may have moved, or been made private.
error-method-not-allowed = That is not possible
    .detail = This address does not do that.
error-conflict = It was changed in the meantime
    .detail = Look at the present state and try again.
error-gone = This page is no longer available
    .detail = The page is no longer published, or was deleted.
error-range-not-satisfiable = The file has no such part
    .detail = Ask for one range of bytes inside the file.
error-link-expired = The link has expired
    .detail = Open it again from the page it came from. If it came by mail, ask for a new one.
error-body-too-large = That is too large
    .detail = Make it smaller and try again.
error-unsupported-media-type = That format is not supported
    .detail = Please try another one.
error-invalid-input = Please check what you entered
    .detail = Correct the marked fields and try again.
error-idempotency-key-reused = The same key came with something else
    .detail = Use a new Idempotency-Key.
error-request-in-progress = The same request is being handled
    .detail = Wait a moment and look again.
error-idempotency-in-doubt = Part of this request may have been done
    .detail = Look at how things stand, then ask again with a new Idempotency-Key.
error-too-many-requests = Too many requests
    .detail = { $seconds ->
        [one] Wait { $seconds } second and try again.
       *[other] Wait { $seconds } seconds and try again.
    }
error-internal-error = Something went wrong on our side
    .detail = It has been noted. Please try again in a while.
error-database-unavailable = Temporarily unavailable
    .detail = We will be back in a moment. Please try again.
error-storage-unavailable = The file storage cannot be reached
    .detail = The place where pictures are kept cannot be reached. Please try again in a moment.

field-required = Please fill this in
field-wrong-type = This has the wrong form
field-too-long = At most { $max } characters
field-too-short = At least { $min } characters
field-too-small = { $min } or more
field-too-large = { $max } or less
field-unprintable = This contains characters that cannot be used
field-unknown-value = This cannot be chosen
field-invalid = Please check this

problem-home = Home
problem-number = Number for enquiries: { $number }
