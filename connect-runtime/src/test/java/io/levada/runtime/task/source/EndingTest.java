/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class EndingTest {
    private final List<String> steps = new ArrayList<>();
    private final Ending ending = new Ending(() -> steps.add("finish"), () -> steps.add("stop"));

    @Test
    void itIsGoneThroughOnce() {
        ending.sent();

        ending.end();
        ending.end();

        assertThat(steps).containsExactly("finish", "stop");
    }

    @Test
    void anotherThreadEndsOnlyWhatIsInPoll() {
        ending.whilePolling();
        assertThat(steps).isEmpty();

        ending.polling(true);
        ending.whilePolling();

        assertThat(steps).containsExactly("finish", "stop");
    }

    @Test
    void whatAPollBringsAfterTheStopIsCommittedToo() {
        ending.polling(true);
        ending.whilePolling();
        ending.polling(false);
        ending.sent();

        ending.end();

        assertThat(steps).containsExactly("finish", "stop", "finish");
    }
}
