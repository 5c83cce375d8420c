### Payments: the sandbox's checkout page, and what to say when a payment did not work.

sandbox-eyebrow = Sandbox
sandbox-title = Payment
sandbox-badge = No real money moves
sandbox-words = This checkout page is for trying things out. Choose what should happen.
sandbox-item = Item
sandbox-reference = Reference
sandbox-total = Total
sandbox-succeed = Pay (succeeds)
sandbox-konbini = Pay later at a convenience store
sandbox-decline = Have the card declined
sandbox-cancel = Go back without paying
sandbox-declined-title = The card was declined
sandbox-declined-words = Nothing was charged. Try again, or choose another way to pay.
sandbox-too-late-title = That is no longer possible
sandbox-too-late-words = The payment has moved on. Its present state is below.
sandbox-approved-title = Payment approved
sandbox-approved-words = You have approved the payment. The shop is about to collect it.
sandbox-waiting-title = Waiting for the convenience store
sandbox-waiting-words = The slip is printed. Nothing is delivered until the money arrives.
sandbox-waiting-until = It can be paid until { $moment }. The page of the order leads back here.
sandbox-konbini-paid = The store received the payment
sandbox-konbini-lapsed = The slip expired unpaid
sandbox-paid-title = Paid
sandbox-paid-words = The seller has been notified. Your order will show it in a moment.
sandbox-back-to-shop = Back to the shop
sandbox-later = What may happen later
sandbox-refund = Refund it at the provider's console
sandbox-dispute = Let the buyer's bank dispute it
sandbox-refunded-title = Refunded
sandbox-refunded-words = All of the money has gone back to the buyer.
sandbox-disputed-title = The bank is deciding
sandbox-disputed-words = Until it has decided, the bank has the money.
sandbox-dispute-won = Decide for the shop
sandbox-dispute-lost = Decide for the buyer
sandbox-charged-back-title = Decided for the buyer
sandbox-charged-back-words = The buyer has the money back; the right to download and the licence have ended.
sandbox-dispute-reversed = The bank reverses its decision
sandbox-expired-title = This page has expired
sandbox-expired-words = Nothing was charged. Go back to the shop and try again.

sandbox-subscribe-title = Subscribe
sandbox-plan = Plan
sandbox-email = Eemail address
sandbox-email-wrong = Please check the email address
sandbox-every-month = Every month
sandbox-every-year = Every year
sandbox-subscribe = Subscribe (succeeds)
sandbox-subscribed-title = You are subscribed
sandbox-subscribed-words = The seller has been notified. Everything is ready in a moment.
sandbox-to-clock = Open the subscription's clock
sandbox-line-period = { $plan }
sandbox-line-unused = { $plan } (unused time, given back)
sandbox-line-remaining = { $plan } (remaining time)

sandbox-clock-title = The subscription's clock
sandbox-clock-words = A clock for this subscription alone. Try a year of renewals, or a card that stops working, in a minute.
sandbox-clock-too-late-words = The subscription has moved on. Its present state is below.
sandbox-clock = The clock says
sandbox-period = This period
sandbox-next-plan = From the next period
sandbox-next-plan-words = { $plan } ({ $price })
sandbox-state = State
sandbox-state-active = Active
sandbox-state-past-due = Payment due
sandbox-state-over = Over
sandbox-card = Card
sandbox-card-works = Works
sandbox-card-fails = Is declined
sandbox-renew-now = Renew now
sandbox-advance-month = Let a month pass
sandbox-fail-card = Have the card declined
sandbox-repair-card = Repair the card
sandbox-run-out = Let every retry fail
sandbox-cancel-now = Cancel now
sandbox-past-due-title = The money could not be collected
sandbox-past-due-words = The next attempt is on { $date }. Repairing the card tries at once.
sandbox-over-title = This subscription is over
sandbox-over-words = Nothing more will be charged.
sandbox-ends-title = It ends with this period
sandbox-ends-words = When the period is over, it is not renewed.
sandbox-invoices = Invoices
sandbox-invoice-date = Date
sandbox-invoice-reason = For
sandbox-invoice-amount = Amount
sandbox-invoice-paid = Paid
sandbox-invoice-open = Unpaid
sandbox-invoice-void = Withdrawn
sandbox-invoice-refunded = Refunded
sandbox-reason-create = Sign-up
sandbox-reason-cycle = Renewal
sandbox-reason-update = Change of plan
sandbox-events = Events sent
sandbox-events-words = Signed and posted to the shop, as a real provider does.
sandbox-event-kind = Event
sandbox-event-time = Time
sandbox-event-delivered = Delivered
sandbox-event-waiting = Waiting
sandbox-event-again = Will be sent again

error-payment-provider-unavailable = The payment service cannot be reached
    .detail = Nothing was charged. Please wait a moment and try again.
error-payment-conflict = This order has another payment
    .detail = Look at the order for its present state.
error-payment-already-paid = This is already paid
    .detail = You can download it from your order.
error-payment-lapsed = The time to pay is over
    .detail = Please buy it again from the product's page.
error-payment-declined = The card was declined
    .detail = Nothing was charged and nothing has changed. Check the card and try again.
error-subscription-over = This subscription is over
    .detail = To subscribe again, choose a plan from the list.
error-payment-not-captured = No money has arrived yet
    .detail = A payment without money cannot be refunded.
error-refund-exceeds-payment = That is more than was paid
    .detail = Look at how much can still be refunded.
error-webhook-signature-malformed = The signature is missing or malformed
error-webhook-signature-outside-tolerance = The signature's time is too far away
error-webhook-signature-mismatch = The signature does not match
error-webhook-body-unreadable = The event could not be read

field-out-of-range = This value cannot be used

### Mails about payments that did not go as they should

mail-payment-twice-subject = We are refunding a second payment
mail-payment-twice-body =
    Dear { $name },

    “{ $description }” was paid twice.

    The second payment of { $amount } is refunded automatically. There is nothing you need to do.
    Your first payment stays valid.
    It may take a few days until the refund shows on your statement.
mail-payment-amount-subject = We are refunding a payment of another amount
mail-payment-amount-body =
    Dear { $name },

    The payment for “{ $description }” was { $amount }, but the price is { $expected }.

    The { $amount } are refunded automatically. There is nothing you need to do.
    Your order was not placed. Please order again.
mail-payment-finding-subject = A payment needs your attention: { $code }
mail-payment-finding-body =
    Dear { $name },

    There is a payment that cannot be resolved automatically. Please look at it in the console.

    Kind: { $code }
    Subject: { $subject }
    Detail: { $detail }
