/**
 * Fetches a page of ours as a document that runs nothing.
 *
 * XMLHttpRequest parses it itself, so no string of HTML passes through our hands: the Trusted Types policy of the site
 * allows none. Rejects when the network or the server fails.
 */
export function fetchDocument(address: string, timeout_ms = 15_000): Promise<Document> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("GET", address);
    request.responseType = "document";
    request.timeout = timeout_ms;
    request.setRequestHeader("Accept", "text/html");
    request.addEventListener("load", () => {
      const page = request.responseXML;
      if (request.status === 200 && page) resolve(page);
      else reject(new Error(`status ${request.status}`));
    });
    request.addEventListener("error", () => reject(new Error("network")));
    request.addEventListener("timeout", () => reject(new Error("timeout")));
    request.send();
  });
}
