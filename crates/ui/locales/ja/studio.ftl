### アトリエ（つくる）、マイページ（しまう）のことば。

studio-title = アトリエ
studio-lead = 5つの質問に答えると、服のデザインが一枚できあがります。あとから何度でも選びなおせます。
studio-steps = 質問の一覧
studio-step-vibe = 雰囲気
studio-step-silhouette = かたち
studio-step-color = 色
studio-step-occasion = 場面
studio-step-season = 季節
studio-step-finish = 仕上げ
studio-question-vibe = どんな雰囲気にしますか？
studio-question-silhouette = かたちを選んでください
studio-question-silhouette-hint = 全体のシルエットが決まります。
studio-question-color = どの色でまとめますか？
studio-question-color-hint = いくつでも選べます。
studio-question-occasion = どこに着ていきますか？
studio-question-season = いつの季節ですか？
studio-question-finish = 最後に、ひとこと
studio-question-finish-hint = 素材や細部など、こだわりがあればどうぞ。空のままでもつくれます。
studio-extra = こだわり
studio-extra-placeholder = 例：麻の生地、袖口に小さな刺繍
studio-ratio = 比率
studio-generate = この内容でつくる
studio-prompt-title = 選んだもの
studio-prompt-none = まだ何も選んでいません。
studio-prompt-words = AIに伝える言葉（英語）
studio-result-title = できあがりました
studio-result-alt = つくられた服のデザイン
studio-progress = できあがりまでの進み具合
studio-stage-queued = 順番を待っています…
studio-stage-drawing = 画像を生成しています…
studio-stage-writing = 文章を書いています…
studio-stage-checking = 仕上がりを確かめています…
studio-stage-storing = 保存しています…
studio-stage-retrying = 混み合っています。もう一度試しています…
studio-may-leave = ページを離れても、できあがりはマイページに届きます。
studio-cached = 24時間以内に同じ内容でつくった一枚です（料金はかかりません）
studio-publish = 公開する
studio-again = もう一枚つくる
studio-change = 選びなおす
studio-see-mine = マイページで見る
studio-other-ratios = ほかの比率でもつくる
studio-failed-title = うまくつくれませんでした
studio-failed-is-free = 失敗した回の料金はかかりません。
studio-sketch-note = 「アトリエの絵師」（AI不使用）が、選んだ内容にそって描きます。こだわりの言葉は、生地や細部を選ぶ手がかりになります。
studio-no-ai = AI不使用
studio-stage-completed = できあがりました
studio-stage-failed = うまくつくれませんでした
studio-stage-refused = おつくりできませんでした
studio-stage-cancelled = 取りやめました

mine-title = マイページ
mine-tabs = 公開の状態
mine-all = すべて
mine-on-show = 公開中
mine-private = 非公開
mine-count = 作品
mine-kind = 種類
mine-kind-wardrobe = 服のデザイン
mine-kind-advertisement = 広告
mine-kind-page-section = ページの画像
mine-kind-edit = 手直し
mine-picture-alt = 服のデザイン：{ $title }
mine-badge-on-show = 公開中
mine-badge-making = 制作中
mine-badge-refused = おつくりできず
mine-badge-failed = 失敗
mine-deleted-words = 24時間以内なら、もとに戻せます。
mine-to-shop-front = 公開ページを見る
mine-undo = もとに戻す
mine-delete-words = 24時間以内なら、マイページからもとに戻せます。そのあとは原画も消えます。
mine-kept-published = 公開中の作品は削除できません。先に非公開にしてください。
mine-kept-sold = お買い上げいただいた作品のため、いつまでも大切に保管します。
mine-prompt = プロンプト
mine-negative = 描かないもの
mine-fact-made-at = つくった日時
mine-fact-model = モデル
mine-fact-size = 大きさ
mine-fact-bytes = ファイル
mine-fact-seed = シード

field-too-many = { $max }個までにしてください

error-refused-safety = この内容ではおつくりできませんでした
    .detail = AIの安全基準にふれる表現が含まれていたようです。言葉や選択を変えて、もう一度お試しください。
error-refused-prohibited = この内容ではおつくりできません
    .detail = AIの提供元が禁じている内容です。別の内容でお試しください。
error-refused-blocklist = この言葉ではおつくりできませんでした
    .detail = 使えない言葉が含まれていたようです。言いかえて、もう一度お試しください。
error-refused-personal-data = 個人に関わる内容が含まれています
    .detail = 人の名前や連絡先などを除いて、もう一度お試しください。
error-refused-recitation = 既存の作品に近すぎる内容です
    .detail = ブランドや作品の名前を避けて、もう一度お試しください。
error-refused-unspecified = AIがこの内容を断りました
    .detail = 理由は示されていません。言葉や選択を変えて、もう一度お試しください。
error-provider-busy = AIが混み合っています
    .detail = 何度か試しましたが、空きませんでした。少し待ってから、もう一度お試しください。
error-provider-timeout = AIから返事がありませんでした
    .detail = 時間をおいて、もう一度お試しください。
error-provider-quota-exhausted = 本日ぶんのAIの枠を使いきりました
    .detail = 明日になるとまたお使いいただけます。
error-provider-faulty = AIから画像が届きませんでした
    .detail = もう一度お試しください。続くようでしたら、比率や言葉を変えてみてください。
error-provider-misconfigured = AIの設定に不備があります
    .detail = 運営者が確認するまでお待ちください。
error-generation-interrupted = 途中で止まってしまいました
    .detail = こちらの不具合です。もう一度お試しください。
error-generation-cancelled = 取りやめました
    .detail = ご依頼により、この制作は取りやめました。
error-job-has-ended = もう終わっています
    .detail = この制作はすでに終わっているため、取りやめられません。
error-picture-is-published = 公開中の作品は削除できません
    .detail = 先に非公開にしてから、もう一度お試しください。
error-picture-is-sold = お買い上げ済みの作品は削除できません
    .detail = 購入された方がいつでもダウンロードできるよう、保管しています。
error-picture-is-being-made = まだ制作中です
    .detail = できあがるのを待つか、先に取りやめてください。

studio-model = モデル
studio-model-hint = 料金はモデルごとに決まっています。失敗した回の料金はかかりません。
studio-model-and-price = { $model }（{ $price }）
studio-price-images = 画像クレジット{ $images }
studio-price-tokens = { $tokens }トークン
studio-price-either = 画像クレジット{ $images }、または{ $tokens }トークン
studio-cost = 料金：{ $price }
studio-cost-after = 料金：{ $price }（残り{ $left } → つくると{ $after }）
studio-cost-short = 料金：{ $price }。残りは画像クレジット{ $images }、{ $tokens }トークンで、足りません。
studio-cost-unknown = 料金が決まっていません
studio-see-plans = プランと追加クレジットを見る

mine-badge-goes = あと{ $days }日
mine-goes = この作品は{ $date }に消えます（あと{ $days }日）
mine-goes-words = 公開すると、公開しているあいだは消えません。ダウンロードしておくこともできます。上位のプランでは、もっと長く保存されます。
mine-kept-used = ページで使われている作品は削除できません。先にページから外してください。
mine-notice = プランの変更により、{ $date }から、つくって{ $days }日を過ぎた作品は消えます
mine-notice-words = 公開中、お買い上げ済み、ページで使用中の作品は消えません。それまでにプランを戻すと、もとの期間のまま保存されます。

mail-retention-subject = 保存期間が短くなる作品があります（{ $date }から）
mail-retention-body =
    { $name } 様

    { $plan }プランでは、つくった作品を{ $days }日間保存します。これまでより短くなるため、お知らせします。

    短くなる作品: { $count }点
    そのうち{ $date }に消えるもの: { $atonce }点

    この変更のために{ $date }より前に消えるものはありません。
    公開中、お買い上げ済み、ページで使用中の作品は、これからも消えません。
    残しておきたい作品は、ダウンロードするか公開してください。
    それまでにプランを戻すと、もとの期間のまま保存されます。

    作品: { $mine }
    プラン: { $plans }

error-picture-is-used = ページで使われている作品は削除できません
    .detail = 先にページから外してから、もう一度お試しください。
