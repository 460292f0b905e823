/** The client protocol's packets: framing without copying, and the few that a proxy must read. */
@NullMarked
package dev.halcyon.proxy.wire;

import org.jspecify.annotations.NullMarked;
