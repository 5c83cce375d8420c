// The studio with nothing but a keyboard: Tab, arrows, Space and Enter; the focus is always somewhere one can see.
import assert from "node:assert/strict";
import test from "node:test";
import { account, enter, visitor } from "./app.mjs";
import { tabTo } from "./tabbing.mjs";

const focused = (page) => page.evaluate(() => document.activeElement?.getAttribute("value") ?? "");

test("five answers, the picture and the way to the publish form, without a pointer", async () => {
  const page = await visitor("en", { viewport: { width: 1280, height: 800 } });
  await enter(page, await account("Kei", "keyboard"));
  await page.goto("/studio");
  await page.waitForSelector("form.studio[data-ready]");
  await page.keyboard.press("Tab");
  assert.ok(await page.evaluate(() => document.activeElement?.matches(".skip-link")), "the first stop leads past the menu");
  await page.keyboard.press("Enter");
  for (const name of ["vibe", "silhouette", "color", "occasion", "season"]) {
    await tabTo(page, `input[name=${name}]`);
    await page.keyboard.press("Space");
    if (name !== "color") {
      const first = await focused(page);
      await page.keyboard.press("ArrowRight");
      assert.notEqual(await focused(page), first, "arrows move among the answers");
    }
    assert.equal(await page.locator(`input[name=${name}]:checked`).count(), 1, `${name} is answered`);
    await tabTo(page, "[data-next]");
    await page.keyboard.press("Enter");
    assert.ok(await page.evaluate(() => document.activeElement?.matches(".studio__question-title")), "the next question has the focus");
  }
  await tabTo(page, "[name=extra]");
  await page.keyboard.type("a small bow");
  await tabTo(page, "[data-generate]");
  await page.keyboard.press("Enter");
  await page.locator("[data-result-done]").waitFor({ state: "visible" });
  assert.ok(await page.evaluate(() => document.activeElement?.matches("[data-result-title]")), "the picture is announced");
  await tabTo(page, "[data-result-done] a.button--signal");
  await Promise.all([page.waitForNavigation(), page.keyboard.press("Enter")]);
  await tabTo(page, "[name=title]");
  await page.keyboard.type("Small bow");
  await tabTo(page, "form[data-island=publish] button[type=submit]");
  await Promise.all([page.waitForNavigation(), page.keyboard.press("Enter")]);
  await page.goto("/gallery");
  await tabTo(page, ".picture-card__link");
  assert.deepEqual(page.complaints, []);
});
