/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.it.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import io.levada.broker.log.files.AsideFile;
import io.levada.broker.log.files.CorruptIndexException;
import io.levada.broker.log.files.LogDirectoryException;
import io.levada.broker.log.files.LogSlice;
import io.levada.broker.log.producers.Admission;
import io.levada.broker.log.producers.LastBatch;
import io.levada.broker.log.producers.ProducerDescription;
import io.levada.broker.log.producers.TransactionVersion;
import io.levada.broker.log.records.AppendOrigin;
import io.levada.broker.log.records.RecordError;
import io.levada.broker.log.records.RefusedRecords;
import io.levada.broker.log.recovery.DamagedLogException;
import io.levada.broker.log.recovery.EpochEnd;
import io.levada.broker.log.segment.AbortedTransaction;
import io.levada.broker.log.segment.SealedSegment;
import io.levada.broker.log.segment.SegmentDraft;
import io.levada.broker.log.segment.TimestampedOffset;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.common.requests.TransactionResult;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The module and package boundaries. A wrong import fails the build, not the review. */
final class ArchitectureTest {

    private static final DescribedPredicate<JavaClass> LEVADA = resideInAnyPackage("io.levada..");

    private static JavaClasses levada;

    @BeforeAll
    static void readClasses() {
        levada = new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("io.levada");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "io.levada.broker",
                "io.levada.registry",
                "io.levada.connect.api",
                "io.levada.connect.transforms",
                "io.levada.connect.converters",
                "io.levada.connect.file",
                "io.levada.connect.jdbc",
                "io.levada.connect.s3",
                "io.levada.runtime",
                "io.levada.demo",
                "io.levada.cli"
            })
    void everyModuleIsAmongTheClassesThatWereRead(String root) {
        assertThat(levada.stream().map(JavaClass::getPackageName)).anyMatch(name -> name.startsWith(root));
    }

    @ParameterizedTest
    @ValueSource(strings = {"io.levada.broker", "io.levada.registry", "io.levada.connect.api"})
    void standsOnNoOtherModule(String root) {
        check(mayImport(root));
    }

    @ParameterizedTest
    @ValueSource(strings = {"transforms", "converters", "file", "jdbc", "s3"})
    void pluginSeesTheConnectApiAndNothingElseOfOurs(String plugin) {
        check(mayImport("io.levada.connect." + plugin, "io.levada.connect.api.."));
    }

    @Test
    void runtimeReachesPluginsByClassLoaderOnly() {
        check(mayImport("io.levada.runtime", "io.levada.connect.api..", "io.levada.broker"));
    }

    @Test
    void onlyOnePackageOfTheRuntimeKnowsTheBroker() {
        check(noClasses()
                .that()
                .resideInAPackage("io.levada.runtime..")
                .and()
                .resideOutsideOfPackage("io.levada.runtime.embedded..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.levada.broker.."));
    }

    @Test
    void nothingImportsTheCommandLine() {
        check(noClasses()
                .that()
                .resideOutsideOfPackage("io.levada.cli..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.levada.cli.."));
    }

    @Test
    void brokerDoesNotKnowThatConnectExists() {
        check(noClasses()
                .that()
                .resideInAPackage("io.levada.broker..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.apache.kafka.connect.."));
    }

    @Test
    void logKnowsSegmentsAndNothingAboveThem() {
        check(noClasses()
                .that()
                .resideInAPackage("io.levada.broker.log..")
                .should()
                .dependOnClassesThat(LEVADA.and(not(resideInAnyPackage(
                        "io.levada.broker.log..", "io.levada.broker.thread..", "io.levada.broker.spelling.."))))
                .orShould()
                .dependOnClassesThat(resideInAnyPackage("org.apache.kafka.common.requests..")
                        // An enum that only happens to live there: commit or abort, as a marker in the log says.
                        .and(not(type(TransactionResult.class)))));
    }

    /** What the log hands out are values and exceptions, and to compaction a sealed segment and the draft of one. */
    @Test
    void whatALogIsMadeOfStaysInsideIt() {
        check(noClasses()
                .that()
                .resideOutsideOfPackage("io.levada.broker.log..")
                .should()
                .dependOnClassesThat(resideInAnyPackage(
                                "io.levada.broker.log.files..",
                                "io.levada.broker.log.records..",
                                "io.levada.broker.log.segment..",
                                "io.levada.broker.log.producers..",
                                "io.levada.broker.log.recovery..")
                        .and(not(belongToAnyOf(
                                LogDirectoryException.class,
                                CorruptIndexException.class,
                                DamagedLogException.class,
                                AsideFile.class,
                                LogSlice.class,
                                LogSlice.Sender.class,
                                AppendOrigin.class,
                                RecordError.class,
                                RefusedRecords.class,
                                AbortedTransaction.class,
                                TimestampedOffset.class,
                                SealedSegment.class,
                                SegmentDraft.class,
                                Admission.class,
                                LastBatch.class,
                                ProducerDescription.class,
                                TransactionVersion.class,
                                EpochEnd.class)))));
    }

    @Test
    void vertxStaysWhereBytesMeetTheNetwork() {
        check(noClasses()
                .that()
                .resideOutsideOfPackages(
                        "io.levada.broker.network..", "io.levada.runtime.rest..", "io.levada.registry..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.vertx..", "io.netty.."));
    }

    @Test
    void driversStayInTheirConnector() {
        check(noClasses()
                .that()
                .resideOutsideOfPackages("io.levada.connect.jdbc..", "io.levada.demo..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.sql..", "javax.sql..", "com.zaxxer..", "org.postgresql.."));
        check(noClasses()
                .that()
                .resideOutsideOfPackages("io.levada.connect.s3..", "io.levada.demo..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("software.amazon.."));
    }

    @Test
    void packagesFormNoCycle() {
        check(slices().matching("io.levada.(**)").should().beFreeOfCycles());
    }

    @Test
    void timeIsInjected() {
        check(noClasses()
                .that()
                .resideOutsideOfPackages("io.levada.cli..", "io.levada.demo..", "io.levada.benchmarks..")
                .should()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(Thread.class, "sleep", long.class));
    }

    /** The JDK's own timers run whatever waits for them on a thread that all share, at a time that no clock of ours knows. */
    @Test
    void theBrokersTimersAreItsOwn() {
        check(noClasses()
                .that()
                .resideInAPackage("io.levada.broker..")
                .should()
                .callMethod(CompletableFuture.class, "completeOnTimeout", Object.class, long.class, TimeUnit.class)
                .orShould()
                .callMethod(CompletableFuture.class, "orTimeout", long.class, TimeUnit.class)
                .orShould()
                .callMethod(CompletableFuture.class, "delayedExecutor", long.class, TimeUnit.class));
    }

    @Test
    void onlyProgramsPrint() {
        check(noClasses()
                .that()
                .resideOutsideOfPackages(
                        "io.levada.cli..", "io.levada.demo..", "io.levada.benchmarks..", "io.levada.connect.file..")
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err"));
    }

    @Test
    void everyPackageSaysWhatItOwnsAndIsNullMarked() {
        Stream<String> unmarked = levada.stream()
                .map(JavaClass::getPackage)
                .distinct()
                .filter(p -> !p.isAnnotatedWith("org.jspecify.annotations.NullMarked"))
                .map(p -> p.getName());
        assertThat(unmarked).isEmpty();
    }

    /** Classes below {@code root} import, of ours, only their own module and {@code allowed}. */
    private static ArchRule mayImport(String root, String... allowed) {
        DescribedPredicate<JavaClass> permitted = resideInAnyPackage(
                Stream.concat(Stream.of(root + ".."), Stream.of(allowed)).toArray(String[]::new));
        return classes()
                .that()
                .resideInAPackage(root + "..")
                .should()
                .onlyDependOnClassesThat(not(LEVADA).or(permitted));
    }

    private static void check(ArchRule rule) {
        rule.allowEmptyShould(true).check(levada);
    }
}
