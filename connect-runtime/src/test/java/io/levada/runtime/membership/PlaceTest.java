/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.membership;

import static org.assertj.core.api.Assertions.assertThat;

import io.levada.runtime.assign.Share;
import io.levada.runtime.connector.ConnectorName;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

final class PlaceTest {
    private final Place place = new Place();
    private final List<GroupEvent.Revoked> told = new ArrayList<>();

    private void revoke(String connector) {
        place.revoke(new Share(new TreeSet<>(List.of(new ConnectorName(connector))), new TreeSet<>()));
    }

    @Test
    void whatWasWaitedForInVainIsNotWaitedForAgain() {
        place.listen(event -> told.add((GroupEvent.Revoked) event));
        revoke("hangs");
        CompletableFuture<Void> waitedFor = place.stopped();
        place.giveUp(waitedFor);
        assertThat(place.stopped()).isDone();

        revoke("b");
        assertThat(place.stopped()).isNotDone();
        told.get(1).stopped().complete(null);
        assertThat(place.stopped()).isDone();
    }

    @Test
    void whatWasTakenAwaySinceIsWaitedForStill() {
        place.listen(event -> told.add((GroupEvent.Revoked) event));
        revoke("hangs");
        CompletableFuture<Void> waitedFor = place.stopped();
        revoke("b");
        place.giveUp(waitedFor);

        assertThat(place.stopped()).isNotDone();
    }
}
