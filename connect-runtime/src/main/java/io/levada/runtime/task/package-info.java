/* SPDX-License-Identifier: Apache-2.0 */
/**
 * What one task does between its connector's code and Kafka. A source task is polled, its records transformed, converted
 * and sent, and offsets committed once all before them are acknowledged ({@code task.source}); a sink task's records are
 * consumed, converted, transformed and put, and offsets committed as the task agrees ({@code task.sink}). What both need
 * is here.
 *
 * <p>Everything runs on {@code task-thread-<connector>-<n>}, which alone calls the plugin, its transforms and
 * converters. Exceptions are said where they are: acknowledgements come on the producer's thread and offset commits of
 * sources on {@code levada-offset-flush}.
 */
@NullMarked
package io.levada.runtime.task;

import org.jspecify.annotations.NullMarked;
