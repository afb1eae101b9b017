/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.demo;

import java.io.IOException;
import java.net.BindException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Why the demo cannot start or go on, and what its user can do about it. */
public final class DemoProblem extends IOException {
    private static final long serialVersionUID = 1L;

    private static final String SQL_DISK_FULL = "53100";
    private static final String NO_SPACE = "No space left on device";
    private static final String OTHER_FOLDER = "Give --dir a folder that you may write to.";
    private static final String OTHER_PORTS =
            "A port in use? -o listeners=http://localhost:0 -o broker.listeners=PLAINTEXT://localhost:0 takes free ones.";

    private final String remedy;

    DemoProblem(String why, String remedy) {
        this(why, remedy, null);
    }

    DemoProblem(String why, String remedy, @Nullable Throwable cause) {
        super(why, cause);
        this.remedy = remedy;
    }

    /** What to do next; empty when there is nothing to advise. */
    public String remedy() {
        return remedy;
    }

    /** The reason as the user needs to hear it: found anywhere among the causes, for libraries wrap what the system said. */
    static DemoProblem of(Throwable failure, Path folder) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            DemoProblem known = known(cause, failure, folder);
            if (known != null) {
                return known;
            }
        }
        return new DemoProblem(message(failure), "LEVADA_DEBUG=1 shows where.", failure);
    }

    private static @Nullable DemoProblem known(Throwable cause, Throwable failure, Path folder) {
        if (cause instanceof DemoProblem problem) {
            return problem;
        }
        if (isDiskFull(cause)) {
            return new DemoProblem(
                    "no space is left on the disk of " + folder,
                    "Free some, or give --dir a folder on another disk; run it again to go on.",
                    failure);
        }
        if (cause instanceof AccessDeniedException denied) {
            return new DemoProblem("no permission to write " + denied.getFile(), OTHER_FOLDER, failure);
        }
        if (cause instanceof FileAlreadyExistsException inTheWay) {
            return new DemoProblem(
                    inTheWay.getFile() + " is no folder", "Give --dir the name of a new folder.", failure);
        }
        if (cause instanceof FileSystemException refused) {
            String why = refused.getReason() == null ? refused.getClass().getSimpleName() : refused.getReason();
            return new DemoProblem("cannot write " + refused.getFile() + ": " + why, OTHER_FOLDER, failure);
        }
        return cause instanceof BindException ? new DemoProblem(message(failure), OTHER_PORTS, failure) : null;
    }

    private static boolean isDiskFull(Throwable cause) {
        return String.valueOf(cause.getMessage()).contains(NO_SPACE)
                || (cause instanceof SQLException sql && SQL_DISK_FULL.equals(sql.getSQLState()));
    }

    private static String message(Throwable failure) {
        String message = failure.getMessage();
        return message == null ? failure.toString() : message;
    }
}
