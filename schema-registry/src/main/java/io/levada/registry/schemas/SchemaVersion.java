/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.registry.schemas;

/**
 * A version of a subject.
 *
 * @param version from 1
 * @param id of the schema, in every subject that has it
 * @param schema its text
 */
public record SchemaVersion(String subject, int version, int id, String schemaType, String schema) {}
