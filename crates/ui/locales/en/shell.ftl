### The layout (header, footer) and the texts that every page uses.

## The name of the site
site-name = Machiya
site-title = Machiya | Create with AI, keep it private, publish and sell
site-description = Design clothes with AI, keep them private, publish and sell them: a studio and marketplace for people who create.
og-locale = en_GB
brand-home = : home

## Navigation
skip-to-content = Skip to content
menu = Menu
nav-main = Main
nav-main-narrow = Main, in the menu
nav-gallery = Gallery
nav-studio = Studio
nav-make = Create
nav-mine = My page
nav-orders = Orders
nav-pages = Pages
nav-settings = Plan and settings
nav-plans = Plans
breadcrumbs = Breadcrumbs
log-in = Log in
log-out = Log out
sign-up = Get started
language = Language
theme = Appearance
theme-light = Light
theme-dark = Dark
theme-system = Auto

## Frequent words
save = Save
cancel = Cancel
close = Close
back = Back
next = Next
edit = Edit
delete = Delete
download = Download
copy = Copy
copied = Copied
search = Search
filter = Filter
clear = Clear filters
apply = Apply
publish = Publish
unpublish = Make private
buy = Buy
retry = Try again
show-all = See all
details = Details
yes = Yes
no = No
saved = Saved
deleted = Deleted
loading = Loading…
offline = You seem to be offline. Check your connection and try again.
language-changed = Now in English

## Money
price-yen = ¥{ $amount }
price-free = Free
price-tax-included = tax included

## Forms
form-optional = optional
form-required = required
form-problems-title = Please check what you entered
form-problem-of = { $field }: { $message }
form-problem-required = Please fill this in
form-characters-left = { $count ->
    [one] { $count } character left
   *[other] { $count } characters left
}

## Lists
list-pages = More of the list
list-more = Show more
list-loaded = { $count ->
    [one] Loaded { $count } more
   *[other] Loaded { $count } more
}
list-failed = The next ones could not be loaded. Try again with “Show more”.
list-end = That is everything

## When there is nothing
empty-gallery-title = Nothing here yet
empty-gallery-words = Publish the first picture.
empty-search-title = Nothing matches
empty-search-words = Try fewer filters, or different words.
empty-mine-title = Your pictures will gather here
empty-mine-words = Answer five short questions and the first one is ready.
empty-orders-title = No orders yet
empty-orders-words = What you buy stays here, ready to download at any time.

## Confirmations
confirm-title = Are you sure?
confirm-cannot-be-undone = This cannot be undone.
confirm-delete-picture = Delete this picture?
confirm-delete-picture-words = The original goes too and cannot be brought back. People who bought it can still download it.
confirm-unpublish = Make this picture private?
confirm-unpublish-words = It leaves the gallery and can no longer be bought. Nothing changes for people who bought it.

## Footer
footer-words = A studio and marketplace for people who create with AI.
footer-make = Make
footer-buy = Find
footer-platform = About this site
footer-api = API
footer-ai = The pictures here are made by AI or by a program and carry content credentials (C2PA).
footer-rights = Machiya
