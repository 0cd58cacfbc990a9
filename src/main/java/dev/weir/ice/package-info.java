/** Interactive Connectivity Establishment (RFC 8445, lite) and the STUN it is made of (RFC 8489). */
package dev.weir.ice;
