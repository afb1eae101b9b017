/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.converters;

import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.errors.DataException;
import org.jspecify.annotations.Nullable;

/** Booleans as one byte, 1 or 0. */
public final class BooleanConverter extends PrimitiveConverter<Boolean> {

    public BooleanConverter() {
        super(Boolean.class, Schema.OPTIONAL_BOOLEAN_SCHEMA, Serdes.Boolean());
    }

    /** @throws DataException if schema or value are of another type, as Apache's converter does, also for a null */
    @Override
    public byte @Nullable [] fromConnectData(String topic, @Nullable Schema actual, @Nullable Object value) {
        if (actual != null && actual.type() != Schema.Type.BOOLEAN) {
            throw new DataException(refusal(topic) + ", and the schema is " + actual.type());
        }
        return super.fromConnectData(topic, actual, value);
    }
}
