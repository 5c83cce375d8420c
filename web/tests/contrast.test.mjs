// WCAG 2.2: text 4.5:1, what marks a control or the focus 3:1, in both themes, for every pair that the styles put together.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import test from "node:test";

const css = await readFile(new URL("../styles/tokens.css", import.meta.url), "utf8");
const tokens = new Map(
  [...css.matchAll(/--([a-z-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)/g)].map(([, name, light, dark]) => [name, { light, dark }]),
);

const channel = (value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
const luminance = (hex) => {
  const [red, green, blue] = [1, 3, 5].map((at) => channel(parseInt(hex.slice(at, at + 2), 16) / 255));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
};
const contrast = (one, other) => {
  const [brighter, darker] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (brighter + 0.05) / (darker + 0.05);
};

const grounds = ["paper", "surface", "sunken", "raised"];
const pairs = [];
for (const ground of grounds) {
  for (const text of ["ink", "ink-soft", "ink-faint", "indigo", "indigo-deep", "persimmon", "pine", "madder", "madder-deep"]) {
    pairs.push([text, ground, 4.5]);
  }
  for (const mark of ["line-strong", "focus"]) pairs.push([mark, ground, 3]);
}
for (const fill of ["indigo", "persimmon", "madder"]) {
  pairs.push([`on-${fill}`, fill, 4.5], [`on-${fill}`, `${fill}-deep`, 4.5]);
}
for (const [tone, wash] of [["indigo-deep", "indigo-wash"], ["indigo", "indigo-wash"], ["pine", "pine-wash"], ["amber", "amber-wash"], ["madder", "madder-wash"], ["persimmon", "persimmon-wash"]]) {
  pairs.push([tone, wash, 4.5], ["ink", wash, 4.5], ["ink-soft", wash, 4.5]);
}
pairs.push(["focus", "indigo-wash", 3], ["paper", "ink", 4.5]);

for (const theme of ["light", "dark"]) {
  test(`every pair of colours is readable in the ${theme} theme`, () => {
    const poor = pairs
      .map(([front, back, least]) => ({ front, back, least, has: contrast(tokens.get(front)[theme], tokens.get(back)[theme]) }))
      .filter(({ has, least }) => has < least)
      .map(({ front, back, has, least }) => `${front} on ${back}: ${has.toFixed(2)} < ${least}`);
    assert.deepEqual(poor, []);
  });
}
