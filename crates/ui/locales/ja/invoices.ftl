# 適格請求書、領収書、適格返還請求書

tax-invoices-title = 請求書と領収書
tax-invoices-lead = お支払いと返金の書類です。印刷、PDF での保存ができます。
tax-invoices-empty-title = まだ書類はありません
tax-invoices-empty-words = プランやチャージのお支払いが済むと、ここに並びます。
tax-invoices-number = 番号
tax-invoices-kind = 種類
tax-invoices-day = 取引年月日
tax-invoices-total = 金額（税込）
tax-invoices-pdf-of = { $number } の PDF

tax-invoice-title-qualified = 適格請求書
tax-invoice-title-receipt = 領収書
tax-invoice-title-return = 適格返還請求書
tax-invoice-title-refund = 返金明細書
tax-invoice-number = 番号 { $number }
tax-invoice-issued = 発行日 { $date }
tax-invoice-to = { $name } 様
tax-invoice-total = 領収金額（税込）
tax-invoice-return-total = 返金額（税込）
tax-invoice-date = 取引年月日
tax-invoice-return-date = 返金年月日
tax-invoice-original-number = もとの書類の番号
tax-invoice-original-date = もとの取引年月日
tax-invoice-what = 内容
tax-invoice-quantity = 数量
tax-invoice-amount = 金額（税込）
tax-invoice-rate-total = { $percent }%対象（税込）
tax-invoice-rate-tax = うち消費税額（{ $percent }%）
tax-invoice-registration = 登録番号 { $number }
tax-invoice-note-paid = 上記の金額を領収いたしました。消費税額は、税率ごとに一度だけ端数を切り捨てて計算しています。
tax-invoice-note-receipt = 上記の金額を領収いたしました。
tax-invoice-note-return = 上記の金額を返金いたしました。
tax-invoice-print = 印刷する
tax-invoice-pdf = PDF を保存
error-paper-font-missing = いまは PDF を作れません
    .detail = 運営者の準備が必要です。ページの印刷はご利用いただけます。
