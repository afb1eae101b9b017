/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.types;

/**
 * The options that decide how values look.
 *
 * @param moneyFractionDigits {@code money.fraction.digits}, 0 or more
 * @param unknownTypes {@code include.unknown.datatypes}: columns of types without a mapping are bytes and not left out
 * @param unreadable {@code event.converting.failure.handling.mode}
 * @param unavailablePlaceholder {@code unavailable.value.placeholder}: text, or {@code hex:} and hexadecimal digits
 */
public record TypeOptions(
        DecimalMode decimals,
        TimePrecision times,
        BinaryMode binary,
        HstoreMode hstore,
        IntervalMode intervals,
        int moneyFractionDigits,
        boolean unknownTypes,
        String unavailablePlaceholder,
        UnreadableValues unreadable) {}
