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

usage-title = 利用明細
usage-words = 使ったクレジットを日ごと・操作ごと・モデルごとに確認できます。日付は日本時間です。
usage-from = 開始日
usage-to = 終了日
usage-show = 表示
usage-month-before = 前の月
usage-month-after = 次の月
usage-used = この期間の利用
usage-none = この期間の利用はありません。
usage-operations = 回数
usage-images = 画像クレジット
usage-tokens = トークン
usage-chart = 1日ごとの回数
usage-bar = { $day }：{ $count }回
usage-busiest = 最も多い日は{ $count }回です。下の表でも同じ内容をご覧いただけます。
usage-by-day = 日ごと
usage-by-operation = 操作ごと
usage-by-model = モデルごと
usage-day = 日付
usage-operation = 操作
usage-model = モデル
usage-what = 内容
usage-statement = 明細書
usage-statement-of = { $from }から{ $to }までの明細書
usage-download = CSVをダウンロード
usage-images-after = 画像クレジット残高
usage-tokens-after = トークン残高
usage-paid = お支払い（税込）
usage-opening = 繰越残高
usage-closing = 期末残高
usage-note = 残高には処理中の確保分を含みます。失敗した生成にクレジットは使われません。
usage-several = { $operation }（{ $count }回）
usage-operation-generate = 画像の生成
usage-operation-edit = 画像の編集
usage-operation-analyse = 画像の分析
usage-operation-text = 文章の作成
usage-operation-video = 動画の生成
usage-type-plan-grant = プランの付与
usage-type-purchase = パックの購入
usage-type-api-usage = 利用
usage-type-refund = 返還
usage-type-admin-adjustment = 運営による調整
usage-type-expiry = 期限切れ
usage-csv-number = 番号
usage-csv-moment = 日時（日本時間）
usage-csv-what = 種別
usage-csv-operation = 操作
usage-csv-provider = 提供元
usage-csv-model = モデル
usage-csv-tokens = トークン増減
usage-csv-images = 画像クレジット増減
usage-csv-tokens-after = トークン残高
usage-csv-images-after = 画像クレジット残高
usage-csv-paid = 支払額（円、税込）

field-not-a-day = 日付を「2026-11-21」の形で入力してください
field-period-ends-before-it-begins = 終了日は開始日より後の日付にしてください
field-period-too-long = 期間は{ $max }日以内にしてください
field-period-too-full = この期間は明細が多すぎます。期間を短くしてください
