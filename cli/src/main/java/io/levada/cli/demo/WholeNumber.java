/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.cli.demo;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A number of an option, from 1 to the largest that makes sense. */
class WholeNumber implements ITypeConverter<Integer> {
    private final int max;

    WholeNumber(int max) {
        this.max = max;
    }

    @Override
    public final Integer convert(String value) {
        try {
            int number = Integer.parseInt(value);
            if (number >= 1 && number <= max) {
                return number;
            }
        } catch (NumberFormatException notOne) {
            // Told below, as one that is out of range.
        }
        throw new TypeConversionException("'" + value + "' is not a whole number from 1 to " + max);
    }
}
