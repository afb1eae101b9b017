/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.plugins;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Gives the current thread another context class loader until closed, as plugin code expects when it is called. */
public final class LoaderSwap implements AutoCloseable {
    private final Thread owner = Thread.currentThread();
    private final @Nullable ClassLoader before;

    private LoaderSwap(@Nullable ClassLoader before) {
        this.before = before;
    }

    /** Swaps at once; the same thread closes the result. */
    public static LoaderSwap to(ClassLoader loader) {
        Thread thread = Thread.currentThread();
        LoaderSwap swap = new LoaderSwap(thread.getContextClassLoader());
        thread.setContextClassLoader(loader);
        return swap;
    }

    /** Runs {@code work} with the loader as the thread's context class loader. */
    public static <T> T call(ClassLoader loader, Supplier<T> work) {
        LoaderSwap swap = to(loader);
        try {
            return work.get();
        } finally {
            swap.close();
        }
    }

    /** Runs {@code work} with the loader as the thread's context class loader. */
    public static void run(ClassLoader loader, Runnable work) {
        LoaderSwap swap = to(loader);
        try {
            work.run();
        } finally {
            swap.close();
        }
    }

    @Override
    public void close() {
        if (Thread.currentThread() != owner) {
            throw new IllegalStateException("a context class loader is put back by the thread that swapped it");
        }
        owner.setContextClassLoader(before);
    }
}
