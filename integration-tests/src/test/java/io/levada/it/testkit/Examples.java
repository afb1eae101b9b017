/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.it.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The files of {@code config-examples/}, with nothing changed but addresses. */
public final class Examples {

    private static final Path FOLDER =
            Path.of("..", "config-examples").toAbsolutePath().normalize();
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<String, String> replacements;

    /** @param replacements what stands in the files, and what takes its place */
    public Examples(Map<String, String> replacements) {
        this.replacements = Map.copyOf(replacements);
    }

    /** The names of all JSON files. */
    public static List<String> names() {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.map(f -> f.getFileName().toString())
                    .filter(name -> name.endsWith(".json"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where an example is. */
    public static Path file(String name) {
        return FOLDER.resolve(name);
    }

    /** An example's text. */
    public String text(String file) {
        try {
            String text = Files.readString(FOLDER.resolve(file));
            for (Map.Entry<String, String> replacement : replacements.entrySet()) {
                text = text.replace(replacement.getKey(), replacement.getValue());
            }
            return text;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** POSTs an example, and waits until its connector runs. */
    public void create(ConnectRest rest, String file) {
        try {
            JsonNode example = JSON.readTree(text(file));
            rest.post("/connectors", example.toString()).expecting(201);
            rest.awaitRunning(example.path("name").asText());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
