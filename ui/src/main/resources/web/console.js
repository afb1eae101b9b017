// SPDX-License-Identifier: Apache-2.0
// The frame: navigation, notices, and the page that the address names.
import { render } from "./vendor/preact.js";
import "./vendor/signals.js";
import { html } from "./html.js";
import { notice, route, start, unreachable, worker } from "./state.js";
import { Connectors } from "./connectors.js";
import { Connector } from "./connector.js";
import { Create } from "./create.js";
import { Plugins } from "./plugins.js";

const PAGES = { connectors: Connectors, connector: Connector, create: Create, plugins: Plugins };
const LINKS = [
  ["connectors", "Connectors"],
  ["create", "Create"],
  ["plugins", "Plugins"],
];

function Console() {
  const { page, argument } = route.value;
  const Page = PAGES[page] ?? Connectors;
  return html`
    <header>
      <a class="brand" href="#/connectors"><img src="icon.svg" alt="" width="24" height="24" />Levada</a>
      <nav aria-label="Pages">
        ${LINKS.map(
          ([name, label]) => html`<a href=${`#/${name}`} aria-current=${name === page ? "page" : undefined}>${label}</a>`,
        )}
      </nav>
      <small class="worker">${worker.value && `Version ${worker.value.version}`}</small>
    </header>
    ${unreachable.value && html`<p class="banner" role="alert">The worker does not answer. What you see may be old; trying again.</p>`}
    <main>
      <${Notice} />
      <${Page} argument=${argument} key=${`${page}/${argument}`} />
    </main>
  `;
}

function Notice() {
  const shown = notice.value;
  return (
    shown &&
    html`<p class=${`notice ${shown.kind}`} role="status">
      <span>${shown.text}</span>
      <button class="quiet" onClick=${() => (notice.value = null)} aria-label="Dismiss">Dismiss</button>
    </p>`
  );
}

start();
render(html`<${Console} />`, document.getElementById("console"));
