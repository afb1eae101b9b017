/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.types;

import java.util.List;
import java.util.Set;
import org.apache.kafka.connect.data.SchemaBuilder;

/** An enum: its label, and in the schema all labels there are. */
final class EnumMapping implements ColumnMapping {

    private final String allowed;
    private final Set<String> labels;
    private final Placeholder placeholder;

    EnumMapping(List<String> labels, Placeholder placeholder) {
        allowed = String.join(",", labels);
        this.labels = Set.copyOf(labels);
        this.placeholder = placeholder;
    }

    @Override
    public SchemaBuilder schema() {
        return SchemaBuilder.string().name("io.debezium.data.Enum").version(1).parameter("allowed", allowed);
    }

    @Override
    public Object read(byte[] text, int offset, int length) {
        return Text.read(text, offset, length);
    }

    @Override
    public Object unavailable() {
        return placeholder.text();
    }

    @Override
    public boolean outdatedBy(Object value) {
        return value instanceof String label && !labels.contains(label);
    }
}
