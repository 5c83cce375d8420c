### Texts of the pages that exist in development only

dev-mail-title = Outbox
dev-mail-words = The mail that would have been sent. Nobody sees this in production.
dev-mail-empty = No mail yet

docs-title = API
docs-words = Programs can do the same as people. Every shape is described here.
docs-path = Path
docs-does = What it does
docs-answers = Answers
docs-start = To begin with
docs-log-in = Log in, and send the access token of the answer with every request.
docs-tokens = A program is better off with a token of its own, whose rights and end you choose.
docs-tokens-page = Make a token
docs-errors = Errors have one shape: error is a code that stays, fields are what is to be put right.
docs-pages = Lists go on for as many pages as there are, by a cursor.
docs-repeat = A write with a key happens once, however often it is repeated.
docs-long = Long work is accepted at once and tells how far it is.
docs-limits = Requests over a limit are answered with the number of seconds to wait.
docs-english = The table below is in English.
docs-group-account = Account
docs-group-auth = Logging in
docs-group-billing = Plans and payments
docs-group-credits = Credits
docs-group-catalog = Catalogue
docs-group-orders = Orders
docs-group-operators = Operators
docs-group-payments = Invoices and receipts
docs-group-studio = Studio
