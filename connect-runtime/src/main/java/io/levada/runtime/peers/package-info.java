/* SPDX-License-Identifier: Apache-2.0 */
/**
 * What workers of a group ask of each other over REST: the addresses come from {@code membership}, the keys that sign internal requests
 * (KIP-507) from the config topic. Any thread; nothing here blocks, but for what says so.
 */
@NullMarked
package io.levada.runtime.peers;

import org.jspecify.annotations.NullMarked;
