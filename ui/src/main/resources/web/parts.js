// SPDX-License-Identifier: Apache-2.0
// Small pieces that several pages show.
import { html } from "./html.js";

const SYMBOLS = { RUNNING: "●", FAILED: "✖", PAUSED: "❚❚", STOPPED: "■", UNASSIGNED: "○", RESTARTING: "↻" };

/** A state is a word and a symbol; colour only repeats them. */
export function State({ state }) {
  return html`<span class=${`state ${state.toLowerCase()}`}><span aria-hidden="true">${SYMBOLS[state] ?? "○"}</span> ${state}</span>`;
}

/** A stack trace with what went wrong in front: the last cause in it. */
export function Trace({ trace }) {
  return html`
    <div class="trace">
      <strong>${rootCause(trace)}</strong>
      <details>
        <summary>Stack trace</summary>
        <pre>${trace}</pre>
      </details>
    </div>
  `;
}

export function rootCause(trace) {
  const lines = trace.split("\n");
  const causes = lines.filter((line) => line.startsWith("Caused by: "));
  return (causes.at(-1) ?? lines[0]).replace("Caused by: ", "");
}

export const simpleName = (className = "") => className.slice(className.lastIndexOf(".") + 1);

/** Asks before something is lost. Resolves to true only if the person typed the name. */
export function confirmByName(question, name) {
  const dialog = document.createElement("dialog");
  const form = element("form", { method: "dialog" });
  const input = element("input", { autocomplete: "off", ariaLabel: "Name" });
  const confirm = element("button", { value: "yes", className: "danger", textContent: "Delete", disabled: true });
  const cancel = element("button", { value: "", textContent: "Cancel" });
  input.addEventListener("input", () => (confirm.disabled = input.value !== name));
  const row = element("div", { className: "actions" });
  row.append(cancel, confirm);
  form.append(element("p", { textContent: question }), element("p", { textContent: `Type ${name} to confirm.` }), input, row);
  dialog.append(form);
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes" && input.value === name);
    });
  });
}

const element = (tag, properties) => Object.assign(document.createElement(tag), properties);
