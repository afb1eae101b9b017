/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.cli.connect;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.levada.cli.terminal.ExitCode;
import io.levada.cli.terminal.Problem;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A connector as people keep it in a file: what POST /connectors takes, {@code {"name": .., "config": {..}}}, or the flat config with its
 * {@code name} inside, as JSON or as the properties file that {@code connect-standalone} of Kafka Connect is given.
 *
 * @param file as it was given, {@code -} for standard input
 * @param name never empty, without blanks around it, which Kafka Connect refuses
 * @param config flat, with {@code name} and {@code connector.class} in it
 * @param initialState what the file says of KIP-980's {@code initial_state}
 */
public record ConnectorFile(String file, String name, ObjectNode config, Optional<String> initialState) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};
    private static final Pattern UNSHOWN_SOURCE = Pattern.compile("\\[Source: REDACTED[^;\\]]*; ([^\\]]*)\\]");

    /** @param file a path, or {@code -} for standard input */
    public static ConnectorFile read(String file) {
        byte[] content = content(file);
        if (!isJson(content)) {
            return flat(file, sensible(file, properties(file, content)));
        }
        JsonNode root = parse(file, content);
        if (!(root instanceof ObjectNode object)) {
            throw invalid(file, "it holds no JSON object", null);
        }
        return object.get("config") instanceof ObjectNode nested ? wrapped(file, object, nested) : flat(file, object);
    }

    /** The body for POST /connectors. Kafka Connect refuses fields it does not know, so only those it does know are sent. */
    public ObjectNode createRequest() {
        ObjectNode body = JSON.createObjectNode().put("name", name);
        body.set("config", config);
        initialState.ifPresent(state -> body.put("initial_state", state));
        return body;
    }

    /** The config as a worker stores it: all values as text, also where the file says {@code 2} or {@code true}. */
    public Map<String, @Nullable String> values() {
        Map<String, @Nullable String> values = new TreeMap<>();
        config.properties()
                .forEach(entry -> values.put(
                        entry.getKey(),
                        entry.getValue().isNull() ? null : entry.getValue().asText()));
        return values;
    }

    private static ConnectorFile wrapped(String file, ObjectNode root, ObjectNode config) {
        String name = root.path("name").asText(config.path("name").asText());
        String state = root.path("initial_state").asText("");
        return checked(file, name, config.deepCopy(), state.isEmpty() ? Optional.empty() : Optional.of(state));
    }

    private static ConnectorFile flat(String file, ObjectNode config) {
        return checked(file, config.path("name").asText(), config, Optional.empty());
    }

    private static ConnectorFile checked(String file, String given, ObjectNode config, Optional<String> initialState) {
        String name = given.strip();
        if (name.isEmpty()) {
            throw invalid(file, "it gives the connector no name", null);
        }
        if (config.path("connector.class").asText().isBlank()) {
            throw invalid(file, "the config of '" + name + "' has no connector.class", null);
        }
        for (Iterator<String> keys = config.fieldNames(); keys.hasNext(); ) {
            String key = keys.next();
            if (config.get(key).isContainerNode()) {
                throw invalid(file, "the value of '" + key + "' is an object or a list; config values are plain", null);
            }
        }
        return new ConnectorFile(file, name, config.put("name", name), initialState);
    }

    private static byte[] content(String file) {
        try {
            return withoutMark(file.equals("-") ? System.in.readAllBytes() : Files.readAllBytes(Path.of(file)));
        } catch (NoSuchFileException missing) {
            throw new Problem(
                    ExitCode.FAILURE,
                    "cannot read connector file " + file,
                    "there is no such file",
                    "Paths are relative to " + Path.of("").toAbsolutePath() + ".",
                    missing);
        } catch (IOException failure) {
            throw new Problem(
                    ExitCode.FAILURE, "cannot read connector file " + file, String.valueOf(failure), "", failure);
        }
    }

    /** Some editors begin a file with the byte order mark of UTF-8. */
    private static byte[] withoutMark(byte[] content) {
        boolean marked = content.length >= BYTE_ORDER_MARK.length
                && Arrays.equals(content, 0, BYTE_ORDER_MARK.length, BYTE_ORDER_MARK, 0, BYTE_ORDER_MARK.length);
        return marked ? Arrays.copyOfRange(content, BYTE_ORDER_MARK.length, content.length) : content;
    }

    /** Broken JSON is told as such, and not as odd properties: what begins like JSON is meant to be it. */
    private static boolean isJson(byte[] content) {
        String text = new String(content, StandardCharsets.UTF_8).strip();
        return text.startsWith("{") || text.startsWith("[");
    }

    private static JsonNode parse(String file, byte[] content) {
        try {
            return JSON.readTree(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(content))
                    .toString());
        } catch (CharacterCodingException malformed) {
            throw invalid(file, "its JSON is not UTF-8", malformed);
        } catch (JsonProcessingException malformed) {
            String where = malformed.getLocation() == null
                    ? ""
                    : " at line " + malformed.getLocation().getLineNr() + ", column "
                            + malformed.getLocation().getColumnNr();
            throw invalid(file, "malformed JSON" + where + ": " + readable(malformed.getOriginalMessage()), malformed);
        }
    }

    /** In the encoding that Java has for properties, as Kafka Connect reads them. */
    private static ObjectNode properties(String file, byte[] content) {
        Properties read = new Properties();
        try {
            read.load(new ByteArrayInputStream(content));
        } catch (IOException | IllegalArgumentException malformed) {
            throw invalid(file, "malformed properties: " + malformed.getMessage(), malformed);
        }
        ObjectNode config = JSON.createObjectNode();
        new TreeSet<>(read.stringPropertyNames())
                .forEach(key -> config.put(key, read.getProperty(key).strip()));
        return config;
    }

    /** Any text makes properties; what has none of the keys of a connector was meant as something else. */
    private static ObjectNode sensible(String file, ObjectNode properties) {
        if (properties.isEmpty()) {
            throw invalid(file, "there is nothing in it", null);
        }
        if (!properties.has("name") && !properties.has("connector.class")) {
            throw invalid(
                    file,
                    "it is neither JSON nor the properties of a connector: it has no name and no connector.class",
                    null);
        }
        return properties;
    }

    /** A refusal of this connector, which names the file as well, in its advice instead of {@code FILE}. */
    public Problem named(Problem refusal) {
        return file.equals("-")
                ? refusal
                : new Problem(
                        refusal.exitCode(),
                        refusal.what() + " of " + file,
                        refusal.why(),
                        refusal.remedy().replace(" FILE'", " " + file + "'"),
                        refusal.getCause());
    }

    /** What the parser was told not to show matters to nobody. */
    private static String readable(String message) {
        return UNSHOWN_SOURCE.matcher(message).replaceAll("$1");
    }

    private static Problem invalid(String file, String why, @Nullable Exception cause) {
        return new Problem(
                ExitCode.FAILURE,
                "cannot use connector file " + file,
                why,
                "It should read {\"name\": \"orders\", \"config\": {\"connector.class\": \"...\"}}, or have lines name=orders, connector.class=...",
                cause);
    }
}
