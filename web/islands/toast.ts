export type Tone = "success" | "danger";

/** Says something in passing. `core` shows it; the event lets the other islands ask without loading core twice. */
export function toast(message: string, tone: Tone = "success"): void {
  document.dispatchEvent(new CustomEvent("machiya:toast", { detail: { message, tone } }));
}
