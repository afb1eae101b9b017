/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.plugins;

import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What plugins call where they were written to end the process: they cannot, as other connectors and the broker live in it. Public, because their class
 * files refer to it once {@link ExitCalls} has seen to them.
 */
@SuppressWarnings("DoNotCallSuggester") // Nobody writes these calls, and class files know no annotation of ours.
public final class ExitGuard {
    private static final Logger LOGGER = LoggerFactory.getLogger(ExitGuard.class);
    private static final StackWalker STACK = StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);

    private ExitGuard() {}

    /** Instead of {@link System#exit}. */
    public static void exit(int status) {
        throw refused("System.exit(" + status + ")");
    }

    /** Instead of {@link Runtime#exit}. */
    public static void exit(Runtime runtime, int status) {
        throw refused("Runtime.exit(" + status + ")");
    }

    /** Instead of {@link Runtime#halt}. */
    public static void halt(Runtime runtime, int status) {
        throw refused("Runtime.halt(" + status + ")");
    }

    private static SecurityException refused(String call) {
        Class<?> caller = STACK.walk(ExitGuard::caller);
        ClassLoader loader = caller.getClassLoader();
        SecurityException refused = new SecurityException(call + " of " + caller.getName()
                + " is refused: a plugin can fail, but not end the worker that runs others beside it");
        LOGGER.atWarn()
                .addKeyValue("class", caller.getName())
                .addKeyValue("loader", loader == null ? "none" : String.valueOf(loader.getName()))
                .log("a plugin called " + call + " and gets an exception instead");
        return refused;
    }

    private static Class<?> caller(Stream<StackWalker.StackFrame> frames) {
        return frames.<Class<?>>map(StackWalker.StackFrame::getDeclaringClass)
                .filter(type -> type != ExitGuard.class)
                .findFirst()
                .orElse(ExitGuard.class);
    }
}
