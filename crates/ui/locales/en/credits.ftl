### Credits: balance, usage, statement, notices.

mail-low-balance-subject = Few credits are left
mail-low-balance-body =
    Dear { $name },

    few credits are left on your { $plan } plan.

    Image credits: { $images }
    Tokens: { $tokens }

    Your usage: { $usage }
    More credits, or another plan: { $plans }

    Nothing is charged for what fails. We send this notice once a month at most.

error-insufficient-credits = There are not enough credits
    .detail = This needs { $images } image credits or { $tokens } tokens; { $images-left } image credits and { $tokens-left } tokens are left. You can change your plan or buy more.
error-plan-read-only = Nothing new can be made until your plan is paid
    .detail = Everything you have made stays there for you. Please check how you pay.
error-price-changed = The price has changed
    .detail = It is now { $images } image credits or { $tokens } tokens. Please look and try again.
error-price-unknown = Nobody has set a price for this yet
    .detail = Please choose another model.
error-credits-key-reused = Another operation has the same number already
error-credits-hold-released = This took too long and was taken back
    .detail = No credits were used.
