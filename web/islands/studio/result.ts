import { Problem } from "../problem";
import type { Made } from "./generate";

/** The part of the page where the picture appears. See `s::result` for its markup. */
export class ResultView {
  readonly #root: HTMLElement;

  constructor(root: HTMLElement) {
    this.#root = root;
  }

  /** Shows the waiting frame in the proportion asked for. */
  waiting(ratio: string): void {
    this.#root.hidden = false;
    this.#frame(ratio);
    this.#part("result-image").replaceChildren();
    this.#show("result-frame", true);
    this.#show("result-waiting", true);
    this.#show("result-done", false);
    this.#show("result-failed", false);
    this.progress(0, "queued");
    this.#root.scrollIntoView({ block: "start" });
  }

  /** Moves the bar; a stage without words keeps those of the one before. */
  progress(percent: number, stage: string): void {
    const bar = this.#part("result-progress");
    const words = this.#part("result-stage");
    if (bar instanceof HTMLProgressElement) {
      if (percent > 0) bar.value = Math.min(percent, 100);
      else bar.removeAttribute("value");
    }
    const label = this.#root.dataset[`stage${stage.charAt(0).toUpperCase()}${stage.slice(1)}`];
    if (label && words.textContent !== label) words.textContent = label;
  }

  /** Shows the picture and what can be done with it. Resolves when it is drawn. */
  async done(made: Made, ratio: string): Promise<void> {
    const image = new Image();
    const [across, up] = ratio.split(":").map(Number);
    image.className = "frame__image";
    image.alt = this.#root.dataset["alt"] ?? "";
    image.width = (across ?? 3) * 320;
    image.height = (up ?? 4) * 320;
    image.src = made.url;
    // A picture that cannot be decoded is still put in, so that its alternative text is read.
    await image.decode().catch(() => undefined);
    this.#root.hidden = false;
    this.#frame(ratio).classList.add("frame--shown");
    this.#part("result-image").replaceChildren(image);
    this.#show("result-frame", true);
    this.#show("result-waiting", false);
    this.#show("result-failed", false);
    this.#show("result-done", true);
    this.#show("result-cached", made.cached);
    for (const link of this.#root.querySelectorAll<HTMLAnchorElement>("a[data-href]")) {
      link.href = (link.dataset["href"] ?? "").replace("{id}", encodeURIComponent(made.id));
    }
    for (const chip of this.#root.querySelectorAll<HTMLInputElement>("input[name=otherRatio]")) {
      chip.checked = chip.value === ratio;
    }
    this.#part("result-title").focus({ preventScroll: true });
  }

  /** Says what went wrong, in the server's words where it gave some. */
  failed(error: unknown): void {
    this.#root.hidden = false;
    const problem = error instanceof Problem ? error : null;
    const words = this.#root.dataset;
    this.#show("result-frame", false);
    this.#show("result-waiting", false);
    this.#show("result-failed", true);
    this.#part("result-error-title").textContent = problem?.title || (words["errorTitle"] ?? "");
    this.#part("result-error-detail").textContent =
      problem?.fields.join(" ") || problem?.detail || (problem ? "" : (words["errorNetwork"] ?? ""));
    const plans = this.#root.querySelector<HTMLElement>("[data-result-plans]");
    if (plans) plans.hidden = problem?.status !== 402;
    this.#part("result-failed").focus({ preventScroll: true });
  }

  onAgain(act: () => void): void {
    for (const button of this.#root.querySelectorAll("[data-again]")) button.addEventListener("click", act);
  }

  onRetry(act: () => void): void {
    for (const button of this.#root.querySelectorAll("[data-retry]")) button.addEventListener("click", act);
  }

  onRatio(act: (ratio: string) => void): void {
    for (const input of this.#root.querySelectorAll<HTMLInputElement>("input[name=otherRatio]")) {
      input.addEventListener("change", () => act(input.value));
    }
  }

  onChange(act: () => void): void {
    for (const button of this.#root.querySelectorAll("[data-change]")) button.addEventListener("click", act);
  }

  #frame(ratio: string): HTMLElement {
    const frame = this.#part("result-frame");
    frame.className = `frame result__frame frame--${ratio.replace(":", "x")}`;
    return frame;
  }

  #part(name: string): HTMLElement {
    const part = this.#root.querySelector<HTMLElement>(`[data-${name}]`);
    if (!part) throw new Error(`the page lacks data-${name}`);
    return part;
  }

  #show(name: string, shown: boolean): void {
    this.#part(name).hidden = !shown;
  }
}
