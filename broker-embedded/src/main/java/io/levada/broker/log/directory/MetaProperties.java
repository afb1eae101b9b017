/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log.directory;

import io.levada.broker.log.files.AtomicFile;
import io.levada.broker.log.files.LogDirectoryException;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.common.Uuid;

/**
 * {@code meta.properties}: whose data the directory holds, in Kafka's version 1 of the file.
 *
 * @param clusterId the cluster's id
 * @param nodeId the broker's id in it, at least 0
 */
public record MetaProperties(String clusterId, int nodeId) {
    public static final String FILE = "meta.properties";
    private static final int FIRST_NODE = 1;

    /** Reads the file, or makes one with a new cluster id. */
    static MetaProperties readOrCreate(Path directory) throws IOException {
        Path file = directory.resolve(FILE);
        return Files.exists(file) ? read(file) : create(directory);
    }

    private static MetaProperties create(Path directory) throws IOException {
        MetaProperties created = new MetaProperties(Uuid.randomUuid().toString(), FIRST_NODE);
        AtomicFile.write(
                directory,
                FILE,
                List.of(
                        "version=1",
                        "cluster.id=" + created.clusterId,
                        "node.id=" + created.nodeId,
                        "directory.id=" + Uuid.randomUuid()));
        return created;
    }

    /**
     * Reads the file.
     *
     * @throws LogDirectoryException when it does not say what it has to
     */
    public static MetaProperties read(Path file) throws IOException {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            properties.load(reader);
        } catch (IllegalArgumentException | CharacterCodingException e) {
            throw wrong(file, "it is not a properties file");
        }
        if (!"1".equals(properties.getProperty("version"))) {
            throw wrong(file, "version=" + properties.getProperty("version") + ", known is 1");
        }
        String clusterId = properties.getProperty("cluster.id", "");
        String nodeId = properties.getProperty("node.id", "");
        if (clusterId.isBlank() || !nodeId.matches("[0-9]{1,9}")) {
            throw wrong(
                    file,
                    "cluster.id=" + clusterId + ", node.id=" + nodeId + "; both must be there, the second a number");
        }
        return new MetaProperties(clusterId, Integer.parseInt(nodeId));
    }

    private static LogDirectoryException wrong(Path file, String reason) {
        return new LogDirectoryException(file + " does not describe a data directory of this broker: " + reason
                + ". Set data.dir to a folder of its own, or repair the file from a copy");
    }
}
