/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.levada.connect.api.config.ConfigSpec;
import io.levada.connect.jdbc.Postgres;
import io.levada.connect.jdbc.dialect.postgres.PostgresDialect;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where the table of positions and what Kafka delivers differ, the table decides, and no record is passed over without a word. */
final class PositionsTest {

    private static final TopicPartition FIRST = new TopicPartition("orders", 0);
    private static final TopicPartition SECOND = new TopicPartition("orders", 1);

    private Postgres postgres;
    private JdbcWriter writer;
    private boolean down;

    @BeforeEach
    void createOrders() throws SQLException {
        postgres = Postgres.newDatabase();
        postgres.execute("CREATE TABLE orders (id int UNIQUE)");
        writer = writer();
    }

    private JdbcWriter writer() {
        SinkOptions options = ConfigSpec.of(SinkOptions.class).bind(Map.of());
        PostgresDialect dialect = new PostgresDialect();
        return new JdbcWriter(
                options,
                dialect,
                new SinkConnection(this::connect, dialect, System::nanoTime),
                new PositionTable("positions", "sink", options, dialect),
                UnansweredCommitTest.NO_BAD_RECORDS);
    }

    private Connection connect() throws SQLException {
        if (down) {
            throw new SQLException("the server is down", "08001");
        }
        return postgres.connect();
    }

    private static List<SinkRecord> records(TopicPartition partition, int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(offset -> new SinkRecord(
                        partition.topic(), partition.partition(), null, null, null, Map.of("id", offset), offset))
                .toList();
    }

    private List<String> rows() throws SQLException {
        return postgres.rows("SELECT id FROM orders ORDER BY id");
    }

    private void takeOver(TopicPartition partition, int next) throws SQLException {
        assertThat(writer.open(Set.of(partition))).isEmpty();
        assertThat(writer.write(records(partition, next - 1, next))).isEmpty();
    }

    /** What a rebalance does while the database is down. */
    private void openInVain(TopicPartition... partitions) throws SQLException {
        writer = writer();
        down = true;
        assertThatThrownBy(() -> writer.open(Set.of(partitions))).isInstanceOf(SQLException.class);
        down = false;
    }

    @Test
    void partitionWithoutRecordsInTheFirstPutIsReadFromItsPositionToo() throws Exception {
        takeOver(SECOND, 50);
        openInVain(FIRST, SECOND);

        assertThat(writer.write(records(FIRST, 0, 1))).containsExactly(Map.entry(SECOND, 50L));
    }

    @Test
    void rewindsOutliveAPutThatFails() throws Exception {
        takeOver(SECOND, 50);
        openInVain(FIRST, SECOND);
        postgres.execute(UnansweredCommitTest.BUSY);
        List<SinkRecord> put = Stream.of(records(FIRST, 0, 1), records(SECOND, 100, 101))
                .flatMap(List::stream)
                .toList();
        assertThatThrownBy(() -> writer.write(put)).isInstanceOf(SQLException.class);
        postgres.execute("DROP TRIGGER busy ON orders");

        assertThat(writer.write(put)).containsExactly(Map.entry(SECOND, 50L));
        assertThat(rows()).containsExactly("0", "49");
    }

    @Test
    void positionOfAServerThatLacksTheLastTransactionsIsReadAgainFrom() throws Exception {
        takeOver(FIRST, 100);
        // As if the standby had taken over that had not received them; the connection is the old one still.
        postgres.execute("UPDATE positions SET next_offset = 90");

        List<SinkRecord> put = records(FIRST, 100, 102);
        assertThatThrownBy(() -> writer.write(put))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("orders-0");
        assertThat(writer.write(put)).containsExactly(Map.entry(FIRST, 90L));
        assertThat(rows()).containsExactly("99");

        assertThat(writer.write(records(FIRST, 90, 92))).isEmpty();
        assertThat(rows()).containsExactly("90", "91", "99");
    }

    /** It is no other task that has the lower number, or none. */
    @ParameterizedTest
    @ValueSource(strings = {"UPDATE positions SET epoch = epoch - 1, next_offset = 90", "DELETE FROM positions"})
    void serverThatLacksTheTakeOverIsTakenOverAgain(String lost) throws Exception {
        takeOver(FIRST, 100);
        postgres.execute(lost);

        List<SinkRecord> put = records(FIRST, 100, 101);
        assertThatThrownBy(() -> writer.write(put)).isInstanceOf(SQLException.class);
        long from = lost.startsWith("DELETE") ? 99 : 90;
        assertThat(writer.write(put)).containsExactly(Map.entry(FIRST, from));
        assertThat(writer.write(records(FIRST, (int) from, 98))).isEmpty();
    }

    @Test
    void whatAServerDoesNotKnowAtAllIsReadAgainFromWhereTheTaskBegan() throws Exception {
        takeOver(FIRST, 100);
        assertThat(writer.write(records(FIRST, 100, 102))).isEmpty();
        postgres.execute("UPDATE positions SET next_offset = NULL");

        List<SinkRecord> put = records(FIRST, 102, 103);
        assertThatThrownBy(() -> writer.write(put)).isInstanceOf(SQLException.class);
        assertThat(writer.write(put)).containsExactly(Map.entry(FIRST, 99L));
    }

    @Test
    void recordsOfATopicThatWasMadeAnewFailByName() throws Exception {
        takeOver(FIRST, 100);
        JdbcWriter next = writer();
        assertThat(next.open(Set.of(FIRST))).containsExactly(Map.entry(FIRST, 100L));

        assertThatThrownBy(() -> next.write(records(FIRST, 0, 5)))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("orders-0")
                .hasMessageContaining("offset 0")
                .hasMessageContaining("100")
                .hasMessageContaining("PATCH /connectors/sink/offsets");
    }

    @Test
    void partitionThatCouldNotBeOpenedIsReadFromItsPositionWhereverKafkaStands() throws Exception {
        takeOver(FIRST, 100);
        openInVain(FIRST);

        assertThat(writer.write(records(FIRST, 50, 60))).containsExactly(Map.entry(FIRST, 100L));
        assertThat(writer.write(records(FIRST, 100, 101))).isEmpty();
        assertThat(rows()).containsExactly("99", "100");
    }
}
