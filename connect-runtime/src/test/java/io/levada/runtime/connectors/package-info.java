/* SPDX-License-Identifier: Apache-2.0 */
/** Small connectors that tests run in a worker. What they did is kept in static journals, by connector name. */
@NullMarked
package io.levada.runtime.connectors;

import org.jspecify.annotations.NullMarked;
