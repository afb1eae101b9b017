/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.diagnosis;

import java.io.PrintWriter;

/**
 * Whether a failure's class has written methods itself that tell what it is. They may answer otherwise each time, so what they said once says nothing of
 * what a log or a status would get. Those of Java itself are trusted: they tell what the failure was made with.
 */
final class OwnMethods {
    private static final ClassValue<Boolean> TELL = new ClassValue<>() {
        @Override
        protected Boolean computeValue(Class<?> failure) {
            return isOwn(failure, "toString")
                    || isOwn(failure, "getMessage")
                    || isOwn(failure, "getLocalizedMessage") // which toString() asks
                    || isOwn(failure, "getCause")
                    || isOwn(failure, "getStackTrace")
                    || isOwn(failure, "printStackTrace", PrintWriter.class);
        }
    };

    private OwnMethods() {}

    /** Whether any of what a log or a trace asks for is answered by a class that is not Java's. */
    static boolean tell(Throwable failure) {
        return !(failure instanceof MaskedFailure) && TELL.get(failure.getClass());
    }

    /** Whether it prints its trace itself, which Java's own classes do, too. */
    static boolean print(Throwable failure) {
        try {
            return declaring(failure.getClass(), "printStackTrace", PrintWriter.class) != Throwable.class;
        } catch (NoSuchMethodException | LinkageError cannotBeSeen) {
            return true;
        }
    }

    /** Whether where it was thrown is told by a class that is not Java's. */
    static boolean place(Throwable failure) {
        return isOwn(failure.getClass(), "getStackTrace");
    }

    private static boolean isOwn(Class<?> failure, String method, Class<?>... parameters) {
        try {
            ClassLoader loader = declaring(failure, method, parameters).getClassLoader();
            return loader != null && loader != ClassLoader.getPlatformClassLoader();
        } catch (NoSuchMethodException | LinkageError cannotBeSeen) {
            return true;
        }
    }

    private static Class<?> declaring(Class<?> failure, String method, Class<?>... parameters)
            throws NoSuchMethodException {
        return failure.getMethod(method, parameters).getDeclaringClass();
    }
}
