### What the law wants said, the terms, privacy.

legal-commercial-title = Specified Commercial Transactions Act
legal-commercial-lead = The price and the licence of each product are shown on its own page.
legal-terms-title = Terms of use
legal-privacy-title = Privacy
legal-operator-name = Seller (operator of this site)
legal-operator-responsible = Person responsible
legal-operator-address = Address
legal-operator-phone = Telephone
legal-operator-mail = Eemail address
legal-operator-unnamed = the operator of this site
legal-operator-no-mail = see the page “Specified Commercial Transactions Act”
legal-missing = Not filled in
legal-incomplete-title = The operator has still to fill in some entries
legal-incomplete-words = What is marked “Not filled in” appears here as soon as the operator has set it.
legal-price = Price
legal-price-words = Shown on each product's page, tax included
legal-makers = About the makers
legal-makers-words = Each product is offered by the maker shown on its page. Ask the operator for a maker's name, address and telephone number: they are asked of the maker and given without delay.
