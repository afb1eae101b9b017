/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.logging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.levada.runtime.connector.ConnectorName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

final class LogContextTest {
    private static final ConnectorName ORDERS = new ConnectorName("orders");

    /** Other tests have worked on this thread, for whomever. */
    @BeforeEach
    @AfterEach
    void nobody() {
        MDC.remove("connector.context");
    }

    @Test
    void textsAreKafkaConnects() {
        assertThat(LogContext.of(ORDERS).text()).isEqualTo("[orders|worker] ");
        assertThat(LogContext.of(ORDERS.task(3)).text()).isEqualTo("[orders|task-3] ");
        assertThat(LogContext.ofOffsets(ORDERS.task(3)).text()).isEqualTo("[orders|task-3|offsets] ");
        assertThat(LogContext.ofValidation("orders").text()).isEqualTo("[orders|validate] ");
        assertThat(LogContext.ofValidation(null).text()).isEqualTo("[|validate] ");
    }

    @Test
    void whatHeldBeforeHoldsAgainAfterwardsAlsoWhenTheJobFails() {
        LogContext.of(ORDERS).run(() -> {
            assertThatThrownBy(() -> LogContext.ofOffsets(ORDERS.task(0)).run(() -> {
                        assertThat(MDC.get("connector.context")).isEqualTo("[orders|task-0|offsets] ");
                        throw new IllegalStateException("told to fail");
                    }))
                    .hasMessage("told to fail");
            assertThat(MDC.get("connector.context")).isEqualTo("[orders|worker] ");
        });

        assertThat(MDC.get("connector.context")).isNull();
    }

    @Test
    void aContextThatStaysTakesNobodyElsesPlace() {
        LogContext.of(ORDERS.task(0)).stay();
        LogContext.of(ORDERS.task(1)).stay();

        assertThat(MDC.get("connector.context")).isEqualTo("[orders|task-0] ");
    }
}
