/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log.segment;

import static org.assertj.core.api.Assertions.assertThat;

import io.levada.broker.log.Batches;
import io.levada.broker.log.LogFixture;
import io.levada.broker.log.config.LogConfig;
import io.levada.broker.log.directory.FolderRemoval;
import io.levada.broker.log.files.LogFiles;
import io.levada.broker.log.files.LogSlice;
import io.levada.broker.log.files.OpenFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;

/** An index answers as a scan of the whole segment does, in memory as well as after it was written and mapped. */
class IndexLookupProperties {
    @Property(tries = 60)
    void offsetsAreFoundWhereAScanFindsThem(
            @ForAll @Size(min = 1, max = 60) List<@IntRange(min = 1, max = 5) Integer> counts,
            @ForAll @IntRange(min = 0, max = 700) int interval)
            throws IOException {
        Path folder = Files.createTempDirectory("index");
        Segment segment = segment(folder, counts, counts, interval);
        agreeOnOffsets(segment);
        segment.seal();
        agreeOnOffsets(segment);
        segment.close();
        FolderRemoval.remove(folder);
    }

    @Property(tries = 60)
    void timesAreFoundWhereAScanFindsThem(
            @ForAll @Size(min = 1, max = 60) List<@IntRange(min = 0, max = 100) Integer> times,
            @ForAll @IntRange(min = 0, max = 700) int interval)
            throws IOException {
        Path folder = Files.createTempDirectory("index");
        Segment segment = segment(folder, times.stream().map(time -> 2).toList(), times, interval);
        agreeOnTimes(segment);
        segment.seal();
        agreeOnTimes(segment);
        segment.close();
        FolderRemoval.remove(folder);
    }

    private static Segment segment(Path folder, List<Integer> counts, List<Integer> times, int interval)
            throws IOException {
        LogConfig.Segment config =
                LogFixture.config("index.interval.bytes", "" + interval).segment();
        long base = 1_000_000_000_000L;
        Segment segment = Segment.create(folder, base, config, 0, new OpenFiles(1, LogFiles.SYSTEM));
        long next = base;
        for (int i = 0; i < counts.size(); i++) {
            String[] values = new String[counts.get(i)];
            java.util.Arrays.fill(values, "value");
            MemoryRecords batch = Batches.at(times.get(i), values);
            next += values.length;
            batch.batches().iterator().next().setLastOffset(next - 1);
            segment.append(batch);
        }
        return segment;
    }

    private static LogSlice all(Segment segment) {
        return segment.file().slice(0, segment.sizeInBytes());
    }

    private static void agreeOnOffsets(Segment segment) throws IOException {
        for (RecordBatch batch : all(segment).batches()) {
            for (long offset = batch.baseOffset(); offset <= batch.lastOffset(); offset++) {
                var found = segment.find(offset);
                assertThat(found).isEqualTo(segment.file().search(offset, 0));
            }
            assertThat(segment.find(batch.lastOffset() + 1))
                    .isEqualTo(segment.file().search(batch.lastOffset() + 1, 0));
        }
    }

    private static void agreeOnTimes(Segment segment) {
        for (long time = -1; time <= 101; time++) {
            long wanted = time;
            Optional<Long> scanned = StreamSupport.stream(all(segment).records().spliterator(), false)
                    .filter(record -> record.timestamp() >= wanted)
                    .map(Record::offset)
                    .findFirst();
            assertThat(segment.find(wanted, 0, Integer.MAX_VALUE).map(TimestampedOffset::offset))
                    .isEqualTo(scanned);
        }
    }
}
