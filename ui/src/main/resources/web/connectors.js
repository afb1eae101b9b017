// SPDX-License-Identifier: Apache-2.0
// All connectors, the failing ones first.
import { signal } from "./vendor/signals.js";
import { html } from "./html.js";
import { connectors } from "./state.js";
import { Actions } from "./actions.js";
import { State, failureOf, simpleName } from "./parts.js";

const filter = signal("");
const onlyFailed = signal(false);

export function Connectors() {
  const all = connectors.value;
  if (!all) {
    return html`<p class="empty">Asking the worker...</p>`;
  }
  if (all.length === 0) {
    return html`<p class="empty">No connectors yet. <a href="#/create">Create the first</a>.</p>`;
  }
  const shown = all.filter((connector) => matches(connector, filter.value.toLowerCase()));
  return html`
    <${Counters} all=${all} />
    <div class="toolbar">
      <input
        type="search"
        placeholder="Filter by name, class or config"
        aria-label="Filter connectors"
        value=${filter.value}
        onInput=${(event) => (filter.value = event.target.value)}
      />
      <a class="button primary" href="#/create">Create connector</a>
    </div>
    <table class="listing">
      <thead>
        <tr><th>Name</th><th>Type</th><th>State</th><th>Tasks</th><th>Class</th><th></th></tr>
      </thead>
      <tbody>
        ${shown.map((connector) => html`<${Row} key=${connector.name} connector=${connector} />`)}
      </tbody>
    </table>
    ${shown.length === 0 && html`<p class="empty">None of ${all.length} connectors matches.</p>`}
  `;
}

function matches(connector, text) {
  return (
    (!onlyFailed.value || connector.state === "FAILED") &&
    (text === "" || `${connector.name} ${JSON.stringify(connector.config)}`.toLowerCase().includes(text))
  );
}

function Counters({ all }) {
  const tasks = all.flatMap((connector) => connector.tasks);
  const failed = all.filter((connector) => connector.state === "FAILED").length;
  return html`
    <div class="counters">
      <div><b>${all.length}</b> connectors</div>
      <div><b>${tasks.filter((task) => task.state === "RUNNING").length}/${tasks.length}</b> tasks running</div>
      <button
        class=${failed ? "bad" : ""}
        aria-pressed=${onlyFailed.value}
        onClick=${() => (onlyFailed.value = !onlyFailed.value)}
      >
        <b>${failed}</b> failed
      </button>
    </div>
  `;
}

function Row({ connector }) {
  const failures = failuresOf(connector);
  return html`
    <tr class=${failures.length > 0 ? "failing" : ""}>
      <td><a href=${`#/connector/${encodeURIComponent(connector.name)}`}>${connector.name}</a></td>
      <td>${connector.type}</td>
      <td title="The worst of the connector's own state and its tasks'"><${State} state=${connector.state} /></td>
      <td>${connector.running}/${connector.tasks.length}</td>
      <td title=${connector.config["connector.class"]}>${simpleName(connector.config["connector.class"])}</td>
      <td><${Actions} connector=${connector} /></td>
    </tr>
    ${failures.map(
      (failure) => html`<tr class="why">
        <td colspan="6">
          <div class="cause">${failure.parts.join(", ")}: ${failure.cause}</div>
          ${failure.advice && html`<div class="advice">${failure.advice}</div>`}
        </td>
      </tr>`,
    )}
  `;
}

/** Every failure once, with the parts that have it. */
function failuresOf(connector) {
  const found = new Map();
  const note = (label, part) => {
    const failure = failureOf(part);
    if (failure) {
      const key = JSON.stringify(failure);
      found.set(key, { ...failure, parts: [...(found.get(key)?.parts ?? []), label] });
    }
  };
  note("connector", connector.connector);
  connector.tasks.forEach((task) => note(`task ${task.id}`, task));
  return [...found.values()];
}
