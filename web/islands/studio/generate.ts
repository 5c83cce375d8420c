import { Problem } from "../problem";
import { buildPrompt, NEGATIVE, type Answers } from "./prompt";
import { follow, Refused } from "./stream";

/** A picture that is ready. */
export interface Made {
  id: string;
  url: string;
  cached: boolean;
}

/** A job on its way. */
export interface Job {
  jobId: string;
  eventsUrl: string;
}

export interface GenerationParams {
  answers: Answers;
  ratio: string;
  /** Make another one although an equal request was answered before. */
  again: boolean;
  /** Who makes it, at the price that is shown beside the button; nothing leaves both to the platform. */
  model: Model | null;
}

/** A model in the chooser, and the id of the price that is shown. */
export interface Model {
  provider: string;
  model: string;
  priceId: string;
}

/**
 * Asks for a picture. The same key may be sent twice (a lost answer, a second press): the server makes it once.
 * Throws a Problem that says why not, or a TypeError when the network fails.
 */
export async function ask(params: GenerationParams, key: string, address: string): Promise<Job | Made> {
  const response = await fetch(address, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/json", "Idempotency-Key": key, Prefer: "respond-async" },
    body: JSON.stringify({
      prompt: buildPrompt(params.answers),
      negative: NEGATIVE,
      aspectRatio: params.ratio,
      answers: params.answers,
      ...(params.again ? { again: true } : {}),
      ...(params.model ? { provider: params.model.provider, model: params.model.model } : {}),
      ...(params.model?.priceId ? { priceId: params.model.priceId } : {}),
    }),
  });
  if (!response.ok) throw await Problem.from(response);
  const body = (await response.json()) as Partial<Made & Job>;
  if (body.url && body.id) return { id: body.id, url: body.url, cached: body.cached === true };
  if (!body.jobId) throw new Problem("unknown", "", "", response.status, 0);
  return { jobId: body.jobId, eventsUrl: body.eventsUrl ?? `/api/jobs/${encodeURIComponent(body.jobId)}/events` };
}

/** Watches a job until its picture is there. Throws a Problem when it failed. */
export async function watch(
  job: Job,
  onProgress: (percent: number, stage: string) => void,
  signal: AbortSignal,
): Promise<Made> {
  let made: Made | null = null;
  let failed: Problem | null = null;
  try {
    await follow(
      job.eventsUrl,
      (event) => {
        const body = parse(event.data);
        if (event.name === "progress") onProgress(Number(body["percent"]) || 0, String(body["stage"] ?? ""));
        if (event.name === "completed") made = { id: String(body["id"]), url: String(body["url"]), cached: body["cached"] === true };
        if (event.name === "failed") failed = Problem.read(body);
        return made !== null || failed !== null;
      },
      signal,
    );
  } catch (error) {
    if (error instanceof Refused) throw new Problem("not_found", "", "", Number(error.message), 0);
    throw error;
  }
  if (failed) throw failed;
  if (!made) throw new Problem("unknown", "", "", 0, 0);
  return made;
}

function parse(text: string): Record<string, unknown> {
  try {
    const body: unknown = JSON.parse(text);
    return body && typeof body === "object" ? (body as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
