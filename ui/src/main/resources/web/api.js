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
  return answer;
}

function parse(text) {
  try {
    return text === "" ? null : JSON.parse(text);
  } catch {
    return null; // an error page of something in between
  }
}

const connector = (name, rest = "") => `connectors/${encodeURIComponent(name)}${rest}`;

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
  validate: (className, config) => call("PUT", `connector-plugins/${encodeURIComponent(className)}/config/validate`, config),
  create: (name, config) => call("POST", "connectors", { name, config }),
  configure: (name, config) => call("PUT", connector(name, "/config"), config),
  pause: (name) => call("PUT", connector(name, "/pause")),
  resume: (name) => call("PUT", connector(name, "/resume")),
  stop: (name) => call("PUT", connector(name, "/stop")),
  restart: (name, onlyFailed) => call("POST", connector(name, `/restart?includeTasks=true&onlyFailed=${onlyFailed}`)),
  restartTask: (name, task) => call("POST", connector(name, `/tasks/${task}/restart`)),
  remove: (name) => call("DELETE", connector(name)),
};
