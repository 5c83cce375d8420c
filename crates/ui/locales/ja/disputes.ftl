### カード会社などからの異議申し立て（チャージバック）。

order-state-disputed = 異議申し立て中
order-state-charged-back = カード会社が返金済み
order-disputed-title = この支払いに異議申し立てがあります
order-disputed-words = カード会社などを通じて、支払いの取り消しが求められています。結論が出るまで、代金は預かりとなり、商品は今までどおりお使いいただけます。お心当たりがない場合は、カード会社にお問い合わせください。
order-charged-back-title = 代金はカード会社を通じて返金されました
order-charged-back-words = 異議申し立てが認められ、代金はカード会社などからお客さまに戻されました。このため、ダウンロードはできなくなり、ライセンスも無効になりました。異議申し立てが取り下げられれば、元に戻ります。
error-entitlement-charged-back = カード会社などを通じて返金されたため、ダウンロードできません
mail-dispute-withdrawn-subject = 販売した「{ $title }」の支払いに異議申し立てがありました
mail-dispute-withdrawn-body =
    { $name } さま

    注文 { $number } の支払いについて、購入者のカード会社などから異議申し立てがありました。
    結論が出るまで、この販売の取り分は凍結されます。
    運営者が対応します。お手続きは必要ありません。
mail-dispute-won-subject = 「{ $title }」の異議申し立ては取り下げられました
mail-dispute-won-body =
    { $name } さま

    注文 { $number } の異議申し立ては、販売が有効として終わりました。
    凍結していた取り分を元に戻しました。
mail-dispute-lost-subject = 「{ $title }」の支払いは購入者に返金されました
mail-dispute-lost-body =
    { $name } さま

    注文 { $number } の異議申し立てが認められ、代金は購入者に返金されました。
    凍結していた取り分は、購入者への返金にあてられました。
