/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task;

import io.levada.runtime.clients.ClientConfigs;
import io.levada.runtime.config.WorkerConfig;
import io.levada.runtime.fencing.Fencing;
import io.levada.runtime.metrics.WorkerMeters;
import io.levada.runtime.offsets.OffsetStores;
import io.levada.runtime.plugins.Plugins;
import io.levada.runtime.status.StatusStore;

/**
 * What the worker lends to its tasks. All parts are safe for use by many threads.
 *
 * @param meters what is measured, of tasks and by plugins
 * @param flusher runs offset commits of sources
 * @param fencing keeps earlier tasks of exactly-once sources from committing
 */
public record TaskServices(
        WorkerConfig worker,
        ClientConfigs clients,
        Plugins plugins,
        OffsetStores offsets,
        StatusStore statuses,
        Secrets secrets,
        FlushThreads flusher,
        Fencing fencing,
        WorkerMeters meters) {}
