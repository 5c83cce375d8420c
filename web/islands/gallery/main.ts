/**
 * Endless lists. Markup: `c::load_more(t, next_href, list_id)` below an element with that id.
 *
 * The next page is the very page that the link leads to; its list items are moved over and the link is replaced by the
 * next one. Three pages come by themselves while scrolling, then the button must be pressed, so that the footer can be
 * reached. Pressed by hand, the focus goes to the first new item; by scrolling, it stays.
 */
import { fetchDocument } from "../document";

const pagesByThemselves = 3;

for (const nav of document.querySelectorAll<HTMLElement>("[data-island=gallery]")) endless(nav);

function endless(nav: HTMLElement): void {
  const list = document.getElementById(nav.dataset["list"] ?? "");
  const status = nav.querySelector<HTMLElement>("[role=status]");
  if (!list || !status) return;
  let busy = false;
  let byThemselves = 0;

  const link = (): HTMLAnchorElement | null => nav.querySelector("a[rel=next]");

  const load = async (byHand: boolean): Promise<void> => {
    const next = link();
    if (busy || !next) return;
    busy = true;
    next.setAttribute("aria-busy", "true");
    try {
      const page = await fetchDocument(next.href);
      const items = [...(page.getElementById(list.id)?.children ?? [])].map((item) => document.adoptNode(item));
      const following = page.querySelector<HTMLAnchorElement>(`[data-list="${CSS.escape(list.id)}"] a[rel=next]`);
      list.append(...items);
      status.textContent = say(nav, "textLoaded", items.length);
      if (following) next.setAttribute("href", following.getAttribute("href") ?? "");
      else finish(nav, next);
      if (byHand) items[0]?.querySelector<HTMLElement>("a, button")?.focus();
    } catch {
      status.textContent = say(nav, "textFailed");
      byThemselves = pagesByThemselves;
      document.dispatchEvent(
        new CustomEvent("machiya:toast", { detail: { message: status.textContent, tone: "danger" } }),
      );
    } finally {
      next.removeAttribute("aria-busy");
      busy = false;
    }
  };

  nav.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    const pressed = event.target instanceof Element ? event.target.closest("a[rel=next]") : null;
    if (!pressed) return;
    event.preventDefault();
    byThemselves = 0;
    void load(true);
  });

  if (!savesData()) {
    const watcher = new IntersectionObserver(
      (entries) => {
        if (!entries.some((entry) => entry.isIntersecting) || byThemselves >= pagesByThemselves) return;
        byThemselves += 1;
        // The end of the list may still be in view afterwards, which the observer reports only when told to look again.
        void load(false).then(() => {
          watcher.unobserve(nav);
          if (link()) watcher.observe(nav);
        });
      },
      { rootMargin: "900px 0px" },
    );
    watcher.observe(nav);
  }
}

function finish(nav: HTMLElement, next: HTMLElement): void {
  const end = document.createElement("p");
  end.className = "pagination__end";
  end.textContent = say(nav, "textEnd");
  const focused = document.activeElement === next;
  next.replaceWith(end);
  if (focused) {
    end.tabIndex = -1;
    end.focus();
  }
}

/** The words come with the page, in the visitor's language; `{count}` is filled in here. */
function say(nav: HTMLElement, name: string, count = 0): string {
  return (nav.dataset[name] ?? "").replace("{count}", String(count));
}

function savesData(): boolean {
  const connection = (navigator as { connection?: { saveData?: boolean } }).connection;
  return connection?.saveData === true;
}
