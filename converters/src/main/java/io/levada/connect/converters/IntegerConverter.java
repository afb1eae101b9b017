/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.converters;

import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.connect.data.Schema;

/** Integers as four bytes, the highest first. */
public final class IntegerConverter extends PrimitiveConverter<Integer> {

    public IntegerConverter() {
        super(Integer.class, Schema.OPTIONAL_INT32_SCHEMA, Serdes.Integer());
    }
}
