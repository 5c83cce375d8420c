### 開発のときだけ見えるページのことば

dev-mail-title = 送信箱
dev-mail-words = 送られるはずだったメールです。本番では見えません。
dev-mail-empty = まだ一通もありません

docs-title = API
docs-words = プログラムからも、同じことができます。すべての形は、ここにあります。
docs-path = アドレス
docs-does = すること
docs-answers = 答え
docs-start = はじめに
docs-log-in = ログインすると、アクセストークンが返ります。以後の要求に付けてください。
docs-tokens = プログラムには、権限と期限を選べる自分専用のトークンが便利です。
docs-tokens-page = トークンをつくる
docs-errors = エラーは決まった形で返ります。error は変わらない符号、fields は直すべき項目です。
docs-pages = 一覧は、カーソルで何ページでもたどれます。
docs-repeat = 書き込みは、同じ鍵を付ければ、くり返しても一度しか行われません。
docs-long = 時間のかかる仕事は、すぐに受け付けて、進み具合を流します。
docs-limits = 多すぎる要求には、待つべき秒数が返ります。
docs-english = 下の表の説明は英語です。
docs-group-account = アカウント
docs-group-auth = ログインと本人確認
docs-group-billing = プランとお支払い
docs-group-credits = クレジット
docs-group-catalog = カタログ
docs-group-orders = 注文
docs-group-operators = 運営
docs-group-payments = 請求書・領収書
docs-group-studio = アトリエ
