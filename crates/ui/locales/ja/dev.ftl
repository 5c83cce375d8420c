### 開発のときだけ見えるページのことば

dev-mail-title = 送信箱
dev-mail-words = 送られるはずだったメールです。本番では見えません。
dev-mail-empty = まだ一通もありません

docs-title = API
docs-words = プログラムからも、同じことができます。すべての形は、ここにあります。
docs-path = アドレス
docs-does = すること
docs-answers = 答え
