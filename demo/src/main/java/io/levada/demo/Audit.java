/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.demo;

import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.stream.Collectors;

/** Compares the rows of the table with what arrived in the topic, the file and S3. */
final class Audit implements AutoCloseable {

    private static final int IDS_SHOWN_MAX = 10;

    private final TopicRows topic;
    private final FileRows file;
    private final S3Rows s3;

    Audit(TopicRows topic, FileRows file, S3Rows s3) {
        this.topic = topic;
        this.file = file;
        this.s3 = s3;
    }

    /** How many records, lines and object lines there are by now. */
    Progress progress(long rows) throws IOException {
        return new Progress(
                rows, topic.read().total(), file.read().total(), s3.read().total(), s3.objects());
    }

    /** Whether each row has arrived everywhere, at least once. */
    boolean complete(BitSet rows) throws IOException {
        return topic.read().missing(rows).isEmpty()
                && file.read().missing(rows).isEmpty()
                && s3.read().missing(rows).isEmpty();
    }

    /** What is wrong: rows that are missing somewhere, and rows that are somewhere more than once. Empty when all is well. */
    List<String> findings(BitSet rows) throws IOException {
        List<String> findings = new ArrayList<>();
        examine("topic " + DemoPipeline.TOPIC, topic.read(), rows, findings);
        examine("the file", file.read(), rows, findings);
        examine("S3", s3.read(), rows, findings);
        return findings;
    }

    @Override
    public void close() throws IOException {
        topic.close();
        file.close();
    }

    private static void examine(String where, ArrivedRows arrived, BitSet rows, List<String> findings) {
        BitSet missing = arrived.missing(rows);
        if (!missing.isEmpty()) {
            String ids = missing.stream()
                    .limit(IDS_SHOWN_MAX)
                    .mapToObj(Integer::toString)
                    .collect(Collectors.joining(", "));
            findings.add(missing.cardinality() + " rows are not in " + where + ": id " + ids
                    + (missing.cardinality() > IDS_SHOWN_MAX ? ", ..." : ""));
        }
        if (arrived.repeated() > 0) {
            findings.add(arrived.repeated() + " rows are in " + where + " more than once");
        }
    }
}
