// SPDX-License-Identifier: Apache-2.0
// A connector's config as JSON and as a form of the same text, checked by the worker while one types.
import { useComputed, useSignal, useSignalEffect } from "./vendor/signals.js";
import { html } from "./html.js";
import { api } from "./api.js";

const QUIET_MS = 300;
// Groups of the worker's answer that are no offers: keys that nobody reads, and keys that are refused.
const UNKNOWN = "Unknown keys";
const REFUSED = "Not supported";
// Which part a converter works for is the worker's to say.
const SET_BY_WORKER = /^(key|value|header)\.converter\.converter\.type$/;

export function Editor({ initial, action, onSubmit }) {
  const text = useSignal(JSON.stringify(initial, null, 2));
  const parsed = useComputed(() => parse(text.value));
  const checked = useSignal(null); // the worker's answer to the last validate, or {message} when it gave none
  const all = useSignal(false);
  useSignalEffect(() => {
    const { config } = parsed.value;
    let outdated = false; // a slow answer must not replace that of a later text
    const timer = setTimeout(async () => {
      const answer = await validate(config);
      if (!outdated) {
        checked.value = answer;
      }
    }, QUIET_MS);
    return () => {
      outdated = true;
      clearTimeout(timer);
    };
  });
  const set = (key, value) => {
    const { [key]: ignored, ...others } = parsed.value.config ?? {};
    text.value = JSON.stringify(value === "" ? others : { ...parsed.value.config, [key]: value }, null, 2);
  };
  const { config, error } = parsed.value;
  const errors = checked.value?.error_count ?? 0;
  const fields = fieldsOf(checked.value);
  const missing = fields.filter((field) => isMissing(field, config)).map(({ name }) => name);
  const beside = new Set(fields.filter(({ definition }) => definition.group === UNKNOWN).map(({ definition }) => definition.documentation));
  const warnings = (checked.value?.warnings ?? []).filter((text) => !beside.has(text));
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
        <${Verdict} error=${error ?? checked.value?.message} errors=${errors} missing=${missing} ready=${ready} />
        ${warnings.map((text) => html`<p class="warning" role="status">${text}</p>`)}
        <div class="actions">
          <button class="primary" disabled=${!ready} onClick=${() => onSubmit(strings(config))}>${action}</button>
        </div>
      </div>
      <${Form} fields=${fields} config=${config} all=${all} set=${set} />
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

/** Fields to show. Kafka Connect leaves the definition of a key out that nobody defines, and may leave a value out. */
function fieldsOf(answer) {
  return (answer?.configs ?? [])
    .map(({ definition, value }) => {
      const name = definition?.name ?? value?.name;
      return {
        name,
        definition: definition ?? { name, group: UNKNOWN, documentation: "" },
        value: { visible: true, recommended_values: [], ...value, errors: told(value?.errors ?? []) },
      };
    })
    .filter(({ name, value }) => value.visible !== false && !SET_BY_WORKER.test(name));
}

/** Kafka adds that null is not allowed where it has just said that a value cannot be read. */
function told(errors) {
  return errors.filter((error, at) => at === 0 || !error.startsWith("Invalid value null for configuration"));
}

/** Not wrong, only not filled in yet. */
function isMissing({ name, value }, config) {
  return value.errors.length > 0 && (config?.[name] ?? "") === "";
}

function Verdict({ error, errors, missing, ready }) {
  if (error) {
    return html`<p class="verdict bad" role="status">${error}</p>`;
  }
  if (missing.length > 0 && missing.length >= errors) {
    return html`<p class="verdict open" role="status">Still to fill in: ${missing.join(", ")}.</p>`;
  }
  if (errors > 0) {
    return html`<p class="verdict bad" role="status">${errors === 1 ? "1 error" : `${errors} errors`}, each under its field.</p>`;
  }
  return html`<p class="verdict" role="status">${ready ? "The worker finds no error." : ""}</p>`;
}

function Form({ fields, config, all, set }) {
  const given = (field) => config !== undefined && field.name in config;
  const offered = fields.filter((field) => field.definition.group !== REFUSED || given(field));
  const asked = offered.filter((field) => all.value || isAskedFor(field, given(field)));
  if (fields.length === 0) {
    return html`<div class="form empty">Choose a plugin, or name a connector.class, and the worker says what it asks for.</div>`;
  }
  return html`
    <div class="form">
      ${byGroup(asked).map(
        ([group, members]) => html`
          <fieldset key=${group}>
            <legend>${group}</legend>
            ${members.map((field) => html`<${Field} key=${field.name} field=${field} config=${config} set=${set} />`)}
          </fieldset>
        `,
      )}
      <button onClick=${() => (all.value = !all.value)}>
        ${all.value ? "Show what matters" : `Show all ${offered.length} options`}
      </button>
    </div>
  `;
}

function isAskedFor({ definition, value }, given) {
  return definition.required || value.errors.length > 0 || given;
}

function byGroup(fields) {
  const groups = new Map();
  for (const field of fields) {
    const group = field.definition.group ?? "Other";
    groups.set(group, [...(groups.get(group) ?? []), field]);
  }
  return [...groups];
}

function Field({ field, config, set }) {
  const { name, definition, value } = field;
  const missing = isMissing(field, config);
  const bad = value.errors.length > 0 && !missing;
  const unknown = definition.group === UNKNOWN;
  // For an unknown key these are the nearest keys, not values of it; its text names them.
  const options = unknown ? [] : value.recommended_values;
  return html`
    <label class=${`field ${bad ? "bad" : unknown ? "odd" : ""}`}>
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
      ${value.errors.map((error) => html`<strong class=${bad ? "error" : "missing"}>${error}</strong>`)}
      ${unknown
        ? html`<strong class="warning">${definition.documentation}</strong>`
        : html`<small>${definition.documentation}</small>`}
    </label>
  `;
}
