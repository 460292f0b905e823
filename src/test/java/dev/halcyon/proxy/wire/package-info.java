/** Tests of framing and packets. */
@NullMarked
package dev.halcyon.proxy.wire;

import org.jspecify.annotations.NullMarked;
