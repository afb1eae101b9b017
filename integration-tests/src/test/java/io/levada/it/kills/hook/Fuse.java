/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.it.kills.hook;

import io.levada.it.kills.hook.Charge.Moment;
import java.io.File;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Counts how often a point is passed, and ends the process. It is charged from outside at any time, by a file whose path is in
 * {@link #PROPERTY}; where it struck is told in a file beside it. That is read and written past the file system this belongs to.
 */
public final class Fuse {
    /** The system property with the path of the file that holds a {@link Charge}. */
    public static final String PROPERTY = "levada.it.fuse";

    /** What the name of the file ends in that says at which step the process ended. */
    public static final String STRUCK = ".struck";

    private static final int EXIT_OF_SIGKILL = 137;

    private final File file;
    private @Nullable Charge charge;
    private int passed;

    Fuse(String file) {
        this.file = new File(file);
    }

    /** To be called before every step; what it returns is to be called in its middle, and after it. */
    synchronized Strike before(Step step) {
        if (charge == null && file.exists()) {
            charge = read();
        }
        if (charge == null || !charge.point().isAt(step) || ++passed != charge.passing()) {
            return Strike.NONE;
        }
        if (charge.moment() == Moment.BEFORE || (charge.moment() == Moment.MIDDLE && step.kind() != Step.Kind.WRITE)) {
            strike("before " + step);
        }
        Moment moment = charge.moment();
        return new Strike() {
            @Override
            public boolean isInTheMiddle() {
                return moment == Moment.MIDDLE;
            }

            @Override
            public void now() {
                strike(moment == Moment.MIDDLE ? "in the middle of " + step : "after " + step);
            }
        };
    }

    private Charge read() {
        try (InputStream in = new FileInputStream(file)) {
            return Charge.parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new IllegalStateException("cannot read " + file, e);
        }
    }

    /** No hook, no flush, no goodbye: to files the same as SIGKILL. */
    private void strike(String where) {
        try (OutputStream out = new FileOutputStream(file + STRUCK)) {
            out.write(where.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new IllegalStateException("cannot write " + file + STRUCK, e);
        } finally {
            Runtime.getRuntime().halt(EXIT_OF_SIGKILL);
        }
    }

    /** What is to happen to a step that has been let begin. */
    interface Strike {
        Strike NONE = new Strike() {
            @Override
            public boolean isInTheMiddle() {
                return false;
            }

            @Override
            public void now() {}
        };

        /** Whether half of it is to be done, then {@link #now}. */
        boolean isInTheMiddle();

        /** Ends the process, if it is to end here. */
        void now();
    }
}
