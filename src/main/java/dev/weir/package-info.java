/** The entry: reads the configuration once and starts the server. */
package dev.weir;
