/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.it.kills.hook;

import io.levada.it.kills.hook.Step.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Moments at which a crash is most likely to find something half done. */
public enum HookPoint {
    /** A new segment, and what its predecessor is sealed with. */
    ROLL {
        @Override
        boolean isAt(Step step) {
            if (step.kind() == Kind.MOVE || step.kind() == Kind.DELETE) {
                return false;
            }
            boolean begins = step.kind() == Kind.MAKE && step.touches(".*-\\d+/(?!0{20})\\d{20}\\.log");
            return begins || step.touches(".*-\\d+/\\d{20}\\.(index|timeindex|txnindex|snapshot)");
        }
    },
    /** A compacted segment takes the place of others. */
    SWAP {
        @Override
        boolean isAt(Step step) {
            return step.kind() == Kind.MOVE && step.touches(".*-\\d+/\\d{20}\\.\\w+\\.(cleaned|swap|deleted)");
        }
    },
    CHECKPOINT {
        @Override
        boolean isAt(Step step) {
            return step.touches(".*-checkpoint(\\.tmp)?");
        }
    },
    TOPIC_CREATE {
        @Override
        boolean isAt(Step step) {
            return step.touches(".*-\\d+\\.new(/.*)?") || isTopicFile(step, false);
        }
    },
    TOPIC_DELETE {
        @Override
        boolean isAt(Step step) {
            return step.touches(".*-\\d+\\.\\w+-delete(/.*)?")
                    || (step.kind() == Kind.DELETE && step.touches(".*\\.topic"))
                    || isTopicFile(step, true);
        }
    },
    /** A decision about a transaction, its markers, and that all of them are written. */
    TRANSACTION_END {
        @Override
        boolean isAt(Step step) {
            if (step.kind() == Kind.FORCE) {
                return step.touches(".*/__transaction_state-\\d+/\\d{20}\\.log");
            }
            return step.kind() == Kind.WRITE
                    && step.touches(".*/\\d{20}\\.log")
                    && (step.touches(".*/__transaction_state-\\d+/.*")
                            ? BatchBytes.endsTransaction(step.bytes())
                            : BatchBytes.isMarker(step.bytes()));
        }
    };

    abstract boolean isAt(Step step);

    /** Whether the file of a topic gets a new content, which says that it goes, or that it comes. */
    private static boolean isTopicFile(Step step, boolean goes) {
        if (step.kind() != Kind.MOVE || !step.target().endsWith(".topic")) {
            return false;
        }
        try {
            return Files.readString(Path.of(step.path())).contains("state=deleting") == goes;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
