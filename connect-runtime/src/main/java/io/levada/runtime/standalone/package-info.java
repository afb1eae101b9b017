/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The state of a worker without a group, as Kafka Connect's standalone mode keeps it: source offsets in a file of its format, connectors and statuses in
 * memory. The stores see logs, as those of internal topics are; the thread {@code levada-state} reads them to the stores and writes the file.
 */
@NullMarked
package io.levada.runtime.standalone;

import org.jspecify.annotations.NullMarked;
