/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.stream;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

final class LargeRecordsTest {

    private static final Schema ROW = SchemaBuilder.struct()
            .optional()
            .field("name", Schema.STRING_SCHEMA)
            .field("picture", Schema.BYTES_SCHEMA)
            .build();
    private static final Schema EVENT =
            SchemaBuilder.struct().field("after", ROW).build();

    private final LargeRecords large = new LargeRecords(1_000);
    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();

    @BeforeEach
    void listen() {
        logged.start();
        logger().addAppender(logged);
    }

    @AfterEach
    void listenNoMore() {
        logger().detachAppender(logged);
    }

    private static Logger logger() {
        return (Logger) LoggerFactory.getLogger(LargeRecords.class);
    }

    private void look(String topic, int pictureBytes, long sent) {
        Struct row = new Struct(ROW).put("name", "some").put("picture", new byte[pictureBytes]);
        large.look(
                new SourceRecord(
                        Map.of(),
                        Map.of(),
                        topic,
                        Schema.INT32_SCHEMA,
                        4711,
                        EVENT,
                        new Struct(EVENT).put("after", row)),
                sent);
    }

    @Test
    void namesTableColumnSizeAndTheWayOutButNoContent() {
        look("p.public.t", 2_000, 4_000);
        assertThat(logged.list).hasSize(1);
        assertThat(logged.list.get(0).getFormattedMessage())
                .contains("producer.override.max.request.size", "max.message.bytes", "column.exclude.list");
        assertThat(logged.list.get(0).getKeyValuePairs().toString())
                .contains("topic=\"p.public.t\"", "column=\"picture\"", "columnBytes=\"2000\"")
                .doesNotContain("4711");
    }

    @Test
    void saysSoOnceForATableUntilThereIsALargerOne() {
        look("p.public.t", 2_000, 4_000);
        look("p.public.t", 1_500, 3_000);
        look("p.public.u", 1_500, 3_000);
        look("p.public.t", 2_001, 4_002);
        assertThat(logged.list).hasSize(3);
    }

    /** The server sends two letters for each byte. */
    @Test
    void saysNothingOfWhatIsSmall() {
        look("p.public.t", 600, 1_200);
        assertThat(logged.list).isEmpty();
    }
}
