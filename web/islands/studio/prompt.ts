/** The answers of the five questions and the one free line, as the API takes them. */
export interface Answers {
  vibe: string[];
  silhouette: string[];
  color: string[];
  occasion: string[];
  season: string[];
  extra: string;
}

/** What must never be in a picture. */
export const NEGATIVE =
  "no text, no words, no logos, no brands, no celebrities, no multiple people, no watermark, no signature";

/** The prompt that the server builds from the same answers, letter by letter (specification 1, section 3). */
export function buildPrompt(answers: Answers): string {
  return promptParts(answers)
    .map((part) => part.text)
    .join("")
    .trim();
}

/** The prompt in pieces, so that a preview can mark what came from an answer. Joined and trimmed, they are the prompt. */
export function promptParts(answers: Answers): { text: string; answered: boolean }[] {
  const [vibe, silhouette, occasion, season] = [
    answers.vibe[0],
    answers.silhouette[0],
    answers.occasion[0],
    answers.season[0],
  ];
  const palette = answers.color.join(", ");
  const core: { text: string; answered: boolean }[] = [
    { text: "single model, one person only, full-body fashion photography", answered: false },
    { text: "studio lighting, clean minimal background, high detail", answered: false },
  ];
  const answer = (text: string | undefined, before: string, after: string): void => {
    if (text) core.push({ text: `${before}${text}${after}`, answered: true });
  };
  answer(vibe, "", " vibe");
  answer(silhouette, "", " silhouette");
  answer(palette, "palette: ", "");
  answer(occasion, "for ", "");
  answer(season, "", "");

  const parts = core.flatMap((part, index) => (index === 0 ? [part] : [{ text: ", ", answered: false }, part]));
  return [...parts, { text: `. ${NEGATIVE}. `, answered: false }, { text: answers.extra, answered: true }];
}
