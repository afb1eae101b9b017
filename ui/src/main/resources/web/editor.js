// SPDX-License-Identifier: Apache-2.0
// A connector's config as JSON and as a form of the same text, checked by the worker while one types.
import { useComputed, useSignal, useSignalEffect } from "./vendor/signals.js";
import { html } from "./html.js";
import { api } from "./api.js";

const QUIET_MS = 300;

export function Editor({ initial, action, onSubmit }) {
  const text = useSignal(JSON.stringify(initial, null, 2));
  const parsed = useComputed(() => parse(text.value));
  const checked = useSignal(null); // the worker's answer to the last validate, or {message} when it gave none
  const all = useSignal(false);
  useSignalEffect(() => {
    const { config } = parsed.value;
    const timer = setTimeout(async () => (checked.value = await validate(config)), QUIET_MS);
    return () => clearTimeout(timer);
  });
  const set = (key, value) => {
    const { [key]: ignored, ...others } = parsed.value.config ?? {};
    text.value = JSON.stringify(value === "" ? others : { ...parsed.value.config, [key]: value }, null, 2);
  };
  const { config, error } = parsed.value;
  const errors = checked.value?.error_count ?? 0;
  const ready = config && config.name && config["connector.class"] && checked.value && !checked.value.message && errors === 0;
  return html`
    <div class="editor">
      <div class="field">
        <span>JSON</span>
        <textarea
          aria-label="Config as JSON"
          spellcheck="false"
          rows=${Math.max(12, text.value.split("\n").length + 1)}
          value=${text.value}
          onInput=${(event) => (text.value = event.target.value)}
        ></textarea>
        <${Verdict} error=${error ?? checked.value?.message} errors=${errors} ready=${ready} />
        <div class="actions">
          <button class="primary" disabled=${!ready} onClick=${() => onSubmit(strings(config))}>${action}</button>
        </div>
      </div>
      <${Form} answer=${checked.value} config=${config} all=${all} set=${set} />
    </div>
  `;
}

/** Accepts both shapes that people keep in files: {name, config: {..}} and the flat config. */
function parse(text) {
  try {
    const root = JSON.parse(text);
    if (root === null || typeof root !== "object" || Array.isArray(root)) {
      return { error: "A config is a JSON object." };
    }
    return { config: root.config instanceof Object ? { name: root.name, ...root.config } : root };
  } catch (malformed) {
    return { error: malformed.message };
  }
}

const strings = (config) => Object.fromEntries(Object.entries(config).map(([key, value]) => [key, value === null ? null : String(value)]));

async function validate(config) {
  if (!config?.["connector.class"]) {
    return null;
  }
  try {
    return await api.validate(config["connector.class"], strings(config));
  } catch (refused) {
    return { message: refused.message };
  }
}

function Verdict({ error, errors, ready }) {
  if (error) {
    return html`<p class="verdict bad" role="status">${error}</p>`;
  }
  if (errors > 0) {
    return html`<p class="verdict bad" role="status">${errors === 1 ? "1 error" : `${errors} errors`}, each under its field.</p>`;
  }
  return html`<p class="verdict" role="status">${ready ? "The worker finds no error." : ""}</p>`;
}

function Form({ answer, config, all, set }) {
  const fields = (answer?.configs ?? []).filter(({ value }) => value.visible !== false);
  const asked = fields.filter((field) => all.value || isAskedFor(field, config));
  if (fields.length === 0) {
    return html`<div class="form empty">Choose a plugin, or name a connector.class, and the worker says what it asks for.</div>`;
  }
  return html`
    <div class="form">
      ${byGroup(asked).map(
        ([group, members]) => html`
          <fieldset key=${group}>
            <legend>${group}</legend>
            ${members.map((field) => html`<${Field} key=${field.definition.name} field=${field} config=${config} set=${set} />`)}
          </fieldset>
        `,
      )}
      <button onClick=${() => (all.value = !all.value)}>
        ${all.value ? "Show what matters" : `Show all ${fields.length} options`}
      </button>
    </div>
  `;
}

function isAskedFor({ definition, value }, config) {
  return definition.required || value.errors.length > 0 || (config !== undefined && definition.name in config);
}

function byGroup(fields) {
  const groups = new Map();
  for (const field of fields) {
    const group = field.definition.group ?? "Other";
    groups.set(group, [...(groups.get(group) ?? []), field]);
  }
  return [...groups];
}

function Field({ field: { definition, value }, config, set }) {
  const { name } = definition;
  const bad = value.errors.length > 0;
  const options = value.recommended_values ?? [];
  return html`
    <label class=${`field ${bad ? "bad" : ""}`}>
      <span>${name}${definition.required && html` <em>required</em>`}</span>
      <input
        type=${definition.type === "PASSWORD" ? "password" : "text"}
        autocomplete="off"
        list=${options.length ? `values-${name}` : undefined}
        placeholder=${definition.default_value ?? ""}
        value=${config?.[name] ?? ""}
        aria-invalid=${bad}
        onChange=${(event) => set(name, event.target.value)}
      />
      ${options.length > 0 &&
      html`<datalist id=${`values-${name}`}>${options.map((option) => html`<option value=${option}></option>`)}</datalist>`}
      ${value.errors.map((error) => html`<strong class="error">${error}</strong>`)}
      <small>${definition.documentation}</small>
    </label>
  `;
}
