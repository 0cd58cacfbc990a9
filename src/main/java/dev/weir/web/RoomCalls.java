package dev.weir.web;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.cluster.Bus;
import dev.weir.rtp.MediaKind;
import dev.weir.signal.ErrorCode;
import dev.weir.signal.OwnerAnswer;
import dev.weir.signal.OwnerRequest;
import dev.weir.signal.Role;
import dev.weir.signal.RoomFigures;
import dev.weir.signal.RoomOptions;
import dev.weir.signal.RoomState;
import dev.weir.signal.ShardAnswer;
import dev.weir.signal.ShardId;
import dev.weir.signal.ShardRequest;
import dev.weir.signal.Snapshot;
import dev.weir.signal.Source;
import dev.weir.web.RestCall.Reply;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The calls on rooms and the people in them (PROTOCOL section 2). */
final class RoomCalls {
    private static final String ROOMS = "/api/v1/rooms";
    private static final String ROOM = ROOMS + "/:room";
    private static final double BITS_PER_MEGABIT = 1e6;

    private final OwnerDesk desk;
    private final Bus bus;
    private final boolean anyoneCreates;

    RoomCalls(Backend backend, WebConfig.Rules rules) {
        this.desk = new OwnerDesk(backend);
        this.bus = backend.bus();
        this.anyoneCreates = rules.anyoneCreates();
    }

    void addTo(Router router, Gatekeeper gate) {
        RestCall.route(router, gate, ROOMS, Map.of(HttpMethod.GET, this::list, HttpMethod.POST, this::create));
        RestCall.route(
                router,
                gate,
                ROOM,
                Map.of(HttpMethod.GET, this::room, HttpMethod.PATCH, this::change, HttpMethod.DELETE, this::end));
        RestCall.route(router, gate, ROOM + "/stats", Map.of(HttpMethod.GET, this::stats));
        RestCall.route(router, gate, ROOM + "/participants", Map.of(HttpMethod.GET, this::participants));
        RestCall.route(
                router,
                gate,
                ROOM + "/participants/:id",
                Map.of(
                        HttpMethod.GET,
                        this::participant,
                        HttpMethod.PATCH,
                        this::changeParticipant,
                        HttpMethod.DELETE,
                        this::remove));
    }

    // Rooms.

    private Future<Reply> list(RestCall call) {
        return desk.list().map(rooms -> {
            ObjectNode body = SignalJson.object();
            ArrayNode list = body.putArray("rooms");
            rooms.stream()
                    .filter(room -> call.caller().maySee(room.options().name()))
                    .forEach(room -> list.add(json(room)));
            return Reply.ok(body);
        });
    }

    private Future<Reply> create(RestCall call) {
        Fields body = call.body();
        String name = RoomBody.name(body);
        call.require(anyoneCreates || call.caller().mayGovern(name));
        RoomOptions options = RoomBody.read(body, RoomOptions.defaults(name));
        return desk.create(options).map(creation -> {
            ObjectNode room = json(creation.state().summary());
            if (creation.isNew()) {
                return Reply.created(room, ROOMS + "/" + name);
            }
            RoomBody.difference(options, creation.state().options()).ifPresent(problem -> {
                throw new Refusal(problem);
            });
            return Reply.ok(room);
        });
    }

    private Future<Reply> room(RestCall call) {
        return desk.describe(call.room(Caller::maySee)).map(state -> Reply.ok(json(state.summary())));
    }

    private Future<Reply> change(RestCall call) {
        String room = call.room(Caller::mayGovern);
        Fields body = call.body();
        return desk.change(room, before -> RoomBody.read(body, before)).map(state -> Reply.ok(json(state.summary())));
    }

    private Future<Reply> end(RestCall call) {
        String room = call.room(Caller::mayGovern);
        return desk.order(room, place -> new OwnerRequest.End(room, place.epoch()))
                .map(_ -> Reply.done());
    }

    private static ObjectNode json(OwnerAnswer.Summary room) {
        return SignalJson.tree(room.options()).put("count", room.count()).put("viewers", room.viewers());
    }

    // Figures.

    private Future<Reply> stats(RestCall call) {
        return desk.describe(call.room(Caller::maySee))
                .compose(state -> figures(state).map(figures -> Reply.ok(json(state, figures))));
    }

    /** Of all branches together. */
    private Future<RoomFigures> figures(RoomState state) {
        List<Future<ShardAnswer>> answers = new ArrayList<>();
        for (ShardId shard : state.shards()) {
            answers.add(bus.ask(shard, new ShardRequest.Figures(state.options().name())));
        }
        return Future.all(answers).map(_ -> {
            RoomFigures sum = RoomFigures.NONE;
            for (Future<ShardAnswer> answer : answers) {
                if (answer.result() instanceof ShardAnswer.Figured(var figures)) {
                    sum = sum.plus(figures);
                }
            }
            return sum;
        });
    }

    /** Until browsers can connect to each other every mode is served by the server. */
    private static ObjectNode json(RoomState state, RoomFigures figures) {
        OwnerAnswer.Summary summary = state.summary();
        ObjectNode body = SignalJson.object()
                .put("room", state.options().name())
                .put("mode", "sfu")
                .put("count", summary.count())
                .put("viewers", summary.viewers())
                .put("ingressMbps", figures.ingressBps() / BITS_PER_MEGABIT)
                .put("egressMbps", figures.egressBps() / BITS_PER_MEGABIT)
                .put("packetsIn", figures.packetsIn())
                .put("packetsOut", figures.packetsOut());
        ArrayNode people = body.putArray("participants");
        for (RoomFigures.Person person : figures.people()) {
            ObjectNode entry = people.addObject()
                    .put("participantId", person.participantId())
                    .put("rttMs", person.rttMs())
                    .put("jitterMs", person.jitterMs())
                    .put("lossIn", person.lossIn())
                    .put("lossOut", person.lossOut())
                    .put("nack", person.nacks())
                    .put("pli", person.plis());
            if (person.estimateBps() < 0) {
                entry.putNull("estimate");
            } else {
                entry.put("estimate", person.estimateBps());
            }
            ArrayNode layers = entry.putArray("layers");
            person.layers().forEach(layer -> layers.add(SignalJson.tree(layer)));
        }
        return body;
    }

    // People.

    private Future<Reply> participants(RestCall call) {
        return desk.describe(call.room(Caller::maySee)).map(state -> {
            ObjectNode body = SignalJson.object();
            ArrayNode list = body.putArray("participants");
            state.members().forEach(member -> list.add(json(state, member)));
            return Reply.ok(body);
        });
    }

    private Future<Reply> participant(RestCall call) {
        String id = call.id();
        return desk.describe(call.room(Caller::maySee)).map(state -> Reply.ok(member(state, id)));
    }

    private Future<Reply> changeParticipant(RestCall call) {
        String room = call.room(Caller::mayGovern);
        String id = call.id();
        Fields body = call.body();
        Role role = body.has("role")
                ? Role.of(body.text("role", 1, 16))
                        .orElseThrow(() -> new Fields.Wrong("role has to be host, cohost, guest, viewer or recorder"))
                : null;
        Set<Source> mute = EnumSet.noneOf(Source.class);
        mute.addAll(muted(body, "audioMuted", MediaKind.AUDIO));
        mute.addAll(muted(body, "videoMuted", MediaKind.VIDEO));
        return desk.order(room, place -> new OwnerRequest.ChangeParticipant(room, place.epoch(), id, role, mute))
                .map(answer -> Reply.ok(member(((OwnerAnswer.Described) answer).state(), id)));
    }

    /** Muting is a host's to do, unmuting is a person's own. */
    private static Set<Source> muted(Fields body, String field, MediaKind kind) {
        Set<Source> sources = EnumSet.noneOf(Source.class);
        if (body.has(field)) {
            if (!body.flag(field)) {
                throw new Fields.Wrong(field + " can be set to true only: people unmute themselves");
            }
            for (Source source : Source.values()) {
                if (source.kind() == kind) {
                    sources.add(source);
                }
            }
        }
        return sources;
    }

    private Future<Reply> remove(RestCall call) {
        String room = call.room(Caller::mayGovern);
        String id = call.id();
        return desk.order(room, place -> new OwnerRequest.Remove(room, place.epoch(), id))
                .map(_ -> Reply.done());
    }

    private static ObjectNode member(RoomState state, String id) {
        return state.members().stream()
                .filter(member -> member.participantId().equals(id))
                .findFirst()
                .map(member -> json(state, member))
                .orElseThrow(() -> Refusal.of(ErrorCode.NOT_FOUND, "Nobody of that id is in the room."));
    }

    private static ObjectNode json(RoomState state, Snapshot.Member member) {
        ObjectNode json = SignalJson.tree(member);
        ArrayNode tracks = json.putArray("tracks");
        state.tracks().stream()
                .filter(track -> track.participantId().equals(member.participantId()))
                .forEach(track -> tracks.add(SignalJson.tree(track)));
        return json;
    }
}
