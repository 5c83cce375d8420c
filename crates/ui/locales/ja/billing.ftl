# プラン、お申し込み、お支払い、チャージ

plans-title = プラン
plans-lead = はじめは無料で。たくさん作るようになったら、月ごとのクレジットが届くプランをどうぞ。
plans-description = Machiya のプランと料金。無料ではじめて、必要になったら月額または年額のプランを選べます。
plans-period-label = お支払いの間隔
plans-monthly = 月払い
plans-yearly = 年払い（2か月分お得）
plans-per-month = 月
plans-per-year = 年
plans-per-month-equal = 1か月あたり { $price }
plans-current = 現在のプラン
plans-choose = このプランにする
plans-choose-named = { $plan }プランを選ぶ
plans-start-free = 無料ではじめる
plans-upgrade = このプランに変更する
plans-downgrade = 次の更新日から変更する
plans-switch-year = 年払いに変更する
plans-switch-month = 次の更新日から月払いにする
plans-keep = このプランを続ける
plans-next-from = { $day }から
plans-effect-now = すぐに変わります。残りの期間の差額だけをお支払いいただき、クレジットもその分すぐに届きます。
plans-effect-next = 今の期間（{ $day }まで）はそのままで、次の期間から変わります。返金はありません。
plans-end-words = やめたいときは設定からいつでも。お支払い済みの期間の終わりまで使えます。
plans-canceled = お支払いは行われていません。プランはいつでも選び直せます。
plans-home-title = 仕事で使うなら
plans-home-lead = 先にお支払い、アカウントはあとから。メールアドレスがあれば、すぐにはじめられます。
plans-home-all = すべてのプランを見る
plans-tax = 価格はすべて税込です。
plans-packs-title = 足りなくなったら
plans-packs-words = トークンは、設定からいつでも追加でチャージできます。

billing-plan = プラン
billing-period = お支払いの間隔
billing-period-month = 1か月ごと
billing-period-year = 1年ごと
billing-present-plan = 今のプラン
billing-plan-and-price = { $plan }（{ $price }）
billing-confirm-title = お申し込み内容の確認
billing-confirm-lead = 次の内容でよろしければ、お手続きへお進みください。
billing-confirm-now = 今のお支払い
billing-confirm-now-words = 残りの期間の差額 { $amount }（登録済みのカードに、この金額が請求されます。30分以内にお決めください）
billing-confirm-preview-failed = 差額を確かめられませんでした
billing-confirm-preview-failed-words = 決済サービスが金額を答えませんでした。プランは変わっていません。少し待ってから、もう一度お試しください。
billing-confirm-nothing-now = ありません
billing-confirm-from = いつから
billing-confirm-from-now = すぐに
billing-confirm-from-day = { $day }から
billing-confirm-goes-on = 今のまま続きます
billing-confirm-first-payment = はじめの期間分を、次の画面でお支払いいただきます
billing-confirm-first-payment-pack = 次の画面でお支払いいただきます
billing-confirm-renewal = 次回から
billing-confirm-renewal-month = 毎月 { $price } を、解約されるまで自動でお支払いいただきます
billing-confirm-renewal-year = 毎年 { $price } を、解約されるまで自動でお支払いいただきます
billing-confirm-payment = クレジットカード
billing-confirm-delivery = お支払いの確認後、すぐにお使いいただけます
billing-confirm-end = 解約
billing-confirm-end-words = 設定の画面から、いつでもできます。解約しても、お支払い済みの期間の終わりまで使えます
billing-confirm-returns = お支払い済みの期間の返金はできません。当方の不具合で使えなかったときを除きます
billing-confirm-account = アカウントがなくても大丈夫です。お支払いのときにご入力いただくメールアドレスに、はじめ方をお送りします。
billing-confirm-pay = お支払いへ進む
billing-confirm-change-now = 差額を支払って変更する
billing-confirm-change-next = 次の更新日から変更する
billing-confirm-go-on = このまま続ける
billing-confirm-note = ボタンを押すと、利用規約に同意したものとみなされます。
billing-credits-end = 毎月の画像クレジットはその月の終わりまで、トークンは届いてから180日間使えます。繰り越しはありません。
billing-toast-unchanged = 変わるところはありません。
billing-toast-unavailable = 決済サービスにつながりませんでした。少し待ってから、もう一度お試しください。お支払いは行われていません。
billing-toast-changed-now = プランを変更しました。差額の確認がとれしだい、クレジットが届きます。
billing-toast-changed-next = 次の更新日からの変更を受け付けました。
billing-toast-withdrawn = 変更を取り消しました。今のプランが続きます。
billing-toast-unpaid = お支払いの済んでいない期間があります。先にカードをご確認ください。
billing-toast-declined = カードで決済できませんでした。プランは変わっていません。カードをご確認ください。
billing-toast-cancelled = 解約を受け付けました。期間の終わりまでお使いいただけます。
billing-toast-resumed = 解約を取り消しました。プランが続きます。
billing-toast-over = この契約は終わっています。
billing-toast-pack-paid = お支払いを受け付けました。トークンはまもなく届きます。
billing-toast-pack-cancelled = チャージを取りやめました。お支払いは行われていません。

welcome-pending-title = お支払いを確認しています
welcome-pending-words = 決済サービスからの知らせを待っています。たいていは数秒です。この画面は自動で新しくなります。
welcome-pending-mail = 画面を閉じても大丈夫です。確認がとれたら、ご入力のメールアドレスにお知らせします。
welcome-look-again = もう一度確認する
welcome-title = ご登録ありがとうございます
welcome-plan = { $plan }プランをご利用いただけるようになりました。
welcome-mail-sent = { $email } に、ログイン情報とパスワードを決めるためのリンクをお送りしました。リンクは72時間有効です。
welcome-mail-missing = メールが届かない場合は、迷惑メールフォルダをご確認ください。
welcome-to-login = ログインページへ進む
welcome-same-account = { $email } のアカウントでそのままお使いいただけます。
welcome-to-pages = はじめる
welcome-to-settings = 設定を見る
welcome-given-back-title = お支払いをお返しします
welcome-given-back-words = すでにご契約中のプランがあるか、ご入力のメールアドレスではアカウントを作れなかったため、今回のお申し込みは取り消しました。
welcome-given-back-when = お支払いは自動で全額お返しします。カードへの反映には数日かかることがあります。

admin-nav = お客様メニュー
admin-pages = ページ
admin-settings = プランと設定
admin-usage = 利用明細
admin-security = セキュリティ
admin-pages-title = ページとクレジット
admin-low-title = クレジットが残りわずかです
admin-low-words = なくなると、新しく作れません。作ったものはそのまま残ります。
admin-pages-balance = 使えるクレジット
admin-pages-list = ランディングページ
admin-pages-none-title = ページはまだありません
admin-pages-none-words = ランディングページを作る機能は準備中です。できあがったら、ここにあなたのページが並びます。それまでは、スタジオで素材の画像を作っておけます。
admin-pages-to-studio = スタジオで画像を作る
admin-plan-dunning-grace = お支払いを確認できていません。{ $day }までに、カードをご確認ください。
admin-plan-dunning-read-only = お支払いを確認できないため、新しく作ることを止めています。{ $day }にプランが終わります。作ったものは残ります。
admin-fix-card = カードを確認する
admin-settings-title = プランと設定
admin-plan-title = ご契約中のプラン
admin-plan-free-words = 無料でお使いいただいています。
admin-plan-renewal = 次の更新
admin-plan-renewal-words = { $day }に { $price }
admin-plan-ends = 終了日
admin-plan-ends-words = { $day }（更新されません）
admin-plan-next = 次の期間から
admin-plan-history = 履歴の保存
admin-plan-history-days = { $days }日間
admin-plan-history-ever = 無期限
admin-plan-coming = 次の更新から
admin-plan-coming-words = { $day }から内容が変わります：毎月 { $tokens } トークン、画像 { $images } 枚、履歴は{ $history }、ページ { $pages } つまで
admin-plan-pages = ページの数
admin-plan-change = プランを変更する
admin-plan-choose = プランを選ぶ
admin-plan-portal = カードと領収書（決済サービスの画面）
admin-plan-cancel = 解約する
admin-plan-cancel-question = プランを解約しますか？
admin-plan-cancel-consequence = { $day }まではそのままお使いいただけます。そのあとは無料プランになり、画像クレジットは終わります。チャージしたトークンは期限まで残ります。
admin-plan-resume = 解約を取り消す
admin-plan-withdraw = 変更を取り消す
admin-balance-title = クレジットの残高
admin-balance-tokens = トークン
admin-balance-images = 画像クレジット
admin-balance-held = うち作成中 { $amount }
admin-balance-chip = 残高：画像 { $images }、トークン { $tokens }
admin-lots-source = 内訳
admin-lots-left = 残り
admin-lots-expires = 期限
admin-lots-never = 期限なし
admin-lots-none = 使えるクレジットはありません。
admin-lots-plan-grant = プラン
admin-lots-purchase = チャージ
admin-lots-refund = 返却
admin-lots-admin-adjustment = 運営からの調整
admin-lots-sign-up = はじめのプレゼント
admin-packs-title = トークンのチャージ
admin-packs-lead = 届いてから180日間使えます。プランの有無にかかわらず購入できます。
admin-packs-name = { $tokens }トークン
admin-packs-buy = 購入する
admin-packs-confirm-title = チャージ内容の確認
admin-packs-confirm-lead = 次の内容でよろしければ、お支払いへお進みください。
admin-packs-item = 商品
admin-packs-expiry = 有効期限
admin-packs-expiry-words = 届いてから180日間（期限を過ぎた分は失効します）
admin-packs-returns = 使っていないトークンは、お問い合わせにより返金できます。使った分は返金できません
admin-packs-delivery = お支払いの確認後、すぐに届きます
admin-packs-description = トークンのチャージ（{ $tokens }トークン）
admin-history-title = お支払いの履歴
admin-history-none = お支払いはまだありません。
admin-history-invoice = 請求書・領収書
admin-history-invoices = 請求書と領収書の一覧
admin-history-day = 日付
admin-history-what = 内容
admin-history-amount = 金額
admin-history-state = 状態
admin-history-subscription = { $plan }プラン（{ $from }〜{ $until }）
admin-history-pack = { $tokens }トークンのチャージ
admin-history-state-open = お支払い待ち
admin-history-state-paid = 支払い済み
admin-history-state-void = 取り消し
admin-history-state-uncollectible = 回収できず
admin-history-state-refunded = 返金済み
admin-history-state-lapsed = 期限切れ
admin-more-title = そのほか
admin-more-usage = 利用明細を見る
admin-more-security = パスワードとセキュリティ

mail-billing-welcome-subject = 【Machiya】ご登録完了 - ログイン情報のお知らせ
mail-billing-welcome-body =
    ご登録ありがとうございます。
    { $plan }プランをご利用いただけるようになりました。

    ログインID（メールアドレス）: { $email }

    次のリンクからパスワードを決めると、そのままログインできます。
    リンクは{ $hours }時間有効で、一度だけ使えます。
    { $link }

    次の更新日は { $renewal } です。解約や変更は、いつでも次の画面からできます。
    { $settings }

    お心当たりがない場合は、このメールに返信してお知らせください。
mail-billing-begun-subject = 【Machiya】{ $plan }プランをご利用いただけます
mail-billing-begun-body =
    お申し込みありがとうございます。
    いつものアカウント（{ $email }）で、{ $plan }プランをご利用いただけるようになりました。

    { $pages }

    次の更新日は { $renewal } です。解約や変更は、いつでも次の画面からできます。
    { $settings }
mail-billing-given-back-subject = 【Machiya】お支払いをお返しします
mail-billing-given-back-body =
    お申し込みいただいた{ $plan }プランは、すでにご契約中のプランがあるため、取り消しました。
    お支払いいただいた { $amount }円は、自動で全額お返しします。カードへの反映には数日かかることがあります。

    プランの変更は、次の画面からできます。
    { $settings }
mail-billing-past-due-subject = 【Machiya】お支払いを確認できませんでした
mail-billing-past-due-body =
    { $plan }プランの更新のお支払いを確認できませんでした。
    { $grace }までは、これまでどおりお使いいただけます。

    次の画面から、カードをご確認ください。
    { $settings }
mail-billing-read-only-subject = 【Machiya】新しく作ることを止めています
mail-billing-read-only-body =
    { $plan }プランのお支払いを確認できないため、新しく作ることを止めています。
    これまでに作ったものは、そのままご覧いただけます。

    { $end }までにお支払いを確認できないと、プランは終わり、無料プランになります。
    次の画面から、カードをご確認ください。
    { $settings }
mail-billing-recovered-subject = 【Machiya】お支払いを確認しました
mail-billing-recovered-body =
    { $plan }プランのお支払いを確認しました。ありがとうございます。
    これまでどおりお使いいただけます。

    { $settings }
mail-billing-ended-subject = 【Machiya】{ $plan }プランが終わりました
mail-billing-ended-body =
    { $plan }プランが終わり、無料プランになりました。今後のお支払いはありません。
    作ったものと、チャージしたトークンは残っています。

    またお使いになるときは、次の画面からプランを選べます。
    { $settings }
mail-billing-pack-subject = 【Machiya】トークンをチャージしました
mail-billing-pack-body =
    { $tokens }トークンをチャージしました。{ $expires }までお使いいただけます。
    お支払い: { $amount }円

    { $settings }

error-subscription-exists = ご契約中のプランがあります
    .detail = プランの変更は、プランの画面からできます。
error-subscription-missing = ご契約中のプランがありません
    .detail = 先にプランをお選びください。
error-subscription-unchanged = 変わるところがありません
    .detail = すでにこのプランです。
error-subscription-unpaid = お支払いの済んでいない期間があります
    .detail = 先にカードをご確認ください。そのあとで変更できます。
error-price-changed-meanwhile = 価格が変わりました
    .detail = 新しい価格をご確認のうえ、もう一度お試しください。
error-pack-spent = 返金できる分が残っていません
    .detail = このチャージのトークンは、すべて使われています。
field-plan-unavailable = このプランは選べません
field-pack-unavailable = このチャージは選べません
