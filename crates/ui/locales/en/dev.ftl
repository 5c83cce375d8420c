### Words of the pages that exist in development only

dev-mail-title = Outbox
dev-mail-words = The mail that would have been sent. Nobody sees this in production.
dev-mail-empty = No mail yet

docs-title = API
docs-words = Programs can do the same as people. Every shape is described here.
docs-path = Path
docs-does = What it does
docs-answers = Answers
