error-upload-too-large = ファイルが大きすぎます
    .detail = 1 ファイルは { $megabytes } MB までです。
error-upload-space-exhausted = 保存できる容量がありません
    .detail = { $total } MB のうち { $used } MB を使っています。使わないファイルを削除するか、容量の大きいプランをお選びください。
error-upload-in-use = 使用中のため削除できません
    .detail = { $kind ->
        [generation] 生成中の画像が使っています。
        [product] 商品が使っています。
        [page] ランディングページが使っています。
        [brand] ブランドのロゴとして使っています。
        [ad_template] 広告テンプレートが使っています。
       *[shop] ショップページが使っています。
    } 先にそちらから外してください。
error-not-a-picture = 画像ファイルではありません
    .detail = PNG、JPEG、WebP、AVIF、SVG をアップロードできます。
error-unsupported-picture = この種類の画像は使えません
    .detail = ファイルの種類: { $what }。通常の PNG か JPEG で保存し直してください。
error-picture-too-large = 画像の画素数が多すぎます
    .detail = 5,000 万画素、1 辺 16,384 ピクセルまでです。
error-picture-truncated = ファイルが途中で切れています
    .detail = もう一度保存してからお試しください。
error-picture-damaged = ファイルが壊れています
    .detail = 別のソフトで保存し直してからお試しください。
error-request-timeout = 時間内に受信できませんでした
    .detail = 通信環境を確かめるか、小さいファイルでお試しください。
field-empty-file = ファイルが空です
field-unknown-field = この項目はありません
