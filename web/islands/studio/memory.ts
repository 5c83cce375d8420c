import type { Answers } from "./prompt";

/** What survives a reload of the tab. */
export interface Memory {
  answers?: Answers;
  ratio?: string;
  /** The job that was running, so that a reload goes on watching it. */
  job?: { jobId: string; eventsUrl: string; ratio: string };
}

const key = "machiya.studio";

/** Reads the tab's memory; anything strange in it counts as nothing. */
export function recall(): Memory {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(key) ?? "{}");
    return kept && typeof kept === "object" ? (kept as Memory) : {};
  } catch {
    return {};
  }
}

/** Keeps some of it; `undefined` forgets. Storage may be full or forbidden: then the form simply does not survive. */
export function remember(change: { [Key in keyof Memory]?: Memory[Key] | undefined }): void {
  try {
    sessionStorage.setItem(key, JSON.stringify({ ...recall(), ...change }));
  } catch {
    // Private windows of some browsers refuse; nothing depends on it.
  }
}
