/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.cli.server;

import io.levada.cli.terminal.ExitCode;
import io.levada.cli.terminal.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where a server's properties come from: a file, what the environment lays over it, and what the command line lays over both. */
final class ServerOptions {
    @Option(names = "--config", paramLabel = "FILE", description = "A properties file.")
    private @Nullable Path file;

    @Option(
            names = {"-o", "--option"},
            paramLabel = "KEY=VALUE",
            description = "A property that overrides the file's; repeatable.")
    private Map<String, String> overrides = Map.of();

    Map<String, String> properties() {
        Map<String, String> properties = new LinkedHashMap<>();
        if (file != null) {
            Properties read = read(file);
            read.stringPropertyNames()
                    .forEach(key -> properties.put(key, read.getProperty(key).strip()));
        }
        properties.putAll(EnvironmentProperties.from(System.getenv()));
        properties.putAll(overrides);
        return properties;
    }

    private static Properties read(Path file) {
        Properties properties = new Properties();
        try (InputStream in = Files.newInputStream(file)) {
            properties.load(in);
            return properties;
        } catch (NoSuchFileException missing) {
            throw cannotRead(file, "there is no such file", missing);
        } catch (IOException | IllegalArgumentException failure) {
            throw cannotRead(file, String.valueOf(failure.getMessage()), failure);
        }
    }

    private static Problem cannotRead(Path file, String why, Exception cause) {
        return new Problem(
                ExitCode.FAILURE,
                "cannot read the properties file " + file,
                why,
                "Paths are relative to " + Path.of("").toAbsolutePath() + ".",
                cause);
    }
}
