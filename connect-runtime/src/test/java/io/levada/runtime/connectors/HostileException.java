/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.connectors;

import java.io.PrintStream;
import java.io.PrintWriter;
import org.apache.kafka.connect.errors.RetriableException;
import org.jspecify.annotations.Nullable;

/** An exception of a plugin that does not answer as others do when it is told of. */
public final class HostileException extends RetriableException {
    private static final long serialVersionUID = 1;

    private final Kind kind;
    private final transient Thread maker;

    /** What it does. */
    public enum Kind {
        THROWS_ALWAYS,
        THROWS_FOR_ITS_MESSAGE,
        THROWS_WHEN_PRINTED,
        PRINTS_WITHOUT_END,
        HAS_CAUSES_WITHOUT_END,
        HAS_CAUSES_WITHOUT_END_AND_PRINTS_NONE,
        HAS_A_HUGE_MESSAGE,
        HAS_A_HUGE_MESSAGE_AND_PRINTS_NOTHING,
        HAS_A_HUGE_CAUSE,
        HAS_NULL_AMONG_ITS_FRAMES,
        ANSWERS_ITS_MAKER_ALONE
    }

    public HostileException(Kind kind) {
        super("hostile on purpose");
        this.kind = kind;
        this.maker = Thread.currentThread();
    }

    private void answerMakerAlone() {
        if (kind == Kind.ANSWERS_ITS_MAKER_ALONE && Thread.currentThread() != maker) {
            throw new UnsupportedOperationException("another thread may have to wait for ever");
        }
    }

    @Override
    public String getMessage() {
        answerMakerAlone();
        switch (kind) {
            case THROWS_ALWAYS, THROWS_FOR_ITS_MESSAGE -> throw new UnsupportedOperationException(kind.name());
            case HAS_A_HUGE_MESSAGE, HAS_A_HUGE_MESSAGE_AND_PRINTS_NOTHING -> {
                return "x".repeat(5_000_000);
            }
            default -> {
                return "hostile on purpose";
            }
        }
    }

    @Override
    @SuppressWarnings("UnsynchronizedOverridesSynchronized") // Nothing is written.
    public @Nullable Throwable getCause() {
        answerMakerAlone();
        return switch (kind) {
            case THROWS_ALWAYS -> throw new UnsupportedOperationException(kind.name());
            case HAS_CAUSES_WITHOUT_END, HAS_CAUSES_WITHOUT_END_AND_PRINTS_NONE -> new HostileException(kind);
            case HAS_A_HUGE_CAUSE -> new IllegalStateException("y".repeat(5_000_000));
            default -> super.getCause();
        };
    }

    @Override
    public StackTraceElement[] getStackTrace() {
        return switch (kind) {
            case THROWS_ALWAYS -> throw new UnsupportedOperationException(kind.name());
            case HAS_NULL_AMONG_ITS_FRAMES -> new StackTraceElement[3];
            default -> super.getStackTrace();
        };
    }

    @Override
    public String toString() {
        return switch (kind) {
            case THROWS_ALWAYS -> throw new UnsupportedOperationException(kind.name());
            case THROWS_FOR_ITS_MESSAGE, HAS_A_HUGE_MESSAGE_AND_PRINTS_NOTHING ->
                getClass().getName();
            default -> super.toString();
        };
    }

    @Override
    public void printStackTrace(PrintWriter out) {
        switch (kind) {
            case THROWS_ALWAYS, THROWS_WHEN_PRINTED -> throw new UnsupportedOperationException(kind.name());
            case PRINTS_WITHOUT_END -> {
                while (true) {
                    out.println("and so on");
                }
            }
            case HAS_CAUSES_WITHOUT_END_AND_PRINTS_NONE, HAS_A_HUGE_MESSAGE_AND_PRINTS_NOTHING -> out.println(this);
            default -> super.printStackTrace(out);
        }
    }

    @Override
    public void printStackTrace(PrintStream out) {
        throw new UnsupportedOperationException(kind.name());
    }
}
