/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.slf4j.event.KeyValuePair;

/** What is logged while this is open. */
public final class LoggedLines implements AutoCloseable {
    private final Logger logger;
    private final @Nullable Level usual;
    private final List<Line> lines = new CopyOnWriteArrayList<>();
    private final Appender appender = new Appender();

    private LoggedLines(Logger logger, @Nullable Level level) {
        this.logger = logger;
        this.usual = logger.getLevel();
        appender.start();
        logger.addAppender(appender);
        if (level != null) {
            logger.setLevel(level);
        }
    }

    /** By a class, of all levels. */
    public static LoggedLines of(Class<?> logging) {
        return new LoggedLines((Logger) LoggerFactory.getLogger(logging), Level.TRACE);
    }

    /** By a class, warnings and errors. */
    public static LoggedLines warningsOf(Class<?> logging) {
        return warningsOf(logging.getName());
    }

    /** The same, of a class that is not seen from where it is asked. */
    public static LoggedLines warningsOf(String logging) {
        return new LoggedLines((Logger) LoggerFactory.getLogger(logging), Level.WARN);
    }

    /** By anybody, of the levels that are logged anyway. */
    public static LoggedLines ofAll() {
        return new LoggedLines((Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME), null);
    }

    /**
     * One of them.
     *
     * @param values by their keys, in the order in which they were given
     * @param text message, key-values and stack trace
     */
    public record Line(String message, Map<String, @Nullable Object> values, String text) {}

    public List<Line> lines() {
        return List.copyOf(lines);
    }

    /** Message, key-values and stack trace of each. */
    public List<String> texts() {
        return lines.stream().map(Line::text).toList();
    }

    @Override
    public void close() {
        logger.detachAppender(appender);
        appender.stop();
        logger.setLevel(usual);
    }

    private final class Appender extends AppenderBase<ILoggingEvent> {
        @Override
        protected void append(ILoggingEvent event) {
            Map<String, @Nullable Object> values = new LinkedHashMap<>();
            List<KeyValuePair> pairs = event.getKeyValuePairs();
            if (pairs != null) {
                pairs.forEach(pair -> values.put(pair.key, pair.value));
            }
            IThrowableProxy failure = event.getThrowableProxy();
            String text = event.getFormattedMessage() + " " + pairs
                    + (failure == null ? "" : "\n" + ThrowableProxyUtil.asString(failure));
            lines.add(new Line(event.getFormattedMessage(), Collections.unmodifiableMap(values), text));
        }
    }
}
