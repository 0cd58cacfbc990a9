package dev.weir.shard;

import dev.weir.cluster.Bus;
import dev.weir.cluster.Directory;
import dev.weir.room.Room;
import dev.weir.room.RoomSettings;
import dev.weir.signal.OwnerAnswer;
import dev.weir.signal.OwnerRequest;
import dev.weir.signal.RoomCommand;
import dev.weir.signal.RoomOptions;
import dev.weir.signal.RoomPlace;
import dev.weir.signal.RoomReport;
import dev.weir.signal.RoomUpdate;
import dev.weir.signal.ShardId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The rooms whose control machine sits on this shard. */
final class OwnedRooms implements Room.Output {
    private static final Logger LOG = LoggerFactory.getLogger(OwnedRooms.class);

    private final ShardId shard;
    private final Bus bus;
    private final Directory directory;
    private final RoomSettings settings;
    private final Map<String, Room> rooms = new HashMap<>();

    OwnedRooms(ShardId shard, Bus bus, Directory directory, RoomSettings settings) {
        this.shard = shard;
        this.bus = bus;
        this.directory = directory;
        this.settings = settings;
    }

    void onCommand(long now, RoomCommand.Envelope envelope) {
        Room room = rooms.get(envelope.room());
        if (room != null && room.epoch() == envelope.epoch()) {
            room.onCommand(now, envelope, this);
        } else if (envelope.command() instanceof RoomCommand.Attach attach) {
            Optional<RoomPlace> place = directory.owned(envelope.room()).filter(it -> isOurs(it, envelope));
            if (place.isPresent()) {
                open(now, place.get(), attach.options()).onCommand(now, envelope, this);
            } else {
                send(new RoomUpdate.Envelope(
                        envelope.room(), envelope.epoch(), envelope.fromShard(), 1, new RoomUpdate.NotHere()));
            }
        }
    }

    /** What administrators ask. */
    OwnerAnswer onRequest(long now, OwnerRequest request) {
        return switch (request) {
            case OwnerRequest.ListRooms _ ->
                new OwnerAnswer.Listed(rooms.values().stream()
                        .map(room -> room.state().summary())
                        .toList());
            case OwnerRequest.Create(var place, var options) -> create(now, place, options);
            case OwnerRequest.Describe(var name, var epoch) ->
                at(name, epoch, room -> new OwnerAnswer.Described(room.state()));
            case OwnerRequest.Change(var name, var epoch, var before, var after) ->
                at(name, epoch, room -> room.change(before, after, this));
            case OwnerRequest.End(var name, var epoch) -> at(name, epoch, this::end);
            case OwnerRequest.Remove(var name, var epoch, var participantId) ->
                at(name, epoch, room -> room.remove(participantId, this));
            case OwnerRequest.ChangeParticipant(var name, var epoch, var participantId, var role, var mute) ->
                at(name, epoch, room -> room.change(participantId, role, mute, this));
        };
    }

    private OwnerAnswer at(String name, long epoch, Function<Room, OwnerAnswer> then) {
        Room room = rooms.get(name);
        return room == null || room.epoch() != epoch ? new OwnerAnswer.NotHere() : then.apply(room);
    }

    private OwnerAnswer end(Room room) {
        LOG.info("room={} ended by an administrator", room.name());
        room.end(this);
        return new OwnerAnswer.Done();
    }

    void onTimeout(long now) {
        for (Room room : List.copyOf(rooms.values())) {
            if (now >= room.nextTimeout()) {
                room.onTimeout(now, this);
            }
        }
    }

    @Override
    public void send(RoomUpdate.Envelope update) {
        bus.toBranch(update);
    }

    @Override
    public void reported(RoomReport report) {
        bus.report(report);
    }

    @Override
    public void ended(Room room) {
        LOG.info("room={} ended", room.name());
        forget(room);
    }

    private boolean isOurs(RoomPlace place, RoomCommand.Envelope envelope) {
        return place.ownerShard().equals(shard) && place.epoch() == envelope.epoch();
    }

    private OwnerAnswer create(long now, RoomPlace place, RoomOptions options) {
        Room known = rooms.get(place.room());
        if (known != null && known.epoch() >= place.epoch()) {
            return known.epoch() == place.epoch()
                    ? new OwnerAnswer.Described(known.state())
                    : new OwnerAnswer.NotHere();
        }
        return directory.owned(place.room()).filter(place::equals).isPresent()
                ? new OwnerAnswer.Created(open(now, place, options).state())
                : new OwnerAnswer.NotHere();
    }

    private Room open(long now, RoomPlace place, RoomOptions options) {
        LOG.info("room={} created, epoch {}, owner shard {}", place.room(), place.epoch(), shard);
        Room room = new Room(now, place.room(), place.epoch(), options, settings);
        rooms.put(place.room(), room);
        return room;
    }

    private void forget(Room room) {
        directory.remove(room.name(), room.epoch());
        rooms.remove(room.name(), room);
    }
}
