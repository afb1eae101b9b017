// SPDX-License-Identifier: Apache-2.0
// A new connector: choose a plugin, fill in what it asks for.
import { signal } from "./vendor/signals.js";
import { html } from "./html.js";
import { api } from "./api.js";
import { act, plugins } from "./state.js";
import { Editor } from "./editor.js";
import { simpleName } from "./parts.js";

const chosen = signal("");

export function Create() {
  const kinds = plugins.value.filter((plugin) => plugin.type === "source" || plugin.type === "sink");
  return html`
    <h1>Create a connector</h1>
    <label class="field">
      <span>Plugin</span>
      <select value=${chosen.value} onChange=${(event) => (chosen.value = event.target.value)}>
        <option value="">Choose...</option>
        ${kinds.map((plugin) => html`<option value=${plugin.class}>${simpleName(plugin.class)} (${plugin.type})</option>`)}
      </select>
      <small>Or paste a whole config as JSON below.</small>
    </label>
    <${Editor}
      key=${chosen.value}
      initial=${chosen.value ? { name: "", "connector.class": chosen.value } : {}}
      action="Create"
      onSubmit=${create}
    />
  `;
}

async function create(config) {
  if (await act(`Created ${config.name}.`, () => api.create(config.name, config))) {
    chosen.value = "";
    location.hash = `#/connector/${encodeURIComponent(config.name)}`;
  }
}
