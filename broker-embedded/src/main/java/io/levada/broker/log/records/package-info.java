/* SPDX-License-Identifier: Apache-2.0 */
/**
 * What is looked at in a batch before it is appended: {@link io.levada.broker.log.records.BatchValidator} checks headers, sizes and times, {@link
 * io.levada.broker.log.records.RecordInspection} the records inside, in bounded memory; {@link io.levada.broker.log.records.Recompression} is for topics
 * with a compression of their own. Nothing here keeps state, or touches a disk.
 */
@NullMarked
package io.levada.broker.log.records;

import org.jspecify.annotations.NullMarked;
