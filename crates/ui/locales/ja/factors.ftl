### 二つ目の確認、パスキー、ほかのサイトでのログイン

factors-title = 二つ目の確認
factors-words = パスワードのほかにもう一つ、あなたの手もとにあるもので確かめます。パスワードが知られても、それだけでは入れません。
factors-on = 使っています
factors-off = まだ使っていません
factors-is-set-up = 設定済み

factors-passkeys = パスキー
factors-passkeys-words = 指紋や顔、端末の暗証番号でログインします。パスワードは要りません。偽のサイトでは働かないので、いちばん安全です。
factors-passkey-add = パスキーを追加する
factors-passkey-added = パスキーを追加しました
factors-passkey-removed = パスキーを削除しました
factors-passkey-name = パスキーの名前
factors-passkey-name-hint = 「仕事用のパソコン」のように、あとで見分けのつく名前を。
factors-passkey-change = 名前の変更・削除
factors-passkey-remove = 削除する
factors-passkey-remove-question = このパスキーを削除しますか
factors-passkey-remove-words = この端末からはパスキーで入れなくなります。端末に残ったパスキーは、端末の設定から消してください。
factors-passkey-made = { $date }に追加
factors-passkey-used = 最後に使った日 { $date }
factors-passkey-unused = まだ使っていません
factors-passkey-use = パスキーでログイン
factors-passkey-confirm = パスキーで確認する
factors-passkey-cancelled = パスキーの確認が取り消されました。もう一度お試しください。
factors-passkey-failed = パスキーで確認できませんでした。もう一度お試しください。
factors-passkey-known-here = この端末のパスキーは登録済みです。
factors-passkey-elsewhere = パスキーは { $domain } で開いたときに使えます。
factors-passkey-script = パスキーの追加にはJavaScriptが必要です。
factors-passkey-no-domain = このアドレスではパスキーを使えません。httpsのドメイン名で開く必要があります。

factors-totp = 認証アプリ
factors-totp-words = スマートフォンのアプリに表示される6桁のコードで確かめます。電波がなくても使えます。
factors-totp-set-up = 認証アプリを設定する
factors-totp-set-up-title = 認証アプリの設定
factors-totp-step-1 = 1. アプリで読み取る
factors-totp-step-1-words = お使いの認証アプリ（Google Authenticator、1Passwordなど）で、このQRコードを読み取ってください。
factors-totp-qr = 認証アプリで読み取るQRコード
factors-totp-same-device = この端末の認証アプリで開く
factors-totp-by-hand = QRコードを読み取れないとき
factors-totp-by-hand-words = アプリに次のキーを入力してください。種類は「時間ベース」、6桁です。
factors-totp-step-2 = 2. コードを確かめる
factors-totp-turn-on = 使いはじめる
factors-totp-on = 認証アプリを設定しました
factors-totp-off = 認証アプリを外しました
factors-totp-remove = 認証アプリを外す
factors-totp-remove-question = 認証アプリを外しますか
factors-totp-remove-words = ログインのときにコードを求めなくなります。ほかに二つ目の確認がなければ、パスワードだけで入れるようになります。

factors-recovery-codes = リカバリーコード
factors-recovery-codes-words = スマートフォンをなくしたときなどに、コードやパスキーの代わりに使えます。一つにつき一度だけです。
factors-recovery-codes-left = { $all }個のうち { $left }個が残っています。
factors-recovery-codes-renew = 新しく作りなおす
factors-recovery-codes-question = リカバリーコードを作りなおしますか
factors-recovery-codes-consequence = いまのコードはすべて使えなくなります。
factors-codes-title = リカバリーコード
factors-codes-words = 端末をなくしても入れるように、印刷するか、パスワード管理アプリなど安全なところにしまってください。
factors-codes-once-title = このコードは二度と表示されません
factors-codes-once-words = 一つにつき一度だけ使えます。使った分は減っていきます。
factors-codes-kept = しまいました
factors-codes-print = 印刷する

factors-ask-title = もう一つ確認します
factors-ask-words = あなたご本人であることを、もう一つの方法で確かめます。
factors-ask-go = ログイン
factors-ask-lost = 端末が手もとにないとき
factors-ask-back = はじめからやりなおす
factors-code = 6桁のコード
factors-code-hint = 認証アプリに表示されている数字です。
factors-recovery-code = リカバリーコード
factors-recovery-code-hint = 設定のときにお渡しした、4文字ずつ3組のコードです。

factors-site = { $site }でのログイン
factors-site-words = { $site }のアカウントでもログインできるようにします。
factors-site-link = { $site }とつなぐ
factors-site-linked = つなぎました
factors-site-unlinked = つながりを外しました
factors-is-linked = つながっています
factors-site-linked-words = { $site }のアカウントでログインできます。
factors-site-linked-as = { $site }の { $email } でログインできます。
factors-site-unlink = つながりを外す
factors-site-unlink-question = { $site }とのつながりを外しますか
factors-site-log-in = { $site }でログイン
factors-site-sign-up = { $site }で登録
factors-or = または

factors-mail-greeting = { $name } さま
factors-mail-ending =
    お心あたりがないときは、すぐにパスワードを変え、すべての端末からログアウトしてください。
    { $url }
factors-mail-totp-on-subject = 認証アプリを設定しました
factors-mail-totp-on-body = あなたのアカウントに認証アプリが設定されました。これからはログインのときに6桁のコードをお聞きします。
factors-mail-totp-off-subject = 認証アプリを外しました
factors-mail-totp-off-body = あなたのアカウントから認証アプリが外されました。
factors-mail-recovery-codes-renewed-subject = リカバリーコードを作りなおしました
factors-mail-recovery-codes-renewed-body = あなたのアカウントのリカバリーコードが新しくなりました。以前のコードは使えません。
factors-mail-recovery-code-used-subject = リカバリーコードでログインしました
factors-mail-recovery-code-used-body = リカバリーコードを使ったログインがありました。残りは { $what }個です。
factors-mail-passkey-added-subject = パスキーを追加しました
factors-mail-passkey-added-body = あなたのアカウントにパスキー「{ $what }」が追加されました。
factors-mail-passkey-removed-subject = パスキーを削除しました
factors-mail-passkey-removed-body = あなたのアカウントからパスキー「{ $what }」が削除されました。
factors-mail-account-linked-subject = { $what }とつなぎました
factors-mail-account-linked-body = これからは { $what } のアカウントでもログインできます。
factors-mail-account-unlinked-subject = { $what }とのつながりを外しました
factors-mail-account-unlinked-body = { $what } のアカウントではログインできなくなりました。
factors-mail-wrong-codes-subject = ログインの確認に失敗しています
factors-mail-wrong-codes-body =
    一つ目の確認（パスワードなど）は正しく、二つ目の確認を何度もまちがえたログインがありました。
    あなたでなければ、パスワードを知られているおそれがあります。
factors-mail-operator-granted-subject = 運営の役割が加わりました
factors-mail-operator-granted-body =
    あなたのアカウントは、これからこのサイトを運営できます。
    すべての端末からログアウトしました。ログインしなおして、二つ目の確認を設定してください。
factors-mail-operator-revoked-subject = 運営の役割が外れました
factors-mail-operator-revoked-body = あなたのアカウントは運営の画面に入れなくなりました。すべての端末からログアウトしました。

error-second-factor-required = もう一つの確認が必要です
    .detail = まだのときは「二つ目の確認」を設定してください。設定済みのときは、ログインしなおしてください。
error-wrong-code = コードがちがいます
    .detail = 新しいコードでもう一度お試しください。一つのコードは一度だけ使えます。
error-challenge-ended = 確認の時間が過ぎました
    .detail = はじめからログインしなおしてください。
error-totp-is-on = 認証アプリは設定済みです
    .detail = 別のアプリに替えるときは、いまの設定を外してください。
error-totp-is-off = 認証アプリは設定されていません
    .detail = 画面を開きなおして、ご確認ください。
error-totp-not-begun = 設定の時間が過ぎました
    .detail = はじめから設定しなおしてください。
error-second-factor-is-off = 二つ目の確認が設定されていません
    .detail = 先に認証アプリかパスキーを設定してください。
error-passkey-refused = パスキーで確認できませんでした
    .detail = もう一度お試しになるか、別の方法をお使いください。
error-passkey-known = このパスキーは登録済みです
    .detail = 別の端末でお試しください。
error-too-many-passkeys = パスキーは20個までです
    .detail = 使っていないものを削除してから、お試しください。
error-last-login-method = これを外すと入れなくなります
    .detail = 先にパスワードを設定するか、ほかの入り方を追加してください。
error-oidc-ended = ログインの途中で時間が過ぎました
    .detail = もう一度お試しください。
error-oidc-cancelled = ログインを取りやめました
    .detail = もう一度お試しになるか、別の方法をお使いください。
error-oidc-refused = ログインを確認できませんでした
    .detail = もう一度お試しになるか、別の方法をお使いください。
error-oidc-unavailable = 相手のサイトにつながりません
    .detail = 少し待ってからお試しになるか、別の方法をお使いください。
error-oidc-email-unverified = 相手のサイトでメールアドレスが確認されていません
    .detail = 相手のサイトでアドレスを確認するか、メールアドレスで登録してください。
error-oidc-log-in-first = 先にパスワードでログインしてください
    .detail = このメールアドレスは登録済みです。ログインしたあと、アカウントの安全のページでつなぐことができます。
error-oidc-taken = このアカウントはつなげません
    .detail = すでに別のつながりがあります。
field-wrong-code = コードがちがいます。新しいコードでお試しください
