/* SPDX-License-Identifier: Apache-2.0 */
/** Who may import whom: the diagram of docs/architecture.md, as tests. */
@NullMarked
package io.levada.it.architecture;

import org.jspecify.annotations.NullMarked;
