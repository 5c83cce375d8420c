# Qualified invoices, receipts, qualified return invoices

tax-invoices-title = Invoices and receipts
tax-invoices-lead = The papers of your payments and refunds, to print or to keep as PDF.
tax-invoices-empty-title = No papers yet
tax-invoices-empty-words = Once you have paid for a plan or a pack, they are listed here.
tax-invoices-number = Number
tax-invoices-kind = Kind
tax-invoices-day = Transaction date
tax-invoices-total = Amount (tax included)
tax-invoices-pdf-of = PDF of { $number }

tax-invoice-title-qualified = Qualified invoice
tax-invoice-title-receipt = Receipt
tax-invoice-title-return = Qualified return invoice
tax-invoice-title-refund = Refund note
tax-invoice-number = No. { $number }
tax-invoice-issued = Issued on { $date }
tax-invoice-to = To { $name }
tax-invoice-total = Received (tax included)
tax-invoice-return-total = Refunded (tax included)
tax-invoice-date = Transaction date
tax-invoice-return-date = Date of the refund
tax-invoice-original-number = Number of the original paper
tax-invoice-original-date = Original transaction date
tax-invoice-what = Description
tax-invoice-quantity = Quantity
tax-invoice-amount = Amount (tax included)
tax-invoice-rate-total = Total at { $percent }% (tax included)
tax-invoice-rate-tax = Consumption tax in it ({ $percent }%)
tax-invoice-registration = Registration number { $number }
tax-invoice-note-paid = Received with thanks. Consumption tax is rounded down once for each rate.
tax-invoice-note-receipt = Received with thanks.
tax-invoice-note-return = The amount above has been refunded.
tax-invoice-print = Print
tax-invoice-pdf = Save as PDF
error-paper-font-missing = PDFs cannot be made at the moment
    .detail = The operator has to prepare them. The page itself can be printed.
