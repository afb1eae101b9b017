/* SPDX-License-Identifier: Apache-2.0 */
/**
 * S3 sink: records become objects of JSON lines.
 *
 * <p>{@code S3SinkTask} owns a {@code PartitionWriter} for each Kafka partition; that one owns the open objects and
 * decides, by a {@code Rotation}, when they are finished. Everything runs on the task thread, uploads included.
 */
@NullMarked
package io.levada.connect.s3;

import org.jspecify.annotations.NullMarked;
