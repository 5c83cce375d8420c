### A buyer's bank takes the money back.

order-state-disputed = Disputed
order-state-charged-back = Returned by the bank
order-disputed-title = This payment is disputed
order-disputed-words = A bank or card company has been asked to take this payment back. Until that is decided, the money is held, and what was bought stays as it is. If you know nothing of it, ask your card company.
order-charged-back-title = The bank has returned the money
order-charged-back-words = The dispute was decided for the buyer, and the bank or card company has returned the money. The download has ended for that reason, and the licence is no longer valid. Both come back if the bank reverses its decision.
error-entitlement-charged-back = The bank has returned the money, so this can no longer be downloaded
mail-dispute-withdrawn-subject = The payment for “{ $title }” is disputed
mail-dispute-withdrawn-body =
    Dear { $name },

    The buyer's bank or card company disputes the payment of order { $number }.
    Until that is decided, your share of this sale is frozen.
    The operator takes care of it; there is nothing for you to do.
mail-dispute-won-subject = The dispute about “{ $title }” has ended in your favour
mail-dispute-won-body =
    Dear { $name },

    The dispute about order { $number } has ended and the sale stands.
    Your share of it is no longer frozen.
mail-dispute-lost-subject = The payment for “{ $title }” went back to the buyer
mail-dispute-lost-body =
    Dear { $name },

    The dispute about order { $number } was decided for the buyer, who has the money back.
    Your share of it, which was frozen, went towards that.
