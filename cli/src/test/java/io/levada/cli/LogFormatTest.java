/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The servers' log as {@code logback.xml} has it: what is logged of others cannot look like a line of the log's own. */
final class LogFormatTest {
    private static final String FORGED = "\n2026-01-01T00:00:00.000Z ERROR forged";

    private final LoggerContext context = new LoggerContext();
    private final List<String> lines = new ArrayList<>();

    @BeforeEach
    void configure() throws Exception {
        context.setMDCAdapter(new LogbackMDCAdapter());
        JoranConfigurator configurator = new JoranConfigurator();
        configurator.setContext(context);
        configurator.doConfigure(LogFormatTest.class.getResource("/logback.xml"));
        ConsoleAppender<ILoggingEvent> console =
                (ConsoleAppender<ILoggingEvent>) context.getLogger("ROOT").getAppender("console");
        Encoder<ILoggingEvent> encoder = console.getEncoder();
        context.getLogger("ROOT").detachAppender(console);
        context.getLogger("ROOT").addAppender(new ch.qos.logback.core.AppenderBase<>() {
            {
                setContext(LogFormatTest.this.context);
                start();
            }

            @Override
            protected void append(ILoggingEvent event) {
                lines.addAll(new String(encoder.encode(event), StandardCharsets.UTF_8)
                        .lines()
                        .toList());
            }
        });
    }

    @Test
    void aKeyOrMessageWithALineBreakStaysOnItsLine() {
        context.getLogger("test")
                .atWarn()
                .addKeyValue("key", "taks.max" + FORGED + "\r\u0000\u001b[2J\u2028x")
                .log("odd" + FORGED);

        assertThat(lines)
                .singleElement()
                .asString()
                .contains(
                        "WARN  odd\\n2026",
                        "key=taks.max\\n2026-01-01T00:00:00.000Z ERROR forged\\u000d\\u0000\\u001b[2J\\u2028x",
                        "(test)");
    }

    @Test
    void theMessageOfAnExceptionIsIndentedAndItsFramesStay() {
        context.getLogger("test")
                .atError()
                .setCause(new IllegalStateException("broke" + FORGED, new RuntimeException("why" + FORGED)))
                .log("failed");

        assertThat(lines.get(0)).contains("ERROR failed");
        assertThat(lines.get(1)).isEqualTo("java.lang.IllegalStateException: broke");
        assertThat(lines.get(2)).isEqualTo("\t2026-01-01T00:00:00.000Z ERROR forged");
        assertThat(lines.subList(1, lines.size())).noneMatch(line -> line.startsWith("2026"));
        assertThat(lines).anyMatch(line -> line.startsWith("Caused by: java.lang.RuntimeException: why"));
        assertThat(lines).anyMatch(line -> line.startsWith("\tat " + getClass().getName()));
    }
}
