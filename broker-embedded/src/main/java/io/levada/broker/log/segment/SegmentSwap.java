/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log.segment;

import io.levada.broker.log.files.LogFileNames;
import io.levada.broker.log.files.LogFiles;
import io.levada.broker.log.recovery.SwapRecovery;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Puts a finished draft in the place of segments on disk, as Apache Kafka does, so that a stop at any step leaves the old segments
 * or the new one.
 * <pre>
 *   1  x.index.cleaned -> x.index.swap, then x.log.cleaned -> x.log.swap     from here on a start completes the swap ({@link SwapRecovery})
 *   2  every old  y.log -> y.log.deleted, its indexes are removed
 *   3  x.index.swap -> x.index, then x.log.swap -> x.log
 * </pre>
 * The names are forced after each step, so that no disk can have done a later one without an earlier one.
 */
public final class SegmentSwap {

    private final Path folder;
    private final LogFiles files;
    private boolean begun;

    public SegmentSwap(Path folder, LogFiles files) {
        this.folder = folder;
        this.files = files;
    }

    /** Whether it is too late to turn back: after a failure only a restart makes the folder whole. */
    public boolean isBegun() {
        return begun;
    }

    public void run(List<Segment> old, Segment draft) throws IOException {
        rename(draft, LogFileNames.CLEANED, LogFileNames.SWAP);
        begun = true;
        files.forceFolder(folder);
        for (Segment segment : old) {
            segment.markReplaced(files);
        }
        files.forceFolder(folder);
        rename(draft, LogFileNames.SWAP, "");
        files.forceFolder(folder);
    }

    /** The log goes last: its name says how far the swap is. */
    private void rename(Segment draft, String from, String to) throws IOException {
        for (String suffix : LogFileNames.INDEXES) {
            Path file = LogFileNames.file(folder, draft.baseOffset(), suffix + from);
            if (Files.exists(file)) {
                files.rename(file, LogFileNames.file(folder, draft.baseOffset(), suffix + to));
            }
        }
        draft.file().rename(LogFileNames.file(folder, draft.baseOffset(), LogFileNames.LOG + to));
    }
}
