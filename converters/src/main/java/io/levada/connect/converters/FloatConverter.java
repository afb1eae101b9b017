/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.converters;

import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.connect.data.Schema;

/** Floats as four bytes of IEEE 754, the highest first. */
public final class FloatConverter extends PrimitiveConverter<Float> {

    public FloatConverter() {
        super(Float.class, Schema.OPTIONAL_FLOAT32_SCHEMA, Serdes.Float());
    }
}
