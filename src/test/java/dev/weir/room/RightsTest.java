package dev.weir.room;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weir.rtp.MediaKind;
import dev.weir.signal.ErrorCode;
import dev.weir.signal.Role;
import dev.weir.signal.RoomRequest;
import dev.weir.signal.Source;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every request of the room, asked by every role. */
class RightsTest {
    private static final String ALL_BUT_RECORDERS = "host cohost guest viewer";
    private static final String HOSTING = "host cohost";

    private static final Map<RoomRequest, String> TABLE = new LinkedHashMap<>();

    static {
        TABLE.put(new RoomRequest.Chat("hello"), ALL_BUT_RECORDERS);
        TABLE.put(new RoomRequest.Hand(true), ALL_BUT_RECORDERS);
        TABLE.put(new RoomRequest.Reaction("👏"), ALL_BUT_RECORDERS);
        TABLE.put(new RoomRequest.Admit(Optional.of("waiter")), HOSTING);
        TABLE.put(new RoomRequest.Admit(Optional.empty()), HOSTING);
        TABLE.put(new RoomRequest.Deny("waiter"), HOSTING);
        TABLE.put(new RoomRequest.Remove("target"), HOSTING);
        TABLE.put(new RoomRequest.Remove("host"), "host");
        TABLE.put(new RoomRequest.Promote("target", Role.COHOST), HOSTING);
        TABLE.put(new RoomRequest.Promote("target", Role.VIEWER), HOSTING);
        TABLE.put(new RoomRequest.Promote("target", Role.HOST), "host");
        TABLE.put(new RoomRequest.Promote("host", Role.GUEST), "host");
        TABLE.put(new RoomRequest.HostMute(Optional.of("target"), MediaKind.AUDIO, true), HOSTING);
        TABLE.put(new RoomRequest.HostMute(Optional.empty(), MediaKind.VIDEO, true), HOSTING);
        TABLE.put(new RoomRequest.HostMute(Optional.of("target"), MediaKind.AUDIO, false), HOSTING);
        TABLE.put(new RoomRequest.Lock(true), HOSTING);
        TABLE.put(new RoomRequest.End(), "host");
        TABLE.put(new RoomRequest.OpenBreakouts(List.of(breakout("two")), 0), HOSTING);
        TABLE.put(new RoomRequest.MoveToBreakout("target", Optional.of("one")), HOSTING);
        TABLE.put(new RoomRequest.Broadcast("hello"), HOSTING);
        TABLE.put(new RoomRequest.CloseBreakouts(0), HOSTING);
    }

    static Stream<Arguments> table() {
        List<Arguments> rows = new ArrayList<>();
        TABLE.forEach((request, roles) -> {
            for (Role role : Role.values()) {
                rows.add(Arguments.of(role, request, List.of(roles.split(" ")).contains(role.word())));
            }
        });
        return rows.stream();
    }

    @ParameterizedTest
    @MethodSource("table")
    void theOwnerOfTheRoomGrantsAndRefusesByRole(Role role, RoomRequest request, boolean granted) {
        RoomScene scene = new RoomScene(RoomScene.options(200, true));
        scene.join("host", Role.HOST);
        scene.join("second host", Role.HOST);
        for (Role each : List.of(Role.COHOST, Role.GUEST, Role.VIEWER, Role.RECORDER)) {
            scene.comeBack(each.word(), each, each);
        }
        scene.comeBack("target", Role.GUEST, Role.GUEST);
        scene.publish("target", Source.MICROPHONE);
        scene.join("waiter", Role.GUEST);
        boolean opening = request instanceof RoomRequest.OpenBreakouts;
        if (!opening) {
            scene.ask("host", new RoomRequest.OpenBreakouts(List.of(breakout("one")), 0));
        }
        var before = scene.state();

        ErrorCode refusal = scene.refusal(role.word(), request);

        assertEquals(granted ? null : ErrorCode.FORBIDDEN, refusal);
        if (!granted) {
            assertEquals(before, scene.state(), "a refused request changes nothing");
        }
    }

    @Test
    void aStrangerAndWhoWaitsMayAskNothing() {
        RoomScene scene = new RoomScene(RoomScene.options(200, true));
        scene.join("host", Role.HOST);
        scene.join("waiter", Role.GUEST);

        for (RoomRequest request : TABLE.keySet()) {
            assertEquals(ErrorCode.CONFLICT, scene.refusal("waiter", request));
            assertEquals(ErrorCode.CONFLICT, scene.refusal("stranger", request));
        }
    }

    private static RoomRequest.OpenBreakouts.Breakout breakout(String name) {
        return new RoomRequest.OpenBreakouts.Breakout(name, Optional.of(List.of()));
    }
}
