/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.validation.advice;

import java.util.List;

/**
 * A key of a config that nobody reads.
 *
 * @param nearest the keys that may have been meant, best first; often none
 * @param advice one sentence; holds no value
 */
record UnknownKey(String key, List<String> nearest, String advice) {
    UnknownKey {
        nearest = List.copyOf(nearest);
    }

    /** A question for the end of a sentence, with a space in front; empty if there is nothing to suggest. */
    static String didYouMean(List<String> nearest) {
        return nearest.isEmpty() ? "" : " Did you mean " + String.join(" or ", nearest) + "?";
    }
}
