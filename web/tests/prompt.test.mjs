import assert from "node:assert/strict";
import test from "node:test";
import { load } from "./load.mjs";

const { buildPrompt, NEGATIVE } = await load("studio/prompt.ts");
const none = { vibe: [], silhouette: [], color: [], occasion: [], season: [], extra: "" };

// The specification's own function (specification 1, section 3), word for word, as the thing to agree with.
function specified(a) {
  const vibe = a.vibe?.[0], sil = a.silhouette?.[0];
  const pal = (a.color || []).join(", ");
  const occ = a.occasion?.[0], season = a.season?.[0];
  const core = [
    "single model, one person only, full-body fashion photography",
    "studio lighting, clean minimal background, high detail",
    vibe && `${vibe} vibe`,
    sil && `${sil} silhouette`,
    pal && `palette: ${pal}`,
    occ && `for ${occ}`,
    season,
  ].filter(Boolean).join(", ");
  return `${core}. ${NEGATIVE}. ${a.extra || ""}`.trim();
}

test("the preview says exactly what the specification builds", () => {
  const words = ["", "minimal", "a-line", "深紅", " spaced ", "a, b"];
  let seen = 0;
  for (const vibe of words) for (const silhouette of words) for (const season of words) for (const extra of [...words, "  linen \n"]) {
    for (const color of [[], [vibe], [season, "navy"]]) {
      const answers = { ...none, vibe: vibe ? [vibe, "second"] : [], silhouette: [silhouette], color, occasion: [extra], season: [season], extra };
      assert.equal(buildPrompt(answers), specified(answers));
      seen += 1;
    }
  }
  assert.ok(seen > 4000);
});

test("without any answer the prompt ends with what must not be in the picture", () => {
  assert.equal(
    buildPrompt(none),
    `single model, one person only, full-body fashion photography, studio lighting, clean minimal background, high detail. ${NEGATIVE}.`,
  );
});
