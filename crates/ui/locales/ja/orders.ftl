### 注文：一覧、ひとつの注文、領収書、メール。

order-title = 注文 { $number }
order-name = 注文
order-design = 作品
order-date = 注文日
order-state = 状態
order-amount = 金額
order-actions = 操作
order-total = 合計（税込）
order-receipt = 領収書
order-download = ダウンロード
order-licence-number = 許諾番号
order-pay = 支払いへ進む
order-cancel = 注文を取り消す
order-cancel-question = この注文を取り消しますか？
order-cancel-words = 確保していた在庫を手放します。
order-reload = 最新の状態を見る
order-look-again = この作品をもう一度見る

order-state-awaiting-payment = 支払い待ち
order-state-processing = 入金待ち
order-state-packing = 準備中
order-state-delivered = お届け済み
order-state-being-refunded = 返金手続き中
order-state-refunded = 返金済み
order-state-failed = 支払い失敗
order-state-cancelled = 取り消し
order-state-expired = 期限切れ

order-delivered-title = お届けしました
order-delivered-words = 画像とライセンス証書をダウンロードできます。期限はありません。
order-packing-words = お支払いを確認しました。パッケージを準備しています…
order-awaiting-title = お支払いをお待ちしています
order-awaiting-words = { $time } まで在庫を確保しています。お支払いがお済みの場合は、まもなく切り替わります。
order-payment-failed = お支払いができませんでした
order-payment-failed-words = 別のカードや方法で、もう一度お試しください。
order-on-its-way-title = ご入金をお待ちしています
order-on-its-way-words = 確認でき次第、ダウンロードできるようになります。このページを閉じても大丈夫です。
order-slip = 払込票を見る
order-slip-until = { $moment } までに、コンビニでお支払いください。
order-being-refunded-title = お届けできませんでした
order-being-refunded-words = お支払いの前後に売り切れたため、全額を返金しています。手続きは自動で進みます。
order-refunded-title = 返金しました
order-refunded-words = お支払いいただいた全額を返金しました。反映まで数日かかることがあります。
order-ended-title = この注文は終わりました
order-ended-words = お支払いはありません。作品がまだあれば、あらためて購入できます。

toast-order-cancelled = 注文を取り消しました
toast-payment-lapsed = お支払いの期限が過ぎました。あらためてご注文ください

receipt-title-of = 領収書 { $number }
receipt-title = 領収書
receipt-print = 領収書を印刷
receipt-to = { $name } 様
receipt-total = 合計（税込）
receipt-line = デザインのライセンス「{ $title }」（{ $maker }）
receipt-tax = うち消費税（10%）
receipt-method = お支払い方法
receipt-method-sandbox = お試し決済
receipt-refunded = この代金は全額返金されました。

error-order-not-pending = この注文はもう取り消せません
    .detail = 最新の状態をお確かめください。
error-processing = ご入金を待っている注文です
    .detail = お支払い番号の期限が過ぎると、自動で取り消されます。
error-package-not-ready = パッケージを準備しています
    .detail = まもなくダウンロードできます。少し待ってから、もう一度お試しください。
error-entitlement-revoked = 返金された注文です
    .detail = 代金を返金したため、ダウンロードはできません。

mail-order-paid-subject = ご購入ありがとうございます（注文 { $order }）
mail-order-paid-body =
    { $name } 様

    ご購入ありがとうございます。お支払いを確認しました。

    { $items }

    合計: { $total }
    注文番号: { $order }

    ダウンロードと領収書はこちらです。期限はありません。
    { $link }

    Machiya
mail-item-sold-subject = 作品が売れました: { $title }
mail-item-sold-body =
    { $name } 様

    あなたの作品が売れました。おめでとうございます。

    作品: { $title }
    ライセンス: { $license }
    価格: { $price }
    あなたの取り分: { $yours }

    { $link }

    Machiya
mail-order-unfulfillable-subject = お届けできませんでした。返金します（注文 { $order }）
mail-order-unfulfillable-body =
    { $name } 様

    申しわけありません。お支払いの確認までのあいだに作品が売り切れ、お届けできませんでした。

    お支払いいただいた { $total } は、全額を自動で返金します。お手続きはいりません。
    注文番号: { $order }

    ほかの作品もご覧ください。
    { $link }

    Machiya
mail-order-refunded-subject = 返金しました（注文 { $order }）
mail-order-refunded-body =
    { $name } 様

    注文 { $order } の代金 { $total } を返金しました。
    カード会社などの都合により、反映まで数日かかることがあります。

    { $link }

    Machiya
