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

usage-title = Usage
usage-words = What you used, by day, operation and model. Days are those of Japan.
usage-from = From
usage-to = To
usage-show = Show
usage-month-before = Month before
usage-month-after = Month after
usage-used = Used in this period
usage-none = Nothing was used in this period.
usage-operations = Times
usage-images = Image credits
usage-tokens = Tokens
usage-chart = Times a day
usage-bar = { $day }: { $count }
usage-busiest = { $count } on the busiest day. The table below says the same in numbers.
usage-by-day = By day
usage-by-operation = By operation
usage-by-model = By model
usage-day = Day
usage-operation = Operation
usage-model = Model
usage-what = What
usage-statement = Statement
usage-statement-of = Statement from { $from } to { $to }
usage-download = Download as CSV
usage-images-after = Image credits after
usage-tokens-after = Tokens after
usage-paid = Paid, tax included
usage-opening = Brought forward
usage-closing = Balance at the end
usage-note = Balances include what is reserved for work under way. Nothing is charged for what fails.
usage-several = { $operation } ({ $count } times)
usage-operation-generate = Picture made
usage-operation-edit = Picture edited
usage-operation-analyse = Picture analysed
usage-operation-text = Text written
usage-operation-video = Film made
usage-type-plan-grant = From the plan
usage-type-purchase = Pack bought
usage-type-api-usage = Used
usage-type-refund = Refund
usage-type-admin-adjustment = Adjusted by the operator
usage-type-expiry = Expired
usage-csv-number = Number
usage-csv-moment = Moment (Japan)
usage-csv-what = Type
usage-csv-operation = Operation
usage-csv-provider = Provider
usage-csv-model = Model
usage-csv-tokens = Tokens change
usage-csv-images = Image credits change
usage-csv-tokens-after = Tokens after
usage-csv-images-after = Image credits after
usage-csv-paid = Paid (yen, tax included)

field-not-a-day = Write a day as 2026-11-21
field-period-ends-before-it-begins = The last day must not be before the first
field-period-too-long = A period has { $max } days at most
field-period-too-full = This period has too many lines; choose a shorter one
