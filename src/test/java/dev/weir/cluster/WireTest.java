package dev.weir.cluster;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.signal.Event;
import dev.weir.signal.RoomOptions;
import dev.weir.signal.RoomUpdate;
import dev.weir.signal.ShardAnswer;
import dev.weir.signal.ShardId;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class WireTest {
    private final Wire wire = new Wire(Wire.VERSION, RecordCodec.TRAVELLERS);

    /** Two releases of one record: the later one has a field more, another one less, and a record that is new. */
    interface Release1 {
        sealed interface Word {}

        record Said(String text, int times, String gone) implements Word {}

        record Asked(Said what, List<String> of) implements Word {}
    }

    interface Release2 {
        sealed interface Word {}

        record Said(String text, int times, long at, Optional<String> by, List<Integer> loud, Boolean sure)
                implements Word {}

        record Asked(Said what, List<String> of, Map<String, Integer> votes) implements Word {}

        record Sung(String tune) implements Word {}
    }

    private final Wire before = new Wire(1, List.of(Release1.Word.class));
    private final Wire after = new Wire(2, List.of(Release2.Word.class));

    @TestFactory
    Stream<DynamicTest> whateverTravelsComesBackAsItWas() {
        return RecordCodec.TRAVELLERS.stream()
                .flatMap(root -> records(root).stream())
                .map(type -> DynamicTest.dynamicTest(type.getName().replaceFirst(".*\\.", ""), () -> {
                    for (int seed = 0; seed < 20; seed++) {
                        Record sample = (Record) sample(type, new Random(seed), 0);
                        assertEquals(sample, wire.read(wire.write(sample)), "seed " + seed);
                    }
                }));
    }

    @Test
    void anOlderNodeIgnoresWhatItDoesNotKnow() {
        Record said = new Release2.Said("hello", 3, 99, Optional.of("ada"), List.of(1), true);

        assertEquals(new Release1.Said("hello", 3, null), before.read(after.write(said)));
    }

    @Test
    void aNewerNodeFillsInWhatItIsNotTold() {
        Record asked = new Release1.Asked(new Release1.Said("hello", 3, "x"), List.of("ada"));

        assertEquals(
                new Release2.Asked(
                        new Release2.Said("hello", 3, 0, Optional.empty(), List.of(), null), List.of("ada"), Map.of()),
                after.read(before.write(asked)));
    }

    @Test
    void aRecordThatIsNewIsRefusedByItsName() {
        WireRefusal refusal =
                assertThrows(WireRefusal.class, () -> before.read(after.write(new Release2.Sung("a tune"))));

        assertEquals("no Word is called Sung", refusal.getMessage());
    }

    @Test
    void versionsThatAreNoNeighboursAreToldSo() {
        byte[] bytes = after.write(new Release2.Said("hello", 3, 99, Optional.empty(), List.of(), null));
        bytes[0] = 3;

        WireRefusal refusal = assertThrows(WireRefusal.class, () -> before.read(bytes));

        assertTrue(refusal.getMessage().contains("version 3, and this node knows 1"), refusal.getMessage());
    }

    @Test
    void aNameOnTheWireNamesNoClass() {
        for (String name : List.of("java.lang.Runtime", "dev.weir.signal.ShardAnswer$Done", "Done")) {
            byte[] bytes = ("\1{\"" + name + "\":{\"@\":\"" + name + "\"}}").getBytes(StandardCharsets.UTF_8);
            WireRefusal refusal = assertThrows(WireRefusal.class, () -> wire.read(bytes));
            assertEquals("no record is called " + name, refusal.getMessage());
        }
    }

    @Test
    void garbageIsRefusedAndNothingElse() {
        Random random = new Random(7);
        byte[] good = wire.write(new RoomUpdate.Envelope(
                "room",
                1,
                new ShardId("here", 0),
                2,
                new RoomUpdate.Happened(new Event.RoomUpdate(RoomOptions.defaults("room")))));
        int refused = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] bad = good.clone();
            int flips = 1 + random.nextInt(8);
            for (int flip = 0; flip < flips; flip++) {
                bad[random.nextInt(bad.length)] = (byte) random.nextInt(256);
            }
            byte[] cut = random.nextBoolean() ? bad : java.util.Arrays.copyOf(bad, random.nextInt(bad.length));
            try {
                wire.read(cut);
            } catch (WireRefusal refusal) {
                refused++;
            }
        }
        assertTrue(refused > 10_000, "refused " + refused);
    }

    @Test
    void numbersThatAreNoneTravelToo() {
        assertArrayEquals(
                new double[] {Double.NaN, Double.POSITIVE_INFINITY},
                Stream.of(Double.NaN, Double.POSITIVE_INFINITY)
                        .map(level -> new RoomUpdate.Envelope(
                                "room",
                                1,
                                new ShardId("here", 0),
                                2,
                                new RoomUpdate.Happened(new Event.SpeakerChange("", "ada", level))))
                        .map(sent -> (RoomUpdate.Envelope) wire.read(wire.write(sent)))
                        .mapToDouble(read -> assertInstanceOf(
                                        Event.SpeakerChange.class, ((RoomUpdate.Happened) read.update()).event())
                                .audioLevel())
                        .toArray());
    }

    @Test
    void whatDoesNotTravelIsAMistakeOfOurs() {
        assertThrows(IllegalArgumentException.class, () -> wire.write(new Release2.Sung("a tune")));
        assertThrows(IllegalArgumentException.class, () -> new Wire(1, List.of(Thread.class)));
    }

    @Test
    void answersKeepTheirKind() {
        assertEquals(new ShardAnswer.Moved(), wire.read(wire.write(new ShardAnswer.Moved())));
    }

    /** Of a sealed interface all its records. */
    private static List<Class<?>> records(Class<?> type) {
        if (type.isRecord()) {
            return List.of(type);
        }
        List<Class<?>> all = new ArrayList<>();
        for (Class<?> permitted : type.getPermittedSubclasses()) {
            all.addAll(records(permitted));
        }
        return all;
    }

    /** Some value of that type, the same for the same seed. */
    private static Object sample(Type type, Random random, int depth) throws ReflectiveOperationException {
        if (type instanceof ParameterizedType generic) {
            Type[] arguments = generic.getActualTypeArguments();
            Object one = sample(arguments[arguments.length - 1], random, depth + 1);
            boolean none = depth > 12 || random.nextBoolean();
            if (generic.getRawType() == Map.class) {
                return none ? Map.of() : Map.of(sample(arguments[0], random, depth + 1), one);
            }
            if (generic.getRawType() == Optional.class) {
                return none ? Optional.empty() : Optional.of(one);
            }
            if (generic.getRawType() == Set.class) {
                return none ? Set.of() : Set.of(one);
            }
            return none ? List.of() : List.of(one);
        }
        Class<?> named = (Class<?>) type;
        if (named == ShardId.class) {
            return new ShardId("node" + random.nextInt(10), random.nextInt(10));
        }
        if (named.isRecord()) {
            RecordComponent[] components = named.getRecordComponents();
            Object[] fields = new Object[components.length];
            Class<?>[] types = new Class<?>[components.length];
            for (int i = 0; i < components.length; i++) {
                types[i] = components[i].getType();
                fields[i] = sample(components[i].getGenericType(), random, depth + 1);
            }
            var constructor = named.getDeclaredConstructor(types);
            constructor.setAccessible(true);
            return constructor.newInstance(fields);
        }
        if (named.isSealed()) {
            List<Class<?>> all = records(named);
            return sample(all.get(random.nextInt(all.size())), random, depth + 1);
        }
        if (named.isEnum()) {
            return named.getEnumConstants()[random.nextInt(named.getEnumConstants().length)];
        }
        if (named == int.class || named == Integer.class) {
            return random.nextInt();
        }
        if (named == long.class || named == Long.class) {
            return random.nextLong();
        }
        if (named == double.class || named == Double.class) {
            return random.nextGaussian();
        }
        if (named == boolean.class || named == Boolean.class) {
            return random.nextBoolean();
        }
        return "text \"" + random.nextInt() + "\" – 👋";
    }
}
