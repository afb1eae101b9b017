// SPDX-License-Identifier: Apache-2.0
// One connector: its tasks, why they failed, and its config to edit.
import { html } from "./html.js";
import { api } from "./api.js";
import { act, connectors } from "./state.js";
import { Actions } from "./actions.js";
import { Editor } from "./editor.js";
import { Failure, State, failureOf } from "./parts.js";

export function Connector({ argument: name }) {
  const connector = connectors.value?.find((one) => one.name === name);
  if (!connector) {
    return html`<p class="empty">${connectors.value ? `There is no connector ${name}.` : "Asking the worker..."}</p>`;
  }
  return html`
    <div class="title">
      <h1>${name}</h1>
      <${State} state=${connector.state} />
      <${Actions} connector=${connector} />
    </div>
    <table>
      <thead>
        <tr><th>Part</th><th>State</th><th>Worker</th><th></th></tr>
      </thead>
      <tbody>
        <${Part} label="connector" part=${connector.connector} />
        ${connector.tasks.map((task) => html`<${Part} key=${task.id} label=${`task ${task.id}`} part=${task} name=${name} />`)}
      </tbody>
    </table>
    <h2>Config</h2>
    <${Editor}
      initial=${connector.config}
      action="Apply"
      onSubmit=${(config) => act(`Changed ${name}.`, () => api.configure(name, config))}
    />
  `;
}

function Part({ label, part, name }) {
  return html`
    <tr>
      <td>${label}</td>
      <td><${State} state=${part.state} /></td>
      <td>${part.worker_id}</td>
      <td>
        ${name &&
        html`<div class="actions">
          <button onClick=${() => act(`Restarting ${label} of ${name}.`, () => api.restartTask(name, part.id))}>Restart</button>
        </div>`}
      </td>
    </tr>
    ${failureOf(part) &&
    html`<tr class="why">
      <td colspan="4"><${Failure} part=${part} /></td>
    </tr>`}
  `;
}
