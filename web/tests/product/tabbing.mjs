// A keyboard and nothing else: Tab to something, and Enter on it.
import assert from "node:assert/strict";

/** Presses Tab until the focus is on `selector`; each stop on the way has to be visible. */
export async function tabTo(page, selector, key = "Tab") {
  for (let stops = 0; stops < 60; stops += 1) {
    if (await page.evaluate((wanted) => document.activeElement?.matches(wanted) ?? false, selector)) return;
    await page.keyboard.press(key);
    const seen = await page.evaluate(() => {
      const focused = document.activeElement;
      if (!focused || focused === document.body) return "";
      const place = focused.closest("label") ?? focused;
      const box = place.getBoundingClientRect();
      const marked = [focused, place, focused.nextElementSibling].some((element) =>
        element && ["", "::after"].some((part) => getComputedStyle(element, part || null).outlineStyle !== "none"));
      return box.width > 0 && box.bottom > 0 && box.top < innerHeight && marked ? "" : focused.outerHTML.slice(0, 160);
    });
    assert.equal(seen, "", "the focus is lost from sight");
  }
  assert.fail(`the keyboard does not reach ${selector}`);
}

/** Types into a field that the keyboard reaches. */
export async function typeInto(page, selector, text) {
  await tabTo(page, selector);
  await page.keyboard.type(text);
}

/** Reaches a button or a link, presses Enter and follows. */
export async function enterOn(page, selector) {
  await tabTo(page, selector);
  await Promise.all([page.waitForNavigation(), page.keyboard.press("Enter")]);
}
