// What a page asks of its server. Nothing counts as done before the server has said so in JSON.

/** Why there is no answer: the session is over, the network fails, or the server refuses and says why. */
export class ServerError extends Error {
  constructor(
    readonly reason: "session" | "network" | "refused",
    readonly code = "",
    message = "",
  ) {
    super(message || reason);
  }
}

/** The data that the page came with. */
export function config(): unknown {
  return JSON.parse(document.getElementById("config")?.textContent ?? "null");
}

/** Asks for JSON. Throws ServerError. */
export function get(url: string): Promise<unknown> {
  return ask(url, { method: "GET" });
}

/** Sends JSON and gives the answer. Throws ServerError. */
export function post(url: string, csrf: string, body: unknown): Promise<unknown> {
  const headers = { "Content-Type": "application/json", "X-CSRFToken": csrf };
  return ask(url, { method: "POST", headers, body: JSON.stringify(body) });
}

async function ask(url: string, init: RequestInit): Promise<unknown> {
  let response: Response;
  try {
    // A redirect would end at the page to sign in, whose 200 looks like success.
    const rest = { redirect: "manual", credentials: "same-origin", cache: "no-store" } as const;
    response = await fetch(url, { ...init, ...rest, headers: { Accept: "application/json", ...init.headers } });
  } catch {
    throw new ServerError("network");
  }
  const json = (response.headers.get("Content-Type") ?? "").includes("json");
  const lost = response.type === "opaqueredirect" || response.status === 401 || response.status === 403;
  if (lost || (!json && response.status < 500)) throw new ServerError("session");
  if (!json) throw new ServerError("network");
  let data: unknown;
  try {
    data = await response.json();
  } catch {
    throw new ServerError("network");
  }
  if (response.ok) return data;
  const said = data as { error?: unknown; message?: unknown } | null;
  throw new ServerError("refused", String(said?.error ?? response.status), String(said?.message ?? ""));
}
