/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.transforms;

import io.levada.connect.api.StructValues;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;

/**
 * How a struct of one schema becomes a struct of a schema derived from it: which field goes where. Made once a schema, so that a
 * record costs no look-up by name.
 *
 * @param target the derived schema
 * @param copies the fields to carry over, each between fields of one type; fields of {@code target} that none of them fills are left to the caller
 */
record StructMapping(Schema target, List<FieldCopy> copies) {

    /** A field of the source and the field of the target that receives its value. */
    record FieldCopy(Field from, Field to) {}

    StructMapping {
        copies = List.copyOf(copies);
    }

    /**
     * Maps every field of {@code target} that has a source.
     *
     * @param sourceName from the name of a field in {@code target} to its name in {@code source}
     */
    static StructMapping between(Schema source, Schema target, UnaryOperator<String> sourceName) {
        List<FieldCopy> copies = new ArrayList<>();
        for (Field to : target.fields()) {
            Field from = source.field(sourceName.apply(to.name()));
            if (from != null) {
                copies.add(new FieldCopy(from, to));
            }
        }
        return new StructMapping(target, copies);
    }

    /** A builder of a struct schema with the name, version, doc and parameters of {@code source}, and no field yet. */
    static SchemaBuilder likewise(Schema source) {
        return describedAs(source, SchemaBuilder.struct());
    }

    /** The builder with the name, version, doc and parameters of {@code source}. */
    static SchemaBuilder describedAs(Schema source, SchemaBuilder builder) {
        builder.name(source.name()).version(source.version()).doc(source.doc());
        if (source.parameters() != null) {
            builder.parameters(source.parameters());
        }
        return builder;
    }

    /** A new struct of the target schema with the mapped fields filled. */
    Struct copy(Struct source, Nulls nulls) {
        Struct result = new Struct(target);
        for (FieldCopy copy : copies) {
            StructValues.put(result, copy.to, nulls.read(source, copy.from));
        }
        return result;
    }
}
