package dev.weir;

/** Whether packets for one viewer are gathered into runs. */
enum RunMode {
    AUTO,
    OFF
}
