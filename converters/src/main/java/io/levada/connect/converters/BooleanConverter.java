/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.converters;

import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.connect.data.Schema;

/** Booleans as one byte, 1 or 0. */
public final class BooleanConverter extends PrimitiveConverter<Boolean> {

    public BooleanConverter() {
        super(Boolean.class, Schema.OPTIONAL_BOOLEAN_SCHEMA, Serdes.Boolean());
    }
}
