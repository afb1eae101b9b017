/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Topics: what exists, under which id, with how many partitions and which settings, kept on disk; and the admin APIs that change it.
 *
 * <p>{@link io.levada.broker.topic.TopicCatalog} is an immutable snapshot that any thread reads. Changes run one after another on the executor given
 * to {@link io.levada.broker.topic.Topics}, which may block on disk.
 */
@NullMarked
package io.levada.broker.topic;

import org.jspecify.annotations.NullMarked;
