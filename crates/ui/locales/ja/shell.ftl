### 枠（ヘッダー・フッター）と、どの画面でも使うことば。

## サイトの名前
site-name = Machiya
site-title = Machiya | AIでつくる、保管する、売る
site-description = AIで服のデザインをつくり、非公開で保管し、公開して販売できるスタジオとマーケットです。
og-locale = ja_JP
brand-home = のホームへ

## 案内
skip-to-content = 本文へ進む
menu = メニュー
nav-main = おもな案内
nav-main-narrow = おもな案内（メニュー内）
nav-gallery = ギャラリー
nav-studio = アトリエ
nav-make = つくる
nav-mine = マイページ
nav-orders = 注文履歴
nav-pages = ページ
nav-settings = プランと設定
nav-plans = プラン
breadcrumbs = 現在の位置
log-in = ログイン
log-out = ログアウト
sign-up = はじめる
language = 言語
theme = 画面の明るさ
theme-light = ライト
theme-dark = ダーク
theme-system = 自動

## よく使うことば
save = 保存する
cancel = キャンセル
close = 閉じる
back = 戻る
next = 次へ
edit = 編集する
delete = 削除する
download = ダウンロード
copy = コピーする
copied = コピーしました
search = 検索
filter = 絞り込む
clear = 条件をクリア
apply = 適用する
publish = 公開する
unpublish = 非公開に戻す
buy = 購入する
retry = もう一度試す
show-all = すべて見る
details = 詳細
yes = はい
no = いいえ
saved = 保存しました
deleted = 削除しました
loading = 読み込んでいます…
offline = インターネットにつながっていないようです。接続を確かめて、もう一度お試しください。
language-changed = 表示を日本語にしました

## 金額
price-yen = ¥{ $amount }
price-free = 無料
price-tax-included = 税込

## フォーム
form-optional = 任意
form-required = 必須
form-problems-title = 入力内容をご確認ください
form-problem-of = { $field }：{ $message }
form-problem-required = 入力してください
form-characters-left = あと{ $count }文字

## 一覧
list-pages = 一覧の続き
list-more = もっと見る
list-loaded = { $count }件を読み込みました
list-failed = 続きを読み込めませんでした。「もっと見る」からもう一度お試しください。
list-end = これで全部です

## 空のとき
empty-gallery-title = まだ作品がありません
empty-gallery-words = 最初の一枚を公開してみませんか。
empty-search-title = 条件に合う作品がありません
empty-search-words = 条件を減らすか、別のことばでお試しください。
empty-mine-title = ここに作品がならびます
empty-mine-words = 5つの質問に答えるだけで、最初の一枚ができあがります。
empty-orders-title = まだ注文がありません
empty-orders-words = 購入した作品は、ここからいつでもダウンロードできます。

## 確認
confirm-title = よろしいですか？
confirm-cannot-be-undone = この操作は取り消せません。
confirm-delete-picture = この作品を削除しますか？
confirm-delete-picture-words = 元の画像も消え、もとに戻せません。購入済みのお客さまは、これからもダウンロードできます。
confirm-unpublish = この作品を非公開に戻しますか？
confirm-unpublish-words = ギャラリーから見えなくなり、新しい購入はできなくなります。購入済みのお客さまには影響しません。

## フッター
footer-words = AIでつくる人のためのスタジオとマーケットです。
footer-make = つくる
footer-buy = さがす
footer-platform = このサイトについて
footer-api = API
footer-ai = ここにある画像はAIまたはプログラムでつくられ、来歴情報（C2PA）が付いています。
footer-rights = Machiya
