/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.converters;

import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.connect.data.Schema;

/** Longs as eight bytes, the highest first. */
public final class LongConverter extends PrimitiveConverter<Long> {

    public LongConverter() {
        super(Long.class, Schema.OPTIONAL_INT64_SCHEMA, Serdes.Long());
    }
}
