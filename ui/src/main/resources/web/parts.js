// SPDX-License-Identifier: Apache-2.0
// Small pieces that several pages show.
import { html } from "./html.js";

const SYMBOLS = { RUNNING: "●", FAILED: "✖", PAUSED: "❚❚", STOPPED: "■", UNASSIGNED: "○", RESTARTING: "↻" };

/** A state is a word and a symbol; colour only repeats them. */
export function State({ state }) {
  return html`<span class=${`state ${state.toLowerCase()}`}><span aria-hidden="true">${SYMBOLS[state] ?? "○"}</span> ${state}</span>`;
}

/** Why a part fails and what follows, in the worker's words, with the stack trace folded below. */
export function Failure({ part }) {
  const { cause, first, advice } = failureOf(part);
  return html`
    <div class="trace">
      <strong>${cause}</strong>
      ${first && html`<div>${first}</div>`}
      ${advice && html`<div class="advice">${advice}</div>`}
      ${part.trace &&
      html`<details>
        <summary>Stack trace</summary>
        <pre>${part.trace}</pre>
      </details>`}
    </div>
  `;
}

/** What a part's status tells of its failure; null if it is healthy. A worker without Levada's own API tells a trace only. */
export function failureOf(part) {
  const failure = part.failure;
  if (failure) {
    return {
      cause: failure.last_cause,
      first: failure.first_cause !== failure.last_cause && `First failed at ${failure.first_failed_at}: ${failure.first_cause}`,
      advice: failure.advice,
    };
  }
  return part.trace ? { cause: part.trace.split("\n")[0].replace(/^[\w.$]+\.(\w+): /, "$1: ") } : null;
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
