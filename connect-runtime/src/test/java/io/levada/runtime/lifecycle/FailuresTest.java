/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.connect.errors.RetriableException;
import org.junit.jupiter.api.Test;

class FailuresTest {
    @Test
    void whatCanBeToldIsToldAsItIs() {
        Throwable failure = new IllegalStateException("no", new IllegalArgumentException("why"));

        assertThat(Failures.tellable(failure)).isSameAs(failure);
    }

    @Test
    void aMessageThatThrowsIsSaidToDoSo() {
        Throwable failure = new IllegalStateException() {
            private static final long serialVersionUID = 1L;

            @Override
            public String getMessage() {
                throw new UnsupportedOperationException("not here");
            }
        };

        assertThat(Failures.trace(Failures.tellable(failure)))
                .contains(failure.getClass().getName() + ", whose message cannot be had")
                .contains("FailuresTest.aMessageThatThrows");
    }

    @Test
    void aMessageThatNoRecordHoldsIsCut() {
        Throwable told = Failures.tellable(new IllegalStateException("first " + "x".repeat(20_000_000)));

        assertThat(Failures.trace(told))
                .contains("java.lang.IllegalStateException: first xxx")
                .hasSizeLessThan(20_000);
    }

    @Test
    void ofACauseDeeperThanTheStackFirstAndLastAreTold() {
        Throwable failure = new RetriableException("the first");
        for (int i = 0; i < 50_000; i++) {
            failure = new IllegalStateException("number " + i, failure);
        }
        Throwable deep = new RetriableException("the last", failure);

        Throwable told = Failures.tellable(deep);

        assertThat(Failures.mayPass(told)).isTrue();
        assertThat(Failures.trace(told)).contains("the last").hasSizeLessThan(20_000);
    }
}
