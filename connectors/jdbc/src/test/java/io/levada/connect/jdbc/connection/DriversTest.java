/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.levada.connect.jdbc.dialect.DriverName;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Driver;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DriversTest {

    private static final DriverName H2 = new DriverName("org.h2.Driver", "com.h2database:h2");

    /** A class loader that has no driver, as that of a connector from whose folder the drivers are kept apart. */
    private static final ClassLoader NONE = ClassLoader.getPlatformClassLoader();

    @TempDir
    private Path plugins;

    @Test
    void driverIsFoundWhereUsersDropIt() throws IOException, URISyntaxException {
        Path folder = Files.createDirectories(plugins.resolve("drivers"));
        Files.writeString(folder.resolve("README.txt"), "no jar");
        Path jar = Path.of(org.h2.Driver.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        Files.copy(jar, folder.resolve("h2.jar"));

        Driver driver = Drivers.load(H2, NONE, Drivers.folders(plugins.resolve("levada-connector-jdbc")));

        assertThat(driver.getClass().getName()).isEqualTo("org.h2.Driver");
        assertThat(driver.getClass()).isNotEqualTo(org.h2.Driver.class);
    }

    @Test
    void missingDriverIsNamedWithTheFoldersThatWereSearched() {
        Path home = plugins.resolve("levada-connector-jdbc");

        assertThatThrownBy(() -> Drivers.load(H2, NONE, Drivers.folders(home)))
                .hasMessageContainingAll(
                        "org.h2.Driver",
                        "com.h2database:h2",
                        home.resolve("drivers").toString(),
                        plugins.resolve("drivers").toString());
    }

    @Test
    void fileThatIsNoDriverIsNotOne() {
        DriverName list = new DriverName("java.util.ArrayList", "x:y");

        assertThatThrownBy(() -> Drivers.load(list, NONE, List.of())).hasMessageContaining("cannot be used");
    }
}
