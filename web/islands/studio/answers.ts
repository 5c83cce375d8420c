import type { Answers } from "./prompt";

const steps = ["vibe", "silhouette", "color", "occasion", "season"] as const;

/** What the form says now. */
export function readAnswers(form: HTMLFormElement): Answers {
  const data = new FormData(form);
  const several = (name: string): string[] => data.getAll(name).map(String).filter(Boolean);
  return {
    vibe: several("vibe"),
    silhouette: several("silhouette"),
    color: several("color"),
    occasion: several("occasion"),
    season: several("season"),
    extra: String(data.get("extra") ?? ""),
  };
}

/** The proportion chosen, `3:4` where none is. */
export function readRatio(form: HTMLFormElement): string {
  return String(new FormData(form).get("aspectRatio") ?? "3:4");
}

/** Puts answers back into the form. Answers that the form does not offer are left out. */
export function writeAnswers(form: HTMLFormElement, answers: Partial<Answers>, ratio: string | undefined): void {
  for (const step of steps) {
    const chosen = answers[step];
    if (!chosen) continue;
    for (const input of form.querySelectorAll<HTMLInputElement>(`input[name="${step}"]`)) {
      input.checked = chosen.includes(input.value);
    }
  }
  const extra = form.elements.namedItem("extra");
  if (typeof answers.extra === "string" && (extra instanceof HTMLInputElement || extra instanceof HTMLTextAreaElement)) {
    extra.value = answers.extra;
  }
  if (ratio) {
    const input = form.querySelector<HTMLInputElement>(`input[name="aspectRatio"][value="${CSS.escape(ratio)}"]`);
    if (input) input.checked = true;
  }
}

/** The words on the chips that are chosen, for the summary. */
export function chosenLabels(form: HTMLFormElement): string[] {
  const chips = form.querySelectorAll<HTMLInputElement>(".studio__step .chip__input:checked:not([name=aspectRatio])");
  return [...chips].map((input) => input.closest(".chip")?.querySelector(".chip__label")?.textContent?.trim() ?? "");
}
