/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.registry.schemas;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.apache.avro.SchemaCompatibility.SchemaPairCompatibility;

/** How a new schema must relate to the ones before it. */
public enum Compatibility {
    NONE(false, false, false),
    /** Readers with the new schema understand data of the latest. */
    BACKWARD(true, false, false),
    /** Readers with the new schema understand data of all. */
    BACKWARD_TRANSITIVE(true, false, true),
    /** Readers with the latest schema understand data of the new. */
    FORWARD(false, true, false),
    /** Readers with any schema understand data of the new. */
    FORWARD_TRANSITIVE(false, true, true),
    /** Backward and forward. */
    FULL(true, true, false),
    FULL_TRANSITIVE(true, true, true);

    private final boolean backward;
    private final boolean forward;
    private final boolean transitive;

    Compatibility(boolean backward, boolean forward, boolean transitive) {
        this.backward = backward;
        this.forward = forward;
        this.transitive = transitive;
    }

    /** @throws RegistryException if there is no level of this name, in any case */
    public static Compatibility named(String name) {
        for (Compatibility level : values()) {
            if (level.name().equals(name.toUpperCase(Locale.ROOT))) {
                return level;
            }
        }
        throw new RegistryException(
                RegistryError.INVALID_COMPATIBILITY_LEVEL,
                "Invalid compatibility level. Valid values are none, backward, forward, full, backward_transitive, "
                        + "forward_transitive, and full_transitive");
    }

    /**
     * Compares a new schema with the existing ones.
     *
     * @param existing oldest first
     * @return what is wrong, one text a fault; empty if nothing is
     */
    List<String> faults(Schema proposed, List<Schema> existing) {
        int first = transitive ? 0 : Math.max(0, existing.size() - 1);
        List<String> faults = new ArrayList<>();
        for (Schema other : existing.subList(first, existing.size())) {
            if (backward) {
                check(proposed, other, "the new schema cannot read data of the old", faults);
            }
            if (forward) {
                check(other, proposed, "the old schema cannot read data of the new", faults);
            }
        }
        return faults;
    }

    private static void check(Schema reader, Schema writer, String what, List<String> faults) {
        SchemaPairCompatibility pair = SchemaCompatibility.checkReaderWriterCompatibility(reader, writer);
        if (pair.getType() != SchemaCompatibilityType.COMPATIBLE) {
            pair.getResult()
                    .getIncompatibilities()
                    .forEach(fault -> faults.add(
                            what + ": " + fault.getType() + " at " + fault.getLocation() + ", " + fault.getMessage()));
        }
    }
}
