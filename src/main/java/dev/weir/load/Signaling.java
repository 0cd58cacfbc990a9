package dev.weir.load;

import java.util.List;

/** How a client and a server agree on a connection. Belongs to the client's loop. */
interface Signaling {
    /** Who wants to come in; all calls come on the loop. */
    interface Owner {
        /** Asked for once, when it can be sent. */
        String offer();

        void onAnswer(String sdp);

        /** A camera of another's is there to be seen. */
        void onCamera(String trackId);

        void onCameraGone(String trackId);

        /** The server wants a layer of the own camera to be sent, or not. */
        void onLayer(String rid, boolean active);

        /** The server takes nobody just now, and said when to ask again; that is done without the owner. */
        void onPutOff();

        /** It came to nothing, or is over. */
        void onFailed(String reason);
    }

    void open(Owner owner);

    /** What is shown now; without effect where a server knows no such thing. */
    void view(List<String> trackIds, int height);

    /** Leaves in good order. */
    void close();
}
