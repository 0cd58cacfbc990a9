package dev.weir.signal;

/**
 * Who asks, as a token says or as open mode assumes.
 *
 * @param subject the token's {@code sub}; empty in open mode
 * @param name the token's name, which beats the one asked for; empty: none given
 * @param role null: the room decides (open mode: the first is host)
 */
public record Identity(String subject, String name, Role role, boolean admin) {
    public static final Identity OPEN = new Identity("", "", null, false);
}
