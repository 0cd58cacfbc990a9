package dev.weir;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.Timer;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Holds the arrows between packages, and the purity of the core, that docs/ARCHITECTURE.md describes. */
class ArchitectureTest {
    private static final String OURS = "dev.weir";
    private static final String BOUNCY_CASTLE = "org.bouncycastle..";

    /** Each package with those that it may use; the root may use all. */
    private static final Map<String, Set<String>> ARROWS = new TreeMap<>(Map.ofEntries(
            Map.entry("web", Set.of("cluster", "signal", "sdp", "rtp")),
            Map.entry(
                    "shard",
                    Set.of(
                            "room", "branch", "peer", "relay", "cluster", "signal", "ice", "dtls", "srtp", "sdp",
                            "rtp")),
            Map.entry("cluster", Set.of("signal")),
            Map.entry("load", Set.of("ice", "dtls", "srtp", "bwe", "media", "rtp")),
            Map.entry("bench", Set.of("load")),
            Map.entry("room", Set.of("signal")),
            Map.entry("branch", Set.of("peer", "relay", "media", "signal", "sdp", "rtp")),
            Map.entry("peer", Set.of("ice", "dtls", "srtp", "sdp", "bwe", "media", "rtp")),
            Map.entry("relay", Set.of("media", "signal", "srtp", "rtp")),
            Map.entry("media", Set.of("rtp")),
            Map.entry("bwe", Set.of("rtp")),
            Map.entry("sdp", Set.of("rtp")),
            Map.entry("srtp", Set.of("rtp")),
            Map.entry("signal", Set.of("sdp", "rtp")),
            Map.entry("rtp", Set.of()),
            Map.entry("ice", Set.of()),
            Map.entry("dtls", Set.of())));

    private static final Set<String> SHELL = Set.of("web", "shard", "cluster", "load", "bench");

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(OURS);

    @Test
    void everyPackageIsKnown() {
        List<String> unknown = CLASSES.stream()
                .map(JavaClass::getPackageName)
                .distinct()
                .filter(name -> !name.equals(OURS) && !ARROWS.containsKey(name.substring(OURS.length() + 1)))
                .toList();
        Assertions.assertEquals(
                List.of(), unknown, "a new package is a decision: write it into this test and the docs");
    }

    @TestFactory
    Stream<DynamicTest> packagesUseOnlyWhatTheirArrowsPointTo() {
        return ARROWS.entrySet().stream().map(entry -> {
            String name = entry.getKey();
            List<String> forbidden = new ArrayList<>(List.of(OURS));
            ARROWS.keySet().stream()
                    .filter(other -> !other.equals(name) && !entry.getValue().contains(other))
                    .forEach(other -> forbidden.add(in(other)));
            return test(
                    name + " uses " + entry.getValue(),
                    noClasses()
                            .that(resideInAPackage(in(name)))
                            .should()
                            .dependOnClassesThat(resideInAnyPackage(forbidden.toArray(String[]::new))));
        });
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching(OURS + ".(*)..")
                .should()
                .beFreeOfCycles()
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    @TestFactory
    Stream<DynamicTest> theCoreUsesNoLibraryButBuffers() {
        return core().map(name -> {
            List<String> allowed = new ArrayList<>(List.of(
                    OURS + "..",
                    "java.lang..",
                    "java.util..",
                    "java.math",
                    "java.nio",
                    "java.nio.charset",
                    "java.net",
                    "java.io",
                    "java.text",
                    "java.time..",
                    "java.security..",
                    "javax.crypto..",
                    "io.netty.buffer",
                    "io.netty.util",
                    "io.netty.util.collection"));
            if (name.equals("dtls")) {
                allowed.add(BOUNCY_CASTLE);
            }
            return test(
                    name,
                    classes()
                            .that(resideInAPackage(in(name)))
                            .should()
                            .onlyDependOnClassesThat(resideInAnyPackage(allowed.toArray(String[]::new))
                                    .or(DescribedPredicate.describe("are primitive", ArchitectureTest::isPrimitive))));
        });
    }

    /** The library under dtls blocks, so that package alone has threads of its own. */
    @TestFactory
    Stream<DynamicTest> theCoreHasOneOwnerAndNoLocks() {
        return core().filter(name -> !name.equals("dtls"))
                .flatMap(name -> Stream.of(
                        test(
                                name + " has no threads or locks",
                                noClasses()
                                        .that(resideInAPackage(in(name)))
                                        .should()
                                        .dependOnClassesThat(DescribedPredicate.describe(
                                                "are for threads", ArchitectureTest::isForThreads))),
                        DynamicTest.dynamicTest(
                                name + " has nothing synchronized or volatile",
                                () -> Assertions.assertEquals(Set.of(), guarded(name)))));
    }

    @TestFactory
    Stream<DynamicTest> theCoreIsHandedItsTime() {
        return core().filter(name -> !name.equals("dtls"))
                .map(name -> test(
                        name,
                        noClasses()
                                .that(resideInAPackage(in(name)))
                                .should()
                                .callMethod(System.class, "nanoTime")
                                .orShould()
                                .callMethod(System.class, "currentTimeMillis")
                                .orShould()
                                .callMethod(Instant.class, "now")
                                .orShould()
                                .dependOnClassesThat(DescribedPredicate.describe(
                                        "are clocks", type -> type.isEquivalentTo(Clock.class)))));
    }

    private static Stream<String> core() {
        return ARROWS.keySet().stream().filter(name -> !SHELL.contains(name));
    }

    private static String in(String name) {
        return OURS + "." + name + "..";
    }

    private static DynamicTest test(String name, ArchRule rule) {
        return DynamicTest.dynamicTest(name, () -> rule.allowEmptyShould(true).check(CLASSES));
    }

    private static boolean isPrimitive(JavaClass type) {
        return type.getBaseComponentType().isPrimitive();
    }

    private static boolean isForThreads(JavaClass type) {
        return type.isAssignableTo(Thread.class)
                || type.isEquivalentTo(ThreadLocal.class)
                || (type.getPackageName().startsWith("java.util.concurrent") && !type.isEquivalentTo(TimeUnit.class))
                || type.isEquivalentTo(Timer.class);
    }

    /** Fields that are volatile and methods that are synchronized; the compiler's own are not meant. */
    private static Set<String> guarded(String name) {
        return CLASSES.that(resideInAPackage(in(name))).stream()
                .flatMap(type -> type.getMembers().stream())
                .filter(member -> member.getModifiers().contains(JavaModifier.VOLATILE)
                        || member.getModifiers().contains(JavaModifier.SYNCHRONIZED))
                .filter(member -> !member.getModifiers().contains(JavaModifier.SYNTHETIC))
                .map(JavaMember::getFullName)
                .collect(Collectors.toSet());
    }
}
