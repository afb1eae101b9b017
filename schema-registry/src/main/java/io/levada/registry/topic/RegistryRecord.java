/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.registry.topic;

import org.jspecify.annotations.Nullable;

/** What one record of the registry's topic says. */
public sealed interface RegistryRecord {

    /**
     * A schema is a version of a subject.
     *
     * @param version from 1
     * @param id of the schema, the same in every subject that has it
     * @param schemaType {@code AVRO}, {@code JSON} or {@code PROTOBUF}
     * @param deleted whether the version has been deleted softly: its id still resolves
     */
    record Registered(String subject, int version, int id, String schemaType, String schema, boolean deleted)
            implements RegistryRecord {}

    /** The version no longer exists, not even for its id. */
    record Removed(String subject, int version) implements RegistryRecord {}

    /** All versions of the subject up to {@code version} are deleted softly. */
    record SubjectDeleted(String subject, int version) implements RegistryRecord {}

    /**
     * The compatibility level of a subject.
     *
     * @param subject null for all subjects without a level of their own
     * @param level null to fall back to the level of all
     */
    record LevelSet(@Nullable String subject, @Nullable String level) implements RegistryRecord {}

    /** Something that makes no difference here, such as a marker of Confluent's own registry. */
    record Other() implements RegistryRecord {}
}
