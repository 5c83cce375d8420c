### マーケット：ギャラリー、作品のページ、公開、購入の確認。

## はじめのページ
home-eyebrow = AIでつくる人のスタジオとマーケット
home-title = つくる。しまう。商う。
home-lead = 5つの質問に答えるだけで、服のデザインが一枚できあがります。自分だけで保管することも、値段をつけて販売することもできます。
home-make = つくってみる
home-look = ギャラリーを見る
home-steps = 3つのステップ
home-one = 一
home-two = 二
home-three = 三
home-make-title = 奥の間でつくる
home-make-words = 雰囲気、かたち、色、場面、季節。選ぶだけで、言葉はこちらで整えます。失敗した回の料金はかかりません。
home-keep-title = 非公開で保管する
home-keep-words = できた絵は、あなただけのもの。公開するまで、だれの目にも触れません。
home-sell-title = 公開して販売する
home-sell-words = ライセンスと値段を決めて公開。売上の8割があなたに届きます。
home-new = 新着の作品
home-closing-title = 最初の一枚を、いま。
home-closing-words = 登録は1分。はじめの3枚は無料です。

## ギャラリー
gallery-lead = つくり手が公開した作品です。購入すると、透かしのない原寸の画像とライセンス証書が届きます。
gallery-description = AIでつくられた服のデザインのギャラリー。気に入った作品のライセンスを買って、すぐに使えます。
gallery-tag-title = 「{ $tag }」の作品
gallery-tags = タグ
gallery-all = すべて
gallery-min-price = 下限
gallery-max-price = 上限
gallery-license = ライセンス
gallery-any-license = すべて
gallery-free-only = 無料だけ
seller-description = { $name } さんの作品

## 作品のページ
product-sold-out = 売り切れ
product-sold-out-words = この作品は売り切れました。ほかの作品もご覧ください。
product-paused-title = この作品は非公開です
product-paused-words = いまは購入できません。購入済みの方は、これからもダウンロードできます。
product-suspended-title = この作品は公開を止められています
product-suspended-words = 運営が確認しています。購入済みの方は、これからもダウンロードできます。
product-seal = 独占
product-one-only = 1点限り
product-left = 残り{ $count }点
product-buy = 購入手続きへ
product-owned = この作品のライセンスをお持ちです。
product-to-order = 注文とダウンロード
product-own = あなたの作品です。
product-to-mine = マイページへ
product-promise-original = 透かしのない原寸画像（{ $size }）とライセンス証書、プロンプト
product-promise-download = お支払い後すぐにダウンロード。期限はありません
product-license = ライセンス
product-size = 原寸
product-made-with = つくり方
product-published = 公開日
product-ai = この画像はAIまたはプログラムでつくられ、来歴情報（C2PA）が付いています。表示しているのは透かし入りの見本です。
product-more = 同じつくり手の作品
product-summary = { $maker } さんの作品「{ $title }」

## ライセンス
license-prompt-name = プロンプト利用許諾
license-prompt-one = 回数の制限なく、商用にも使えます
license-prompt-two = プロンプトで作ったものは、購入した人のものです
license-prompt-three = プロンプトそのものは、譲渡も販売もできません
license-exclusive-name = 独占
license-exclusive-hint = 一人にだけ販売し、売れたら公開を終えます。似た絵や派生した絵も、同時に公開を終えます。
license-exclusive-one = 一度だけ販売され、以後は誰にも売られません
license-exclusive-two = 用途・点数・回数の制限なく、商用にも使えます
license-exclusive-three = 事業といっしょに譲渡できます
license-non-exclusive-name = 非独占
license-non-exclusive-hint = 何人にでも売れます。買った人は、用途や回数の制限なく商用にも使えます。
license-non-exclusive-one = 用途・点数・回数の制限なく、商用にも使えます
license-non-exclusive-two = ほかの人にも販売されます
license-non-exclusive-three = 画像そのものの再配布・再販売はできません
license-single-use-name = 一回利用
license-single-use-hint = 何人にでも売れます。買った人は、ひとつの企画に使えます。別の企画には、もう一度買ってもらいます。
license-single-use-one = ひとつの企画（商品シリーズ、広告、ページなど）に使えます
license-single-use-two = その企画の中では、点数と期間の制限なく、商用にも使えます
license-single-use-three = 別の企画には、あらためて購入してください

## 公開
publish-title = ギャラリーに公開する
publish-lead = 公開されるのは透かし入りの見本だけ。原寸の画像は、購入した人にだけ届きます。
publish-picture = 公開する作品
publish-name = タイトル
publish-price = 価格
publish-price-hint = 50円以上。0円なら無料で公開します。
publish-max-sales = 販売数の上限
publish-max-sales-hint = 空のままなら、上限はありません。
publish-platform-part = 運営の手数料（{ $percent }%）
publish-your-part = 1点売れるごとに、あなたに
publish-tags = タグ
publish-tags-hint = 読点かカンマで区切ります。10個まで。
publish-description = 説明
publish-again-title = もう一度公開します
publish-again-words = 新しい条件は、これから購入する方に適用されます。すでに購入した方の条件は変わりません。
publish-done = 公開しました
publish-log-in-title = ログインし直してください
publish-log-in-words = ログインの期限が切れていました。入力した内容はこのページに残っています。このページは閉じないでください。
publish-log-in-first = 別のタブで、ログインします。
publish-log-in-then = このページに戻って、続きを行います。
publish-log-in-continue = 公開を続ける
publish-log-in-kept = 入力した内容
publish-already = この作品はすでに公開されています
unpublish-done = 非公開に戻しました

## 購入の確認
confirm-order-title = ご注文の確認
confirm-order-lead = 内容をお確かめのうえ、注文を確定してください。
confirm-quantity = 数量
confirm-total = お支払い総額（税込）
confirm-extra = そのほかの費用
confirm-extra-none = なし（通信料はお客さまのご負担です）
confirm-payment = お支払い方法
confirm-payment-words = 次の画面で選べます（クレジットカード、コンビニなど）
confirm-payment-time = お支払いの時期
confirm-payment-time-words = ご注文から{ $minutes }分以内にお手続きください。それまで在庫を確保します
confirm-delivery = お届け
confirm-delivery-words = お支払いの確認後すぐに、注文履歴からダウンロードできます。期限はありません
confirm-returns = 返品・キャンセル
confirm-returns-words = お支払い前はいつでもキャンセルできます。デジタル商品のため、お支払い後の返品はお受けできません。お届けできないときは全額を返金します
confirm-environment = ご利用環境
confirm-environment-words = 画像とZIPファイルを開ける機器
confirm-order-pay = 注文を確定して支払いへ
confirm-order-free = 無料で受け取る
confirm-order-note = 「注文を確定」すると、上の条件とライセンスに同意したことになります。

toast-price-changed = 価格が変わりました。もう一度お確かめください
toast-unavailable = いまは購入できません。売り切れたか、ほかの方が手続き中です
toast-payment-unavailable = 決済サービスにつながりません。少し待ってから、もう一度お試しください

## うまくいかなかったとき
error-already-published = すでに公開されています
    .detail = 条件を変えるには、いちど非公開に戻してください。
error-sold-exclusively = 独占ライセンスで売れた作品です
    .detail = 購入した方だけのものになったため、もう公開できません。
error-already-licensed = すでにライセンスを持つ方がいます
    .detail = ほかの方が使える作品は、独占では販売できません。上限を増やすか、ほかのライセンスをお選びください。
error-being-bought = どなたかが購入手続き中です
    .detail = 手続きが終わってから、もう一度お試しください。
error-product-suspended = 公開を止められている作品です
    .detail = 運営の確認が終わるまで公開できません。
error-unavailable = いまは購入できません
    .detail = 売り切れたか、ほかの方が手続き中か、非公開になりました。
error-not-fulfillable = この種類の商品は、まだ購入できません
    .detail = 注文も支払いも行われていません。
error-own-product = ご自身の作品です
    .detail = 自分の作品は購入できません。原寸の画像はマイページからダウンロードできます。
error-already-owned = すでにお持ちのライセンスです
    .detail = 注文履歴から、いつでもダウンロードできます。
error-product-price-changed = 価格が変わりました
    .detail = 新しい価格をお確かめのうえ、もう一度お試しください。

field-price-too-low = 0円（無料）か{ $min }円以上にしてください
field-exclusive-is-sold-once = 独占ライセンスは1点だけ販売できます
field-redirect-not-allowed = この戻り先は許可されていません
