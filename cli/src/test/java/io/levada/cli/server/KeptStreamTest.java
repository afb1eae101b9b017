/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.cli.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;

final class KeptStreamTest {
    @Test
    void whoClosesAStandardStreamDoesNotSilenceOthers() {
        PrintStream out = System.out;
        PrintStream err = System.err;
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        try {
            System.setOut(new PrintStream(written, true, UTF_8));
            System.setErr(new PrintStream(written, true, UTF_8));
            KeptStream.keepBoth();
            PrintStream kept = System.out;
            KeptStream.keepBoth();
            assertThat(System.out).as("once is enough").isSameAs(kept);

            System.out.close();
            System.err.close();
            System.out.print("out, ");
            System.out.flush();
            System.err.println("err");
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
        assertThat(written.toString(UTF_8)).isEqualTo("out, err" + System.lineSeparator());
    }
}
