/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.topic;

import io.levada.broker.file.DamagedFileException;
import io.levada.broker.file.PropertiesFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.apache.kafka.common.config.ConfigResource;

/**
 * What administrators have set while the broker ran, but for topics, whose settings stand in their own files. One properties file, {@code dynamic-configs},
 * replaced as a whole ({@link PropertiesFile}): {@code <type>/<name>/<key>=<value>}, with the type as Kafka numbers it (4 for brokers, 32 for groups) and an empty
 * name for the whole cluster.
 *
 * <p>Reading is safe from any thread; changes run on the thread of {@link Topics}.
 */
public final class DynamicSettings {
    /** All brokers: what counts where a node has nothing of its own. */
    static final ConfigResource CLUSTER = new ConfigResource(ConfigResource.Type.BROKER, "");

    private final Path file;
    private volatile Map<ConfigResource, Map<String, String>> byResource;

    /** Reads what {@code dataDir} holds. */
    public DynamicSettings(Path dataDir) {
        this.file = fileIn(dataDir);
        this.byResource = load();
    }

    static Path fileIn(Path dataDir) {
        return dataDir.resolve("dynamic-configs");
    }

    /** The settings of {@code resource}, none if it has none. */
    Map<String, String> of(ConfigResource resource) {
        return byResource.getOrDefault(resource, Map.of());
    }

    /** The names of what has settings, of one type. */
    List<String> names(ConfigResource.Type type) {
        return byResource.keySet().stream()
                .filter(resource -> resource.type() == type)
                .map(ConfigResource::name)
                .sorted()
                .toList();
    }

    /** Sets {@code settings}, and no others, for {@code resource}; that is on disk when this returns. */
    void put(ConfigResource resource, Map<String, String> settings) {
        Map<ConfigResource, Map<String, String>> changed = new HashMap<>(byResource);
        if (settings.isEmpty()) {
            changed.remove(resource);
        } else {
            changed.put(resource, Map.copyOf(settings));
        }
        Properties properties = new Properties();
        changed.forEach((owner, all) -> all.forEach(
                (key, value) -> properties.setProperty(owner.type().id() + "/" + owner.name() + "/" + key, value)));
        try {
            PropertiesFile.write(file, properties);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot store settings in " + file, e);
        }
        byResource = changed;
    }

    private Map<ConfigResource, Map<String, String>> load() {
        Map<ConfigResource, Map<String, String>> found = new HashMap<>();
        if (!Files.exists(file)) {
            return found;
        }
        try {
            Properties properties = PropertiesFile.read(file);
            for (String key : properties.stringPropertyNames()) {
                int first = key.indexOf('/');
                int last = key.lastIndexOf('/');
                if (first < 0 || first == last) {
                    throw new DamagedFileException(file, "the key '" + key + "' is not <type>/<name>/<setting>");
                }
                found.computeIfAbsent(resource(key, first, last), resource -> new TreeMap<>())
                        .put(key.substring(last + 1), properties.getProperty(key));
            }
            return found;
        } catch (DamagedFileException e) {
            throw new IllegalStateException(
                    e.getMessage()
                            + ". Restore it from a backup, or remove it to drop what was set while the broker ran",
                    e);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file + "; let the broker's user read it", e);
        }
    }

    private ConfigResource resource(String key, int first, int last) throws DamagedFileException {
        try {
            ConfigResource.Type type = ConfigResource.Type.forId(Byte.parseByte(key.substring(0, first)));
            return new ConfigResource(type, key.substring(first + 1, last));
        } catch (NumberFormatException e) {
            throw new DamagedFileException(file, "the key '" + key + "' does not begin with the number of a type");
        }
    }
}
