/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.simulation;

import io.levada.runtime.simulation.Fibers.Fiber;
import io.levada.runtime.simulation.Fibers.WorkerProcess;
import io.levada.runtime.threads.TaskThreads;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/** The threads of the tasks of one process. */
final class SimulatedThreads implements TaskThreads {
    private final Fibers fibers;
    private final WorkerProcess process;

    SimulatedThreads(Fibers fibers, WorkerProcess process) {
        this.fibers = fibers;
        this.process = process;
    }

    @Override
    public Thread start(String name, Runnable work) {
        return fibers.start(process, name, work);
    }

    @Override
    public long nanoTime() {
        return fibers.nanos();
    }

    @Override
    public void await(Object monitor, long ms) throws InterruptedException {
        fibers.await(monitor, ms);
    }

    @Override
    public void wake(Object monitor) {
        fibers.wakeAll(monitor);
    }

    @Override
    public <T> T get(CompletionStage<T> answer, Duration timeout)
            throws InterruptedException, ExecutionException, TimeoutException {
        fibers.turn();
        CompletableFuture<T> future = answer.toCompletableFuture();
        Fiber self = fibers.current();
        CompletionStage<T> unused = future.whenComplete((result, failure) -> fibers.wake(self));
        long end = fibers.nanos() + timeout.toNanos();
        while (!future.isDone()) {
            if (fibers.nanos() >= end) {
                throw new TimeoutException();
            }
            fibers.park(end - fibers.nanos());
        }
        return future.get();
    }
}
