### Orders: the list, one order, the receipt, mails.

order-title = Order { $number }
order-name = Order
order-design = Design
order-date = Date
order-state = State
order-amount = Amount
order-actions = Actions
order-total = Total, tax included
order-receipt = Receipt
order-download = Download
order-licence-number = Licence number
order-pay = Go on to payment
order-cancel = Cancel the order
order-cancel-question = Cancel this order?
order-cancel-words = It will no longer be kept for you.
order-reload = See how it stands now
order-look-again = See the design again

order-state-awaiting-payment = Awaiting payment
order-state-processing = Payment processing
order-state-packing = Being packed
order-state-delivered = Delivered
order-state-being-refunded = Being refunded
order-state-refunded = Refunded
order-state-failed = Payment failed
order-state-cancelled = Cancelled
order-state-expired = Expired

order-delivered-title = It is yours
order-delivered-words = Download the picture and its licence whenever you like.
order-packing-words = We have your payment. Your package is being made…
order-awaiting-title = Waiting for your payment
order-awaiting-words = It is kept for you until { $time } (Japan time). If you have paid, this page will change in a moment.
order-payment-failed = The payment did not go through
order-payment-failed-words = Please try another card or another way to pay.
order-on-its-way-title = Your payment is being processed
order-on-its-way-words = You can download as soon as it is confirmed. You may close this page.
order-slip = Show the slip
order-slip-until = Please pay at the convenience store by { $moment }.
order-being-refunded-title = We could not deliver
order-being-refunded-words = It was sold out by the time you paid. All of your money is on its way back, by itself.
order-refunded-title = Refunded
order-refunded-words = We have returned all that you paid. It may take a few days to show.
order-ended-title = This order has ended
order-ended-words = Nothing was charged. If the design is still there, you can buy it again.

toast-order-cancelled = The order is cancelled
toast-payment-lapsed = The time to pay is over. Please order again

receipt-title-of = Receipt { $number }
receipt-title = Receipt
receipt-print = Print the receipt
receipt-to = To: { $name }
receipt-total = Total, tax included
receipt-line = Design licence “{ $title }” ({ $maker })
receipt-tax = Tax included (10%)
receipt-method = Paid by
receipt-method-sandbox = Sandbox
receipt-refunded = All of this amount has been refunded.

error-order-not-pending = This order can no longer be cancelled
    .detail = Please look at how it stands now.
error-processing = Your payment is being processed
    .detail = When the time of the payment slip is over, the order ends by itself.
error-package-not-ready = Your package is being made
    .detail = You can download it in a moment. Please try again shortly.
error-entitlement-revoked = This order was refunded
    .detail = The price was returned, so it can no longer be downloaded.

mail-order-paid-subject = Thank you for your purchase (order { $order })
mail-order-paid-body =
    Dear { $name },

    Thank you for your purchase. We have your payment.

    { $items }

    Total: { $total }
    Order: { $order }

    Download it and its receipt here, for ever:
    { $link }

    Machiya
mail-item-sold-subject = You have sold: { $title }
mail-item-sold-body =
    Dear { $name },

    Congratulations: your design has been sold.

    Design: { $title }
    Licence: { $license }
    Price: { $price }
    Yours: { $yours }

    { $link }

    Machiya
mail-order-unfulfillable-subject = We could not deliver and will refund you (order { $order })
mail-order-unfulfillable-body =
    Dear { $name },

    We are sorry. The design was sold out by the time your payment arrived, so we could not deliver it.

    The { $total } that you paid will be returned in full, by itself. There is nothing you need to do.
    Order: { $order }

    There is more to see:
    { $link }

    Machiya
mail-order-refunded-subject = Refunded (order { $order })
mail-order-refunded-body =
    Dear { $name },

    We have returned the { $total } that you paid for order { $order }.
    It may take a few days until it shows on your statement.

    { $link }

    Machiya
