// SPDX-License-Identifier: Apache-2.0
// What the console knows, kept fresh by two calls every two seconds while somebody looks.
import { computed, signal } from "./vendor/signals.js";
import { api } from "./api.js";

const POLL_MS = 2000;
const NOTICE_MS = 6000;

export const worker = signal(null);
export const plugins = signal([]);
export const unreachable = signal(false);
export const notice = signal(null); // {kind: "done" | "failed", text}
export const route = signal(readRoute());
const listing = signal(null);

// The worst first: what somebody must look at is at the top.
const SEVERITY = ["FAILED", "RESTARTING", "UNASSIGNED", "STOPPED", "PAUSED", "RUNNING"];
export const severity = (state) => (SEVERITY.includes(state) ? SEVERITY.indexOf(state) : 1);

/** null before the first answer. A connector's state is the worst of its own and its tasks'. */
export const connectors = computed(() => listing.value && Object.values(listing.value).map(toConnector).sort(worstFirst));

function toConnector({ status: standard, info, own }) {
  const status = own ?? standard;
  const tasks = [...(status.tasks ?? [])].sort((a, b) => a.id - b.id);
  const states = [status.connector.state, ...tasks.map((task) => task.state)];
  return {
    name: status.name,
    type: status.type,
    state: states.reduce((worst, state) => (severity(state) < severity(worst) ? state : worst)),
    connector: status.connector,
    tasks,
    running: tasks.filter((task) => task.state === "RUNNING").length,
    config: info?.config ?? {},
  };
}

function worstFirst(a, b) {
  return severity(a.state) - severity(b.state) || a.name.localeCompare(b.name);
}

export async function refresh() {
  try {
    const [found, own] = await Promise.all([api.connectors(), api.failures()]);
    listing.value = Object.fromEntries(
      Object.entries(found).map(([name, entry]) => [name, { ...entry, own: own[name] }]),
    );
    if (!worker.value) {
      worker.value = await api.worker();
    }
    unreachable.value = false;
  } catch {
    unreachable.value = true;
  }
}

export async function loadPlugins() {
  plugins.value = await api.plugins();
}

/** Carries out what a button asked for, says how it went, and shows the result at once. */
export async function act(text, call) {
  try {
    await call();
    tell("done", text);
    await refresh();
    return true;
  } catch (refused) {
    tell("failed", refused.message);
    return false;
  }
}

// Good news leaves by itself; a refusal stays until it was read.
function tell(kind, text) {
  const told = { kind, text };
  notice.value = told;
  if (kind === "done") {
    setTimeout(() => notice.value === told && (notice.value = null), NOTICE_MS);
  }
}

function readRoute() {
  const [page = "connectors", argument] = location.hash.replace(/^#\/?/, "").split("/");
  return { page: page || "connectors", argument: argument && decoded(argument) };
}

// A typed or cut address may hold a lone percent sign; it is taken as it stands.
function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

export function start() {
  addEventListener("hashchange", () => {
    route.value = readRoute();
  });
  addEventListener("visibilitychange", () => document.hidden || refresh());
  setInterval(() => document.hidden || refresh(), POLL_MS);
  refresh();
  loadPlugins().catch(() => {
    unreachable.value = true;
  });
}
