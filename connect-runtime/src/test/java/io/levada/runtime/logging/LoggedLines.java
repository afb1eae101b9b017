/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.LoggerFactory;

/** What a class logs while this is open, of all levels. */
public final class LoggedLines implements AutoCloseable {
    private final Logger logger;
    private final List<String> texts = new CopyOnWriteArrayList<>();
    private final Appender appender = new Appender();

    private LoggedLines(Logger logger) {
        this.logger = logger;
    }

    public static LoggedLines of(Class<?> logging) {
        LoggedLines lines = new LoggedLines((Logger) LoggerFactory.getLogger(logging));
        lines.appender.start();
        lines.logger.addAppender(lines.appender);
        lines.logger.setLevel(Level.TRACE);
        return lines;
    }

    /** Message, key-values and stack trace of each. */
    public List<String> texts() {
        return texts;
    }

    @Override
    public void close() {
        logger.detachAppender(appender);
        logger.setLevel(null);
    }

    private final class Appender extends AppenderBase<ILoggingEvent> {
        @Override
        protected void append(ILoggingEvent event) {
            IThrowableProxy failure = event.getThrowableProxy();
            texts.add(event.getFormattedMessage() + " " + event.getKeyValuePairs()
                    + (failure == null ? "" : "\n" + ThrowableProxyUtil.asString(failure)));
        }
    }
}
