package dev.weir.web;

import java.net.InetAddress;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * What the outer face has to know; all values are checked already.
 *
 * @param host an address of this machine or a name of it
 * @param port 0: any free one
 * @param publicHosts names this server is reached by
 * @param allowOrigins web origins that may use it beside its own, as {@code https://host[:port]}
 * @param trustedProxies whose {@code Forwarded} and {@code X-Forwarded-*} are believed
 * @param authSecret 32 bytes or more; empty: no token can be checked
 * @param open no token is needed
 * @param verticles signaling verticles, each on an event loop of its own
 * @param ownAddresses what this machine is bound to, has or advertises now; asked for each request, so it must be quick
 * @param version of this build
 * @param rules who may do what, and how often
 */
public record WebConfig(
        String host,
        int port,
        Set<String> publicHosts,
        List<String> allowOrigins,
        List<Cidr> trustedProxies,
        Tls tls,
        Optional<String> authSecret,
        boolean open,
        List<IceServer> iceServers,
        int verticles,
        Supplier<Set<InetAddress>> ownAddresses,
        String version,
        Rules rules) {

    public WebConfig {
        publicHosts = Set.copyOf(publicHosts);
        allowOrigins = List.copyOf(allowOrigins);
        trustedProxies = List.copyOf(trustedProxies);
        iceServers = List.copyOf(iceServers);
    }

    /**
     * @param keySet where the issuer's public keys are, a file or an address; empty: none
     * @param issuer what {@code iss} of a token has to be; empty: anything
     * @param audience what {@code aud} of a token has to hold; empty: anything
     * @param anyoneCreates whether creating a room asks for no rights
     * @param onlyCreated whether a room has to be created before it can be joined
     * @param failuresPerMinute refused tokens of one address, before it is told to wait; 0: any number
     * @param joinsPerMinute sockets of one address; 0: any number
     * @param region of this node; may be empty
     */
    public record Rules(
            Optional<URI> keySet,
            Optional<String> issuer,
            Optional<String> audience,
            boolean anyoneCreates,
            boolean onlyCreated,
            int failuresPerMinute,
            int joinsPerMinute,
            String region) {
        public static final Rules DEFAULT =
                new Rules(Optional.empty(), Optional.empty(), Optional.empty(), false, false, 60, 0, "");
    }

    /** Whether and how connections are encrypted. */
    public sealed interface Tls {
        /** Plain http. */
        record Off() implements Tls {}

        /** Paths of PEM files: the certificate chain and its key. */
        record Files(String certificate, String key) implements Tls {}

        /** A certificate made at start. */
        record SelfSigned() implements Tls {}
    }

    /**
     * A STUN or TURN server handed to clients.
     *
     * @param username empty without fixed credentials, as is the credential
     * @param secret when given, credentials are made per session
     * @param ttlSeconds how long those are good
     */
    public record IceServer(
            List<String> urls,
            Optional<String> username,
            Optional<String> credential,
            Optional<String> secret,
            long ttlSeconds) {
        public IceServer {
            urls = List.copyOf(urls);
        }
    }
}
