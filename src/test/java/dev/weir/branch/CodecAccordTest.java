package dev.weir.branch;

import static dev.weir.rtp.Codec.AV1;
import static dev.weir.rtp.Codec.VP8;
import static dev.weir.rtp.Codec.VP9;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weir.rtp.Codec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CodecAccordTest {
    private final Gallery gallery = new Gallery();
    private final CodecAccord accord = new CodecAccord();
    private long now;

    /** Pictures and their viewers, as a test hangs them. */
    private static final class Gallery implements CodecAccord.Pictures {
        final List<String> announced = new ArrayList<>();

        @Override
        public List<String> published() {
            return List.copyOf(tracks.keySet());
        }

        @Override
        public void announce(String trackId, Codec codec) {
            announced.add(trackId + " " + codec);
        }

        final Map<String, Codec> tracks = new HashMap<>();
        final Map<String, Set<Codec>> viewers = new HashMap<>();
        final Set<String> showing = new HashSet<>();
        final List<String> said = new ArrayList<>();
        Codec alternative;

        @Override
        public List<CodecAccord.Undecodable> undecodable() {
            List<CodecAccord.Undecodable> shown = new ArrayList<>();
            for (String viewer : showing) {
                tracks.forEach((track, codec) -> {
                    if (codec != null && !viewers.get(viewer).contains(codec)) {
                        shown.add(new CodecAccord.Undecodable(viewer, track, codec));
                    }
                });
            }
            return shown;
        }

        @Override
        public boolean isHere(String viewer) {
            return viewers.containsKey(viewer);
        }

        @Override
        public boolean isPublished(String trackId) {
            return tracks.containsKey(trackId);
        }

        @Override
        public Optional<Codec> codecOf(String trackId) {
            return Optional.ofNullable(tracks.get(trackId));
        }

        @Override
        public Optional<Codec> alternative(String trackId) {
            return Optional.ofNullable(alternative);
        }

        @Override
        public void tellUndecodable(String viewer, String trackId, Codec codec) {
            said.add(viewer + " cannot decode " + trackId + " in " + codec);
        }

        @Override
        public void askForCodec(String trackId, Codec codec) {
            said.add(trackId + " in " + codec + ", please");
        }

        List<String> takeSaid() {
            List<String> taken = List.copyOf(said);
            said.clear();
            return taken;
        }
    }

    CodecAccordTest() {
        gallery.tracks.put("camera", VP9);
        join("Bob", VP8, VP9);
    }

    @Test
    void whatComesIsMadeKnownOnceForEachChange() {
        said();
        said();
        assertEquals(List.of("camera VP9"), gallery.announced);
        gallery.tracks.put("camera", VP8);
        said();
        gallery.tracks.remove("camera");
        said();
        gallery.tracks.put("camera", VP8);
        said();
        assertEquals(List.of("camera VP9", "camera VP8", "camera VP8"), gallery.announced);
    }

    private void join(String viewer, Codec... decodes) {
        gallery.viewers.put(viewer, Set.of(decodes));
        gallery.showing.add(viewer);
    }

    /** What is said within two seconds. */
    private List<String> said() {
        for (long end = now + 2_000_000_000L; now < end; now += 10_000_000) {
            accord.onTimeout(now, gallery);
        }
        return gallery.takeSaid();
    }

    @Test
    void saysNothingWhileAllDecodeAll() {
        assertEquals(List.of(), said());
    }

    @Test
    void tellsOnceWhoCannotDecodeAndAsksThePublisherOnce() {
        gallery.alternative = VP8;
        join("Cid", VP8);

        assertEquals(List.of("Cid cannot decode camera in VP9", "camera in VP8, please"), said());
        assertEquals(List.of(), said());
    }

    @Test
    void asksForNothingWhereNoCodecSuitsAll() {
        join("Cid", VP8);

        assertEquals(List.of("Cid cannot decode camera in VP9"), said());
        gallery.alternative = VP9;
        assertEquals(List.of(), said(), "what comes already is not asked for");
    }

    @Test
    void asksAgainWhenAnotherCodecWouldSuitAll() {
        gallery.alternative = AV1;
        join("Cid", VP8);
        said();

        gallery.alternative = VP8;

        assertEquals(List.of("camera in VP8, please"), said());
    }

    @Test
    void isDoneWhenTheCodecChangesAndBeginsAnewWhenItChangesBack() {
        gallery.alternative = VP8;
        join("Cid", VP8);
        said();

        gallery.tracks.put("camera", VP8);
        assertEquals(List.of(), said());
        gallery.tracks.put("camera", VP9);

        assertEquals(List.of("Cid cannot decode camera in VP9", "camera in VP8, please"), said());
    }

    @Test
    void aTrackThatRestsIsNoNews() {
        join("Cid", VP8);
        said();

        gallery.tracks.put("camera", null);
        assertEquals(List.of(), said());
        gallery.tracks.put("camera", VP9);

        assertEquals(List.of(), said());
    }

    @Test
    void hidingAndShowingIsNoNews() {
        join("Cid", VP8);
        said();

        gallery.showing.remove("Cid");
        said();
        gallery.showing.add("Cid");

        assertEquals(List.of(), said());
    }

    @Test
    void aTrackThatIsPublishedAnewAndAViewerWhoComesBackAreNews() {
        join("Cid", VP8);
        said();

        gallery.showing.remove("Cid");
        gallery.viewers.remove("Cid");
        said();
        join("Cid", VP8);
        assertEquals(List.of("Cid cannot decode camera in VP9"), said());

        gallery.tracks.remove("camera");
        said();
        gallery.tracks.put("camera", VP9);
        assertEquals(List.of("Cid cannot decode camera in VP9"), said());
    }
}
