# Plans, checkout, payment, packs

plans-title = Plans
plans-lead = Start for free. When you make more, choose a plan that brings credits every month.
plans-description = Plans and prices of Machiya. Begin for free, and choose a monthly or yearly plan when you need one.
plans-period-label = How often you pay
plans-monthly = Monthly
plans-yearly = Yearly (two months free)
plans-per-month = month
plans-per-year = year
plans-per-month-equal = { $price } a month
plans-current = Your plan
plans-choose = Choose this plan
plans-choose-named = Choose { $plan }
plans-start-free = Start for free
plans-upgrade = Change to this plan
plans-downgrade = Change with the next period
plans-switch-year = Pay by the year
plans-switch-month = Pay by the month from the next period
plans-keep = Keep this plan
plans-next-from = From { $day }
plans-effect-now = It changes at once. You pay only the difference for the rest of the period, and the credits for it are there at once.
plans-effect-next = Your present period (until { $day }) stays as it is, and the change comes with the next one. Nothing is refunded.
plans-end-words = You can end a plan in the settings at any time. It stays until the end of what is paid.
plans-canceled = Nothing was paid. You can choose a plan at any time.
plans-home-title = For your business
plans-home-lead = Pay first, have the account afterwards. A email address is all it takes.
plans-home-all = See all plans
plans-tax = All prices include tax.
plans-packs-title = When it is not enough
plans-packs-words = More tokens can be bought in the settings at any time.

billing-plan = Plan
billing-period = How often you pay
billing-period-month = Every month
billing-period-year = Every year
billing-present-plan = Your present plan
billing-plan-and-price = { $plan } ({ $price })
billing-confirm-title = Check your order
billing-confirm-lead = If everything is right, go on.
billing-confirm-now = To pay now
billing-confirm-now-words = The difference for the rest of the period, { $amount } (exactly this is charged to your card; it holds for 30 minutes)
billing-confirm-preview-failed = The difference is not known
billing-confirm-preview-failed-words = The payment service did not say how much it would be. Your plan has not changed. Please wait a moment and try again.
billing-confirm-nothing-now = Nothing
billing-confirm-from = From when
billing-confirm-from-now = At once
billing-confirm-from-day = From { $day }
billing-confirm-goes-on = It goes on as it is
billing-confirm-first-payment = The first period is paid on the next page
billing-confirm-first-payment-pack = On the next page
billing-confirm-renewal = After that
billing-confirm-renewal-month = { $price } every month, automatically, until you end it
billing-confirm-renewal-year = { $price } every year, automatically, until you end it
billing-confirm-payment = Credit card
billing-confirm-delivery = Ready to use as soon as the payment is confirmed
billing-confirm-end = Ending it
billing-confirm-end-words = In the settings, at any time. The plan stays until the end of what is paid
billing-confirm-returns = A period that is paid is not refunded, except when a fault of ours kept you from using it
billing-confirm-account = You need no account. We send what you need to begin to the email address that you give when you pay.
billing-confirm-pay = Go on to the payment
billing-confirm-change-now = Pay the difference and change
billing-confirm-change-next = Change with the next period
billing-confirm-go-on = Keep it as it is
billing-confirm-note = By pressing the button you agree to the terms.
billing-credits-end = Image credits of a month end with that month; tokens last 180 days from the day they arrive. Nothing is carried over.
billing-toast-unchanged = There is nothing to change.
billing-toast-unavailable = The payment service did not answer. Please wait a moment and try again. Nothing was paid.
billing-toast-changed-now = Your plan has changed. The credits arrive as soon as the difference is confirmed.
billing-toast-changed-next = Your plan changes with the next period.
billing-toast-withdrawn = The change is withdrawn. Your plan goes on.
billing-toast-unpaid = A period is not paid yet. Please look at your card first.
billing-toast-declined = The card was declined. Your plan has not changed. Please look at your card.
billing-toast-cancelled = Your plan ends with the present period. You can use it until then.
billing-toast-resumed = Your plan goes on.
billing-toast-over = This subscription is over.
billing-toast-pack-paid = Thank you for your payment. The tokens arrive in a moment.
billing-toast-pack-cancelled = Nothing was bought and nothing was paid.

welcome-pending-title = Confirming your payment
welcome-pending-words = We are waiting for word from the payment service. It mostly takes a few seconds. This page renews itself.
welcome-pending-mail = You may close this page. When it is confirmed, we write to the email address that you gave.
welcome-look-again = Look again
welcome-title = Thank you for signing up
welcome-plan = The { $plan } plan is ready for you.
welcome-mail-sent = We have sent your log-in name and a link that sets your password to { $email }. The link works for 72 hours.
welcome-mail-missing = If the mail does not arrive, please look in your spam folder.
welcome-to-login = Go to the log-in page
welcome-same-account = You can use it with your account { $email } as always.
welcome-to-pages = Begin
welcome-to-settings = See your settings
welcome-given-back-title = Your payment goes back to you
welcome-given-back-words = There is a plan already, or no account could be made for the email address given. So this order was withdrawn.
welcome-given-back-when = The whole amount goes back by itself. It may take some days to show on your card.

admin-nav = Your menu
admin-pages = Pages
admin-settings = Plan and settings
admin-usage = Usage
admin-security = Security
admin-pages-title = Pages and credits
admin-low-title = Few credits are left
admin-low-words = Without credits nothing new can be made. What you made stays.
admin-pages-balance = Credits to use
admin-pages-list = Landing pages
admin-pages-none-title = No pages yet
admin-pages-none-words = Building landing pages is not ready yet. When it is, your pages will be listed here. Until then you can make pictures for them in the studio.
admin-pages-to-studio = Make pictures in the studio
admin-plan-dunning-grace = We could not confirm your payment. Please look at your card by { $day }.
admin-plan-dunning-read-only = Your payment could not be confirmed, so nothing new can be made. The plan ends on { $day }. What you made stays.
admin-fix-card = Look at the card
admin-settings-title = Plan and settings
admin-plan-title = Your plan
admin-plan-free-words = You are using Machiya for free.
admin-plan-renewal = Next renewal
admin-plan-renewal-words = { $day }, { $price }
admin-plan-ends = Ends on
admin-plan-ends-words = { $day } (not renewed)
admin-plan-next = From the next period
admin-plan-history = History kept
admin-plan-history-days = { $days ->
        [one] { $days } day
       *[other] { $days } days
    }
admin-plan-history-ever = For ever
admin-plan-coming = From the next renewal
admin-plan-coming-words = From { $day } it brings { $tokens } tokens and { $images } pictures a month; history: { $history }; pages: { $pages }
admin-plan-pages = Pages
admin-plan-change = Change the plan
admin-plan-choose = Choose a plan
admin-plan-portal = Card and receipts (at the payment service)
admin-plan-cancel = End the plan
admin-plan-cancel-question = End the plan?
admin-plan-cancel-consequence = You can use it until { $day }. After that you are on the free plan and the image credits end. Tokens that you bought stay until they expire.
admin-plan-resume = Keep the plan
admin-plan-withdraw = Withdraw the change
admin-balance-title = Your credits
admin-balance-tokens = Tokens
admin-balance-images = Image credits
admin-balance-held = { $amount } in use
admin-balance-chip = Balance: { $images } image credits, { $tokens } tokens
admin-lots-source = From
admin-lots-left = Left
admin-lots-expires = Until
admin-lots-never = No end
admin-lots-none = There are no credits to use.
admin-lots-plan-grant = Plan
admin-lots-purchase = Bought
admin-lots-refund = Given back
admin-lots-admin-adjustment = From the operator
admin-lots-sign-up = Welcome gift
admin-packs-title = Buy tokens
admin-packs-lead = They last 180 days from the day they arrive. You can buy them with or without a plan.
admin-packs-name = { $tokens } tokens
admin-packs-buy = Buy
admin-packs-confirm-title = Check your order
admin-packs-confirm-lead = If everything is right, go on to the payment.
admin-packs-item = Item
admin-packs-expiry = Expires
admin-packs-expiry-words = 180 days after it arrives (what is left then is lost)
admin-packs-returns = Tokens that are not used can be refunded on request. What was used cannot
admin-packs-delivery = As soon as the payment is confirmed
admin-packs-description = Tokens ({ $tokens })
admin-history-title = Your payments
admin-history-none = No payments yet.
admin-history-invoice = Invoice
admin-history-invoices = All invoices and receipts
admin-history-day = Day
admin-history-what = For
admin-history-amount = Amount
admin-history-state = State
admin-history-subscription = { $plan } plan ({ $from } to { $until })
admin-history-pack = { $tokens } tokens
admin-history-state-open = To be paid
admin-history-state-paid = Paid
admin-history-state-void = Withdrawn
admin-history-state-uncollectible = Not collected
admin-history-state-refunded = Refunded
admin-history-state-lapsed = Lapsed
admin-more-title = More
admin-more-usage = See your usage
admin-more-security = Password and security

mail-billing-welcome-subject = [Machiya] You are signed up: how to log in
mail-billing-welcome-body =
    Thank you for signing up.
    The { $plan } plan is ready for you.

    Log-in name (email address): { $email }

    Set your password with this link, and you are logged in at once.
    The link works once, for { $hours } hours.
    { $link }

    Your plan renews on { $renewal }. You can change or end it here at any time.
    { $settings }

    If you know nothing of this, please answer this mail and tell us.
mail-billing-begun-subject = [Machiya] The { $plan } plan is ready
mail-billing-begun-body =
    Thank you for your order.
    The { $plan } plan is ready in your account ({ $email }).

    { $pages }

    It renews on { $renewal }. You can change or end it here at any time.
    { $settings }
mail-billing-given-back-subject = [Machiya] Your payment goes back to you
mail-billing-given-back-body =
    Your order of the { $plan } plan was withdrawn, because you have a plan already.
    The whole ¥{ $amount } goes back by itself. It may take some days to show on your card.

    You can change your plan here.
    { $settings }
mail-billing-past-due-subject = [Machiya] We could not confirm your payment
mail-billing-past-due-body =
    The renewal of your { $plan } plan could not be collected.
    Until { $grace } everything stays as it is.

    Please look at your card here.
    { $settings }
mail-billing-read-only-subject = [Machiya] Making is paused
mail-billing-read-only-body =
    The payment of your { $plan } plan could not be confirmed, so nothing new can be made.
    What you have made can be seen as always.

    If it is not paid by { $end }, the plan ends and you are on the free plan.
    Please look at your card here.
    { $settings }
mail-billing-recovered-subject = [Machiya] Your payment is confirmed
mail-billing-recovered-body =
    The payment of your { $plan } plan is confirmed. Thank you.
    Everything is as it was.

    { $settings }
mail-billing-ended-subject = [Machiya] The { $plan } plan has ended
mail-billing-ended-body =
    The { $plan } plan has ended and you are on the free plan. Nothing more will be charged.
    What you made, and tokens that you bought, are still there.

    You can choose a plan again here.
    { $settings }
mail-billing-pack-subject = [Machiya] Your tokens are there
mail-billing-pack-body =
    { $tokens } tokens have arrived. They last until { $expires }.
    Paid: ¥{ $amount }

    { $settings }

error-subscription-exists = You have a plan
    .detail = You can change it on the page of the plans.
error-subscription-missing = You have no plan
    .detail = Please choose one first.
error-subscription-unchanged = There is nothing to change
    .detail = This is your plan already.
error-subscription-unpaid = A period is not paid yet
    .detail = Please look at your card first. You can change the plan after that.
error-price-changed-meanwhile = The price has changed
    .detail = Please look at the new price and try again.
error-pack-spent = Nothing is left to give back
    .detail = All tokens of this pack are spent.
field-plan-unavailable = This plan cannot be chosen
field-pack-unavailable = This pack cannot be chosen
