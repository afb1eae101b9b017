/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.stream;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class FollowingTest {

    @ParameterizedTest
    @CsvSource({"13, 1", "14, 2", "15, 3", "16, 4", "17, 4", "18, 4", "19, 4"})
    void asksForTheNewestProtocolThatTheServerSpeaks(int server, int protocol) {
        assertThat(Following.protocol(server)).isEqualTo(protocol);
    }
}
