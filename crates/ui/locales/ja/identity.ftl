### 入口のことば

identity-log-in-title = おかえりなさい
identity-sign-up-title = 登録する
identity-sign-up-words = つくって、しまって、売る。はじめるのに費用はかかりません。
identity-email = メールアドレス
identity-password = パスワード
identity-password-hint = { $min }文字以上。文章のように長いものが、覚えやすく安全です。
identity-display-name = お名前
identity-display-name-hint = お店の名前として、ほかの人に見えます。
identity-new-here = はじめての方は
identity-have-account = すでに登録した方は

error-wrong-credentials = メールアドレスかパスワードがちがいます
    .detail = もう一度ご確認ください。
error-email-taken = このメールアドレスは登録済みです
    .detail = ログインするか、別のメールアドレスをお使いください。
error-account-banned = このアカウントは停止されています
    .detail = 購入したもののダウンロードだけができます。お心あたりがないときはお問い合わせください。
error-too-busy = ただいま混み合っています
    .detail = 少し待ってから、もう一度お試しください。
field-invalid-email = メールアドレスの形式をご確認ください

error-link-unknown = このリンクは使えません
    .detail = 途中で切れていないか、メールのリンクをもう一度ご確認ください。
error-link-used = このリンクは使用済みです
    .detail = 安全のため、リンクは一度だけ使えます。必要なときは新しいリンクをお送りします。
error-reauthentication-required = もう一度ご本人の確認をお願いします
    .detail = 大切な操作のため、パスワードなどでの確認が必要です。
