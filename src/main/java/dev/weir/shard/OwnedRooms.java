package dev.weir.shard;

import dev.weir.cluster.Bus;
import dev.weir.cluster.Directory;
import dev.weir.room.Room;
import dev.weir.signal.RoomCommand;
import dev.weir.signal.RoomPlace;
import dev.weir.signal.RoomUpdate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The rooms whose control machine sits on this shard. */
final class OwnedRooms implements Room.Output {
    private static final Logger LOG = LoggerFactory.getLogger(OwnedRooms.class);

    private final int shard;
    private final Bus bus;
    private final Directory directory;
    private final Map<String, Room> rooms = new HashMap<>();

    OwnedRooms(int shard, Bus bus, Directory directory) {
        this.shard = shard;
        this.bus = bus;
        this.directory = directory;
    }

    void onCommand(long now, RoomCommand.Envelope envelope) {
        Room room = rooms.get(envelope.room());
        if (room != null && room.epoch() == envelope.epoch()) {
            room.onCommand(now, envelope, this);
        } else if (envelope.command() instanceof RoomCommand.Attach attach) {
            directory.find(envelope.room()).onSuccess(found -> {
                if (found.filter(place -> isOurs(place, envelope)).isPresent()) {
                    create(now, envelope, attach);
                } else {
                    send(new RoomUpdate.Envelope(
                            envelope.room(), envelope.epoch(), envelope.fromShard(), 1, new RoomUpdate.NotHere()));
                }
            });
        }
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
    public void ended(Room room) {
        LOG.info("room={} ended: nobody is in", room.name());
        directory.remove(room.name(), room.epoch());
        rooms.remove(room.name());
    }

    private boolean isOurs(RoomPlace place, RoomCommand.Envelope envelope) {
        return place.ownerShard() == shard && place.epoch() == envelope.epoch();
    }

    private void create(long now, RoomCommand.Envelope envelope, RoomCommand.Attach attach) {
        LOG.info("room={} created, epoch {}, owner shard {}", envelope.room(), envelope.epoch(), shard);
        Room room = new Room(now, envelope.room(), envelope.epoch(), attach.options());
        rooms.put(envelope.room(), room);
        room.onCommand(now, envelope, this);
    }
}
