/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.lang.reflect.Proxy;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

final class LoadGeneratorTest {

    @Test
    void changesAreCountedBeforeAnybodyCanSeeThemAndNotWhenTheirTransactionFails() throws Exception {
        CompletableFuture<LoadGenerator> load = new CompletableFuture<>();
        CompletableFuture<Long> duringTheChange = new CompletableFuture<>();
        DataSource refusing = (DataSource) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {DataSource.class}, (proxy, method, arguments) -> {
                    duringTheChange.complete(load.join().changes());
                    throw new SQLException("the disk is full");
                });
        try (LoadGenerator generator = new LoadGenerator(new OrdersTable(refusing), 1_000)) {
            load.complete(generator);
            generator.start(50);

            assertThat(duringTheChange.get()).isEqualTo(1_005);
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> generator.failure().isPresent());
            generator.stop();
            assertThat(generator.changes()).isEqualTo(1_000);
            assertThat(generator.failure())
                    .hasValueSatisfying(e -> assertThat(e).hasMessage("the disk is full"));
        }
    }
}
