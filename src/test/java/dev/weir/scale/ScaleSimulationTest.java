package dev.weir.scale;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.relay.TreeLimits;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A broadcast to more people than these machines could bear: docs/scaling.md has what the large one says. */
class ScaleSimulationTest {
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void aBroadcastReachesEverybodyAndHealsWhenNodesDie(long seed) {
        ScaleReport report = ScaleReport.of(Plan.small(seed));

        // Of so few nodes the balancer sends one in seven to a dead one, until it knows.
        check(report, Plan.small(seed), 85);
    }

    @Test
    void aStormThatIsTooMuchForANodeIsToldWhenToComeBackAndThenGetsIn() {
        Plan plan = Plan.oneNode(1);
        ScaleReport report = ScaleReport.ofStorm(plan);
        System.out.println(report);

        assertTrue(report.audience.refused > 0, report::toString);
        assertEquals(plan.viewers(), report.audience.firstMedia.count(), report::toString);
        assertTrue(report.audience.waits.ms(100) <= 4_000, report::toString);
        // 3,500 joins at 1,000 a second need 3.5 s.
        assertTrue(report.audience.firstMedia.ms(100) < 8_000, report::toString);
    }

    @Test
    void theSameSeedTellsTheSameStory() {
        assertEquals(
                ScaleReport.of(Plan.small(7)).toString(),
                ScaleReport.of(Plan.small(7)).toString());
    }

    /** With -Dlong, or ./weir test --long. */
    @Test
    @Tag("long")
    void aHundredThousandWatchOneStream() {
        Plan plan = Plan.hundredThousand(1);
        ScaleReport report = ScaleReport.of(plan);
        System.out.println(report);

        check(report, plan, 95);
    }

    /** @param percent of those whose node died who have media again within 3 s */
    private static void check(ScaleReport report, Plan plan, int percent) {
        Audience audience = report.audience;
        assertEquals(plan.viewers() / 5, audience.firstMedia.count(), report::toString);
        assertEquals(0, report.withoutMedia(), report::toString);
        long crossings = report.traffic.flows.stream()
                .filter(flow -> !flow.isWithinRegion())
                .count();
        assertEquals(plan.regions().size() - 1, crossings, report::toString);
        assertTrue(report.mostHops() <= 2 * TreeLimits.DEFAULT.depth(), report::toString);
        assertTrue(audience.backAgain.percentWithin(3 * Timeline.SECOND) >= percent, report::toString);
        // Noticed after two seconds, healed as soon as the owner is there and links are up.
        assertTrue(audience.cutOff.ms(100) < 4_000, report::toString);
    }
}
