/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class RequestMemoryTest {
    private static final int MB = 1024 * 1024;
    private static final int LARGE = 50 * MB;
    private final RequestMemory memory = new RequestMemory(10 * MB);

    @Test
    void whoHoldsLittleIsNotCounted() {
        Client client = new Client();
        assertThat(client.holds(RequestMemory.LITTLE_BYTES, LARGE)).isTrue();
        assertThat(memory.used()).isZero();
    }

    @Test
    void whoHoldsLittleReadsEvenWhenAllIsTaken() {
        new Client().holds(20 * MB, LARGE);
        assertThat(new Client().holds(1000, 2000)).isTrue();
    }

    @Test
    void whoComesLaterWaitsAndIsTold() {
        Client first = new Client();
        Client second = new Client();
        first.holds(11 * MB, LARGE);
        assertThat(second.holds(MB, 2 * MB)).isTrue(); // the eldest of its size
        Client third = new Client();
        assertThat(third.holds(MB, 2 * MB)).isFalse();
        assertThat(third.resumed).isZero();
        first.share.closed(0);
        assertThat(third.resumed).isEqualTo(1);
    }

    @Test
    void aFrameLargerThanAllComesThrough() {
        Client client = new Client();
        for (int bytes = MB; bytes <= LARGE; bytes += MB) {
            assertThat(client.holds(bytes, LARGE)).isTrue();
        }
    }

    @Test
    void largeFramesLeaveRoomForUsualOnes() {
        Client eldest = new Client();
        eldest.holds(3 * MB, LARGE);
        Client large = new Client();
        assertThat(large.holds(3 * MB, LARGE)).isFalse();
        Client eldestUsual = new Client();
        eldestUsual.holds(MB, 2 * MB);
        assertThat(new Client().holds(MB, 2 * MB)).isTrue();
    }

    @Test
    void whenTheEldestIsDoneTheNextGoesOn() {
        Client first = new Client();
        Client second = new Client();
        Client third = new Client();
        first.holds(11 * MB, LARGE);
        second.holds(11 * MB, LARGE);
        third.holds(11 * MB, LARGE);
        first.holds(LARGE, 0); // whole now, and running
        assertThat(second.resumed).isEqualTo(1);
        assertThat(third.resumed).isZero();
        second.share.closed(0);
        assertThat(third.resumed).isEqualTo(1);
    }

    @Test
    void aFrameThatStoppedIsCutOffWhileOthersWait() {
        Client stopped = new Client();
        stopped.holds(11 * MB, LARGE);
        Client waits = new Client();
        waits.holds(11 * MB, LARGE);
        memory.sweep();
        assertThat(stopped.cutOff).isZero(); // it has just begun
        memory.sweep();
        assertThat(stopped.cutOff).isEqualTo(1);
        assertThat(waits.cutOff).isZero();
    }

    @Test
    void aFrameThatGrowsIsLeftAlone() {
        Client busy = new Client();
        busy.holds(11 * MB, LARGE);
        new Client().holds(11 * MB, LARGE);
        for (int i = 0; i < 5; i++) {
            memory.sweep();
            busy.received += MB;
            busy.holds(12 * MB, LARGE);
        }
        assertThat(busy.cutOff).isZero();
    }

    @Test
    void nobodyIsCutOffWhileThereIsRoom() {
        Client slow = new Client();
        slow.holds(MB, LARGE);
        memory.sweep();
        memory.sweep();
        memory.sweep();
        assertThat(slow.cutOff).isZero();
    }

    /** Whatever happened: someone may read, unless nothing is under way; and once all are gone nothing is counted. */
    @Property
    void neverStandsStill(@ForAll @Size(max = 60) List<@IntRange(max = 999) Integer> steps) {
        RequestMemory shared = new RequestMemory(10 * MB);
        List<Client> clients = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            clients.add(new Client(shared));
        }
        for (int step : steps) {
            Client client = clients.get(step % 6);
            int action = step / 6 % 4;
            if (action == 0) {
                client.holds(client.bytes, 0);
            } else if (action == 1) {
                client.holds(0, 0);
            } else if (!client.waits) {
                client.received += MB;
                client.holds(client.bytes + MB, step % 2 == 0 ? LARGE : 2 * MB);
            }
            boolean someoneReads = clients.stream().anyMatch(other -> !other.waits);
            boolean someoneRuns = clients.stream().anyMatch(other -> other.bytes > 0 && other.frame == 0);
            assertThat(someoneReads || someoneRuns).isTrue();
        }
        clients.forEach(client -> client.share.closed(0));
        assertThat(shared.used()).isZero();
    }

    private final class Client {
        private final RequestMemory.Share share;
        private long bytes;
        private int frame;
        private long received;
        private boolean waits;
        private int resumed;
        private int cutOff;

        private Client() {
            this(memory);
        }

        private Client(RequestMemory from) {
            share = from.share(
                    () -> {
                        resumed++;
                        waits = false;
                    },
                    () -> cutOff++);
        }

        private boolean holds(long held, int underWay) {
            bytes = held;
            frame = underWay;
            boolean goOn = share.holds(held, underWay, received);
            waits = !goOn;
            return goOn;
        }
    }
}
