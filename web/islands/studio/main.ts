/**
 * The studio: five questions, one free line, one button, then the picture. Markup: `studio_parts.html` in
 * crates/ui/templates (the form is `<form class="studio" data-island="studio" data-generate-url="/api/nano/generate">`).
 * Without script the same form is posted to the server, which answers with a page.
 */
import { Problem } from "../problem";
import { chosenLabels, readAnswers, readRatio, writeAnswers } from "./answers";
import { readModel, refreshCost, showCost } from "./cost";
import { ask, watch, type Job, type Made } from "./generate";
import { recall, remember } from "./memory";
import { promptParts } from "./prompt";
import { ResultView } from "./result";
import { wizard } from "./wizard";

const form = document.querySelector<HTMLFormElement>("form[data-island=studio]");
const resultRoot = document.querySelector<HTMLElement>("[data-result]");
if (form && resultRoot) studio(form, new ResultView(resultRoot));

function studio(form: HTMLFormElement, result: ResultView): void {
  const kept = recall();
  if (kept.answers && !form.dataset["answered"]) writeAnswers(form, kept.answers, kept.ratio);
  let running: AbortController | null = null;
  let lastRatio = readRatio(form);

  const steps = wizard(form, () => preview(form));
  form.addEventListener("input", () => {
    preview(form);
    showCost(form);
    remember({ answers: readAnswers(form), ratio: readRatio(form) });
  });

  const see = async (job: Job, ratio: string, stop: AbortController): Promise<Made> => {
    remember({ job: { ...job, ratio } });
    return watch(job, (percent, stage) => result.progress(percent, stage), stop.signal);
  };

  const run = async (ratio: string, start: (stop: AbortController) => Promise<Made>): Promise<void> => {
    running?.abort();
    const stop = new AbortController();
    running = stop;
    lastRatio = ratio;
    busy(form, true);
    result.waiting(ratio);
    try {
      const made = await start(stop);
      remember({ job: undefined });
      if (!stop.signal.aborted) await result.done(made, ratio);
    } catch (error) {
      if (stop.signal.aborted) return;
      // A failure that the server has decided is over; a lost connection may be resumed after a reload.
      if (error instanceof Problem) remember({ job: undefined });
      if (error instanceof Problem && error.status === 401) location.assign(form.dataset["loginUrl"] ?? "/login?next=/studio");
      result.failed(error);
    } finally {
      if (running === stop) {
        running = null;
        busy(form, false);
        void refreshCost(form);
      }
    }
  };

  const make = (ratio: string, again: boolean): void => {
    const params = { answers: readAnswers(form), ratio, again, model: readModel(form) };
    const key = crypto.randomUUID();
    void run(ratio, async (stop) => {
      const answer = await retryOnce(() => ask(params, key, form.dataset["generateUrl"] ?? "/api/nano/generate"));
      return "url" in answer ? answer : see(answer, ratio, stop);
    });
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (!running) make(readRatio(form), false);
  });
  result.onAgain(() => make(lastRatio, true));
  result.onRetry(() => make(lastRatio, false));
  result.onRatio((ratio) => make(ratio, false));
  result.onChange(() => steps.show("vibe"));

  showCost(form);
  const job = kept.job;
  if (job) void run(job.ratio, (stop) => see(job, job.ratio, stop));
}

/** A request that got no answer is sent once more with the same key, so that a blink of the network costs nothing. */
async function retryOnce<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    await new Promise((resolve) => setTimeout(resolve, 1_200));
    return act();
  }
}

function preview(form: HTMLFormElement): void {
  const text = document.querySelector<HTMLElement>("[data-prompt-preview]");
  text?.replaceChildren(
    ...promptParts(readAnswers(form)).map((part) => {
      if (!part.answered || !part.text) return document.createTextNode(part.text);
      const mark = document.createElement("mark");
      mark.textContent = part.text;
      return mark;
    }),
  );
  const summary = document.querySelector<HTMLElement>("[data-answers]");
  summary?.replaceChildren(
    ...chosenLabels(form).map((label) => {
      const badge = document.createElement("li");
      badge.className = "badge badge--indigo";
      badge.textContent = label;
      return badge;
    }),
  );
  const none = document.querySelector<HTMLElement>("[data-answers-none]");
  if (none) none.hidden = (summary?.childElementCount ?? 0) > 0;
}

function busy(form: HTMLFormElement, is: boolean): void {
  const button = form.querySelector("[data-generate] button, button[data-generate]");
  if (is) button?.setAttribute("aria-busy", "true");
  else button?.removeAttribute("aria-busy");
}
