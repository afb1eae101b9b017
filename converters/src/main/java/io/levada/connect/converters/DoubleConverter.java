/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.converters;

import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.connect.data.Schema;

/** Doubles as eight bytes of IEEE 754, the highest first. */
public final class DoubleConverter extends PrimitiveConverter<Double> {

    public DoubleConverter() {
        super(Double.class, Schema.OPTIONAL_FLOAT64_SCHEMA, Serdes.Double());
    }
}
