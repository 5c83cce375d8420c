### 法律にもとづく表示、利用規約、プライバシー。

legal-commercial-title = 特定商取引法に基づく表記
legal-commercial-lead = 商品ごとの価格と利用許諾は、各商品のページに表示しています。
legal-terms-title = 利用規約
legal-privacy-title = プライバシーについて
legal-operator-name = 販売業者（運営者）
legal-operator-responsible = 運営統括責任者
legal-operator-address = 所在地
legal-operator-phone = 電話番号
legal-operator-mail = メールアドレス
legal-operator-unnamed = この場所の運営者
legal-operator-no-mail = 特定商取引法に基づく表記に記載の連絡先
legal-missing = 未記入
legal-incomplete-title = 運営者がまだ記入していない項目があります
legal-incomplete-words = 「未記入」の項目は、運営者が設定で記入すると、ここに表示されます。
legal-price = 販売価格
legal-price-words = 各商品のページに税込で表示します
legal-makers = 出品者について
legal-makers-words = 商品の出品者は、各商品のページに表示している作り手です。出品者の氏名・住所・電話番号は、ご請求があれば、運営者が出品者に確認して遅滞なくお知らせします。
