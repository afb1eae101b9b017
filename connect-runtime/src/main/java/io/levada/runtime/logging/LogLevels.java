/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** Levels of Logback's loggers, read and set as Kafka Connect's REST API has it (KIP-495). Safe for use by many threads. */
public final class LogLevels {
    private static final String ROOT = "root";
    private static final List<String> LEVELS =
            List.of("OFF", "FATAL", "ERROR", "WARN", "INFO", "DEBUG", "TRACE", "ALL");

    private static @Nullable LogLevels process;

    private final LoggerContext context;
    private final InstantSource clock;
    private final Map<String, Long> modified = new HashMap<>();

    /**
     * A logger's level.
     *
     * @param level that takes effect, also if it is inherited
     * @param lastModifiedMs when it was set through this class, in milliseconds of Unix time; null if never
     */
    public record LoggerLevel(String level, @Nullable Long lastModifiedMs) {}

    public LogLevels(LoggerContext context, InstantSource clock) {
        this.context = context;
        this.clock = clock;
    }

    /** Of the Logback that this process logs with; throws {@link IllegalStateException} if it logs with something else. */
    public static LogLevels ofThisProcess() {
        return ofLogback()
                .orElseThrow(
                        () -> new IllegalStateException(
                                "the worker logs with "
                                        + LoggerFactory.getILoggerFactory()
                                                .getClass()
                                                .getName()
                                        + "; put logback-classic first on its class path, or switch off the admin endpoints with admin.listeners="));
    }

    /** As above, the same for all who ask; empty if the process logs with something else. */
    public static synchronized Optional<LogLevels> ofLogback() {
        if (process == null && LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            process = new LogLevels(context, InstantSource.system());
        }
        return Optional.ofNullable(process);
    }

    /** Whether the word is a level, in any case. */
    public static boolean isLevel(String level) {
        return LEVELS.contains(level.toUpperCase(Locale.ROOT));
    }

    /** Every logger that logs anything, by name; the root logger is called {@code root}. */
    public synchronized Map<String, LoggerLevel> all() {
        Map<String, LoggerLevel> all = new TreeMap<>();
        context.getLoggerList().stream()
                .filter(logger -> !logger.getEffectiveLevel().equals(Level.OFF)) // as Kafka Connect
                .forEach(logger -> all.put(shown(logger.getName()), level(logger)));
        return all;
    }

    /** One logger's level; empty if nobody has ever asked for such a logger. */
    public synchronized Optional<LoggerLevel> of(String name) {
        return Optional.ofNullable(context.exists(real(name))).map(this::level);
    }

    /**
     * Sets the level of a logger and of all below it, making the logger if there is none.
     *
     * @param level for which {@link #isLevel} holds
     * @return the names of the loggers whose level is another now, sorted
     */
    public synchronized List<String> set(String name, String level) {
        Level wanted = Level.toLevel(level.equalsIgnoreCase("FATAL") ? "ERROR" : level);
        List<Logger> affected = new ArrayList<>(List.of(context.getLogger(real(name))));
        boolean isNew = !modified.containsKey(shown(name)) && affected.get(0).getLevel() == null;
        context.getLoggerList().stream()
                .filter(logger -> isBelow(logger.getName(), name))
                .forEach(affected::add);
        long now = clock.millis();
        List<String> changed = new ArrayList<>();
        for (Logger logger : affected) {
            boolean first = isNew && logger.getName().equals(real(name));
            if (first || !logger.getEffectiveLevel().equals(wanted)) {
                changed.add(shown(logger.getName()));
                modified.put(shown(logger.getName()), now);
            }
        }
        affected.forEach(logger -> logger.setLevel(wanted));
        return changed.stream().sorted().toList();
    }

    private LoggerLevel level(Logger logger) {
        return new LoggerLevel(logger.getEffectiveLevel().toString(), modified.get(shown(logger.getName())));
    }

    private static boolean isBelow(String logger, String name) {
        boolean all = name.equalsIgnoreCase(ROOT) && !logger.equals(Logger.ROOT_LOGGER_NAME);
        return all || logger.startsWith(name + ".");
    }

    private static String real(String name) {
        return name.equalsIgnoreCase(ROOT) ? Logger.ROOT_LOGGER_NAME : name;
    }

    private static String shown(String name) {
        return name.equalsIgnoreCase(Logger.ROOT_LOGGER_NAME) ? ROOT : name;
    }
}
