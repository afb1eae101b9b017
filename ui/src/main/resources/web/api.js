// SPDX-License-Identifier: Apache-2.0
// The worker's REST API: Kafka Connect's documented calls, and what Levada adds of its own. The console lives one level below it, at ui/.

const base = new URL("../", document.baseURI);

/** What the worker refused, in its own words. status is 0 when nobody answered. */
export class ApiError extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

async function call(method, path, body) {
  return (await exchange(method, path, body)).answer;
}

/** The answer, and the texts of the Warning headers (RFC 7234): a worker other than Levada's sends none. */
async function exchange(method, path, body) {
  let response;
  try {
    response = await fetch(new URL(path, base), {
      method,
      headers: { Accept: "application/json", ...(body === undefined ? {} : { "Content-Type": "application/json" }) },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch {
    throw new ApiError(0, "The worker does not answer.");
  }
  const text = await response.text();
  const answer = parse(text);
  if (!response.ok) {
    throw new ApiError(response.status, answer?.message ?? `HTTP ${response.status}`);
  }
  return { answer, warnings: warningTexts(response.headers.get("Warning") ?? "") };
}

function warningTexts(header) {
  return [...header.matchAll(/\d{3} \S+ "((?:[^"\\]|\\.)*)"/g)].map(([, text]) => text.replace(/\\(.)/g, "$1"));
}

function parse(text) {
  try {
    return text === "" ? null : JSON.parse(text);
  } catch {
    return null; // an error page of something in between
  }
}

// A browser takes these out of every path, encoded or not: the call would reach something else.
const UNADDRESSABLE = [".", ".."];

function connector(name, rest = "") {
  if (UNADDRESSABLE.includes(name)) {
    throw new ApiError(0, `A browser cannot address a connector called ${name}. Use the levada command, or curl --path-as-is.`);
  }
  return `connectors/${encodeURIComponent(name)}${rest}`;
}

export const api = {
  worker: () => call("GET", ""),
  connectors: () => call("GET", "connectors?expand=status&expand=info"),
  // Failures of connectors by name; a worker that has no such call knows states and traces only.
  failures: () =>
    call("GET", "levada/v1/connectors").catch((refused) => {
      if (refused.status === 404) {
        return {};
      }
      throw refused;
    }),
  plugins: () => call("GET", "connector-plugins?connectorsOnly=false"),
  /** The worker's answer, with what it warns of. */
  validate: async (className, config) => {
    const { answer, warnings } = await exchange("PUT", `connector-plugins/${encodeURIComponent(className)}/config/validate`, config);
    return { ...answer, warnings };
  },
  create: (name, config) => call("POST", "connectors", { name, config }),
  configure: async (name, config) => call("PUT", connector(name, "/config"), config),
  pause: async (name) => call("PUT", connector(name, "/pause")),
  resume: async (name) => call("PUT", connector(name, "/resume")),
  stop: async (name) => call("PUT", connector(name, "/stop")),
  restart: async (name, onlyFailed) => call("POST", connector(name, `/restart?includeTasks=true&onlyFailed=${onlyFailed}`)),
  restartTask: async (name, task) => call("POST", connector(name, `/tasks/${task}/restart`)),
  remove: async (name) => call("DELETE", connector(name)),
};
