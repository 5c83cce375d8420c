//! What the law and honesty want on paper.

use super::fixture::Fixture;

const PAGES: [&str; 3] = ["/legal/commercial-transactions", "/legal/terms", "/legal/privacy"];

#[tokio::test]
async fn the_law_s_page_names_what_is_missing_and_shows_what_is_set() {
    let shop = Fixture::open().await;
    let (ja, en) = (shop.app.anonymous().as_browser(), shop.app.anonymous().as_browser());
    let en = en.with_header("accept-language", "en");
    let page = ja.get(PAGES[0]).await.expect(200).text();
    assert_eq!(page.matches("未記入</span>").count(), 5, "{page}");
    assert!(page.contains("MACHIYA_OPERATOR_PHONE") && page.contains("運営者がまだ記入していない"), "{page}");
    let page = en.get(PAGES[0]).await.expect(200).text();
    assert_eq!(page.matches("Not filled in</span>").count(), 5, "{page}");

    let set = [
        ("MACHIYA_OPERATOR_NAME", "株式会社まちや<b>"),
        ("MACHIYA_OPERATOR_RESPONSIBLE", "町屋 花子"),
        ("MACHIYA_OPERATOR_ADDRESS", "京都市中京区1-2-3"),
        ("MACHIYA_OPERATOR_PHONE", "075-000-0000"),
        ("MACHIYA_OPERATOR_MAIL", "help@machiya.example"),
    ];
    let shop = Fixture::open_with("stripe", &set).await;
    let page = shop.app.anonymous().as_browser().get(PAGES[0]).await.expect(200).text();
    for (_, value) in &set[1..] {
        assert!(page.contains(value), "{value}");
    }
    assert!(page.contains("株式会社まちや&#60;b&#62;"), "escaped: {page}");
    assert!(!page.contains("未記入") && !page.contains("MACHIYA_"), "{page}");
    for wanted in ["返品・キャンセル", "お支払い方法", "お届け", "ご利用環境", "販売価格"] {
        assert!(page.contains(wanted), "{wanted}");
    }
    let terms = shop.app.anonymous().as_browser().get(PAGES[1]).await.expect(200).text();
    assert!(terms.contains("help@machiya.example") && !terms.contains("{operator}"), "{terms}");
}

#[tokio::test]
async fn every_page_leads_to_them_and_so_does_every_purchase() {
    let shop = Fixture::open().await;
    shop.on_show(1, "non-exclusive", 500).await;
    let slug = shop.word("select slug from public.products").await;
    let browser = shop.ken.client.clone().as_browser();
    let main = |page: &str| page.split("<main").nth(1).unwrap().split("</main>").next().unwrap().to_owned();
    let footer = |page: &str| page.split("<footer").nth(1).unwrap().to_owned();
    for path in [format!("/d/{slug}"), format!("/d/{slug}/buy")] {
        let page = browser.get(&path).await.expect(200).text();
        assert!(main(&page).contains(PAGES[0]), "{path}");
        for legal in PAGES {
            assert!(footer(&page).contains(legal), "{path} {legal}");
        }
    }
    for language in ["ja", "en"] {
        for legal in PAGES {
            let page = browser.clone().with_header("accept-language", language).get(legal).await.expect(200).text();
            assert!(main(&page).contains("<h1>") && !main(&page).contains(">legal-"), "{legal} {language}");
        }
    }
}

#[tokio::test]
async fn an_operator_s_own_words_replace_ours_and_are_quoted_in_their_language() {
    let folder = std::env::temp_dir().join(format!("machiya-legal-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("terms.ja.txt"), "# 当店の約束\n{operator}は<i>誠実</i>です。\n").unwrap();
    let settings = [("MACHIYA_LEGAL_DIR", folder.to_str().unwrap()), ("MACHIYA_OPERATOR_NAME", "町屋堂")];
    let shop = Fixture::open_with("stripe", &settings).await;
    std::fs::remove_dir_all(&folder).unwrap();
    for language in ["ja", "en"] {
        let browser = shop.app.anonymous().as_browser().with_header("accept-language", language);
        let page = browser.get("/legal/terms").await.expect(200).text();
        assert!(page.contains(r#"<div class="prose" lang="ja">"#) && page.contains("<h2>当店の約束</h2>"), "{page}");
        assert!(page.contains("町屋堂は&#60;i&#62;誠実"), "{page}");
        let privacy = browser.get("/legal/privacy").await.expect(200).text();
        assert!(privacy.contains(&format!(r#"<div class="prose" lang="{language}">"#)), "ours: {privacy}");
    }
}
