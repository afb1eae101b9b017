// SPDX-License-Identifier: Apache-2.0
// What the worker found on its plugin.path.
import { html } from "./html.js";
import { plugins } from "./state.js";
import { simpleName } from "./parts.js";

const ORDER = ["source", "sink", "transformation", "predicate", "converter", "header_converter"];

export function Plugins() {
  const kinds = [...new Set([...ORDER, ...plugins.value.map((plugin) => plugin.type)])];
  return html`
    <h1>Plugins</h1>
    ${kinds.map((kind) => html`<${Kind} key=${kind} kind=${kind} />`)}
  `;
}

function Kind({ kind }) {
  const found = plugins.value.filter((plugin) => plugin.type === kind);
  return (
    found.length > 0 &&
    html`
      <h2>${kind.replace("_", " ")}</h2>
      <table>
        <tbody>
          ${found.map(
            (plugin) => html`<tr key=${plugin.class + plugin.version}>
              <td>${simpleName(plugin.class)}</td>
              <td class="class">${plugin.class}</td>
              <td>${plugin.version}</td>
            </tr>`,
          )}
        </tbody>
      </table>
    `
  );
}
