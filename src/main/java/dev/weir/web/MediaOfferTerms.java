package dev.weir.web;

import dev.weir.rtp.MediaKind;
import dev.weir.sdp.MediaOffer;
import dev.weir.sdp.Negotiation;
import dev.weir.signal.ErrorCode;
import dev.weir.signal.HttpUse;
import dev.weir.signal.Identity;
import dev.weir.signal.Role;
import dev.weir.signal.RoomOptions;
import dev.weir.signal.RoomState;
import dev.weir.signal.ShardRequest;
import dev.weir.signal.Source;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Who may do what by WHIP and WHEP, and what his offer has to be (RFC 9725 section 4.4): one audio and one video m-line
 * at most, all of them taken or none. All methods throw a {@link Refusal} where it is not so.
 *
 * @param identity with the role that he will have
 */
record MediaOfferTerms(HttpUse use, Identity identity, String displayName) {
    private static final int NOT_ACCEPTABLE = 406;
    private static final int UNPROCESSABLE = 422;

    /** More are refused one by one by what they are. */
    private static final int MAX_SECTIONS = 16;

    /** An offer that can be answered. */
    record Offer(Negotiation.Negotiated negotiated, List<ShardRequest.TrackDeclaration> tracks) {}

    /**
     * A publisher is at least a guest: the host of an open room is somebody who can act as one. A player is a viewer,
     * and a recorder stays hidden.
     *
     * @param name that he asks for; a token's beats it
     */
    static MediaOfferTerms of(HttpUse use, Identity identity, Optional<String> name) {
        String displayName = identity.name().isEmpty() ? name.orElse(use.name()) : identity.name();
        if (!Names.isDisplayName(displayName)) {
            throw Refusal.of(ErrorCode.BAD_REQUEST, "A name is 1 to 80 characters without controls.");
        }
        Role role = identity.role() == null ? Role.GUEST : identity.role();
        if (use == HttpUse.WHIP && !role.maySend()) {
            throw Refusal.of(ErrorCode.FORBIDDEN, "A " + role.word() + " may not publish.");
        }
        if (use == HttpUse.WHEP && role != Role.RECORDER) {
            role = Role.VIEWER;
        }
        return new MediaOfferTerms(
                use, new Identity(identity.subject(), identity.name(), role, identity.admin()), displayName);
    }

    /** @param state of the room, empty: it is not there yet */
    void requireParticipant(Optional<String> participantId, Optional<RoomState> state) {
        boolean there = participantId.isEmpty()
                || state.isPresent()
                        && state.get().members().stream()
                                .anyMatch(member -> member.role() != Role.RECORDER
                                        && member.participantId().equals(participantId.get()));
        if (!there) {
            throw Refusal.of(ErrorCode.NOT_FOUND, "Nobody of that id is in the room.");
        }
    }

    Offer negotiate(String sdp, String room, Optional<RoomState> state) {
        RoomOptions options = state.map(RoomState::options).orElseGet(() -> RoomOptions.defaults(room));
        if (options.e2ee()) {
            throw Refusal.of(ErrorCode.FORBIDDEN, "The room is encrypted end to end.");
        }
        return switch (Negotiation.negotiate(sdp, Membership.optionsOf(options, MAX_SECTIONS))) {
            case Negotiation.Refused(var fault, var sentence) ->
                throw new Refusal(new Problem(statusOf(fault), ErrorCode.BAD_REQUEST, "offer: " + sentence + "."));
            case Negotiation.Negotiated negotiated -> new Offer(negotiated, tracks(negotiated));
        };
    }

    private static int statusOf(Negotiation.Fault fault) {
        return switch (fault) {
            case MALFORMED -> ErrorCode.BAD_REQUEST.status();
            case UNSUPPORTED -> UNPROCESSABLE;
            case UNACCEPTABLE -> NOT_ACCEPTABLE;
        };
    }

    private List<ShardRequest.TrackDeclaration> tracks(Negotiation.Negotiated negotiated) {
        negotiated.rejected().stream().findFirst().ifPresent(name -> {
            throw new Refusal(new Problem(
                    NOT_ACCEPTABLE,
                    ErrorCode.BAD_REQUEST,
                    "offer: " + name + " is of a kind or codec that the room does not take."));
        });
        List<ShardRequest.TrackDeclaration> tracks = new ArrayList<>();
        Set<MediaKind> kinds = EnumSet.noneOf(MediaKind.class);
        for (MediaOffer.Section section : negotiated.mediaOffer().sections()) {
            if (!kinds.add(section.kind())) {
                throw new Refusal(new Problem(
                        NOT_ACCEPTABLE,
                        ErrorCode.BAD_REQUEST,
                        "offer: there is more than one m-line of audio, or of video."));
            }
            if (!section.active() || section.sending() != (use == HttpUse.WHIP)) {
                throw new Refusal(new Problem(
                        UNPROCESSABLE,
                        ErrorCode.BAD_REQUEST,
                        "offer: all m-lines have to be " + (use == HttpUse.WHIP ? "sendonly" : "recvonly") + "."));
            }
            if (section.sending()) {
                boolean audio = section.kind() == MediaKind.AUDIO;
                tracks.add(new ShardRequest.TrackDeclaration(section.mid(), audio ? Source.MICROPHONE : Source.CAMERA));
            }
        }
        return tracks;
    }
}
