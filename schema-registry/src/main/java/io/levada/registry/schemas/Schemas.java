/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.registry.schemas;

import io.levada.registry.topic.RegistryRecord;
import io.levada.registry.topic.SchemasTopic;
import java.util.List;
import java.util.Optional;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * What clients can ask of the registry. A change is decided on the catalog, appended to the topic, and true once it has been replayed.
 *
 * <p>Every method is called by one thread, and throws {@link RegistryException} for what the sender has to know.
 */
public final class Schemas {

    private static final String AVRO = "AVRO";

    private final Catalog catalog;
    private final SchemasTopic topic;

    /** @param topic replays into {@code catalog} */
    public Schemas(Catalog catalog, SchemasTopic topic) {
        this.catalog = catalog;
        this.topic = topic;
    }

    public List<String> subjects() {
        return catalog.subjects();
    }

    /** The numbers of the subject's versions, oldest first. */
    public List<Integer> versions(String subject) {
        return existing(subject).stream().map(SchemaVersion::version).toList();
    }

    /** @param version a number from 1, or {@code latest} or {@code -1} */
    public SchemaVersion version(String subject, String version) {
        List<SchemaVersion> versions = existing(subject);
        if (version.equals("latest") || version.equals("-1")) {
            return versions.get(versions.size() - 1);
        }
        int number = number(version);
        return versions.stream()
                .filter(v -> v.version() == number)
                .findFirst()
                .orElseThrow(() ->
                        new RegistryException(RegistryError.VERSION_NOT_FOUND, "Version " + number + " not found."));
    }

    private static int number(String version) {
        try {
            int number = Integer.parseInt(version);
            if (number > 0) {
                return number;
            }
        } catch (NumberFormatException ignored) {
            // answered as any other text that is no version
        }
        throw new RegistryException(
                RegistryError.INVALID_VERSION,
                "The specified version '" + version
                        + "' is not a valid version id. Allowed values are between [1, 2^31-1] and the string \"latest\"");
    }

    private List<SchemaVersion> existing(String subject) {
        List<SchemaVersion> versions = catalog.versions(subject);
        if (versions.isEmpty()) {
            throw RegistryException.subjectNotFound(subject);
        }
        return versions;
    }

    public SchemaVersion byId(int id) {
        return catalog.byId(id)
                .orElseThrow(
                        () -> new RegistryException(RegistryError.SCHEMA_NOT_FOUND, "Schema " + id + " not found"));
    }

    /** Every subject and version that has the schema. */
    public List<SchemaVersion> usesOf(int id) {
        byId(id);
        return subjects().stream()
                .flatMap(subject -> catalog.versions(subject).stream())
                .filter(version -> version.id() == id)
                .toList();
    }

    /** The version of the subject with this schema. */
    public SchemaVersion lookUp(String subject, String schemaType, String schema) {
        String canonical = parse(schemaType, schema).toString();
        return find(existing(subject), canonical)
                .orElseThrow(() -> new RegistryException(RegistryError.SCHEMA_NOT_FOUND, "Schema not found"));
    }

    private static Optional<SchemaVersion> find(List<SchemaVersion> versions, String canonical) {
        return versions.stream()
                .filter(version ->
                        version.schemaType().equals(AVRO) && version.schema().equals(canonical))
                .findFirst();
    }

    /**
     * Makes the schema the subject's latest version, unless the subject has it already.
     *
     * @return its version and id, durable
     */
    public SchemaVersion register(String subject, String schemaType, String schema) {
        topic.catchUp(); // another registry may have written since
        Schema proposed = parse(schemaType, schema);
        String canonical = proposed.toString();
        Optional<SchemaVersion> known = find(catalog.versions(subject), canonical);
        if (known.isPresent()) {
            return known.get();
        }
        List<String> faults = faults(subject, proposed, catalog.versions(subject));
        if (!faults.isEmpty()) {
            throw new RegistryException(
                    RegistryError.INCOMPATIBLE_SCHEMA,
                    "Schema being registered is incompatible with an earlier schema for subject \"" + subject
                            + "\", details: " + faults + ", compatibility: " + levelOf(subject));
        }
        int id = find(catalog.schemas(), canonical).map(SchemaVersion::id).orElseGet(catalog::nextId);
        int version = catalog.nextVersion(subject);
        topic.append(new RegistryRecord.Registered(subject, version, id, AVRO, canonical, false));
        return version(subject, Integer.toString(version));
    }

    /**
     * Compares a schema with one version.
     *
     * @return what is wrong; empty if the schema may follow that version
     */
    public List<String> faults(String subject, String version, String schemaType, String schema) {
        return faults(subject, parse(schemaType, schema), List.of(version(subject, version)));
    }

    /** Compares a schema with the versions that the subject's level asks for. */
    public List<String> faults(String subject, String schemaType, String schema) {
        return faults(subject, parse(schemaType, schema), catalog.versions(subject));
    }

    private List<String> faults(String subject, Schema proposed, List<SchemaVersion> versions) {
        List<Schema> earlier = versions.stream()
                .map(version -> parse(version.schemaType(), version.schema()))
                .toList();
        return levelOf(subject).faults(proposed, earlier);
    }

    private static Schema parse(String schemaType, String schema) {
        if (!schemaType.equals(AVRO)) {
            throw new RegistryException(
                    RegistryError.INVALID_SCHEMA,
                    "Invalid schema: type " + schemaType + " is not supported, only AVRO is");
        }
        try {
            return new Schema.Parser().parse(schema);
        } catch (AvroRuntimeException e) {
            throw new RegistryException(RegistryError.INVALID_SCHEMA, "Invalid schema: " + e.getMessage(), e);
        }
    }

    /** The level of the subject's own, or else of all. */
    public Compatibility levelOf(String subject) {
        return catalog.levelOf(subject).orElseGet(catalog::globalLevel);
    }

    /** The level of the subject's own. */
    public Compatibility ownLevelOf(String subject) {
        return catalog.levelOf(subject)
                .orElseThrow(() -> new RegistryException(
                        RegistryError.SUBJECT_LEVEL_NOT_SET,
                        "Subject '" + subject + "' does not have subject-level compatibility configured"));
    }

    public Compatibility globalLevel() {
        return catalog.globalLevel();
    }

    /** @param subject null for all without a level of their own */
    public void setLevel(@Nullable String subject, Compatibility level) {
        topic.append(new RegistryRecord.LevelSet(subject, level.name()));
    }
}
