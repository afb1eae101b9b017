// SPDX-License-Identifier: Apache-2.0
// Markup as tagged templates, so that there is nothing to compile.
import htm from "./vendor/htm.js";
import { h } from "./vendor/preact.js";

export const html = htm.bind(h);
