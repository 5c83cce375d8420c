### クレジット：残高、利用状況、明細、お知らせ。

mail-low-balance-subject = クレジットが残りわずかです
mail-low-balance-body =
    { $name } 様

    { $plan }プランのクレジットが残りわずかになりました。

    画像クレジット: { $images }
    トークン: { $tokens }

    ご利用状況: { $usage }
    追加やプランの変更: { $plans }

    失敗した生成にクレジットは使われません。このお知らせは月に一度だけお送りします。

error-insufficient-credits = クレジットが足りません
    .detail = 画像クレジット{ $images }、またはトークン{ $tokens }が必要です。残りは画像クレジット{ $images-left }、トークン{ $tokens-left }です。プランの変更か追加購入をご検討ください。
error-plan-read-only = お支払いが確認できるまで、新しく作ることはできません
    .detail = これまでに作ったものは引き続きご覧になれます。お支払い方法をご確認ください。
error-price-changed = 料金が変わりました
    .detail = 現在の料金は画像クレジット{ $images }、またはトークン{ $tokens }です。ご確認のうえ、もう一度お試しください。
error-price-unknown = この操作の料金が決まっていません
    .detail = 別のモデルをお選びください。
error-credits-key-reused = 同じ番号の別の操作がすでにあります
error-credits-hold-released = この操作は時間切れで取り消されました
    .detail = クレジットは使われていません。
