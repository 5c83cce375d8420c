### The marketplace: gallery, products, publishing, the confirmation of an order.

## Front page
home-eyebrow = A studio and marketplace for people who create with AI
home-title = Make it. Keep it. Sell it.
home-lead = Answer five short questions and your design is ready. Keep it private, or set a price and sell it.
home-make = Make one now
home-look = See the gallery
home-steps = Three steps
home-one = 1
home-two = 2
home-three = 3
home-make-title = Create
home-make-words = Mood, cut, colour, occasion, season. You choose, we find the words. A picture that fails costs nothing.
home-keep-title = Keep it private
home-keep-words = What you make is yours. Nobody sees it until you decide to show it.
home-sell-title = Publish and sell
home-sell-words = Choose a licence and a price. Eighty per cent of each sale is yours.
home-new = New in the gallery
home-closing-title = Your first picture, now.
home-closing-words = Signing up takes a minute. The first three pictures are free.

## Gallery
gallery-lead = What makers have published. Buy one, and the original without watermark and its licence are yours.
gallery-description = A gallery of fashion designs made with AI. Buy a licence for the one you like and use it at once.
gallery-tag-title = Designs tagged “{ $tag }”
gallery-tags = Tags
gallery-all = All
gallery-min-price = From
gallery-max-price = To
gallery-license = Licence
gallery-any-license = Any
gallery-free-only = Free only
seller-description = Designs by { $name }

## Product page
product-sold-out = Sold out
product-sold-out-words = This design is sold out. There are more to see.
product-paused-title = This design is not on show
product-paused-words = It cannot be bought at the moment. Those who have bought it can go on downloading it.
product-suspended-title = This design has been withdrawn
product-suspended-words = We are looking into it. Those who have bought it can go on downloading it.
product-seal = ONE
product-one-only = one only
product-left = { $count ->
    [one] { $count } left
   *[other] { $count } left
}
product-buy = Buy this design
product-owned = You have a licence for this design.
product-to-order = Order and download
product-own = This is your own design.
product-to-mine = To my page
product-promise-original = The original without watermark ({ $size }), the licence and the prompt
product-promise-download = Download straight after payment, for ever
product-license = Licence
product-size = Original size
product-made-with = Made with
product-published = Published
product-ai = This picture was made by AI or by a program and carries content credentials (C2PA). What you see is a watermarked preview.
product-more = More from this maker
product-summary = “{ $title }” by { $maker }

## Licences
license-prompt-name = Prompt licence
license-prompt-one = Use the prompt as often as you like, commercial work too
license-prompt-two = What you make with it is yours
license-prompt-three = The prompt itself may not be passed on or sold
license-exclusive-name = Exclusive
license-exclusive-hint = Sold to one person, then taken down, together with similar and derived pictures.
license-exclusive-one = Sold once, and then to nobody else
license-exclusive-two = Any purpose, any number, as often as you like, commercial too
license-exclusive-three = May be transferred together with your business
license-non-exclusive-name = Non-exclusive
license-non-exclusive-hint = Sold to as many people as like it. Buyers may use it for anything, commercial too.
license-non-exclusive-one = Any purpose, any number, as often as you like, commercial too
license-non-exclusive-two = Sold to others as well
license-non-exclusive-three = The picture file itself may not be passed on or resold
license-single-use-name = Single use
license-single-use-hint = Sold to as many people as like it. Each licence covers one project; another project needs another licence.
license-single-use-one = For one project: a line of goods, a campaign, a page
license-single-use-two = Within it any number and any time, commercial too
license-single-use-three = Another project needs another licence

## Publishing
publish-title = Publish to the gallery
publish-lead = Only a watermarked preview is shown. The original goes to buyers alone.
publish-picture = The picture to publish
publish-name = Title
publish-price = Price
publish-price-hint = ¥50 or more; 0 publishes it for free.
publish-max-sales = How many may be sold
publish-max-sales-hint = Leave it empty for no limit.
publish-platform-part = Platform fee ({ $percent }%)
publish-your-part = Yours for each sale
publish-tags = Tags
publish-tags-hint = Separated by commas, up to ten.
publish-description = Description
publish-again-title = Published again
publish-again-words = The new terms hold for whoever buys from now on. Nothing changes for those who have bought.
publish-done = Published
publish-log-in-title = Please log in again
publish-log-in-words = Your session had ended. What you typed is kept on this page, so please leave it open.
publish-log-in-first = Log in, in another tab.
publish-log-in-then = Come back to this page and go on.
publish-log-in-continue = Go on publishing
publish-log-in-kept = What you typed
publish-already = This design is on show already
unpublish-done = No longer published

## Confirming an order
confirm-order-title = Check your order
confirm-order-lead = Please check everything before you place the order.
confirm-quantity = Quantity
confirm-total = Total, tax included
confirm-extra = Other costs
confirm-extra-none = None (your own connection aside)
confirm-payment = Ways to pay
confirm-payment-words = Chosen on the next page (credit card, convenience store and others)
confirm-payment-time = Time to pay
confirm-payment-time-words = Within { $minutes } minutes of the order; it is kept for you until then
confirm-delivery = Delivery
confirm-delivery-words = Download from your orders as soon as the payment is confirmed, for ever
confirm-returns = Returns and cancellation
confirm-returns-words = You may cancel any time before paying. As these are digital goods there are no returns after payment. If it cannot be delivered, you get all of your money back
confirm-environment = What you need
confirm-environment-words = A device that opens pictures and ZIP files
confirm-order-pay = Place the order and pay
confirm-order-free = Get it for free
confirm-order-note = By placing the order you agree to the terms above and to the licence.

toast-price-changed = The price has changed. Please check again
toast-unavailable = It cannot be bought just now: it is sold out, or somebody else is buying it
toast-payment-unavailable = The payment service does not answer. Please try again in a moment

## When it did not work
error-already-published = It is on show already
    .detail = To change its terms, take it off the gallery first.
error-sold-exclusively = It was sold with an exclusive licence
    .detail = It belongs to its buyer alone and cannot be shown again.
error-already-licensed = Somebody has a licence already
    .detail = What others may use cannot be sold exclusively. Raise the limit or choose another licence.
error-being-bought = Somebody is buying it right now
    .detail = Please try again when they have finished.
error-product-suspended = This design has been taken off the gallery
    .detail = It cannot be shown until we have looked into it.
error-unavailable = It cannot be bought just now
    .detail = It is sold out, somebody else is buying it, or it is no longer on show.
error-not-fulfillable = Products of this kind cannot be bought yet
    .detail = Nothing was ordered and nothing was paid.
error-own-product = This is your own design
    .detail = You cannot buy from yourself. The original is on your own page.
error-already-owned = You have this licence already
    .detail = Download it from your orders whenever you like.
error-product-price-changed = The price has changed
    .detail = Please look at the new price and try again.

field-price-too-low = Choose 0 (free), or ¥{ $min } and more
field-exclusive-is-sold-once = An exclusive licence is sold once
field-redirect-not-allowed = This address to return to is not allowed
