/* SPDX-License-Identifier: Apache-2.0 */
/**
 * What clients learn about the cluster: one node, its addresses per listener, its topics. Read-only, answered on the calling event loop.
 */
@NullMarked
package io.levada.broker.cluster;

import org.jspecify.annotations.NullMarked;
