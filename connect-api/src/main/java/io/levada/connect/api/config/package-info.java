/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Configuration declared once, as a record.
 *
 * <p>A record component annotated with {@link io.levada.connect.api.config.Option} is a configuration key: its type gives the
 * {@link org.apache.kafka.common.config.ConfigDef} type and the conversion, the annotation gives the name, the documentation, the
 * default and the bounds. A component whose type is itself a record contributes that record's options, so a large configuration
 * is a record of records. {@link io.levada.connect.api.config.ConfigSpec} turns the record class into a {@code ConfigDef}, and a
 * map of strings into an instance; nothing below a connector's edge sees the map.
 *
 * <p>Everything here is immutable and may be used from any thread.
 */
@NullMarked
package io.levada.connect.api.config;

import org.jspecify.annotations.NullMarked;
