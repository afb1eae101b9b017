// SPDX-License-Identifier: Apache-2.0
// What can be done to a connector, as far as its state allows it.
import { html } from "./html.js";
import { api } from "./api.js";
import { act } from "./state.js";
import { confirmByName } from "./parts.js";

export function Actions({ connector }) {
  const { name } = connector;
  const failed = connector.state === "FAILED";
  const halted = ["PAUSED", "STOPPED"].includes(connector.connector.state);
  return html`
    <div class="actions">
      ${halted
        ? html`<button onClick=${() => act(`Resumed ${name}.`, () => api.resume(name))}>Resume</button>`
        : html`<button onClick=${() => act(`Paused ${name}.`, () => api.pause(name))}>Pause</button>`}
      ${failed
        ? html`<button onClick=${() => act(`Restarting what failed of ${name}.`, () => api.restart(name, true))}>Restart failed</button>`
        : !halted && html`<button onClick=${() => act(`Restarting ${name}.`, () => api.restart(name, false))}>Restart</button>`}
      ${connector.connector.state !== "STOPPED" &&
      html`<button onClick=${() => act(`Stopped ${name}.`, () => api.stop(name))}>Stop</button>`}
      <button class="danger" onClick=${() => remove(name)}>Delete</button>
    </div>
  `;
}

async function remove(name) {
  const question = `Delete connector ${name}? Its topics stay, and so do its offsets.`;
  if (await confirmByName(question, name)) {
    await act(`Deleted ${name}.`, () => api.remove(name));
    location.hash = "#/connectors";
  }
}
