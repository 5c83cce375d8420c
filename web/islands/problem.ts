/** What went wrong, in the visitor's language, as the API says it (RFC 9457 with `error` and `fields`). */
export class Problem extends Error {
  constructor(
    readonly code: string,
    readonly title: string,
    readonly detail: string,
    readonly status: number,
    readonly retryAfter_s: number,
    /** What is wrong with each field, as sentences. */
    readonly fields: readonly string[] = [],
  ) {
    super(title);
  }

  static async from(response: Response): Promise<Problem> {
    let body: unknown = null;
    try {
      body = await response.json();
    } catch {
      // The answer came from something in between (a proxy, say) and is not a problem document.
    }
    const retryAfter_s = Number(response.headers.get("Retry-After") ?? 0) || 0;
    return Problem.read(body, response.status, retryAfter_s);
  }

  /** Reads a problem out of parsed JSON; missing members become empty. */
  static read(body: unknown, status = 0, retryAfter_s = 0): Problem {
    const member = (name: string): string => {
      const value = body && typeof body === "object" ? (body as Record<string, unknown>)[name] : undefined;
      return typeof value === "string" ? value : "";
    };
    const known = [member("error") || "unknown", member("title"), member("detail")] as const;
    return new Problem(...known, status, retryAfter_s, messages(body));
  }
}

function messages(body: unknown): string[] {
  const fields = body && typeof body === "object" ? (body as Record<string, unknown>)["fields"] : undefined;
  if (!Array.isArray(fields)) return [];
  return fields.map((field: unknown) => (field as Record<string, unknown> | null)?.["message"]).filter((said) => typeof said === "string");
}
