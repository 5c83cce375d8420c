### 支払い: お試し決済のページと、支払いがうまくいかなかったときの言葉。

sandbox-eyebrow = お試し決済
sandbox-title = お支払い
sandbox-badge = 本物のお金は動きません
sandbox-words = これは練習用の決済ページです。どの結果になるかを選んでください。
sandbox-item = 内容
sandbox-reference = 照合番号
sandbox-total = 合計
sandbox-succeed = 支払う（成功）
sandbox-konbini = あとでコンビニで支払う
sandbox-decline = カードが断られる
sandbox-cancel = やめて戻る
sandbox-declined-title = カードが使えませんでした
sandbox-declined-words = 代金は引き落とされていません。もう一度試すか、別の方法を選んでください。
sandbox-too-late-title = その操作はもうできません
sandbox-too-late-words = 支払いの状態が変わっています。下の内容をご確認ください。
sandbox-approved-title = お支払いを確認しています
sandbox-approved-words = 承認されました。まもなくお店が代金を受け取ります。
sandbox-waiting-title = コンビニでのお支払いを待っています
sandbox-waiting-words = 払込票は発行済みです。代金が届くまで商品はお渡しできません。
sandbox-waiting-until = { $moment } まで支払えます。注文のページからも、ここへ戻れます。
sandbox-konbini-paid = コンビニで支払った
sandbox-konbini-lapsed = 期限までに支払わなかった
sandbox-paid-title = お支払いが済みました
sandbox-paid-words = お店に通知を送りました。まもなく注文に反映されます。
sandbox-back-to-shop = お店に戻る
sandbox-later = あとから起きること
sandbox-refund = 決済会社の画面で返金する
sandbox-dispute = 買い手の銀行が異議を申し立てる
sandbox-refunded-title = 返金しました
sandbox-refunded-words = 代金はすべて買い手に戻りました。
sandbox-disputed-title = 銀行が判断しています
sandbox-disputed-words = 代金は、結論が出るまで銀行が預かっています。
sandbox-dispute-won = お店の言い分が通る
sandbox-dispute-lost = 買い手の言い分が通る
sandbox-charged-back-title = 買い手の言い分が通りました
sandbox-charged-back-words = 代金は買い手に戻り、商品をダウンロードする権利とライセンスは失われます。
sandbox-dispute-reversed = 銀行が判断をくつがえす
sandbox-expired-title = このページの期限が切れました
sandbox-expired-words = 代金は引き落とされていません。お店に戻って、もう一度お試しください。

sandbox-subscribe-title = お申し込み
sandbox-plan = プラン
sandbox-email = メールアドレス
sandbox-email-wrong = メールアドレスの形をご確認ください
sandbox-every-month = 毎月
sandbox-every-year = 毎年
sandbox-subscribe = 申し込む（成功）
sandbox-subscribed-title = お申し込みが済みました
sandbox-subscribed-words = お店に通知を送りました。まもなくお使いいただけます。
sandbox-to-clock = 契約の時計を見る
sandbox-line-period = { $plan }
sandbox-line-unused = { $plan }（使わない期間の返金分）
sandbox-line-remaining = { $plan }（残りの期間の差額分）

sandbox-clock-title = 契約の時計
sandbox-clock-words = この契約だけの時計です。一年分の更新や、カードが使えないときの流れを、その場で試せます。
sandbox-clock-too-late-words = 契約の状態が変わっています。下の内容をご確認ください。
sandbox-clock = 時計の時刻
sandbox-period = 今の期間
sandbox-next-plan = 次の期間から
sandbox-next-plan-words = { $plan }（{ $price }）
sandbox-state = 状態
sandbox-state-active = 有効
sandbox-state-past-due = 支払い待ち
sandbox-state-over = 終了
sandbox-card = カード
sandbox-card-works = 使えます
sandbox-card-fails = 使えません
sandbox-renew-now = 今すぐ更新する
sandbox-advance-month = ひと月進める
sandbox-fail-card = カードを使えなくする
sandbox-repair-card = カードを直す
sandbox-run-out = 再請求をすべて失敗させる
sandbox-cancel-now = 今すぐ解約する
sandbox-past-due-title = 代金を受け取れていません
sandbox-past-due-words = 次の請求は{ $date }です。カードを直すと、すぐに請求します。
sandbox-over-title = この契約は終わりました
sandbox-over-words = これからの請求はありません。
sandbox-ends-title = 今の期間で終わります
sandbox-ends-words = 期間が終わると、更新せずに終了します。
sandbox-invoices = 請求
sandbox-invoice-date = 日付
sandbox-invoice-reason = 内容
sandbox-invoice-amount = 金額
sandbox-invoice-paid = 支払い済み
sandbox-invoice-open = 未払い
sandbox-invoice-void = 取り消し
sandbox-invoice-refunded = 返金済み
sandbox-reason-create = お申し込み
sandbox-reason-cycle = 更新
sandbox-reason-update = プランの変更
sandbox-events = 送った通知
sandbox-events-words = 本物の決済会社と同じように、署名を付けてお店に送ります。
sandbox-event-kind = 種類
sandbox-event-time = 時刻
sandbox-event-delivered = 届きました
sandbox-event-waiting = これから送ります
sandbox-event-again = 送り直します

error-payment-provider-unavailable = 決済サービスにつながりません
    .detail = 代金は引き落とされていません。少し待ってから、もう一度お試しください。
error-payment-conflict = この注文には別のお支払いがあります
    .detail = 注文の画面で状態をご確認ください。
error-payment-already-paid = お支払いは済んでいます
    .detail = 注文の画面からダウンロードできます。
error-payment-lapsed = お支払いの期限が切れました
    .detail = 商品のページから、もう一度お買い求めください。
error-payment-declined = カードが使えませんでした
    .detail = 代金は引き落とされておらず、プランも変わっていません。カードを確認して、もう一度お試しください。
error-subscription-over = このご契約は終わっています
    .detail = もう一度お申し込みになるには、プランの一覧からお選びください。
error-payment-not-captured = まだ入金がありません
    .detail = 入金されていないお支払いは返金できません。
error-refund-exceeds-payment = 返金額が支払額を超えています
    .detail = 返金できる残りの金額をご確認ください。
error-webhook-signature-malformed = 署名がないか、形が正しくありません
error-webhook-signature-outside-tolerance = 署名の時刻がずれています
error-webhook-signature-mismatch = 署名が一致しません
error-webhook-body-unreadable = 通知の内容を読み取れませんでした

field-out-of-range = この値は使えません

### お支払いの行き違いを知らせるメール

mail-payment-twice-subject = 二重のお支払いを返金します
mail-payment-twice-body =
    { $name } 様

    「{ $description }」のお支払いが 2 回行われました。

    2 回目の { $amount } は自動で返金します。お手続きは必要ありません。
    1 回目のお支払いは、そのまま有効です。
    明細への反映には数日かかることがあります。
mail-payment-amount-subject = お支払いの金額が異なるため返金します
mail-payment-amount-body =
    { $name } 様

    「{ $description }」のお支払いは { $amount } でしたが、正しい金額は { $expected } です。

    お支払いいただいた { $amount } は自動で返金します。お手続きは必要ありません。
    ご注文は成立していません。お手数ですが、もう一度お申し込みください。
mail-payment-finding-subject = 支払いに確認が必要です: { $code }
mail-payment-finding-body =
    { $name } 様

    自動では解決できない支払いがあります。運営画面で確認してください。

    種類: { $code }
    対象: { $subject }
    詳細: { $detail }
