error-upload-too-large = The file is too large
    .detail = A file may have at most { $megabytes } MB.
error-upload-space-exhausted = There is no space left for this file
    .detail = { $used } MB of { $total } MB are used. Delete files that you no longer need, or choose a larger plan.
error-upload-in-use = This file is in use and cannot be deleted
    .detail = { $kind ->
        [generation] A picture that is being made uses it.
        [product] A product uses it.
        [page] A landing page uses it.
        [brand] A brand uses it as its logo.
        [ad_template] An ad template uses it.
       *[shop] Your shop page uses it.
    } Remove it there first.
error-not-a-picture = This file is not a picture
    .detail = PNG, JPEG, WebP, AVIF and SVG files can be uploaded.
error-unsupported-picture = Pictures of this kind cannot be used
    .detail = The file is: { $what }. Save it as a plain PNG or JPEG and try again.
error-picture-too-large = The picture has too many pixels
    .detail = A picture may have at most 50 megapixels and 16,384 pixels a side.
error-picture-truncated = The file is not complete
    .detail = It ends before the picture does. Save it again and retry.
error-picture-damaged = The file is damaged
    .detail = Save it again in another program and retry.
error-request-timeout = The file took too long to arrive
    .detail = Try again with a better connection or a smaller file.
field-empty-file = The file is empty
field-unknown-field = This field is not known
