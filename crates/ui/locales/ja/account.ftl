### アカウント：確認、再設定、安全、トークン、書き出し、退会

## メールアドレスの確認
verify-email-title = メールアドレスの確認
verify-email-words = 下のボタンを押すと、このメールアドレスがあなたのものだと確認できます。
verify-email-press = 確認する
verify-email-done = メールアドレスを確認しました
verify-email-sent = 確認のメールをお送りしました
verify-email-wait = 少し前にお送りしています。しばらくしてからお試しください
mail-verify-email-subject = メールアドレスをご確認ください
mail-verify-email-body =
    { $name } さん

    Machiya へようこそ。
    下のリンクを開いて「確認する」を押してください（24時間有効です）。

    { $link }

    お心あたりがないときは、このメールを破棄してください。

    Machiya
error-email-unverified = メールアドレスの確認がまだです
    .detail = 公開と購入には、お送りしたメールのリンクでの確認が必要です。「アカウント」からもう一度お送りできます。

## パスワードの再設定
recovery-title = パスワードの再設定
recovery-words = ご登録のメールアドレスに、再設定のリンクをお送りします。
recovery-send = リンクを送る
recovery-sent-title = メールをお送りしました
recovery-sent-words = { $email } が登録されていれば、まもなくリンクが届きます。リンクは1時間有効です。届かないときは、迷惑メールのフォルダもご確認ください。
link-again-recovery = 新しいリンクを送る
link-again-account = アカウントを開く
recovery-to-login = ログインへ戻る
recovery-forgot = パスワードをお忘れの方
recovery-reset-title = 新しいパスワード
recovery-reset-words = 設定すると、ほかの端末ではログアウトされます。
recovery-reset-press = パスワードを設定する
recovery-first-title = ようこそ
recovery-first-words = はじめに、パスワードを決めてください。そのままログインします。
recovery-first-press = 設定して始める
recovery-done = パスワードを更新しました。新しいパスワードでログインしてください
mail-recovery-subject = パスワードの再設定
mail-recovery-body =
    { $name } さん

    パスワードの再設定を受け付けました。
    下のリンクから、新しいパスワードを設定してください（1時間、一度だけ有効です）。

    { $link }

    お心あたりがないときは、このメールを破棄してください。パスワードは変わりません。

    Machiya
mail-password-changed-subject = パスワードが変更されました
mail-password-changed-body =
    { $name } さん

    アカウントのパスワードが変更されました。安全のため、ほかの端末ではログアウトしました。

    お心あたりがないときは、すぐにログイン画面の「パスワードをお忘れの方」から再設定してください。

    Machiya
password-new = 新しいパスワード
password-current = いまのパスワード
field-common-password = よく使われる、または推測されやすいパスワードです。いくつかの言葉をつなげた、長い文をお試しください
field-wrong-password = パスワードがちがいます

## もう一度のご本人確認
confirm-identity-title = ご本人の確認
confirm-identity-words = 大切な操作の前に、もう一度パスワードを入れてください。
confirm-identity-press = 確認して続ける
confirm-identity-no-password = このアカウントにはパスワードがありません。パスキーで確認するか、「パスワードの再設定」でパスワードを決めてください。

## アカウントの画面
account-title = アカウント
account-tab-security = ログインと安全
account-tab-tokens = APIトークン
account-tab-data = データと退会
account-email-title = メールアドレス
account-email-verified = 確認済み
account-email-unverified = 未確認
account-email-verify = 確認のメールを送る
account-email-change = メールアドレスを変える
account-email-new = 新しいメールアドレス
account-email-change-words = いまのアドレスと新しいアドレスの両方にメールを送ります。両方のリンクを開くと変わります。
account-email-change-press = 両方にメールを送る
account-email-change-sent = 両方のアドレスにメールをお送りしました
account-email-pending = { $email } への変更を確認しています。両方のアドレスに届いたリンクを開いてください。
account-email-cancel = 変更をやめる
account-email-cancelled = 変更をやめました
account-email-same = いまのアドレスと同じです
field-same-email = いまのメールアドレスと同じです
email-change-confirm-title = メールアドレスの変更
email-change-confirm-old = { $email } への変更に同意しますか。
email-change-confirm-new = { $email } をこのアカウントのアドレスにします。
email-change-confirm-press = 変更を確認する
email-change-half = 確認しました。もう片方のアドレスのリンクも開いてください
email-change-done = メールアドレスを変更しました
mail-email-change-old-subject = メールアドレスの変更の確認
mail-email-change-old-body =
    { $name } さん

    アカウントのメールアドレスを { $email } に変える手続きを受け付けました。
    同意するときは、下のリンクを開いてください（24時間有効です）。

    { $link }

    お心あたりがないときは、リンクを開かずに、すぐパスワードを変更してください。

    Machiya
mail-email-change-new-subject = 新しいメールアドレスの確認
mail-email-change-new-body =
    { $name } さん

    このアドレスを Machiya のアカウントのアドレスにする手続きを受け付けました。
    下のリンクを開いてください（24時間有効です）。

    { $link }

    お心あたりがないときは、このメールを破棄してください。

    Machiya
mail-email-change-taken-subject = このメールアドレスには、すでにアカウントがあります
mail-email-change-taken-body =
    このアドレスを別のアカウントに使う手続きがありましたが、このアドレスにはすでにアカウントがあるため、変更できません。
    何もしていただく必要はありません。

    Machiya
mail-email-changed-subject = メールアドレスが変更されました
mail-email-changed-body =
    { $name } さん

    アカウントのメールアドレスが変更されました。
    お心あたりがないときは、すぐに運営までご連絡ください。

    Machiya
account-password-title = パスワード
account-password-change = パスワードを変える
account-password-changed = パスワードを変更しました。ほかの端末ではログアウトしました
account-sessions-title = ログイン中の端末
account-sessions-words = 見おぼえのない端末があれば、ログアウトさせてパスワードを変えてください。
account-session-this = この端末
account-session-program = プログラム
account-session-device = { $system }の{ $browser }
account-session-unknown = 名前のわからない端末
account-session-seen = 最終利用：{ $when }
account-session-since = ログイン：{ $when }
account-session-end = ログアウトさせる
account-session-ended = ログアウトさせました
account-sessions-end-all = すべての端末でログアウト
account-sessions-end-all-question = この端末も含めて、すべての端末でログアウトしますか
account-sessions-end-all-words = APIトークンはそのまま残ります。
account-sessions-ended = すべての端末でログアウトしました

## APIトークン
tokens-words = 自分のプログラムから使うためのトークンです。必要なことだけを許し、期限をつけて作ります。
tokens-empty-title = まだトークンはありません
tokens-empty-words = トークンがあると、プログラムがあなたの代わりに画像を生成したり、データを読み出したりできます。
tokens-name = 名前
tokens-name-hint = 使うプログラムの名前など
tokens-scopes = 許すこと
tokens-scope-read = 読む
tokens-scope-read-hint = 作品、注文、残高などを見る
tokens-scope-generations-write = 画像の生成
tokens-scope-generations-write-hint = 画像を生成する（クレジットを使います）
tokens-scope-listings-write = 出品の管理
tokens-scope-listings-write-hint = 作品を公開、変更、取り下げる
tokens-scope-orders-write = 注文
tokens-scope-orders-write-hint = 注文と取り消し、支払いの開始
tokens-scope-account-write = アカウントの管理
tokens-scope-account-write-hint = アカウントの設定を見る、変える
tokens-days = 期限
tokens-days-30 = 30日
tokens-days-90 = 90日
tokens-days-180 = 半年
tokens-days-366 = 1年
tokens-create = トークンを作成
tokens-made-title = トークンを作りました
tokens-made-words = この画面を閉じると、二度と表示できません。いま控えてください。
tokens-until = { $when }まで
tokens-used = 最終利用：{ $when }
tokens-unused = まだ使われていません
tokens-revoke = 取り消す
tokens-revoke-question = このトークンを取り消しますか
tokens-revoke-words = このトークンを使うプログラムは、すぐに使えなくなります。
tokens-revoked = トークンを取り消しました
error-too-many-tokens = トークンが多すぎます
    .detail = 使っていないものを取り消してから、もう一度お試しください。
error-insufficient-scope = このトークンでは許されていません
    .detail = 必要な範囲（scope）を持つトークンをお使いください。

## 書き出し
export-title = データの書き出し
export-words = このサービスにあるあなたのデータを、ひとつのファイル（ZIP、中身はJSON）にまとめます。できあがるとメールでお知らせします。
export-press = 書き出しを頼む
export-asked = 書き出しを受け付けました。できあがるとメールが届きます
export-waiting = まとめています
export-ready = { $when } まで受け取れます
export-failed = うまくまとめられませんでした。もう一度お試しください
export-ended = 期限が過ぎました
mail-export-ready-subject = データの書き出しができました
mail-export-ready-body =
    { $name } さん

    ご依頼のデータがまとまりました。ログインして、下のページからお受け取りください（7日間）。

    { $link }

    Machiya
error-export-in-progress = いま書き出しています
    .detail = できあがるとメールが届きます。

## 退会
deletion-title = 退会
deletion-words = 退会すると、14日後にお名前、メールアドレス、自己紹介、ログインの記録を消します。公開中の作品は取り下げます。購入と販売の記録、ライセンスは、法律と買った方のために残ります。
deletion-balance-words = 残高やクレジットは使えなくなります。必要なデータは先に書き出してください。
deletion-press = 退会する
deletion-question = 退会の手続きを始めますか
deletion-asked = 退会を受け付けました。14日以内なら取り消せます
deletion-pending-title = { $when } に退会します
deletion-pending-words = それまでは、いつでも取り消せます。
deletion-cancel = 退会を取り消す
deletion-cancelled = 退会を取り消しました
deletion-erased-name = 退会した方
mail-deletion-asked-subject = 退会を受け付けました
mail-deletion-asked-body =
    { $name } さん

    退会のお手続きを受け付けました。{ $when } にアカウントの情報を消します。
    それまでは、ログインして下のページからいつでも取り消せます。

    { $link }

    お心あたりがないときは、すぐに取り消して、パスワードを変えてください。

    Machiya
mail-deletion-cancelled-subject = 退会を取り消しました
mail-deletion-cancelled-body =
    { $name } さん

    退会のお手続きを取り消しました。これまでどおりお使いいただけます。

    Machiya
mail-deletion-done-subject = 退会の手続きが終わりました
mail-deletion-done-body =
    アカウントの情報を消しました。
    購入と販売の記録は、法律の定めるあいだ、お名前のない形で残ります。
    これまでありがとうございました。

    Machiya

## よそのトークン
error-keys-unavailable = ただいまログインを確かめられません
    .detail = 少し待ってから、もう一度お試しください。
