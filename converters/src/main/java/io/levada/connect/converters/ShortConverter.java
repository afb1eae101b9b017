/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.converters;

import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.connect.data.Schema;

/** Shorts as two bytes, the highest first. */
public final class ShortConverter extends PrimitiveConverter<Short> {

    public ShortConverter() {
        super(Short.class, Schema.OPTIONAL_INT16_SCHEMA, Serdes.Short());
    }
}
