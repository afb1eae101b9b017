/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.levada.connect.jdbc.Postgres;
import io.levada.connect.jdbc.cdc.pgoutput.Tuple;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.kafka.connect.errors.DataException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.copy.CopyOut;
import org.postgresql.core.BaseConnection;

final class CopyLineTest {

    @Test
    void undoesWhatCopyEscapes() {
        assertThat(fields("1\t\\N\t\ta\\tb\\\\c\\nd\\r\\b\\f\\v\n", 4))
                .containsExactly("1", null, "", "a\tb\\c\nd\r\b\f\u000b");
        assertThat(fields("\\\\N\n", 1)).containsExactly("\\N");
        assertThat(fields("x", 1)).as("without a line end").containsExactly("x");
        assertThat(fields("\t", 2)).containsExactly("", "");
        assertThat(fields("\\N\n", 1)).containsExactly((String) null);
    }

    @Test
    void readsTheRowsPlace() {
        CopyLine line = CopyLine.of("(4294967294,291)\tx\n".getBytes(StandardCharsets.UTF_8), 1);
        assertThat(line.block()).isEqualTo(4294967294L);
        assertThat(line.item()).isEqualTo(291);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "(0,1)", "(0,1)\ta", "(0,1)\ta\tb\tc", "1\ta\tb", "(01)\ta\tb", "0,1)\ta\tb"})
    void refusesALineOfAnotherShape(String line) {
        assertThatThrownBy(() -> CopyLine.of(line.getBytes(StandardCharsets.UTF_8), 2))
                .isInstanceOf(DataException.class);
    }

    @Test
    void readsWhatTheServerWrites() throws Exception {
        Postgres postgres = Postgres.newDatabase();
        postgres.execute("CREATE TABLE texts (id int, a text, b text)");
        List<List<String>> written = new ArrayList<>();
        Random random = new Random(42);
        try (Connection connection = postgres.connect();
                PreparedStatement insert = connection.prepareStatement("INSERT INTO texts VALUES (?, ?, ?)")) {
            for (int i = 0; i < 500; i++) {
                List<String> row = new ArrayList<>(List.of(Integer.toString(i)));
                row.add(random(random));
                row.add(random(random));
                written.add(row);
                insert.setInt(1, i);
                insert.setString(2, row.get(1));
                insert.setString(3, row.get(2));
                insert.executeUpdate();
            }
            CopyOut copy = connection
                    .unwrap(BaseConnection.class)
                    .getCopyAPI()
                    .copyOut("COPY (SELECT ctid, * FROM texts ORDER BY id) TO STDOUT");
            for (List<String> row : written) {
                assertThat(fields(copy.readFromCopy(), 3)).isEqualTo(row);
            }
            assertThat(copy.readFromCopy()).isNull();
        }
    }

    private static @Nullable String random(Random random) {
        if (random.nextInt(5) == 0) {
            return null;
        }
        String alphabet = "ab\\N\t\n\r\b\f\u000b.ä€😀,\"'";
        int[] points = alphabet.codePoints().toArray();
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(12); i > 0; i--) {
            text.appendCodePoint(points[random.nextInt(points.length)]);
        }
        return text.toString();
    }

    private static List<String> fields(String line, int columns) {
        return fields(("(0,1)\t" + line).getBytes(StandardCharsets.UTF_8), columns);
    }

    private static List<String> fields(byte[] line, int columns) {
        Tuple tuple = CopyLine.of(line, columns).tuple();
        List<String> fields = new ArrayList<>();
        for (int i = 0; i < columns; i++) {
            fields.add(
                    tuple.length(i) == Tuple.NULL
                            ? null
                            : new String(tuple.bytes(), tuple.offset(i), tuple.length(i), StandardCharsets.UTF_8));
        }
        return fields;
    }
}
