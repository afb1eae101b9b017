/* SPDX-License-Identifier: Apache-2.0 */
/**
 * What is answered of each key: its definition, value, errors and recommended values, in the order and the words of Kafka Connect.
 */
@NullMarked
package io.levada.runtime.validation.infos;

import org.jspecify.annotations.NullMarked;
