/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.demo;

import java.io.IOException;
import java.io.Reader;
import java.io.StringWriter;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;
import java.util.Properties;

/**
 * How the database and S3 are reached, in a file for its owner alone. The connectors' configurations refer to it through a config
 * provider. So they are the same in every run, although ports may not be: a worker that comes up with the connectors of an earlier
 * run, or of one that was killed, starts them with this run's addresses. And no password is in a configuration.
 */
final class DemoConnections {

    static final String POSTGRES_URL = "postgres.url";
    static final String POSTGRES_PORT = "postgres.port";
    static final String POSTGRES_PASSWORD = "postgres.password";
    static final String S3_URL = "s3.url";
    static final String S3_SECRET_KEY = "s3.secret.key";

    private static final String PROVIDER = "demo";
    private static final String S3_PORT = "s3.port";
    private static final int SECRET_BYTES = 16;

    private final Path file;
    private final Properties properties;
    private final boolean postgresPasswordIsNew;

    private DemoConnections(Path file, Properties properties, boolean postgresPasswordIsNew) {
        this.file = file;
        this.properties = properties;
        this.postgresPasswordIsNew = postgresPasswordIsNew;
    }

    /** Those of the last run over the folder; secrets are made once. On return the file is there. */
    static DemoConnections open(Path file) throws IOException {
        refuseUnnameable(file);
        Properties properties = new Properties();
        if (Files.exists(file)) {
            try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
                properties.load(reader);
            } catch (IllegalArgumentException | CharacterCodingException torn) {
                throw new DemoProblem(
                        file + " cannot be read: " + torn, "Remove it: it is made anew, with other passwords.", torn);
            }
        }
        boolean postgresPasswordIsNew = !properties.containsKey(POSTGRES_PASSWORD);
        properties.computeIfAbsent(POSTGRES_PASSWORD, key -> secret());
        properties.computeIfAbsent(S3_SECRET_KEY, key -> secret());
        DemoConnections connections = new DemoConnections(file, properties, postgresPasswordIsNew);
        connections.save();
        return connections;
    }

    /** The ports of the last run where they are free, and others where they are not. */
    int postgresPort() throws IOException {
        return LoopbackPort.freeOr(port(POSTGRES_PORT));
    }

    int s3Port() throws IOException {
        return LoopbackPort.freeOr(port(S3_PORT));
    }

    String postgresPassword() {
        return properties.getProperty(POSTGRES_PASSWORD);
    }

    /** Whether it was made by this run, so that a database that is there already knows another. */
    boolean isPostgresPasswordNew() {
        return postgresPasswordIsNew;
    }

    String s3SecretKey() {
        return properties.getProperty(S3_SECRET_KEY);
    }

    /** Notes where the two can be reached now; what refers to them finds it from the return on. */
    void reached(DemoPostgres postgres, DemoS3 s3) throws IOException {
        properties.setProperty(POSTGRES_URL, postgres.jdbcUrl());
        properties.setProperty(POSTGRES_PORT, Integer.toString(postgres.port()));
        properties.setProperty(S3_URL, s3.url());
        properties.setProperty(S3_PORT, Integer.toString(s3.port()));
        save();
    }

    /** What stands in a connector's configuration for the value. */
    String reference(String key) {
        return "${" + PROVIDER + ":" + file + ":" + key + "}";
    }

    /** Lays the config provider that knows the references over a worker's properties, beside those it has. */
    void provideTo(Map<String, String> worker) {
        worker.merge("config.providers", PROVIDER, (theirs, ours) -> theirs + "," + ours);
        String key = "config.providers." + PROVIDER;
        worker.put(key + ".class", "org.apache.kafka.common.config.provider.FileConfigProvider");
        worker.put(key + ".param.allowed.paths", file.toString());
    }

    /** Under another name until it is whole: a kill leaves the old file or the new one. */
    private void save() throws IOException {
        StringWriter content = new StringWriter();
        properties.store(content, "Made by levada demo: how its PostgreSQL and its S3 are reached.");
        Path draft = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(draft);
        OwnerOnly.createFile(draft, content.toString());
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private int port(String key) {
        String text = properties.getProperty(key, "0");
        return text.matches("[0-9]{1,5}") && Integer.parseInt(text) <= 65_535 ? Integer.parseInt(text) : 0;
    }

    /** Kafka's syntax of references has no way to quote these. */
    private static void refuseUnnameable(Path file) throws IOException {
        String name = file.toString();
        if (name.matches(".*[:},].*")) {
            throw new DemoProblem(
                    "the path " + file.getParent()
                            + " holds one of : } , which a reference to a config provider cannot",
                    "Give --dir a folder without them.");
        }
    }

    private static String secret() {
        byte[] bytes = new byte[SECRET_BYTES];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
